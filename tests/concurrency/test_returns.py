"""Two clerks take back the same goods, with a control that shows the race with its lock taken away."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

import pytest
from django.db import IntegrityError

from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.finance.models import JournalEntry
from apps.inventory.models import Move
from apps.organizations.models import Organization
from apps.sales.models import Bill, BillPick, ReturnedPick, SalesReturn, SalesReturnLine
from apps.sales.operations import crediting, open_return, post_return, set_returned
from apps.sales.rules.returns import Why
from tests import factories
from tests.concurrency.conftest import Together
from tests.sales.posted import posted_bill
from tests.sales.shop import TODAY, Desk

pytestmark = [pytest.mark.concurrency, pytest.mark.database, pytest.mark.django_db(transaction=True)]

CLERKS = 5


@pytest.fixture
def shop(transactional_db: None) -> Organization:
    return factories.organization()


def _sold(shop: Organization) -> tuple[Desk, BillPick]:
    desk = Desk(shop)
    desk.stocked(100)
    return desk, BillPick.objects.get(bill=posted_bill(desk, (desk.product, 10, 0)))


def _drafts(desk: Desk, pick: BillPick, quantity: int) -> list[int]:
    """Returns of the same goods, each begun while all of it could still come back."""
    keys = []
    for _clerk in range(CLERKS):
        note = open_return(branch=desk.branch, customer=desk.customer, on_date=TODAY, actor=desk.biller)
        set_returned(return_id=note.pk, pick_id=pick.pk, quantity=quantity, reason=Why.SALEABLE)
        keys.append(note.pk)
    return keys


def _post(shop: Organization, desk: Desk, key: int) -> str:
    try:
        with tenant(shop.pk):
            post_return(return_id=key, actor=desk.biller)
    except Refusal:
        return "refused"
    except IntegrityError:
        return "check"
    return "done"


def test_no_more_comes_back_than_was_sold_however_many_clerks_take_it(shop: Organization, together: Together) -> None:
    with tenant(shop.pk):
        desk, pick = _sold(shop)
        keys = _drafts(desk, pick, 4)
    found = together([partial(_post, shop, desk, key) for key in keys])
    assert sorted(found) == ["done", "done", *["refused"] * (CLERKS - 2)]
    with tenant(shop.pk):
        assert ReturnedPick.objects.get().returned == 8
        assert sum(Move.objects.filter(document_kind="sales.return").values_list("quantity", flat=True)) == 8
        numbers = sorted(SalesReturn.objects.exclude(number="").values_list("number", flat=True))
        assert numbers == ["PUN/C2627/00001", "PUN/C2627/00002"], "no number is lost"


def test_a_note_that_is_posted_five_times_at_once_is_one_note(shop: Organization, together: Together) -> None:
    with tenant(shop.pk):
        desk, pick = _sold(shop)
        key = _drafts(desk, pick, 4)[0]
    assert together([partial(_post, shop, desk, key)] * CLERKS) == ["done"] * CLERKS
    with tenant(shop.pk):
        assert JournalEntry.objects.filter(source_kind="sales.return").count() == 1
        assert ReturnedPick.objects.get().returned == 4


def test_control_without_the_locks_all_pass_the_check_and_only_the_database_stops_them(
    shop: Organization, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant(shop.pk):
        desk, pick = _sold(shop)
        keys = _drafts(desk, pick, 4)
        ReturnedPick.objects.create(pick=pick, sold=10)
    barrier = threading.Barrier(CLERKS)

    def unlocked(pick_ids: Sequence[int]) -> list[ReturnedPick]:
        found = list(ReturnedPick.objects.filter(pick__in=pick_ids).order_by("pick"))
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=5)
        return found

    def no_hold(lines: Sequence[SalesReturnLine]) -> list[Bill]:
        return list({line.pick.bill for line in lines})

    monkeypatch.setattr(crediting, "locked_counts", unlocked)
    monkeypatch.setattr(crediting, "_hold_bills", no_hold)
    found = together([partial(_post, shop, desk, key) for key in keys])
    assert found == ["done"] * CLERKS, "each saw that all of it could still come back"
    with tenant(shop.pk):
        moved = sum(Move.objects.filter(document_kind="sales.return").values_list("quantity", flat=True))
        assert moved == 4 * CLERKS, "twice what was sold"
