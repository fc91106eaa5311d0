"""Custom roles."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.refusals import Refusal, Stale
from apps.organizations.models import Invitation, Membership, Role
from apps.organizations.operations.member import lock_members
from apps.organizations.rights import known


class RoleRefused(Refusal):
    """A role cannot be like that, or cannot go."""


def create_role(*, actor: Membership, name: str, rights: Iterable[str], description: str = "") -> Role:
    """A custom role with those rights.

    Raises:
        RoleRefused: no rights, an unknown one, one that the actor lacks, or a name that is taken.
    """
    role = Role(name=name.strip(), description=description.strip(), custom_rights=_checked(actor, rights))
    _save(role)
    return role


def change_role(
    *,
    actor: Membership,
    role: Role,
    name: str,
    rights: Iterable[str],
    description: str = "",
    version: int | None = None,
) -> Role:
    """Change a custom role; its members can do what it now says from their next page on. `version` is the one edited.

    Raises:
        Stale: it has another version by now.
        RoleRefused: as for `create_role`, or the role is built in, or can do what the actor cannot.
    """
    with transaction.atomic():
        role = Role.objects.select_for_update().get(pk=role.pk)
        if version not in {None, role.version}:
            raise Stale
        _check_custom(role)
        if not role.rights <= actor.role.rights:
            raise RoleRefused(_("This role may do things that you may not. Ask an owner to change it."))
        role.name = name.strip()
        role.description = description.strip()
        role.custom_rights = _checked(actor, rights)
        role.version += 1
        _save(role)
    return role


def delete_role(*, role: Role) -> None:
    """Delete a custom role that nobody has or is invited to.

    Raises:
        RoleRefused: it is built in, or in use.
    """
    with transaction.atomic():
        # Roles are given under the same lock, so nobody gets this one while it goes.
        lock_members()
        role = Role.objects.get(pk=role.pk)
        _check_custom(role)
        if members := Membership.objects.filter(role=role).count():
            raise RoleRefused(
                ngettext(
                    "%(count)d member has the role %(role)s. Give them another one first.",
                    "%(count)d members have the role %(role)s. Give them another one first.",
                    members,
                )
                % {"count": members, "role": role.name}
            )
        if invitations := Invitation.objects.filter(role=role).count():
            raise RoleRefused(
                ngettext(
                    "%(count)d invitation names the role %(role)s, so it is kept.",
                    "%(count)d invitations name the role %(role)s, so it is kept.",
                    invitations,
                )
                % {"count": invitations, "role": role.name}
            )
        role.delete()


def _check_custom(role: Role) -> None:
    if role.built_in:
        raise RoleRefused(_("%(role)s is built in. Make a role of your own instead.") % {"role": role.name})


def _checked(actor: Membership, rights: Iterable[str]) -> list[str]:
    wanted = set(rights)
    if not wanted:
        raise RoleRefused(_("Tick what the role may do, at least one thing"), field="rights")
    if unknown := wanted - known(wanted):
        raise RoleRefused(_("There is no right called %(right)s") % {"right": min(unknown)}, field="rights")
    if wanted - actor.role.rights:
        raise RoleRefused(_("You can only give rights that you hold yourself"), field="rights")
    return sorted(wanted)


def _save(role: Role) -> None:
    try:
        with transaction.atomic():
            role.save()
    except IntegrityError as error:
        if "organizations_role_name_unique" not in str(error):
            raise
        raise RoleRefused(_("Another role is called %(name)s") % {"name": role.name}, field="name") from None
