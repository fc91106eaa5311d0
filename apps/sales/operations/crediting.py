"""A return is posted: goods come in, the credit note goes into the books, the number is taken. One transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.core.outbox.facts import emit
from apps.core.tenancy.context import current_organization_id
from apps.finance.models import OpenItem
from apps.finance.operations import post_entry, settle_shares
from apps.finance.rules.allocation import Share
from apps.finance.rules.drafts import ItemKind, OpenItemDraft, Side, TaxLineDraft
from apps.finance.rules.gst import Levy, Tax, sum_of
from apps.finance.rules.posting import PostingLine, Source, credit, debit
from apps.finance.rules.rounding import Rounded, round_document
from apps.inventory.models import MoveKind, PlaceKind
from apps.inventory.operations import Document, ReceiptLine, lock_products, receive, standing_place
from apps.organizations.models import Organization
from apps.organizations.operations import take_number
from apps.organizations.rules.numbering import DocumentKind, financial_year
from apps.sales.models import Bill, BillPick, CreditKind, ReturnedPick, SalesReturn, SalesReturnLine, SalesReturnState
from apps.sales.operations.posting import DOCUMENT as BILL
from apps.sales.operations.returns import FITS, MoreThanSold, ReturnRefused, open_note
from apps.sales.queries.particulars import particulars
from apps.sales.rules.returns import Why, credit_for

RETURN: Final = "sales.return"
"""What moves, journal entries and e-mails call it; stored, so it never changes."""
RETURN_POSTED: Final = "sales.return_posted"

_PLACES = {Why.BREAKAGE: PlaceKind.QUARANTINE, Why.EXPIRY: PlaceKind.EXPIRED}
_SERIES = {CreditKind.GST: DocumentKind.CREDIT_NOTE, CreditKind.COMMERCIAL: DocumentKind.PARTY_CREDIT_NOTE}
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class _Taken:
    """A line with what it credits."""

    line: SalesReturnLine
    pick: BillPick
    free: int
    tax: Tax


@dataclass(frozen=True, slots=True)
class _Made:
    """The note as it is going to be."""

    note: SalesReturn
    number: str
    bills: Sequence[Bill]
    taken: Sequence[_Taken]
    tax: Tax
    foot: Rounded
    actor: Member

    @property
    def cost(self) -> Decimal:
        """What the goods were worth when they left, and are again."""
        return sum((round(one.line.quantity * one.pick.cost, 2) for one in self.taken), ZERO)


def post_return(*, return_id: int, actor: Member) -> SalesReturn:
    """Post a return: stock, quarantine or expired goods get what came back, the customer is credited at the rate and
    tax of the bills. The credit settles those bills as far as they are open; the rest stays on account.

    A second call finds the note that the first one made.

    Raises:
        ReturnRefused: there is nothing on it, or a bill was cancelled meanwhile.
        MoreThanSold: somebody else took some of it back meanwhile.
        PostingRefused, StockRefused: the day is locked, a place is frozen.
    """
    with transaction.atomic():
        before: SalesReturn = SalesReturn.objects.select_for_update(no_key=True).get(pk=return_id)
        if before.state == SalesReturnState.POSTED:
            return before
        note = open_note(return_id)
        lines = list(
            SalesReturnLine.objects.filter(note=note)
            .select_related("pick__bill", "pick__batch__product", "pick__line__product")
            .order_by("id")
        )
        if not lines:
            raise ReturnRefused(_("There is nothing on this return yet. Scan what came back."))
        bills = _hold_bills(lines)
        taken = _count(lines)
        places = _places(note, lines)
        lock_products(line.pick.batch.product_id for line in lines)
        commercial = note.kind == CreditKind.COMMERCIAL
        tax = sum_of(Tax(one.tax.taxable) if commercial else one.tax for one in taken)
        _write_lines(taken, places, commercial=commercial)
        number = take_number(branch=note.branch, kind=_SERIES[CreditKind(note.kind)], day=note.on_date)
        made = _Made(note, number, bills, taken, tax, round_document(tax.total), actor)
        _take_in(made, places)
        entry = _enter(made)
        _enter_registers(made)
        _finish(made)
        _settle(made, entry)
        emit(topic=RETURN_POSTED, payload={"id": note.pk})
    note.refresh_from_db()
    return note


def _hold_bills(lines: Sequence[SalesReturnLine]) -> list[Bill]:
    """The bills in the order of their keys, none of which can be cancelled until this is done."""
    keys = {line.pick.bill_id for line in lines}
    bills = list(Bill.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    for bill in bills:
        if bill.state != "posted":
            raise ReturnRefused(
                _("%(bill)s is %(state)s by now. Take its goods off this return.")
                % {"bill": bill, "state": bill.get_state_display().lower()}
            )
    return bills


def _count(lines: Sequence[SalesReturnLine]) -> list[_Taken]:
    """Count what comes back on top of what came before; nobody else does so for these goods until this is done."""
    picks = {line.pick_id: line.pick for line in lines}
    ReturnedPick.objects.bulk_create(
        [ReturnedPick(pick=pick, sold=pick.quantity + pick.free) for _key, pick in sorted(picks.items())],
        ignore_conflicts=True,
    )
    counted = {row.pick_id: row for row in locked_counts(sorted(picks))}
    found = []
    for line in lines:
        pick, row = line.pick, counted[line.pick_id]
        if row.returned + line.quantity > row.sold:
            raise MoreThanSold(
                _("Only %(left)d of %(batch)s on %(bill)s can still come back.")
                % {"left": row.sold - row.returned, "batch": pick.batch, "bill": pick.bill},
                field=f"quantity-{line.pk}",
            )
        given = credit_for(
            quantity=pick.quantity, free=pick.free, sold=_sold(pick), before=row.returned, now=line.quantity
        )
        row.returned += line.quantity
        found.append(_Taken(line, pick, given.free, given.tax))
    ReturnedPick.objects.bulk_update(counted.values(), ["returned"])
    return found


def locked_counts(pick_ids: Sequence[int]) -> list[ReturnedPick]:
    """The counts of these batches of bills, in the order of their keys."""
    return list(ReturnedPick.objects.select_for_update().filter(pick__in=pick_ids).order_by("pick"))


def _sold(pick: BillPick) -> Tax:
    """What the bill charged for it."""
    territory = pick.bill.levy == Levy.TERRITORY.value
    return Tax(
        pick.taxable,
        cgst=pick.cgst,
        sgst=ZERO if territory else pick.state_tax,
        utgst=pick.state_tax if territory else ZERO,
        igst=pick.igst,
    )


def _places(note: SalesReturn, lines: Sequence[SalesReturnLine]) -> dict[int, int]:
    """Where the goods of each line go: back to sale, to quarantine, or to the expired ones."""
    godown: int | None = None
    found: dict[int, int] = {}
    for line in lines:
        why = Why(line.reason)
        if why is Why.SALEABLE:
            place = line.pick.place
            if place.active and place.saleable and not place.frozen and place.kind != PlaceKind.VAN:
                found[line.pk] = place.pk
                continue
            godown = godown or standing_place(branch_id=note.branch_id, kind=PlaceKind.GODOWN).pk
            found[line.pk] = godown
        else:
            found[line.pk] = standing_place(branch_id=note.branch_id, kind=_PLACES[why]).pk
    return found


def _write_lines(taken: Sequence[_Taken], places: Mapping[int, int], *, commercial: bool) -> None:
    for one in taken:
        line, tax = one.line, Tax(one.tax.taxable) if commercial else one.tax
        line.free, line.place_id = one.free, places[line.pk]
        line.taxable, line.cgst, line.igst = tax.taxable, tax.cgst, tax.igst
        line.state_tax = tax.sgst + tax.utgst
    SalesReturnLine.objects.bulk_update(
        [one.line for one in taken], ["free", "place", "taxable", "cgst", "state_tax", "igst"]
    )


def _take_in(made: _Made, places: Mapping[int, int]) -> None:
    receive(
        lines=[
            ReceiptLine(
                product_id=one.pick.batch.product_id,
                number=one.pick.batch.number,
                expiry=one.pick.batch.expiry,
                mrp=one.pick.batch.mrp,
                quantity=one.line.quantity,
                place_id=places[one.line.pk],
                cost=one.pick.cost,
                line=one.line.pk,
            )
            for one in made.taken
        ],
        on=made.note.on_date,
        document=Document(RETURN, made.note.pk, made.number, made.note.customer_id),
        actor=made.actor,
        kind=MoveKind.RETURN,
    )


def _enter(made: _Made) -> int:
    note, tax, foot, cost = made.note, made.tax, made.foot, made.cost
    lines: list[PostingLine] = [
        debit("sales_returns", tax.taxable),
        debit("output_cgst", tax.cgst),
        debit("output_sgst", tax.sgst),
        debit("output_utgst", tax.utgst),
        debit("output_igst", tax.igst),
        debit("round_off", foot.round_off),
        credit("receivables", foot.total, party_id=note.customer_id),
        debit("stock", cost),
        credit("cogs", cost),
    ]
    item = OpenItemDraft(
        note.customer_id, Side.RECEIVABLE, ItemKind.CREDIT_NOTE, made.number, note.on_date, -foot.total
    )
    posted = post_entry(
        lines=lines,
        source=Source(RETURN, note.pk, made.number),
        branch=note.branch,
        on_date=note.on_date,
        party_id=note.customer_id,
        tax_lines=[] if note.kind == CreditKind.COMMERCIAL else [_tax_line(made, one) for one in made.taken],
        open_items=[item] if foot.total else [],
    )
    return posted.entry_id


def _tax_line(made: _Made, one: _Taken) -> TaxLineDraft:
    bill, tax = one.pick.bill, one.tax
    return TaxLineDraft(
        direction="out",
        document_kind="CRN",
        document_number=made.number,
        document_total=-made.foot.total,
        hsn=one.pick.line.hsn,
        uqc=one.pick.line.product.uqc,
        quantity=Decimal(-one.line.quantity),
        rate=one.pick.line.tax_rate,
        tax=Tax(-tax.taxable, -tax.cgst, -tax.sgst, -tax.utgst, -tax.igst),
        place_of_supply=bill.place_of_supply,
        party_id=made.note.customer_id,
        party_gstin=bill.gstin,
        registration=bill.registration,
        reverse_charge=bill.reverse_charge,
        zero_rated=bill.zero_rated,
        original_number=bill.number,
        original_on=bill.on_date,
    )


# A row with less than zero for what came back of each drug that a register has.
_REGISTERS = """
INSERT INTO sales_registerentry (organization_id, register, branch_id, on_date, bill_id, bill_number, product_id,
                                 batch_id, quantity, party_id, party_name, party_address, licences, moment)
SELECT DISTINCT ON (e.register, r.pick)
       e.organization_id, e.register, e.branch_id, %(on)s, e.bill_id, %(number)s, e.product_id, e.batch_id,
       -r.quantity, e.party_id, e.party_name, e.party_address, e.licences, now()
FROM unnest(%(picks)s::bigint[], %(bills)s::bigint[], %(batches)s::bigint[], %(quantities)s::int[])
     AS r (pick, bill, batch, quantity)
JOIN sales_registerentry e ON e.organization_id = %(organization)s AND e.bill_id = r.bill AND e.batch_id = r.batch
  AND e.quantity > 0
ORDER BY e.register, r.pick, e.id
"""


def _enter_registers(made: _Made) -> None:
    sums: dict[int, int] = {}
    for one in made.taken:
        sums[one.pick.pk] = sums.get(one.pick.pk, 0) + one.line.quantity
    picks = {one.pick.pk: one.pick for one in made.taken}
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "on": made.note.on_date,
        "number": made.number,
        "picks": list(sums),
        "bills": [picks[key].bill_id for key in sums],
        "batches": [picks[key].batch_id for key in sums],
        "quantities": list(sums.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_REGISTERS, values)


def _finish(made: _Made) -> None:
    note, tax = made.note, made.tax
    start = Organization.objects.values_list("financial_year_start", flat=True).get(pk=current_organization_id())
    sides = particulars(branch_id=note.branch_id, party_id=note.customer_id, on=note.on_date)
    SalesReturn.objects.filter(pk=note.pk).update(
        state=SalesReturnState.POSTED,
        number=made.number,
        financial_year=financial_year(note.on_date, start),
        particulars=sides.as_data(),
        taxable=tax.taxable,
        cgst=tax.cgst,
        state_tax=tax.sgst + tax.utgst,
        igst=tax.igst,
        round_off=made.foot.round_off,
        total=made.foot.total,
        cost=made.cost,
        posted_at=timezone.now(),
        posted_by_id=made.actor.id,
        version=note.version + 1,
        **{name: getattr(made.bills[0], name) for name in FITS},
    )


def _settle(made: _Made, entry_id: int) -> None:
    """Settle the bills with the credit, oldest first, as far as they are open."""
    item = OpenItem.objects.filter(entry=entry_id).first()
    if item is None:
        return
    open_bills = OpenItem.objects.select_for_update(of=("self",)).filter(
        entry__source_kind=BILL,
        entry__source_id__in=[bill.pk for bill in made.bills],
        party=made.note.customer_id,
        side=Side.RECEIVABLE.value,
        open_amount__gt=0,
    )
    left = made.foot.total
    shares = []
    for row in open_bills.order_by("pk"):
        amount = min(row.open_amount, left)
        if amount > 0:
            shares.append(Share(row.pk, amount))
            left -= amount
    settle_shares(item=item, shares=shares, on_date=made.note.on_date, person_id=made.actor.user_id)
