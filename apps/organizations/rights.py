"""Who may do what: every right by name, and the built-in roles that hold it. One matrix for the whole product.

An app declares its rights in `AppConfig.ready()`; pages ask `request.member.may(name)`. Names read
`app.thing.action`; a right that ends in `.view` reads only, so the auditor holds all of those and no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OWNER, MANAGER, ACCOUNTANT, BUYER, BILLER, PICKER, AUDITOR = BUILT_IN = (
    "owner",
    "manager",
    "accountant",
    "buyer",
    "biller",
    "picker",
    "auditor",
)
EVERYBODY = frozenset(BUILT_IN)


@dataclass(frozen=True)
class RoleText:
    """What a built-in role is called, and who it is for."""

    name: str | Promise
    description: str | Promise


def role_texts() -> dict[str, RoleText]:
    """Name and purpose of each built-in role, by key."""
    return {
        OWNER: RoleText(_("Owner"), _("May do everything, and decides who else may.")),
        MANAGER: RoleText(_("Manager"), _("Runs the branches: stock, bills, prices and people on shift.")),
        ACCOUNTANT: RoleText(_("Accountant"), _("Keeps the books: payments, tax, returns and number series.")),
        BUYER: RoleText(_("Buyer"), _("Orders from suppliers and enters their bills.")),
        BILLER: RoleText(_("Biller"), _("Takes orders and makes bills.")),
        PICKER: RoleText(_("Picker"), _("Picks, packs and counts goods.")),
        AUDITOR: RoleText(_("Auditor"), _("Reads everything and changes nothing, until a last day.")),
    }


@dataclass(frozen=True)
class Right:
    """A named action and the built-in roles that may do it. The owner may do everything."""

    name: str
    label: str | Promise
    roles: frozenset[str]

    @property
    def reads_only(self) -> bool:
        return self.name.endswith(".view")

    def held_by(self, role: str) -> bool:
        """Whether the built-in role holds it."""
        return role == OWNER or role in self.roles or (role == AUDITOR and self.reads_only)


_declared: dict[str, Right] = {}


def declare(*rights: Right) -> None:
    """Add an app's rights to the matrix.

    Raises:
        ValueError: the name is taken by another right.
    """
    for right in rights:
        if _declared.get(right.name, right) != right:
            raise ValueError(f"Two different rights are called {right.name}.")
        _declared[right.name] = right
    held_by.cache_clear()


def declared() -> list[Right]:
    """Every right, in the order of declaration."""
    return list(_declared.values())


@cache
def held_by(role: str) -> frozenset[str]:
    """Names of the rights of a built-in role."""
    return frozenset(right.name for right in _declared.values() if right.held_by(role))


def known(names: Iterable[str]) -> frozenset[str]:
    """The names that are declared; a custom role may still hold one that a later version dropped."""
    return frozenset(names) & _declared.keys()


def in_words(names: Iterable[str]) -> str:
    """What the rights let somebody do, in the order of the matrix; one that is no more declared by its name."""
    held = set(names)
    labels = [str(right.label) for right in _declared.values() if right.name in held]
    return "; ".join([*labels, *sorted(held - _declared.keys())])


def _roles(*names: str) -> frozenset[str]:
    return frozenset(names)


OWN_RIGHTS = (
    Right("organizations.organization.view", _("See the organization's settings"), _roles(MANAGER, ACCOUNTANT)),
    Right("organizations.organization.edit", _("Change the organization's settings"), _roles()),
    Right("organizations.branch.view", _("See branches and their licences"), EVERYBODY),
    Right("organizations.branch.edit", _("Add and change branches and their licences"), _roles(MANAGER)),
    Right("organizations.series.view", _("See number series"), _roles(MANAGER, ACCOUNTANT)),
    Right("organizations.series.edit", _("Set up number series"), _roles(MANAGER, ACCOUNTANT)),
    Right("organizations.member.view", _("See members and roles"), _roles(MANAGER)),
    Right("organizations.member.edit", _("Invite, change and deactivate members"), _roles()),
    Right("organizations.role.edit", _("Make and change custom roles"), _roles()),
    Right("organizations.outbox.view", _("See deliveries and what went wrong with them"), _roles()),
    Right("organizations.outbox.retry", _("Try a delivery again"), _roles()),
    Right("organizations.audit.view", _("See who changed what"), _roles(MANAGER, ACCOUNTANT)),
)
