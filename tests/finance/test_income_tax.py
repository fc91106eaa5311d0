"""TDS on payments and receipts, and limits of cash, in the books."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum

from apps.core.tenancy.context import tenant
from apps.finance.models import CashLimit, JournalEntry, Mode, OpenItem, Payment, PaymentKind, TaxLine, TdsLine, TdsRate
from apps.finance.operations import (
    bounce_cheque,
    deposit_cheque,
    post_entry,
    post_voucher,
    reverse_entry,
    save_voucher,
    seed_cash_limits,
    seed_tds_rates,
    undo_payment,
    verify_books,
)
from apps.finance.operations.cash_limits import CashRefused
from apps.finance.operations.dated_rows import DatedRowRefused, set_cash_limit, set_tds_rate
from apps.finance.operations.payments import PaymentRefused, TdsTaken
from apps.finance.operations.vouchers import DraftLine
from apps.finance.queries.tds import deduction, tds_rates
from apps.finance.rules.drafts import ItemKind, OpenItemDraft, Side, TaxLineDraft, TdsDraft
from apps.finance.rules.gst import Tax
from apps.finance.rules.posting import Source, credit, debit
from apps.parties.models import Party
from tests import factories
from tests.finance.factories import account, party
from tests.finance.test_payments import Shop, balance, check_tied, shop  # noqa: F401 - the fixture

pytestmark = pytest.mark.django_db

D = Decimal


def supplier(shop: Shop, pan: str = "AAACP1234F") -> Party:  # noqa: F811
    made = party(supplier=True)
    Party.objects.filter(pk=made.pk).update(pan=pan)
    made.refresh_from_db()
    assert shop.branch
    return made


def pay(shop: Shop, who: Party, amount: str, **changes: Any) -> Payment:  # noqa: F811
    return shop.pay(amount, **({"kind": PaymentKind.PAYMENT, "party": who} | changes))


def whole() -> None:
    check_tied()
    found = verify_books()
    assert found.fault_count == 0, found.results


def test_tds_on_a_payment_settles_the_bill_and_is_owed_to_the_government(shop: Shop) -> None:  # noqa: F811
    who = supplier(shop)
    found = deduction("contract", shop.today, party=who, amount=D("50000"))
    assert found is not None
    assert (found.tax, found.rate, found.section) == (D(1000), D(2), "393(1) 6(i)")
    pay(shop, who, "49000", tds=TdsTaken("contract", found.tax))
    assert OpenItem.objects.get().amount == D("50000")
    assert (balance("bank"), balance("tds_payable"), balance("payables")) == (D(-49000), D(-1000), D(50000))
    line = TdsLine.objects.get()
    assert (line.by_us, line.amount, line.base, line.tax, line.pan) == (True, D(50000), D(50000), D(1000), "AAACP1234F")
    # The year's limit counts it: 60,000 more pass a lakh, and what was taxed is not taxed twice.
    assert deduction("contract", shop.today, party=who, amount=D("60000")).base == D(60000)  # type: ignore[union-attr]
    whole()


def test_tds_that_a_customer_deducted_is_receivable(shop: Shop) -> None:  # noqa: F811
    bill = shop.bill("100000")
    payment = shop.pay("99900", tds=TdsTaken("goods", D(100)))
    assert OpenItem.objects.get(pk=bill.pk).open_amount == 0
    assert (balance("tds_receivable"), balance("receivables")) == (D(100), D(0))
    undo_payment(payment=payment, reason="twice")
    assert balance("tds_receivable") == 0
    assert TdsLine.objects.aggregate(tax=Sum("tax"), amount=Sum("amount")) == {"tax": D(0), "amount": D(0)}
    whole()


def test_a_bounced_cheque_takes_its_tds_back_and_brings_it_again(shop: Shop) -> None:  # noqa: F811
    shop.bill("100000")
    cheque = shop.cheque("99900", tds=TdsTaken("goods", D(100)))
    cheque = deposit_cheque(cheque=cheque, on_date=shop.today)
    cheque = bounce_cheque(cheque=cheque, on_date=shop.today, reason="funds")
    assert (balance("tds_receivable"), balance("receivables")) == (D(0), D(100000))
    deposit_cheque(cheque=cheque, on_date=shop.today)
    assert (balance("tds_receivable"), balance("receivables")) == (D(100), D(0))
    assert TdsLine.objects.aggregate(tax=Sum("tax"))["tax"] == D(100)
    whole()


@pytest.mark.parametrize(
    ("code", "amount", "words"),
    [("", "10", "what kind of payment"), ("contract", "10.50", "whole rupees"), ("contract", "600", "more than")],
)
def test_tds_that_cannot_be_is_refused(shop: Shop, code: str, amount: str, words: str) -> None:  # noqa: F811
    with pytest.raises(PaymentRefused, match=words):
        shop.pay("500", tds=TdsTaken(code, D(amount)))
    assert not JournalEntry.objects.exists()


def test_a_bill_less_tds_is_posted_by_whoever_books_it(shop: Shop) -> None:  # noqa: F811
    """What a room above does with `deduction`: the item is open for the rest."""
    who = supplier(shop)
    found = deduction("professional", shop.today, party=who, amount=D("80000"))
    assert found is not None
    rest = D("80000") - found.tax
    post_entry(
        lines=[
            debit("miscellaneous", D("80000")),
            credit("tds_payable", found.tax),
            credit("payables", rest, party_id=who.pk),
        ],
        source=Source("test.fees", 1, "F/1"),
        branch=shop.branch,
        on_date=shop.today,
        open_items=[OpenItemDraft(who.pk, Side.PAYABLE, ItemKind.BILL, "F/1", shop.today, -rest)],
        withheld=[TdsDraft(who.pk, True, D("80000"), found)],
    )
    assert found.tax == D(8000)
    # A deduction of nothing still counts towards the year.
    assert deduction("nothing", shop.today, party=who, amount=D(1)) is None
    whole()


def test_the_act_of_the_day_names_the_section(shop: Shop) -> None:  # noqa: F811
    assert tds_rates(dt.date(2026, 3, 31))["contract"].section == "194C"
    assert tds_rates(dt.date(2026, 4, 1))["contract"].section == "393(1) 6(i)"


def test_cash_of_two_lakh_from_one_person_in_a_day_is_refused(shop: Shop) -> None:  # noqa: F811
    shop.bill("300000")
    cash = {"mode": Mode.CASH, "account": account("cash")}
    first = shop.pay("150000", **cash)
    with pytest.raises(CashRefused, match=r"2,00,000.00 in cash from one person in a day: section 186 .*whole amount"):
        shop.pay("50000", **cash)
    shop.pay("49999.99", **cash)
    # Somebody else's cash, another day's and what was taken back do not count.
    shop.pay("150000", party=party(), **cash)
    undo_payment(payment=first, reason="wrong party")
    shop.pay("150000", **cash)
    assert Payment.objects.count() == 4
    whole()


def test_cash_to_a_supplier_over_ten_thousand_is_a_warning(shop: Shop) -> None:  # noqa: F811
    who = supplier(shop)
    cash = {"mode": Mode.CASH, "account": account("cash")}
    pay(shop, who, "10000", **cash)
    with pytest.raises(CashRefused, match=r"section 36\(4\)") as refused:
        pay(shop, who, "0.01", **cash)
    assert refused.value.field == "over_cash_limit"
    pay(shop, who, "0.01", over_cash_limit=True, **cash)
    whole()


def test_a_receipt_voucher_keeps_to_the_limit_of_cash(shop: Shop) -> None:  # noqa: F811
    owner = factories.owner_of(shop.organization)
    draft = save_voucher(
        kind="receipt",
        branch=shop.branch,
        on_date=shop.today,
        actor=owner,
        lines=[
            DraftLine(account("cash").pk, debit=D(200000)),
            DraftLine(account("receivables").pk, party_id=shop.customer.pk, credit=D(200000)),
        ],
    )
    with pytest.raises(CashRefused, match="section 186"):
        post_voucher(voucher=draft, actor=owner)
    assert not JournalEntry.objects.exists()


def test_rates_and_limits_begin_and_end_by_date(shop: Shop) -> None:  # noqa: F811
    assert (seed_tds_rates(), seed_cash_limits()) == (0, 0)
    day = shop.today + dt.timedelta(days=1)
    values: dict[str, Any] = {
        "code": "contract",
        "description": "Contracts",
        "section": "393(1) 6(i)",
        "rate": D(3),
        "rate_individual": D(2),
        "valid_from": day,
        "source": "Finance Act",
    }
    set_tds_rate(**values)
    assert tds_rates(shop.today)["contract"].rate == D(2)
    assert tds_rates(day)["contract"].rate == D(3)
    with pytest.raises(DatedRowRefused):
        set_tds_rate(**values)
    set_cash_limit(
        way="payment", amount=D(5000), on_breach="refuse", section="36(4)", valid_from=day, source="Finance Act"
    )
    assert CashLimit.objects.get(way="payment", valid_to=shop.today).amount == D(10000)
    assert TdsRate.objects.filter(code="contract", valid_to=shop.today).count() == 1


def test_a_reversed_bill_takes_its_tax_lines_back(shop: Shop) -> None:  # noqa: F811
    draft = TaxLineDraft(
        direction="out",
        document_kind="INV",
        document_number="BK/1",
        document_total=D(105),
        hsn="3004",
        uqc="NOS",
        quantity=D(2),
        rate=D(5),
        tax=Tax(D(100), cgst=D("2.50"), sgst=D("2.50")),
        place_of_supply="27",
    )
    posted = post_entry(
        lines=[
            debit("cash", D(105)),
            credit("sales", D(100)),
            credit("output_cgst", D("2.50")),
            credit("output_sgst", D("2.50")),
        ],
        source=Source("test.bill", 77, "BK/1"),
        branch=shop.branch,
        on_date=shop.today,
        tax_lines=[draft],
    )
    for _again in range(2):
        reverse_entry(entry_id=posted.entry_id)
    assert TaxLine.objects.aggregate(a=Sum("taxable"), b=Sum("cgst"), c=Sum("quantity")) == {
        "a": D(0),
        "b": D(0),
        "c": 0,
    }
    assert TaxLine.objects.count() == 2
    whole()


@pytest.mark.parametrize(
    ("kind", "after"), [("payment", "waiting"), ("payment", "undone"), ("cheque", "cleared"), ("voucher", "draft")]
)
def test_the_database_refuses_a_move_that_is_not_declared(shop: Shop, kind: str, after: str) -> None:  # noqa: F811
    """An undone payment stays undone, a cheque is not cleared from the drawer, a posted voucher is no draft again."""
    cheque = shop.cheque("10")
    payment = cheque.payment
    if after == "undone":
        Payment.objects.filter(pk=payment.pk).update(state="bounced")
    record: Any = {"payment": payment, "cheque": cheque}.get(kind)
    if record is None:
        from tests.finance.factories import voucher

        record = voucher(shop.organization, state="posted")
    with pytest.raises(DatabaseError), transaction.atomic(), tenant(shop.organization.pk):
        type(record).objects.filter(pk=record.pk).update(state=after)
