"""The demo organization, built in steps that each app adds for its own part.

    demo.add(demo.Step("parties", order=20, make=make_parties))       # in AppConfig.ready()

A step runs inside the demo organization and the audit context. It makes the same rows for the same seed, and leaves
what is there already, so the command can be run again after an update. Everybody and everything in it is invented;
`.example` addresses can belong to nobody (RFC 2606) and no PAN starts with ZZZ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.audit.history import set_audit_context
from apps.core.tenancy.context import tenant
from apps.organizations import queries
from apps.organizations.models import Branch, BranchLicence, Invitation, Membership, Organization, Role
from apps.organizations.operations import add_branch, create_organization, create_role
from apps.organizations.rules.gstin import check_character
from apps.organizations.rules.invitations import VALID_DAYS

SLUG = "banyan-kite"
DOMAIN = "banyankite.example"
_PAN = "ZZZCB0001K"


@dataclass(frozen=True)
class Demo:
    """What a step may build on."""

    organization: Organization
    owner: Membership
    seed: int
    scale: int
    today: dt.date

    def random(self, step: str) -> Random:
        """Chance for one step: the same for the same seed, whatever other steps draw."""
        return Random(f"{self.seed}/{step}")  # noqa: S311 - invents data, guards nothing


@dataclass(frozen=True)
class Step:
    """One app's part. `make` returns what to tell whoever waits, such as "300 parties"; empty when all was there."""

    name: str
    make: Callable[[Demo], str]
    order: int = 50


@dataclass(frozen=True)
class _Person:
    name: str
    role: str
    active: bool = True
    days: int | None = None

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@{DOMAIN}"


GODOWN = "Godown supervisor"
OWNER = _Person("Anaya Kolhe", "owner")
PEOPLE = (
    _Person("Devraj Pinto", "manager"),
    _Person("Meher Irani", "accountant"),
    _Person("Tara Joglekar", "buyer"),
    _Person("Kabir Lonare", "biller"),
    _Person("Sana Qadri", "biller"),
    _Person("Joy Mendes", "picker"),
    _Person("Nitin Bhosale", GODOWN),
    _Person("Leela Venkat", "auditor", days=120),
    _Person("Omkar Sathe", "picker", active=False),
)
INVITED = f"ira@{DOMAIN}"


@dataclass(frozen=True)
class _Licence:
    """Days are counted from today, so that the demo always shows each standing."""

    form: str
    number: str
    begins: int
    ends: int


@dataclass(frozen=True)
class _Branch:
    name: str
    code: str
    state_code: str
    address: str
    city: str
    pin_code: str
    licences: Sequence[_Licence] = field(default_factory=tuple)

    @property
    def gstin(self) -> str:
        head = f"{self.state_code}{_PAN}1Z"
        return head + check_character(head)


PUNE = _Branch(
    "Pune",
    "BK",
    "27",
    "Unit 7, Old Tram Shed Lane, Imaginary Market Yard",
    "Pune",
    "411000",
    (
        _Licence("20B", "20B-MH-ZZ9-100001", -1400, 426),
        _Licence("21B", "21B-MH-ZZ9-100002", -1400, 426),
        _Licence("20G", "20G-MH-ZZ9-100003", -1700, 24),
    ),
)
BRANCHES = (
    _Branch(
        "Nagpur",
        "BN",
        "27",
        "14 Paper Mill Corner, Invented Bazaar",
        "Nagpur",
        "440000",
        (
            _Licence("20B", "20B-MH-ZZ9-200001", -900, 926),
            _Licence("21B", "21B-MH-ZZ9-200002", -1838, -12),
            _Licence("21B", "21B-MH-ZZ9-200417", 9, 1834),
        ),
    ),
    _Branch(
        "Surat",
        "BS",
        "24",
        "3 Lantern Wharf, Fictional Textile Market",
        "Surat",
        "395000",
        (_Licence("20B", "20B-GJ-ZZ9-300001", -600, 1226), _Licence("21B", "21B-GJ-ZZ9-300002", -1750, 76)),
    ),
)


TERMS = (
    "Returns only as per our policy, within 90 days of expiry. Interest 18% a year after the due date. Disputes: Pune "
    "courts only. H and H1 items are sold against the licence numbers above. E. & O. E."
)


class DemoInTheWay(Exception):
    """The demo's web address belongs to a real organization, or one of its people is a real person."""


_steps: list[Step] = []


def add(*steps: Step) -> None:
    """Add an app's part; called from `AppConfig.ready()`."""
    _steps.extend(step for step in steps if step not in _steps)


def steps() -> list[Step]:
    """Every part, in order."""
    return sorted(_steps, key=lambda step: step.order)


def make(*, seed: int, scale: int) -> Iterator[str]:
    """Build what is missing, telling after each step what was made.

    Raises:
        DemoInTheWay: a real organization has the web address.
    """
    owner = _person(OWNER)
    organization = _organization(owner)
    for step in steps():
        with tenant(organization.pk):
            set_audit_context(user_id=owner.pk, name=str(owner), source="demo")
            member = Membership.objects.select_related("role", "user").get(user=owner)
            told = step.make(Demo(organization, member, seed, scale, timezone.localdate()))
        if told:
            yield told


def _person(person: _Person) -> User:
    """The demo's person; nobody can sign in with a password as them."""
    with transaction.atomic():
        user: User | None = User.objects.filter(email=person.email).first()
        if user is None:
            user = User.objects.create_user(person.email, None, name=person.name)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _organization(owner: User) -> Organization:
    found = queries.membership_in(SLUG, owner.pk)
    if found is not None:
        return found.organization
    if queries.slug_is_taken(SLUG):
        raise DemoInTheWay(f"An organization here has the web address {SLUG}, so the demo is not made.")
    return create_organization(
        user=owner,
        name="Banyan & Kite Distributors",
        slug=SLUG,
        branch_name=PUNE.name,
        branch_code=PUNE.code,
        gstin=PUNE.gstin,
        state_code=PUNE.state_code,
        address=PUNE.address,
        city=PUNE.city,
        pin_code=PUNE.pin_code,
    )


def make_branches(demo: Demo) -> str:
    """Step: the other branches, and licences in every standing."""
    known = {branch.name: branch for branch in Branch.objects.all()}
    random = demo.random("branches")
    made = 0
    for one in (PUNE, *BRANCHES):
        branch = known.get(one.name)
        if branch is None:
            branch = add_branch(
                name=one.name,
                code=one.code,
                gstin=one.gstin,
                state_code=one.state_code,
                address=one.address,
                city=one.city,
                pin_code=one.pin_code,
            )
            made += 1
        phone = f"020-0000 {random.randrange(1000, 9999)}"
        if not branch.phone:
            branch.phone, branch.email = phone, f"{one.city.lower()}@{DOMAIN}"
            branch.bank_name, branch.bank_account = f"Sample Bank of Paper, {one.city}", f"0000{4127 + made:08}"
            branch.bank_ifsc, branch.fssai, branch.bill_terms = "ZZZZ0000001", "0" * 14, TERMS
            branch.save(
                update_fields=["phone", "email", "bank_name", "bank_account", "bank_ifsc", "fssai", "bill_terms"]
            )
        made += _make_licences(branch, one.licences, demo.today)
    return f"{1 + len(BRANCHES)} branches with drug licences" if made else ""


def _make_licences(branch: Branch, licences: Sequence[_Licence], today: dt.date) -> int:
    known = set(BranchLicence.objects.filter(branch=branch).values_list("number", flat=True))
    return len(
        BranchLicence.objects.bulk_create(
            BranchLicence(
                branch=branch,
                form=one.form,
                number=one.number,
                valid_from=today + dt.timedelta(days=one.begins),
                valid_to=today + dt.timedelta(days=one.ends),
            )
            for one in licences
            if one.number not in known
        )
    )


def make_people(demo: Demo) -> str:
    """Step: somebody of every role, a role of the organization's own, and an open invitation."""
    roles = {role.key or role.name: role for role in Role.objects.all()}
    if GODOWN not in roles:
        roles[GODOWN] = create_role(
            actor=demo.owner,
            name=GODOWN,
            description="Looks after one godown: its stock and its licences.",
            rights=["organizations.branch.view", "organizations.branch.edit", "organizations.series.view"],
        )
    made = sum(_make_member(person, roles, demo.today) for person in PEOPLE)
    if made:
        _make_invitation(demo, roles["buyer"])
    return f"{1 + len(PEOPLE)} people, one of every role" if made else ""


def _make_member(person: _Person, roles: Mapping[str, Role], today: dt.date) -> bool:
    user = _person(person)
    if Membership.objects.filter(user=user).exists():
        return False
    ends_on = today + dt.timedelta(days=person.days) if person.days is not None else None
    Membership(user=user, role=roles[person.role], active=person.active, ends_on=ends_on).save(force_insert=True)
    return True


def _make_invitation(demo: Demo, role: Role) -> None:
    """An open one, made directly: inviting would send an e-mail to nobody."""
    if not Invitation.objects.filter(email=INVITED).exists():
        Invitation(
            email=INVITED,
            role=role,
            invited_by=demo.owner,
            expires_at=timezone.now() + dt.timedelta(days=VALID_DAYS),
        ).save(force_insert=True)


def roles_of(user_ids: Sequence[int]) -> dict[int, str]:
    """What is written beside the demo's people on the sign-in page: their role there."""
    for user_id in user_ids:
        found = queries.membership_in(SLUG, user_id)
        if found is not None:
            with tenant(found.organization.pk):
                rows = Membership.objects.filter(user_id__in=user_ids, active=True)
                return {row.user_id: row.role.name for row in rows.select_related("role")}
    return {}
