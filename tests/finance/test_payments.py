"""Receipts and payments: posted, settled, undone; refused with the figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.finance.models import Allocation, Cheque, JournalLine, Mode, OpenItem, Payment, PaymentKind, Side, WriteOff
from apps.finance.operations import (
    ChequeDraft,
    bounce_cheque,
    clear_cheque,
    deposit_cheque,
    post_entry,
    record_payment,
    reverse_entry,
    settle,
    settle_oldest_first,
    undo_allocation,
    undo_payment,
    write_off,
)
from apps.finance.operations.cheques import ChequeRefused
from apps.finance.operations.items import AllocationRefused, OpenItemsDiffer, OverAllocated, Pair
from apps.finance.operations.payments import PaymentRefused
from apps.finance.queries.exposure import exposure
from apps.finance.rules.allocation import Share
from apps.finance.rules.drafts import ItemKind, OpenItemDraft
from apps.finance.rules.drafts import Side as SideRule
from apps.finance.rules.posting import Source, credit, debit
from apps.organizations.models import Branch, Organization
from apps.parties.models import Party
from tests import factories
from tests.finance.factories import account, party

pytestmark = pytest.mark.django_db

D = Decimal


@dataclass
class Shop:
    """An organization with a customer, entered."""

    organization: Organization
    branch: Branch
    customer: Party
    today: dt.date
    count: int = 0

    def bill(self, amount: str, *, days: int = 0, who: Party | None = None) -> OpenItem:
        """A bill of the customer, due so many days ago."""
        self.count += 1
        number, due = f"BK/{self.count}", self.today - dt.timedelta(days=days)
        who = who or self.customer
        posted = post_entry(
            lines=[debit("receivables", D(amount), party_id=who.pk), credit("sales", D(amount))],
            source=Source("test.bill", self.count, number),
            branch=self.branch,
            on_date=self.today,
            party_id=who.pk,
            open_items=[OpenItemDraft(who.pk, SideRule.RECEIVABLE, ItemKind.BILL, number, due, D(amount))],
        )
        item: OpenItem = OpenItem.objects.get(entry_id=posted.entry_id)
        return item

    def pay(self, amount: str, **changes: Any) -> Payment:
        """A receipt by UPI, oldest first."""
        given: dict[str, Any] = {
            "kind": PaymentKind.RECEIPT,
            "party": self.customer,
            "branch": self.branch,
            "on_date": self.today,
            "mode": Mode.UPI,
            "account": account("bank"),
            "amount": D(amount),
        }
        return record_payment(**(given | changes))

    def cheque(self, amount: str, number: str = "000412", *, days: int = 0, **changes: Any) -> Cheque:
        """A receipt by a cheque dated so many days from today."""
        draft = ChequeDraft(number, self.today + dt.timedelta(days=days), "Sahyadri Bank")
        payment = self.pay(amount, mode=Mode.CHEQUE, cheque=draft, **changes)
        found: Cheque = payment.cheques.get()
        return found


def open_of(*items: OpenItem) -> list[Decimal]:
    """What is open on each now."""
    found = dict(OpenItem.objects.filter(pk__in=[item.pk for item in items]).values_list("pk", "open_amount"))
    return [found[item.pk] for item in items]


def balance(role: str) -> Decimal:
    """Debits less credits of the account of a role."""
    sums = JournalLine.objects.filter(account__role=role).aggregate(d=Sum("debit"), c=Sum("credit"))
    return (sums["d"] or D(0)) - (sums["c"] or D(0))


def check_tied() -> None:
    """Control accounts equal open items, by amount and by what is open."""
    for side, role in ((Side.RECEIVABLE, "receivables"), (Side.PAYABLE, "payables")):
        sums = OpenItem.objects.filter(side=side).aggregate(a=Sum("amount"), o=Sum("open_amount"))
        assert (sums["a"] or 0) == (sums["o"] or 0) == balance(role)


@pytest.fixture
def shop() -> Iterator[Shop]:
    organization = factories.organization()
    branch = factories.first_branch(organization)
    with tenant(organization.pk):
        yield Shop(organization, branch, party("Clocktower Medicals"), timezone.localdate())
        check_tied()


def test_a_receipt_settles_the_oldest_bill_first(shop: Shop) -> None:
    late, due = shop.bill("100.00", days=20), shop.bill("200.00")
    older = shop.bill("50.00", days=40)
    payment = shop.pay("180.00")
    assert open_of(older, late, due) == [D(0), D(0), D("170.00")]
    assert payment.item is not None
    assert payment.item.number == payment.number
    assert open_of(payment.item) == [D(0)]
    assert balance("bank") == D("180.00")
    assert Allocation.objects.count() == 3


def test_what_no_bill_takes_stays_on_account_and_is_adjusted_later(shop: Shop) -> None:
    payment = shop.pay("500.00")
    bill = shop.bill("120.00")
    assert payment.item
    assert open_of(payment.item) == [D("-500.00")]
    settle_oldest_first(item_id=payment.item.pk, on_date=shop.today)
    assert open_of(payment.item, bill) == [D("-380.00"), D(0)]


def test_by_hand_and_on_account(shop: Shop) -> None:
    first, second = shop.bill("100.00", days=9), shop.bill("100.00")
    by_hand = shop.pay("70.00", shares=[Share(second.pk, D("60.00"))])
    assert open_of(first, second) == [D("100.00"), D("40.00")]
    assert by_hand.item
    assert open_of(by_hand.item) == [D("-10.00")]
    shop.pay("5.00", shares=[])
    assert open_of(first, second) == [D("100.00"), D("40.00")]


def test_more_than_is_open_is_refused_with_the_figure(shop: Shop) -> None:
    bill = shop.bill("100.00")
    with pytest.raises(OverAllocated, match=r"Only ₹100.00 of BK/1 is open, ₹0.01 less than ₹100.01"):
        shop.pay("150.00", shares=[Share(bill.pk, D("100.01"))])
    with pytest.raises(PaymentRefused, match=r"₹90.00 are settled and only ₹80.00 is there, ₹10.00 too little"):
        shop.pay("80.00", shares=[Share(bill.pk, D("90.00"))])
    assert not Payment.objects.exists()
    assert open_of(bill) == [D("100.00")]


def test_items_of_others_do_not_settle_one_another(shop: Shop) -> None:
    mine, theirs = shop.bill("100.00"), shop.bill("100.00", who=party("Somebody else"))
    payment = shop.pay("10.00", shares=[])
    assert payment.item
    with pytest.raises(AllocationRefused, match="not in one account of one party"):
        settle(pairs=[Pair(payment.item.pk, theirs.pk, D(5))], on_date=shop.today)
    with pytest.raises(AllocationRefused, match="same side"):
        settle(pairs=[Pair(mine.pk, shop.bill("1.00").pk, D(1))], on_date=shop.today)
    with pytest.raises(AllocationRefused, match="over zero"):
        settle(pairs=[Pair(payment.item.pk, mine.pk, D(0))], on_date=shop.today)
    with pytest.raises(AllocationRefused, match="no longer there"):
        settle(pairs=[Pair(payment.item.pk, 0, D(1))], on_date=shop.today)


def test_sent_twice_it_is_one_payment(shop: Shop) -> None:
    bill = shop.bill("100.00")
    first, second = shop.pay("30.00", key="k1"), shop.pay("30.00", key="k1")
    assert first.pk == second.pk
    assert open_of(bill) == [D("70.00")]


def test_a_reference_is_entered_once(shop: Shop) -> None:
    first = shop.pay("30.00", reference="632400001142")
    with pytest.raises(PaymentRefused, match=rf"632400001142 is entered already: {first.number} .* for ₹30.00"):
        shop.pay("31.00", reference="632400001142")
    undo_payment(payment=first, reason="typed twice")
    shop.pay("31.00", reference="632400001142")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"amount": D(0)}, "amount", "over zero"),
        ({"discount": D(-1)}, "discount", "zero or more"),
        ({"on_date": timezone.localdate() + dt.timedelta(days=1)}, "on_date", "has not come"),
        ({"mode": Mode.CASH}, "account", "Cash goes to a cash account"),
        ({"mode": Mode.CHEQUE}, "cheque_number", "number and date"),
    ],
)
def test_what_cannot_be_is_refused(shop: Shop, changes: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(PaymentRefused, match=words) as caught:
        shop.pay(**({"amount": "10.00"} | changes))
    assert caught.value.field == field


def test_discount_settles_as_money_does(shop: Shop) -> None:
    bill = shop.bill("1000.00")
    shop.pay("980.00", discount=D("20.00"))
    assert open_of(bill) == [D(0)]
    assert (balance("bank"), balance("discount_allowed")) == (D("980.00"), D("20.00"))


def test_a_supplier_is_paid(shop: Shop) -> None:
    supplier = party("Maker", supplier=True)
    post_entry(
        lines=[debit("purchases", D("400.00")), credit("payables", D("400.00"), party_id=supplier.pk)],
        source=Source("test.supply", 1, "S-77"),
        branch=shop.branch,
        on_date=shop.today,
    )
    bill = OpenItem.objects.get(party=supplier)
    assert (bill.side, bill.amount, bill.due_on) == (Side.PAYABLE, D("-400.00"), shop.today)
    payment = shop.pay("390.00", kind=PaymentKind.PAYMENT, party=supplier, discount=D("10.00"))
    assert open_of(bill) == [D(0)]
    assert balance("discount_received") == D("-10.00")
    assert payment.number != shop.pay("1.00").number


def test_undo_opens_the_bills_and_reverses_the_entry(shop: Shop) -> None:
    bill = shop.bill("100.00", days=3)
    payment = shop.pay("60.00")
    undo_payment(payment=payment, reason="wrong party")
    assert payment.item
    assert open_of(bill, payment.item) == [D("100.00"), D(0)]
    assert balance("bank") == 0
    assert Allocation.objects.aggregate(total=Sum("amount"))["total"] == D("60.00")  # the reversal's own
    with pytest.raises(PaymentRefused, match="no longer in the books"):
        undo_payment(payment=payment, reason="again")


def test_one_allocation_is_taken_back_once(shop: Shop) -> None:
    bill = shop.bill("100.00")
    shop.pay("60.00")
    row = Allocation.objects.get()
    undo_allocation(pk=row.pk)
    assert open_of(bill) == [D("100.00")]
    with pytest.raises(AllocationRefused, match="undone already"):
        undo_allocation(pk=row.pk)


def test_a_settled_bill_is_not_reversed(shop: Shop) -> None:
    bill = shop.bill("100.00")
    payment = shop.pay("60.00")
    with pytest.raises(AllocationRefused, match=r"BK/1 is settled with ₹60.00 of ₹100.00"):
        reverse_entry(entry_id=bill.entry_id)
    undo_payment(payment=payment, reason="first this")
    reverse_entry(entry_id=bill.entry_id)
    assert open_of(bill) == [D(0)]


def test_drafts_must_say_what_the_lines_say(shop: Shop) -> None:
    draft = OpenItemDraft(shop.customer.pk, SideRule.RECEIVABLE, ItemKind.BILL, "X", shop.today, D("99.00"))
    with pytest.raises(OpenItemsDiffer, match=r"₹99.00, the lines to ₹100.00"):
        post_entry(
            lines=[debit("receivables", D("100.00"), party_id=shop.customer.pk), credit("sales", D("100.00"))],
            source=Source("test.bill", 900, "X"),
            branch=shop.branch,
            on_date=shop.today,
            open_items=[draft],
        )


def test_a_cheque_goes_from_hand_to_bank(shop: Shop) -> None:
    bill = shop.bill("100.00")
    cheque = shop.cheque("100.00")
    assert cheque.state == "held"
    assert open_of(bill) == [D(0)]
    assert (balance("cheques_in_hand"), balance("bank")) == (D("100.00"), D(0))
    assert exposure(shop.customer.pk).used == D("100.00")
    cheque = deposit_cheque(cheque=cheque, on_date=shop.today)
    assert (balance("cheques_in_hand"), balance("bank")) == (D(0), D("100.00"))
    with pytest.raises(ChequeRefused, match="Deposited"):
        deposit_cheque(cheque=cheque, on_date=shop.today)
    with pytest.raises(PaymentRefused, match="at the bank"):
        undo_payment(payment=cheque.payment, reason="no")
    clear_cheque(cheque=cheque, on_date=shop.today)
    assert exposure(shop.customer.pk).used == 0


def test_a_bounced_cheque_opens_its_bills_and_may_come_again(shop: Shop) -> None:
    bill = shop.bill("100.00", days=5)
    cheque = deposit_cheque(cheque=shop.cheque("98.00", discount=D("2.00")), on_date=shop.today)
    cheque = bounce_cheque(
        cheque=cheque, on_date=shop.today, reason="Funds insufficient", charges=D("59.00"), recover=True
    )
    assert open_of(bill) == [D("100.00")]
    assert (balance("bank"), balance("discount_allowed")) == (D("-59.00"), D(0))
    assert exposure(shop.customer.pk).balance == D("159.00")
    deposit_cheque(cheque=cheque, on_date=shop.today)
    assert open_of(bill) == [D("2.00")]
    assert (balance("bank"), balance("cheques_in_hand")) == (D("39.00"), D(0))
    check_tied()


def test_bank_charges_of_ours_are_an_expense(shop: Shop) -> None:
    shop.bill("100.00")
    cheque = deposit_cheque(cheque=shop.cheque("100.00"), on_date=shop.today)
    bounce_cheque(cheque=cheque, on_date=shop.today, reason="Signature differs", charges=D("59.00"))
    assert balance("bank_charges") == D("59.00")


def test_a_post_dated_cheque_is_in_no_account_until_its_day(shop: Shop) -> None:
    bill = shop.bill("100.00")
    cheque = shop.cheque("100.00", days=3)
    assert (cheque.state, open_of(bill), cheque.payment.entry_id) == ("waiting", [D("100.00")], None)
    owed = exposure(shop.customer.pk)
    assert (owed.post_dated, owed.used) == (D("100.00"), D("100.00"))
    with pytest.raises(ChequeRefused, match="Deposit it then or later"):
        deposit_cheque(cheque=cheque, on_date=shop.today)
    undo_payment(payment=cheque.payment, reason="given back")
    cheque.refresh_from_db()
    assert cheque.state == "returned"
    # Given back, the same number may come again.
    again = shop.cheque("100.00", days=0)
    assert again.pk != cheque.pk


def test_the_same_cheque_is_entered_once(shop: Shop) -> None:
    first = shop.cheque("100.00")
    with pytest.raises(PaymentRefused, match=rf"000412 is entered already: {first.payment.number} .* for ₹100.00"):
        shop.cheque("120.00")
    assert Cheque.objects.count() == 1


def test_ours_is_at_the_bank_once_it_is_handed_over(shop: Shop) -> None:
    supplier = party("Maker", supplier=True)
    cheque = shop.cheque("50.00", kind=PaymentKind.PAYMENT, party=supplier)
    assert (cheque.state, balance("bank")) == ("presented", D("-50.00"))
    bounce_cheque(cheque=cheque, on_date=shop.today, reason="Stopped")
    assert balance("bank") == 0


def test_a_rest_is_written_off(shop: Shop) -> None:
    bill = shop.bill("100.40")
    shop.pay("100.00")
    with pytest.raises(OverAllocated, match=r"Only ₹0.40 of BK/1 is open"):
        write_off(item=bill, amount=D("0.50"), reason="paise", on_date=shop.today)
    with pytest.raises(AllocationRefused, match="Say why"):
        write_off(item=bill, amount=D("0.40"), reason=" ", on_date=shop.today)
    write_off(item=bill, amount=D("0.40"), reason="paise", on_date=shop.today)
    assert open_of(bill) == [D(0)]
    assert balance("bad_debts") == D("0.40")
    assert WriteOff.objects.get().amount == D("0.40")


def test_what_we_owe_and_nobody_claims_is_income(shop: Shop) -> None:
    payment = shop.pay("10.00")
    assert payment.item
    write_off(item=payment.item, amount=D("10.00"), reason="unclaimed", on_date=shop.today)
    assert balance("balances_written_back") == D("-10.00")


def test_the_database_itself_lets_nothing_be_settled_beyond_its_amount(shop: Shop) -> None:
    bill = shop.bill("100.00")
    with (
        pytest.raises(IntegrityError, match="finance_openitem_within_amount"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE finance_openitem SET open_amount = -1 WHERE id = %s", [bill.pk])


def test_another_organization_sees_nothing(shop: Shop) -> None:
    shop.bill("100.00")
    shop.pay("10.00")
    with tenant(factories.organization().pk):
        assert not OpenItem.objects.exists()
        assert not Payment.objects.exists()
        assert exposure(shop.customer.pk).used == 0
