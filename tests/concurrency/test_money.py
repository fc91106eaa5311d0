"""Races around open items and payments, with a control that shows the race with its lock taken away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.finance.models import Allocation, JournalEntry, Mode, OpenItem, Payment, PaymentKind
from apps.finance.operations import items as item_operations
from apps.finance.operations import record_payment, undo_payment
from apps.finance.operations.items import Pair, settle
from apps.finance.rules.allocation import Share
from apps.organizations.models import Organization
from apps.parties.models import Party
from tests.concurrency.conftest import Together
from tests.factories import first_branch, organization
from tests.finance import money
from tests.finance.factories import account, party

pytestmark = [pytest.mark.concurrency, pytest.mark.database, pytest.mark.django_db(transaction=True)]

CLERKS = 6


@pytest.fixture
def shop(transactional_db: None) -> Organization:
    return organization()


@pytest.fixture
def customer(shop: Organization) -> Party:
    with tenant(shop.pk):
        return party("Clocktower")


def _outcome(work: Callable[[], object]) -> str:
    """How it ended: done, refused by the operation, or stopped by the database's own check."""
    try:
        work()
    except Refusal:
        return "refused"
    except IntegrityError:
        return "check"
    return "done"


def _settle(shop: Organization, credit: int, bill: int) -> str:
    def work() -> None:
        with tenant(shop.pk):
            settle(pairs=[Pair(credit, bill, Decimal("60.00"))], on_date=timezone.localdate())

    return _outcome(work)


def _race(shop: Organization, customer: Party, together: Together) -> tuple[list[str], OpenItem]:
    """Clerks who each settle 60 of one bill of 100, each with a receipt of their own."""
    with tenant(shop.pk):
        credits_ = []
        for _clerk in range(CLERKS):
            payment = money.receipt(shop, "60.00", who=customer)
            assert payment.item_id
            credits_.append(payment.item_id)
        bill = money.bill(shop, "100.00", who=customer)
    found = together([partial(_settle, shop, credit, bill.pk) for credit in credits_])
    with tenant(shop.pk):
        return found, OpenItem.objects.get(pk=bill.pk)


def test_a_bill_is_never_settled_beyond_its_amount(shop: Organization, customer: Party, together: Together) -> None:
    found, bill = _race(shop, customer, together)
    assert sorted(found) == ["done", *["refused"] * (CLERKS - 1)]
    assert bill.open_amount == Decimal("40.00")
    with tenant(shop.pk):
        assert Allocation.objects.get().amount == Decimal("60.00")


def test_control_without_the_lock_all_pass_the_check_and_only_the_database_stops_them(
    shop: Organization, customer: Party, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    barrier = threading.Barrier(CLERKS)

    def unlocked(keys: Any) -> dict[int, OpenItem]:
        found = {item.pk: item for item in OpenItem.objects.filter(pk__in=set(keys)).order_by("pk")}
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=5)
        return found

    monkeypatch.setattr(item_operations, "lock_items", unlocked)
    found, bill = _race(shop, customer, together)
    assert "refused" not in found
    assert found.count("check") == CLERKS - 1
    assert bill.open_amount == Decimal("40.00")


def _pay(shop: Organization, customer: Party, key: str, amount: str, shares: list[Share] | None) -> str:
    def work() -> None:
        with tenant(shop.pk):
            record_payment(
                kind=PaymentKind.RECEIPT,
                party=customer,
                branch=first_branch(shop),
                on_date=timezone.localdate(),
                mode=Mode.UPI,
                account=account("bank"),
                amount=Decimal(amount),
                shares=shares,
                key=key,
            )

    return _outcome(work)


def test_one_submission_is_one_payment_however_often_it_comes_at_once(
    shop: Organization, customer: Party, together: Together
) -> None:
    bill = money.bill(shop, "100.00", who=customer)
    assert together([partial(_pay, shop, customer, "same", "70.00", None)] * CLERKS) == ["done"] * CLERKS
    with tenant(shop.pk):
        assert Payment.objects.count() == 1
        assert OpenItem.objects.get(pk=bill.pk).open_amount == Decimal("30.00")


def test_receipts_at_once_share_the_bills_and_lose_no_number(
    shop: Organization, customer: Party, together: Together
) -> None:
    for _bill in range(4):
        money.bill(shop, "50.00", who=customer)
    jobs = [partial(_pay, shop, customer, f"k{number}", "45.00", None) for number in range(CLERKS)]
    assert together(jobs) == ["done"] * CLERKS
    with tenant(shop.pk):
        left = sum(OpenItem.objects.values_list("open_amount", flat=True), Decimal(0))
        assert left == Decimal("200.00") - CLERKS * Decimal("45.00")
        numbers = sorted(int(number.rsplit("/", 1)[1]) for number in Payment.objects.values_list("number", flat=True))
        assert numbers == list(range(numbers[0], numbers[0] + CLERKS))


def test_a_payment_is_undone_once(shop: Organization, customer: Party, together: Together) -> None:
    money.bill(shop, "100.00", who=customer)
    payment = money.receipt(shop, "70.00", who=customer)

    def undo() -> str:
        def work() -> None:
            with tenant(shop.pk):
                undo_payment(payment=payment, reason="twice")

        return _outcome(work)

    assert sorted(together([undo] * 3)) == ["done", "refused", "refused"]
    with tenant(shop.pk):
        assert JournalEntry.objects.filter(reverses__isnull=False).count() == 1
