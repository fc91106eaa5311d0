"""A receipt posted by several at once, one bill typed in two windows, and a process that dies while it posts."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError

from apps.core.tenancy.context import tenant
from apps.finance.models import JournalEntry, OpenItem
from apps.inventory.models import Move
from apps.organizations.models import NumberSeries, Organization
from apps.purchasing.models import GoodsReceipt, SupplierBill
from apps.purchasing.operations import DuplicateBill, keep_bill, post_receipt
from apps.purchasing.operations import receipt_posting as postings
from tests import factories, processes
from tests.concurrency.conftest import Together
from tests.purchasing.delivery import Delivery

pytestmark = [pytest.mark.concurrency, pytest.mark.database, pytest.mark.django_db(transaction=True)]

CLERKS = 4


@pytest.fixture
def organization(transactional_db: None) -> Organization:
    return factories.organization()


def _billed(organization: Organization) -> tuple[Delivery, GoodsReceipt]:
    with tenant(organization.pk):
        delivery = Delivery(organization)
        receipt = delivery.receipt()
        delivery.bill(receipt, "KA/1")
        return delivery, receipt


def _taken(organization: Organization) -> int:
    with tenant(organization.pk):
        series = NumberSeries.objects.get(kind="goods_receipt")
        return int(series.next_number - series.first_number)


def _all_at_once(
    organization: Organization, together: Together, monkeypatch: pytest.MonkeyPatch
) -> tuple[set[str], Delivery]:
    """Several post one receipt; each waits, where it may, until all have read it."""
    delivery, receipt = _billed(organization)
    with tenant(organization.pk):
        # The year's series is there before, so that nobody waits for its making.
        delivery.post(delivery.receipt(delivery.entry(number="BEFORE")))
    gate, check = threading.Barrier(CLERKS), postings._check

    def slowly(*given: Any) -> None:
        check(*given)
        try:
            gate.wait(timeout=0.7)
        except threading.BrokenBarrierError:
            return

    monkeypatch.setattr(postings, "_check", slowly)

    def clerk() -> str:
        with tenant(organization.pk):
            return post_receipt(pk=receipt.pk, actor=delivery.owner).number

    return set(together([clerk] * CLERKS)), delivery


def test_a_receipt_posted_by_many_is_posted_once(
    organization: Organization, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers, delivery = _all_at_once(organization, together, monkeypatch)
    assert len(numbers) == 1
    assert _taken(organization) == 2
    with tenant(organization.pk):
        assert Move.objects.count() == 2
        assert OpenItem.objects.count() == 1
        delivery.whole()


def test_control_without_the_lock_the_database_has_to_refuse_the_second(
    organization: Organization, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlocked(pk: int, *_more: Any, **_given: Any) -> GoodsReceipt:
        found: GoodsReceipt = GoodsReceipt.objects.select_related("supplier", "branch", "place", "order").get(pk=pk)
        return found

    monkeypatch.setattr(postings, "locked_receipt", unlocked)
    monkeypatch.setattr(postings, "locked_bill", lambda pk: SupplierBill.objects.select_related("supplier").get(pk=pk))
    with pytest.raises(IntegrityError):
        _all_at_once(organization, together, monkeypatch)


def test_a_bill_typed_in_two_windows_is_one(organization: Organization, together: Together) -> None:
    with tenant(organization.pk):
        delivery = Delivery(organization)
        receipts = [delivery.receipt(), delivery.receipt(delivery.entry(number="B2"))]

    def window(receipt: GoodsReceipt) -> str:
        with tenant(organization.pk):
            try:
                keep_bill(
                    receipt_id=receipt.pk,
                    number="KA/1",
                    bill_date=delivery.today,
                    printed_total=None,
                    actor=delivery.owner,
                )
            except DuplicateBill as refusal:
                return refusal.field or ""
            return "kept"

    assert sorted(together([partial(window, receipt) for receipt in receipts])) == ["bill_number", "kept"]
    with tenant(organization.pk):
        assert SupplierBill.objects.count() == 1


_KILLED = """
import sys, time, pathlib
from apps.core.tenancy.context import tenant
from apps.organizations.models import Membership
from apps.purchasing.operations import post_receipt
organization, receipt, member, reached = sys.argv[1:]
with tenant(int(organization)):
    actor = Membership.objects.select_related("user", "role").get(pk=member)
    post_receipt(pk=int(receipt), actor=actor)
    pathlib.Path(reached).touch()
    time.sleep(60)
"""


def test_a_process_killed_while_posting_leaves_nothing(organization: Organization, tmp_path: Path) -> None:
    delivery, receipt = _billed(organization)
    reached = tmp_path / "reached"
    worker = processes.start(_KILLED, str(organization.pk), str(receipt.pk), str(delivery.owner.pk), str(reached))
    processes.wait_for(reached, worker)
    worker.kill()
    worker.wait()
    with tenant(organization.pk):
        # Waits for the lock of the dead one's transaction, until the server has noticed.
        found = GoodsReceipt.objects.select_for_update().get(pk=receipt.pk)
        assert (found.state, found.number) == ("draft", "")
        assert not Move.objects.exists()
        assert not JournalEntry.objects.exists()
        assert SupplierBill.objects.get().state == "draft"
        posted = delivery.post(receipt)
        assert posted.number.endswith("00001")
        delivery.whole()
