"""Posting a bill: goods, tax, books, what is owed, registers and number in one transaction.

Locks are taken in one order by everything that sells: the bill, the customer, the products, the number series. The
number is taken when all products are locked and nothing is waited for any more, so that moves, journal and tax lines
carry it and the series is held for the shortest time.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from apps.core.amounts import inr
from apps.core.members import Member
from apps.core.outbox.facts import emit
from apps.core.refusals import Stale
from apps.core.tenancy.context import current_organization_id
from apps.finance.models import Account, Mode, OpenItem, PaymentKind
from apps.finance.operations import post_entry, record_payment
from apps.finance.operations.payments import ChequeDraft
from apps.finance.rules.allocation import Share
from apps.finance.rules.gst import Levy
from apps.finance.rules.posting import Source
from apps.inventory.operations import Document, StockShortage, lock_products
from apps.inventory.operations.ledger import told_when_busy
from apps.organizations.operations import take_number
from apps.organizations.rules.numbering import DocumentKind
from apps.parties.models import Party
from apps.sales.models import Bill, BillKind, BillState
from apps.sales.operations.keeping import Part, keep_lines, write_registers
from apps.sales.operations.leaving import Left, leave
from apps.sales.operations.refusals import BillBlocked, BillClosed, BillRefused
from apps.sales.operations.writing import locked, supply_of, take_supply
from apps.sales.queries.buyers import buyer, licences_of_branch, terms
from apps.sales.queries.goods import products
from apps.sales.queries.particulars import particulars
from apps.sales.queries.sheet import LineRow, answered, chosen_picks, line_rows, selling, sheet
from apps.sales.rules import gates
from apps.sales.rules.amounts import Foot, foot_of, gross_of, taxed
from apps.sales.rules.amounts import Part as Amount
from apps.sales.rules.facts import Level, Notice
from apps.sales.rules.particulars import Particulars
from apps.sales.rules.posting import (
    Recipient,
    Supplied,
    cost_of,
    is_tax_invoice,
    open_items,
    posting_lines,
    tax_lines,
)

DOCUMENT = "sales.bill"
"""Kind of the document in moves, journal and outbox."""
POSTED = "sales.bill_posted"
ZERO = Decimal("0.00")
# Milliseconds. Eight desks at the same goods stand in line for less; to be sent away and do it all again costs more.
_PATIENCE = 1_000
_PARTY = "SELECT pg_advisory_xact_lock(hashtextextended('sales.party', %s))"


@dataclass(frozen=True, slots=True)
class Paying:
    """Money that the customer gives with the bill; at most what it comes to."""

    mode: Mode
    account: Account
    amount: Decimal
    reference: str = ""
    cheque: ChequeDraft | None = None


@dataclass(frozen=True, slots=True)
class Completed:
    """A posted bill. `created` is False when it was posted before, by an earlier try."""

    bill: Bill
    created: bool


def complete_bill(
    *, bill_id: int, actor: Member, version: int | None = None, paying: Paying | None = None
) -> Completed:
    """Post a draft. Called twice, or by two at once, it makes one bill.

    Args:
        paying: recorded as a receipt on this bill, in the same transaction.

    Raises:
        BillBlocked: with everything that stands in the way, line by line.
        BillClosed: it is cancelled, or on hold.
        Stale: somebody changed it since `version`.
        StockBusy: others are at the same products for longer than a person should wait.
        PostingRefused, PaymentRefused: the books or the money do not take it. Nothing is done in any of these cases.
    """
    # Filled once the lines are read: what is said where somebody holds one of them for too long.
    keys: set[int] = set()
    try:
        with told_when_busy(keys):
            bill = locked(bill_id)
            if bill.state == BillState.POSTED:
                return Completed(bill, created=False)
            if version is not None and bill.version != version:
                raise Stale
            if bill.state != BillState.DRAFT:
                raise BillClosed(bill)
            return Completed(_post(bill, actor, paying, keys), created=True)
    except StockShortage:
        _refuse_by_sheet(bill_id, actor, paying)
        raise


def lock_party(bill: Bill) -> None:
    """One bill of a customer after the other, so that two do not both find the same credit free."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTY, [bill.customer_id])


def _refuse_by_sheet(bill_id: int, actor: Member, paying: Paying | None) -> None:
    """What is short is told like everything else that is off, with what mends it."""
    bill = Bill.objects.select_related("branch", "customer", "ship_to").get(pk=bill_id)
    found = sheet(bill, member=actor, paid_now=paying.amount if paying else ZERO).in_the_way
    if found:
        raise BillBlocked(found) from None


def _post(bill: Bill, actor: Member, paying: Paying | None, keys: set[int]) -> Bill:
    """Everything is read before the products are locked that may be: others wait from there to the commit."""
    customer = _customer(bill)
    lock_party(bill)
    rows = line_rows(bill.pk)
    if not rows:
        raise BillRefused(_("The bill has no lines. Type the first one."), field="product")
    keys |= {row.product_id for row in rows}
    sold = products(keys, bill.on_date)
    chosen = chosen_picks(bill.pk)
    known = buyer(customer, on=bill.on_date, restricted=[key for key in keys if sold[key].goods.most_a_day is not None])
    sides = particulars(branch_id=bill.branch_id, party_id=customer.pk, on=bill.on_date, ship_to_id=bill.ship_to_id)
    found = supply_of(bill)
    take_supply(bill, found)
    invoice = is_tax_invoice(found.determination, (sold[key].tax_rate or ZERO for key in keys))
    seller, allowed = licences_of_branch(bill.branch_id), terms(actor, on=bill.on_date)
    lock_products(keys, patience=_PATIENCE)
    kind = DocumentKind.INVOICE if invoice else DocumentKind.BILL_OF_SUPPLY
    number = take_number(branch=bill.branch, kind=kind, day=bill.on_date)
    left = leave(
        bill,
        _with_tax_of_the_day(rows, {key: one.tax_rate or ZERO for key, one in sold.items()}),
        chosen,
        sold,
        document=Document(DOCUMENT, bill.pk, number, bill.customer_id),
        actor=actor,
        shelf_life_days=known.shelf_life_days,
    )
    parts, foot = _reckoned(bill, left)
    paid_now = paying.amount if paying else ZERO
    if paid_now > foot.total:
        raise BillRefused(
            _("The bill comes to %(total)s. Take the rest as a receipt of its own.") % {"total": inr(foot.total)},
            field="amount",
        )
    _refuse(
        bill,
        gates.notices(
            lines=[selling(line, left.plans[line.id]) for line in left.lines],
            buyer=known,
            seller_licences=seller,
            terms=allowed,
            total=foot.total,
            bill_discount=bill.bill_discount,
            paid_now=paid_now,
        ),
        actor,
    )
    keep_lines(bill, parts, had_chosen=bool(chosen))
    write_registers(bill, parts, number=number, sides=sides)
    due_on = bill.on_date + dt.timedelta(days=bill.credit_days)
    bill.kind = BillKind.INVOICE if invoice else BillKind.BILL_OF_SUPPLY
    bill.number, bill.due_on = number, due_on
    entry = _into_the_books(bill, parts, foot, actor)
    _close(bill, foot, entry.cost, sides, actor)
    if paying is not None:
        _take(bill, entry.entry_id, paying, actor)
    emit(topic=POSTED, payload={"bill": bill.pk, "number": number, "party": bill.customer_id})
    return bill


def _customer(bill: Bill) -> Party:
    if bill.customer is None:
        raise BillRefused(_("Choose a customer."), field="customer")
    return bill.customer


def _with_tax_of_the_day(rows: Sequence[LineRow], rates: dict[int, Decimal]) -> list[LineRow]:
    """Tax is that of the bill's day, whatever it was when the line was typed."""
    return [
        row if row.tax_rate == rates[row.product_id] else row._replace(tax_rate=rates[row.product_id]) for row in rows
    ]


def _reckoned(bill: Bill, left: Left) -> tuple[list[Part], Foot]:
    """Each batch with what it comes to, and the foot."""
    pairs = [(line, pick) for line in left.lines for pick in line.picks]
    taxes = taxed(
        [Amount(pick.quantity, pick.rate, line.discount, line.tax_rate) for line, pick in pairs],
        Levy(bill.levy),
        bill.bill_discount,
    )
    parts = [
        Part(line, pick, gross_of(pick.quantity, pick.rate), tax)
        for (line, pick), tax in zip(pairs, taxes, strict=True)
    ]
    return parts, foot_of((part.gross for part in parts), taxes)


def _refuse(bill: Bill, said: Sequence[Notice], actor: Member) -> None:
    in_the_way = [notice for notice in answered(bill.pk, said, actor) if notice.level is not Level.WARN]
    if in_the_way:
        raise BillBlocked(in_the_way)


@dataclass(frozen=True, slots=True)
class _Entry:
    entry_id: int
    cost: Decimal


def _into_the_books(bill: Bill, parts: Sequence[Part], foot: Foot, actor: Member) -> _Entry:
    customer, due_on = _customer(bill), bill.due_on or bill.on_date
    supplied = [
        Supplied(
            part.line.product.goods.hsn,
            part.line.product.uqc,
            part.line.tax_rate,
            part.pick.quantity,
            part.pick.free,
            part.tax,
            part.pick.cost,
        )
        for part in parts
    ]
    cost = cost_of(supplied)
    posted = post_entry(
        lines=posting_lines(foot, cost, Levy(bill.levy)),
        source=Source(DOCUMENT, bill.pk, bill.number),
        branch=bill.branch,
        on_date=bill.on_date,
        party_id=customer.pk,
        over_soft_lock=actor.may("finance.period.lock"),
        tax_lines=tax_lines(
            supplied,
            number=bill.number,
            document_kind="INV" if bill.kind == BillKind.INVOICE else "BOS",
            total=foot.total,
            recipient=Recipient(customer.pk, customer.gstin, customer.registration),
            determination=supply_of(bill).determination,
        ),
        open_items=open_items(party_id=customer.pk, number=bill.number, due_on=due_on, total=foot.total),
    )
    return _Entry(posted.entry_id, cost)


_CLOSE = """
UPDATE sales_bill b
SET state = 'posted', kind = %(kind)s, number = %(number)s, due_on = %(due_on)s,
    financial_year = extract(year FROM b.on_date) - (extract(month FROM b.on_date) < o.financial_year_start)::int,
    place_of_supply = %(place)s, place_rule = %(rule)s, levy = %(levy)s, levy_reason = %(reason)s,
    zero_rated = %(zero_rated)s, reverse_charge = %(reverse_charge)s, registration = %(registration)s,
    gstin = %(gstin)s, particulars = %(particulars)s::jsonb, line_count = %(lines)s, gross = %(gross)s,
    discount = %(discount)s, taxable = %(taxable)s, cgst = %(cgst)s, state_tax = %(state_tax)s, igst = %(igst)s,
    round_off = %(round_off)s, total = %(total)s, cost = %(cost)s, posted_at = now(), posted_by_id = %(person)s,
    touched_at = now(), version = b.version + 1
FROM organizations_organization o
WHERE o.id = b.organization_id AND b.organization_id = %(organization)s AND b.id = %(bill)s
RETURNING b.version, b.financial_year, b.posted_at, b.line_count
"""


def _close(bill: Bill, foot: Foot, cost: Decimal, sides: Particulars, actor: Member) -> None:
    """The bill becomes what the database lets nobody change any more."""
    customer = _customer(bill)
    bill.registration, bill.gstin = customer.registration, customer.gstin
    bill.particulars, bill.cost = sides.as_data(), cost
    bill.gross, bill.discount, bill.taxable = foot.gross, foot.discount, foot.taxable
    bill.cgst, bill.state_tax, bill.igst = foot.cgst, foot.state_tax, foot.igst
    bill.round_off, bill.total = foot.round_off, foot.total
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "bill": bill.pk,
        "kind": bill.kind,
        "number": bill.number,
        "due_on": bill.due_on,
        "place": bill.place_of_supply,
        "rule": bill.place_rule,
        "levy": bill.levy,
        "reason": bill.levy_reason,
        "zero_rated": bill.zero_rated,
        "reverse_charge": bill.reverse_charge,
        "registration": bill.registration,
        "gstin": bill.gstin,
        "particulars": json.dumps(bill.particulars, ensure_ascii=False),
        "lines": bill.line_count,
        "gross": foot.gross,
        "discount": foot.discount,
        "taxable": foot.taxable,
        "cgst": foot.cgst,
        "state_tax": foot.state_tax,
        "igst": foot.igst,
        "round_off": foot.round_off,
        "total": foot.total,
        "cost": cost,
        "person": actor.id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, values)
        bill.version, bill.financial_year, bill.posted_at, bill.line_count = cursor.fetchone()
    bill.state, bill.posted_by_id = BillState.POSTED, actor.id


def _take(bill: Bill, entry_id: int, paying: Paying, actor: Member) -> None:
    item = OpenItem.objects.filter(entry=entry_id).values_list("pk", flat=True).first()
    record_payment(
        kind=PaymentKind.RECEIPT,
        party=_customer(bill),
        branch=bill.branch,
        on_date=bill.on_date,
        mode=paying.mode,
        account=paying.account,
        amount=paying.amount,
        reference=paying.reference,
        narration=_("With bill %(number)s") % {"number": bill.number},
        cheque=paying.cheque,
        shares=[Share(item, paying.amount)] if item else [],
        key=f"{DOCUMENT}:{bill.pk}",
        person_id=actor.user_id,
    )
