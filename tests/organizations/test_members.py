"""Members and roles: who may change whom, the last owner, and the end of sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.organizations import queries
from apps.organizations.models import Membership, Organization, Role
from apps.organizations.operations import (
    MemberRefused,
    RoleRefused,
    change_member_role,
    change_role,
    create_role,
    deactivate_member,
    delete_role,
    reactivate_member,
)
from tests.organizations.factories import add_member, make_organization, make_user, owner_of, role_of

pytestmark = pytest.mark.django_db

YESTERDAY = timezone.localdate() - dt.timedelta(days=1)
NEXT_YEAR = timezone.localdate() + dt.timedelta(days=365)


@pytest.fixture
def organization() -> Iterator[Organization]:
    organization = make_organization()
    with tenant(organization.pk):
        yield organization


@pytest.fixture
def owner(organization: Organization) -> Membership:
    return owner_of(organization)


def test_a_member_gets_another_role(organization: Organization, owner: Membership) -> None:
    member = add_member(organization)
    changed = change_member_role(actor=owner, member=member, role=role_of("manager"), ends_on=NEXT_YEAR)
    assert (changed.role_name, changed.ends_on, changed.version) == ("Manager", NEXT_YEAR, 2)


@pytest.mark.parametrize("days", [None, 5])
def test_the_last_owner_keeps_role_and_membership(owner: Membership, days: int | None) -> None:
    """Neither demoted, nor given a last day, nor deactivated."""
    with pytest.raises(MemberRefused, match=r"is the last owner. Make somebody else an owner first."):
        change_member_role(actor=owner, member=owner, role=role_of("manager"), ends_on=None)
    with pytest.raises(MemberRefused, match=r"last owner"):
        change_member_role(actor=owner, member=owner, role=owner.role, ends_on=NEXT_YEAR)
    with pytest.raises(MemberRefused, match=r"last owner"):
        deactivate_member(actor=owner, member=owner)


def test_an_owner_with_a_last_day_does_not_count(organization: Organization, owner: Membership) -> None:
    add_member(organization, "owner", ends_on=NEXT_YEAR)
    with pytest.raises(MemberRefused, match=r"last owner"):
        deactivate_member(actor=owner, member=owner)


def test_ownership_passes_on_by_the_role(organization: Organization, owner: Membership) -> None:
    heir = add_member(organization, "manager")
    change_member_role(actor=owner, member=heir, role=role_of("owner"))
    assert change_member_role(actor=owner, member=owner, role=role_of("accountant")).role.key == "accountant"


def test_every_auditor_has_a_last_day(organization: Organization, owner: Membership) -> None:
    member = add_member(organization)
    with pytest.raises(MemberRefused, match=r"Every auditor has a last day") as caught:
        change_member_role(actor=owner, member=member, role=role_of("auditor"))
    assert caught.value.field == "ends_on"
    with pytest.raises(MemberRefused, match=r"That day is over"):
        change_member_role(actor=owner, member=member, role=role_of("auditor"), ends_on=YESTERDAY)
    assert change_member_role(actor=owner, member=member, role=role_of("auditor"), ends_on=NEXT_YEAR).may(
        "organizations.branch.view"
    )


def test_nobody_gives_or_takes_what_they_lack(organization: Organization, owner: Membership) -> None:
    keeper = create_role(
        actor=owner,
        name="Office",
        rights=["organizations.branch.view", "organizations.member.view", "organizations.member.edit"],
    )
    office = add_member(organization, user=make_user())
    change_member_role(actor=owner, member=office, role=keeper)
    office = Membership.objects.select_related("role", "user").get(pk=office.pk)
    colleague = add_member(organization)
    change_member_role(actor=owner, member=colleague, role=keeper)
    with pytest.raises(MemberRefused, match=r"Manager may do things that you may not"):
        change_member_role(actor=office, member=colleague, role=role_of("manager"))
    with pytest.raises(MemberRefused, match=r"may do things that you may not"):
        deactivate_member(actor=office, member=owner)
    with pytest.raises(RoleRefused, match=r"only give rights that you hold"):
        create_role(actor=office, name="All", rights=["organizations.organization.edit"])


def test_deactivating_ends_every_sign_in_at_once(organization: Organization, owner: Membership) -> None:
    person = make_user()
    member = add_member(organization, user=person)
    other = make_user()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(person)
        UserSession.objects.create(user=person, ip="192.0.2.1", session_key=client.session.session_key, user_agent="x")
    bystander = Client()
    bystander.force_login(other)
    UserSession.objects.create(user=other, ip="192.0.2.1", session_key=bystander.session.session_key, user_agent="x")
    deactivate_member(actor=owner, member=member)
    assert not UserSession.objects.filter(user=person).exists()
    assert Session.objects.count() == 1
    ended = queries.membership_in(organization.slug, person.pk)
    assert ended is not None
    assert not ended.admits(timezone.localdate())


def test_a_deactivated_member_comes_back_with_the_role_they_had(organization: Organization, owner: Membership) -> None:
    member = deactivate_member(actor=owner, member=add_member(organization, "buyer"))
    assert deactivate_member(actor=owner, member=member).version == member.version
    back = reactivate_member(actor=owner, member=member)
    assert (back.active, back.role.key) == (True, "buyer")


def test_a_deactivated_auditor_needs_a_new_day_first(organization: Organization, owner: Membership) -> None:
    member = add_member(organization, "auditor", active=False, ends_on=YESTERDAY)
    with pytest.raises(MemberRefused, match=r"That day is over"):
        reactivate_member(actor=owner, member=member)


def test_the_auditor_reads_everything_and_changes_nothing(organization: Organization) -> None:
    auditor = role_of("auditor")
    assert auditor.rights
    assert all(right.endswith(".view") for right in auditor.rights)
    assert role_of("owner").rights > role_of("manager").rights > role_of("picker").rights


def test_custom_roles(organization: Organization, owner: Membership) -> None:
    role = create_role(actor=owner, name="Desk", rights=["organizations.branch.view"], description="Front desk")
    with pytest.raises(RoleRefused, match=r"Another role is called desk") as caught:
        create_role(actor=owner, name="desk", rights=["organizations.branch.view"])
    assert caught.value.field == "name"
    changed = change_role(actor=owner, role=role, name="Front", rights=["organizations.series.view"])
    assert (changed.name, changed.rights) == ("Front", frozenset({"organizations.series.view"}))
    delete_role(role=changed)
    assert not Role.objects.filter(pk=role.pk).exists()


@pytest.mark.parametrize(
    ("rights", "words"), [([], "at least one thing"), (["sales.bill.invent"], "no right called sales.bill.invent")]
)
def test_a_role_without_sense_is_refused(owner: Membership, rights: list[str], words: str) -> None:
    with pytest.raises(RoleRefused, match=words) as caught:
        create_role(actor=owner, name="Desk", rights=rights)
    assert caught.value.field == "rights"


def test_a_role_in_use_or_built_in_stays(organization: Organization, owner: Membership) -> None:
    with pytest.raises(RoleRefused, match=r"Biller is built in"):
        delete_role(role=role_of("biller"))
    with pytest.raises(RoleRefused, match=r"Biller is built in"):
        change_role(actor=owner, role=role_of("biller"), name="X", rights=["organizations.branch.view"])
    desk = create_role(actor=owner, name="Desk", rights=["organizations.branch.view"])
    change_member_role(actor=owner, member=add_member(organization), role=desk)
    with pytest.raises(RoleRefused, match=r"1 member has the role Desk. Give them another one first."):
        delete_role(role=desk)
