"""Goods go into stock: batches, moves, what they are worth in the books, and the supplier's bill where it is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.core.tenancy.context import current_organization_id
from apps.finance.operations import post_entry
from apps.finance.rules.posting import Source, credit, debit
from apps.inventory.models import Product
from apps.inventory.operations import Document, Received, lock_products, receive
from apps.inventory.operations import ReceiptLine as Incoming
from apps.inventory.queries.batch_lookup import batches_by_print, print_of, worth_by_branch
from apps.inventory.queries.catalogue import margins_of, prices_on
from apps.inventory.rules.prices import InvalidPrice, Rates, ptr_pts
from apps.organizations.operations import take_number
from apps.organizations.rules.numbering import DocumentKind
from apps.purchasing.models import BillCharge, BillState, Decision, GoodsReceipt, ReceiptLine, ReceiptState
from apps.purchasing.operations.bill_posting import book_bill, check_total, post_between
from apps.purchasing.operations.order_receipts import Taken, take_receipt
from apps.purchasing.operations.orders import close_short
from apps.purchasing.operations.receipt_locks import (
    BillRefused,
    ReceiptRefused,
    locked_bill,
    locked_receipt,
)
from apps.purchasing.queries.booking import work_out_draft
from apps.purchasing.queries.receiving import LineFacts, facts_of, look_at, receiving_settings
from apps.purchasing.rules.booking import Booking
from apps.purchasing.rules.line_checks import Finding, in_the_way

RECEIPT = "purchasing.receipt"
ZERO = Decimal("0.00")
_POSTABLE = (ReceiptState.DRAFT, ReceiptState.CHECKED)


class LinesInTheWay(ReceiptRefused):
    """Lines that cannot go into stock as they are, with what is found on each."""

    def __init__(self, by_line: Mapping[int, tuple[Finding, ...]], positions: Mapping[int, int]) -> None:
        self.by_line = by_line
        numbers = ", ".join(str(positions[key]) for key in by_line)
        super().__init__(_("Look at line %(numbers)s first: something there is not decided.") % {"numbers": numbers})


def post_receipt(*, pk: int, actor: Member, version: int | None = None) -> GoodsReceipt:
    """Add a receipt to stock, with its bill where one is typed. All of it, or nothing; done twice it changes nothing.

    A receipt without a bill owes its goods to "goods received, not billed"; the bill clears that later.

    Raises:
        ReceiptClosed: it is parked or cancelled.
        LinesInTheWay, ReceiptRefused: a line or a fact is missing.
        BillRefused, DuplicateBill, SupplierUnfit: the bill cannot be.
        OrderRefused, OverReceipt: an order takes no more of it.
        StockRefused, PostingRefused: places, batches or the books do not take it.
        Stale: somebody changed the heading meanwhile.
    """
    with transaction.atomic():
        receipt = locked_receipt(pk, (*_POSTABLE, ReceiptState.POSTED))
        if receipt.state == ReceiptState.POSTED:
            return receipt
        if version is not None and version != receipt.version:
            locked_receipt(pk, _POSTABLE, version=version)
        lines = list(
            ReceiptLine.objects.filter(receipt=receipt)
            .select_related("product__manufacturer", "order_line")
            .order_by("position", "id")
        )
        facts = facts_of(receipt)
        _check(receipt, lines, facts)
        bill = locked_bill(receipt.bill_id) if receipt.bill_id else None
        if bill is not None and bill.state != BillState.DRAFT:
            raise BillRefused(_("%(bill)s is in the books already.") % {"bill": bill})
        booking = work_out_draft(
            lines,
            supplier=receipt.supplier,
            branch=receipt.branch,
            settings=receiving_settings(),
            bill=bill,
            charges=list(BillCharge.objects.filter(bill=bill).order_by("id")) if bill else [],
        )
        if bill is not None:
            check_total(booking)
        kept = [(line, worked) for line, worked in zip(lines, booking.lines, strict=True) if not line.rejected]
        _count_orders(receipt, [line for line, _worked in kept])
        # Products before the number, the number before the first write: moves and entries carry it for good.
        lock_products(line.product_id for line, _worked in kept)
        number = take_number(branch=receipt.branch, kind=DocumentKind.GOODS_RECEIPT, day=receipt.on_date)
        receipt.number = number
        came, changes = _take_in(receipt, [(line, worked.cost) for line, worked in kept], actor)
        _keep(lines, booking, came)
        _post_value(receipt, booking, changes, over_soft_lock=actor.may("finance.period.lock"))
        receipt.state = ReceiptState.POSTED
        receipt.posted_at, receipt.posted_by_id = timezone.now(), actor.id
        receipt.unbilled = booking.value
        receipt.version += 1
        receipt.save(update_fields=["state", "number", "posted_at", "posted_by", "unbilled", "version"])
        if bill is not None:
            book_bill(bill=bill, receipt=receipt, lines=lines, on_date=receipt.on_date, actor=actor, booking=booking)
            receipt.refresh_from_db(fields=["unbilled"])
        _close_orders(receipt, lines)
        return receipt


def _check(receipt: GoodsReceipt, lines: Sequence[ReceiptLine], facts: Mapping[int, LineFacts]) -> None:
    """Ask everything once more: since the lines were typed, the world has gone on."""
    if not any(not line.rejected for line in lines):
        raise ReceiptRefused(_("There is nothing on this receipt yet. Scan or add what came."))
    if receipt.on_date > timezone.localdate():
        raise ReceiptRefused(_("The goods are received on a day to come. Check the date."), field="on_date")
    found = look_at(lines, dict(facts), receipt.on_date)
    stopped = {line.pk: way for line in lines if (way := in_the_way(found[line.pk]))}
    if stopped:
        raise LinesInTheWay(stopped, {line.pk: number for number, line in enumerate(lines, 1)})
    if receipt.temperature is None and any(facts[line.pk].cold for line in lines if not line.rejected):
        raise ReceiptRefused(_("Goods of the cold chain came. Type their temperature on arrival."), field="temperature")


def _count_orders(receipt: GoodsReceipt, lines: Iterable[ReceiptLine]) -> None:
    allowed: list[Taken] = []
    ordinary: list[Taken] = []
    for line in lines:
        if line.order_line_id is not None:
            taken = Taken(line.order_line_id, line.quantity or 0, line.free)
            (allowed if line.allowed_by_id else ordinary).append(taken)
    for taken_lines, over in ((ordinary, False), (allowed, True)):
        take_receipt(taken=taken_lines, supplier_id=receipt.supplier_id, branch_id=receipt.branch_id, over_allowed=over)


def _take_in(
    receipt: GoodsReceipt, kept: Sequence[tuple[ReceiptLine, Decimal]], actor: Member
) -> tuple[dict[int, Received], dict[int, Decimal]]:
    """Batches and moves; what became of each line, and by branch what stock became worth more."""
    known = batches_by_print(print_of(line.product_id, line.number, line.mrp or ZERO) for line, _cost in kept)
    before = worth_by_branch([one.id for one in known.values()])
    rates = _selling_rates(receipt, [line for line, _cost in kept])
    came = receive(
        lines=[
            Incoming(
                product_id=line.product_id,
                number=line.number,
                expiry=line.expiry or receipt.on_date,
                mrp=line.mrp or ZERO,
                quantity=line.units,
                place_id=line.place_id or receipt.place_id,
                cost=cost,
                ptr=rates[line.pk].ptr,
                pts=rates[line.pk].pts,
                manufactured=line.manufactured,
                line=line.pk,
            )
            for line, cost in kept
        ],
        on=receipt.on_date,
        document=Document(RECEIPT, receipt.pk, receipt.number, receipt.supplier_id),
        actor=actor,
    )
    after = worth_by_branch({one.batch_id for one in came})
    changes = {branch: worth - before.get(branch, Decimal(0)) for branch, worth in after.items()}
    return {one.line: one for one in came}, changes


def _selling_rates(receipt: GoodsReceipt, lines: Sequence[ReceiptLine]) -> dict[int, Rates]:
    """PTR and PTS of the batches: the product's on this day where they are for this MRP, else by the margins."""
    prices = prices_on({line.product_id for line in lines}, receipt.on_date)
    found = {}
    for line in lines:
        mrp, price = line.mrp or ZERO, prices.get(line.product_id)
        if price is not None and price.mrp == mrp and price.ptr is not None:
            found[line.pk] = Rates(price.ptr, price.pts or Decimal(0))
        else:
            found[line.pk] = selling_rates(line.product, mrp, line.tax_rate or Decimal(0)) or Rates(
                Decimal(0), Decimal(0)
            )
    return found


def selling_rates(product: Product, mrp: Decimal, tax_rate: Decimal) -> Rates | None:
    """PTR and PTS that follow from an MRP by the margins; None where no margin is known."""
    margins = margins_of(product)
    if margins is None:
        return None
    try:
        return ptr_pts(mrp, tax_rate, margins.retailer, margins.stockist, margins.convention)
    except InvalidPrice:
        return None


_KEEP = """
UPDATE purchasing_receiptline l
SET batch_id = u.batch, cost = u.cost, accrued = u.accrued, findings = u.findings
FROM unnest(%(lines)s::bigint[], %(batches)s::bigint[], %(costs)s::numeric[], %(accrued)s::numeric[],
            %(findings)s::varchar[]) AS u (line, batch, cost, accrued, findings)
WHERE l.organization_id = %(organization)s AND l.id = u.line
"""


def _keep(lines: Sequence[ReceiptLine], booking: Booking, came: Mapping[int, Received]) -> None:
    for line, worked in zip(lines, booking.lines, strict=True):
        line.batch_id = came[line.pk].batch_id if line.pk in came else None
        line.cost, line.accrued = (None, ZERO) if line.rejected else (worked.cost, worked.value)
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "lines": [line.pk for line in lines],
        "batches": [line.batch_id for line in lines],
        "costs": [line.cost for line in lines],
        "accrued": [line.accrued for line in lines],
        "findings": [line.findings for line in lines],
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)


def _post_value(receipt: GoodsReceipt, booking: Booking, changes: dict[int, Decimal], *, over_soft_lock: bool) -> None:
    """What the goods are worth. Costs have four places, so stock and bill may part by paise; averages move worth
    between branches that hold the same batch.
    """
    own = round(changes.pop(receipt.branch_id, Decimal(0)), 2)
    others = {branch: round(change, 2) for branch, change in changes.items() if round(change, 2)}
    between, value = sum(others.values(), ZERO), booking.value
    entry = [
        debit("stock", own),
        debit("between_branches", between),
        credit("goods_received_not_billed", value),
        debit("purchase_difference", value - own - between),
    ]
    source = Source(RECEIPT, receipt.pk, receipt.number)
    if any(line.debit or line.credit for line in entry):
        post_entry(
            lines=entry,
            source=source,
            branch=receipt.branch,
            on_date=receipt.on_date,
            party_id=receipt.supplier_id,
            over_soft_lock=over_soft_lock,
        )
    post_between(others, source=source, on_date=receipt.on_date, part="averaged", over_soft_lock=over_soft_lock)


def _close_orders(receipt: GoodsReceipt, lines: Sequence[ReceiptLine]) -> None:
    """Where somebody decided that the rest is not expected, and nothing else is, the order is closed."""
    if receipt.order is None or not any(line.decision == Decision.CLOSE for line in lines):
        return
    closing = {line.order_line_id for line in lines if line.decision == Decision.CLOSE}
    order = receipt.order
    order.refresh_from_db()
    due = set(order.lines.filter(due__gt=0).values_list("pk", flat=True))
    if order.state == order.State.PART_RECEIVED and due and due <= closing:
        close_short(pk=order.pk, reason=_("Rest not expected any more: %(receipt)s") % {"receipt": receipt.number})
