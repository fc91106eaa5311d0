"""Races around organizations, each with a control that shows the race with its lock taken away."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.core.refusals import Refusal
from apps.core.tenancy.context import current_organization_id, tenant
from apps.organizations.models import Branch, Invitation, Membership, NumberSeries, Organization
from apps.organizations.operations import (
    accept_invitation,
    add_branch,
    change_member_role,
    deactivate_branch,
    invite_member,
    set_up_series,
    take_number,
)
from apps.organizations.operations import invitation as invitations
from apps.organizations.operations import member as members
from apps.organizations.rules.numbering import DocumentKind, format_number
from apps.organizations.tokens import Offer, make_token
from tests.concurrency.conftest import Together
from tests.organizations.factories import add_member, make_organization, make_user, only_branch, owner_of, role_of

pytestmark = [pytest.mark.concurrency, pytest.mark.database, pytest.mark.django_db(transaction=True)]

WORKERS = 6
EACH = 8
INVOICE = DocumentKind.INVOICE
DAY = dt.date(2026, 11, 20)


@pytest.fixture
def organization(transactional_db: None) -> Organization:
    return make_organization()


def _no_lock() -> Organization:
    """Stands in for a lock, to show what happens without it."""
    return Organization.objects.get(pk=current_organization_id())


class Pause:
    """Holds whoever comes until `parties` have come, or half a second has passed because a lock keeps them out."""

    def __init__(self, parties: int) -> None:
        self.barrier = threading.Barrier(parties)

    def __call__(self) -> None:
        with suppress(threading.BrokenBarrierError):
            self.barrier.wait(timeout=0.5)


def _after(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, pause: Pause) -> None:
    """Let the function pause after its work."""
    original = getattr(module, name)

    def slowed(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        pause()
        return result

    monkeypatch.setattr(module, name, slowed)


def _refused(work: Callable[[], object]) -> str:
    """What the refusal says; empty when there was none."""
    try:
        work()
    except Refusal as refusal:
        return str(refusal)
    return ""


# ---- numbers ----


def _numbers(organization: Organization, take: Callable[[Branch], str], fails: Callable[[int], bool]) -> list[str]:
    """Take some numbers, each in a transaction of its own; those that fail are given back."""
    taken: list[str] = []
    for attempt in range(EACH):
        with tenant(organization.pk):
            number = take(only_branch())
            if fails(attempt):
                transaction.set_rollback(True)
            else:
                taken.append(number)
    return taken


def test_numbers_have_no_gap_and_come_once(organization: Organization, together: Together) -> None:
    """Every third document fails after it took its number."""

    def worker() -> list[str]:
        return _numbers(
            organization, lambda branch: take_number(branch=branch, kind=INVOICE, day=DAY), lambda n: n % 3 == 2
        )

    taken = sorted(number for numbers in together([worker] * WORKERS) for number in numbers)
    assert taken == [f"PN/2627/{n:05d}" for n in range(1, len(taken) + 1)]
    assert len(taken) == WORKERS * (EACH - EACH // 3)


def test_control_without_the_row_lock_numbers_come_twice(organization: Organization, together: Together) -> None:
    pause = Pause(WORKERS)

    def read_compute_save(branch: Branch) -> str:
        series = NumberSeries.objects.get(branch=branch, kind=INVOICE)
        pause()
        NumberSeries.objects.filter(pk=series.pk).update(next_number=series.next_number + 1)
        return format_number(series.prefix, series.next_number, series.width)

    def once() -> str:
        with tenant(organization.pk):
            return read_compute_save(only_branch())

    with tenant(organization.pk):
        set_up_series(branch=only_branch(), kind=INVOICE, year=2025, prefix="OLD/")
        NumberSeries.objects.exclude(prefix="OLD/").delete()
    taken = together([once] * WORKERS)
    assert len(set(taken)) < WORKERS


def test_the_first_documents_of_a_year_open_one_series(organization: Organization, together: Together) -> None:
    def first() -> str:
        with tenant(organization.pk):
            return take_number(branch=only_branch(), kind=INVOICE, day=dt.date(2030, 4, 1))

    assert sorted(together([first] * WORKERS)) == [f"PN/3031/{n:05d}" for n in range(1, WORKERS + 1)]


# ---- the last owner ----


def _demote_each_other(organization: Organization, together: Together) -> tuple[list[str], int]:
    """Two owners make each other managers at the same moment: what each was told, and how many owners remain."""
    one, two = owner_of(organization), add_member(organization, "owner")

    def demote(actor: int, target: int) -> str:
        with tenant(organization.pk):
            by_key = {member.pk: member for member in Membership.objects.select_related("role", "user")}
            return _refused(
                lambda: change_member_role(actor=by_key[actor], member=by_key[target], role=role_of("manager"))
            )

    told = together([lambda: demote(one.pk, two.pk), lambda: demote(two.pk, one.pk)])
    with tenant(organization.pk):
        return told, Membership.objects.filter(role__key="owner", active=True).count()


def test_two_owners_cannot_demote_each_other(
    organization: Organization, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    _after(monkeypatch, members, "_check_owner_remains", Pause(2))
    told, owners = _demote_each_other(organization, together)
    assert owners == 1
    assert sum("is the last owner" in words for words in told) == 1


def test_control_without_the_lock_no_owner_remains(
    organization: Organization, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    _after(monkeypatch, members, "_check_owner_remains", Pause(2))
    monkeypatch.setattr(members, "lock_members", _no_lock)
    told, owners = _demote_each_other(organization, together)
    assert (told, owners) == (["", ""], 0)


# ---- an invitation accepted twice ----


def _accept_twice(organization: Organization, together: Together) -> list[str]:
    """What two clicks on the same link are told."""
    guest = make_user(email="ira@example.test")
    with tenant(organization.pk):
        invitation = invite_member(
            actor=owner_of(organization), email=guest.email, role=role_of("buyer"), origin="https://erp.example"
        )
        token = make_token(Offer(current_organization_id(), invitation.pk, invitation.link_number))

    def accept() -> str:
        user = User.objects.get(pk=guest.pk)
        return _refused(lambda: accept_invitation(token=token, user=user))

    return together([accept, accept])


def test_an_invitation_is_accepted_once(
    organization: Organization, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    _after(monkeypatch, invitations, "_check_address", Pause(2))
    assert sorted(_accept_twice(organization, together)) == [
        "",
        "This invitation has been used. Sign in to open the organization.",
    ]
    with tenant(organization.pk):
        assert Membership.objects.filter(user__email="ira@example.test").count() == 1


def test_control_without_the_locks_both_clicks_go_through_the_check(
    organization: Organization, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the unique constraint is left: a fault page instead of a sentence."""
    _after(monkeypatch, invitations, "_check_address", Pause(2))
    monkeypatch.setattr(invitations, "lock_members", _no_lock)
    monkeypatch.setattr(invitations, "_locked", lambda key: Invitation.objects.select_related("role").get(pk=key))
    with pytest.raises(IntegrityError, match=r"organizations_membership_person_unique"):
        _accept_twice(organization, together)


# ---- the last open branch, and one web address ----


def test_the_last_two_branches_are_not_closed_at_once(organization: Organization, together: Together) -> None:
    with tenant(organization.pk):
        add_branch(name="Nagpur", code="NG", state_code="27", pin_code="440001", address="1", city="Nagpur")
        keys = list(Branch.objects.values_list("pk", flat=True))

    def close(key: int) -> str:
        with tenant(organization.pk):
            return _refused(lambda: deactivate_branch(branch=Branch.objects.get(pk=key)))

    told = together([lambda: close(keys[0]), lambda: close(keys[1])])
    assert sum("is the only open branch" in words for words in told) == 1
    with tenant(organization.pk):
        assert Branch.objects.filter(active=True).count() == 1


def test_one_web_address_goes_to_one_organization(together: Together) -> None:
    def set_up(user: User) -> str:
        return _refused(lambda: make_organization(user, slug="kite"))

    told = together([partial(set_up, make_user()) for _ in range(4)])
    assert told.count("") == 1
    assert {words for words in told if words} == {"kite is taken. kite-pune is free."}
