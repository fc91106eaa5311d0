"""What every change of an open bill does: lock it, give prices, store the figures, tell the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from apps.core.members import Member
from apps.core.refusals import Stale
from apps.core.tenancy.context import current_organization_id
from apps.parties.models import Party, PartyAddress
from apps.sales.models import Bill, BillLine
from apps.sales.operations.refusals import BillClosed
from apps.sales.queries.goods import completed, list_prices, lots, prices, products
from apps.sales.queries.sheet import Sheet, figures_of, sheet
from apps.sales.rules import states
from apps.sales.rules.prices import Basis, Source, Why, Worth, best_offer, best_scheme, free_of, rate_of
from apps.sales.rules.supply import Supply, supply

ZERO = Decimal(0)


def locked(bill_id: int, *, version: int | None = None) -> Bill:
    """The bill with branch, customer and address, kept from everybody else until the transaction ends.

    Raises:
        Stale: it has another version than the one that was looked at.
    """
    bill: Bill = (
        Bill.objects.select_for_update(of=("self",), no_key=True)
        .select_related("branch", "customer", "ship_to")
        .get(pk=bill_id)
    )
    if version is not None and bill.version != version:
        raise Stale
    return bill


def open_bill(bill_id: int, version: int | None) -> Bill:
    """The bill, locked and still to be changed.

    Raises:
        BillClosed, Stale.
    """
    bill = locked(bill_id, version=version)
    if bill.state not in states.OPEN:
        raise BillClosed(bill)
    return bill


def give_prices(bill: Bill, lines: Sequence[BillLine]) -> None:
    """Give the lines the price, tax and free goods of the day, unless somebody typed them."""
    keys = {line.product_id for line in lines}
    sold = products(keys, bill.on_date)
    lies = lots(keys, branch_id=bill.branch_id, on=bill.on_date)
    listed: dict[int, Worth] = {}
    if bare := [key for key in keys if not lies[key]]:
        listed = list_prices(bare, bill.on_date)
    lists = prices(
        keys,
        customer_id=bill.customer_id,
        group_id=bill.customer.price_group_id if bill.customer else None,
        on=bill.on_date,
    )
    for line in lines:
        key = line.product_id
        tax = sold[key].tax_rate or ZERO
        worth = lies[key][0].worth if lies[key] else completed(Worth(ZERO, ZERO, ZERO, ZERO), listed.get(key))
        if line.rate_typed:
            why = Why(Source.TYPED, Basis.FIXED, amount=line.rate)
        else:
            why = best_offer(lists.offers, product=key, on=bill.on_date)
            line.rate = rate_of(why, worth, tax)
        scheme = best_scheme(lists.schemes.get(key, ()), line.quantity)
        if not line.free_typed:
            line.free = free_of(scheme, line.quantity)
        given = scheme if scheme and line.free == free_of(scheme, line.quantity) else None
        line.scheme = str(given) if given else ""
        data: dict[str, Any] = why.as_data()
        if given:
            data |= {"scheme_paid": given.paid, "scheme_free": given.free}
        line.why = data
        line.mrp, line.tax_rate, line.hsn = worth.mrp, tax, sold[key].goods.hsn
        # The batches' own rates come with the sheet; until then the line's rate for all.
        line.gross = line.taxable = ZERO


_FIGURES = """
UPDATE sales_billline l SET gross = f.gross, taxable = f.taxable
FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[]) AS f (id, gross, taxable)
WHERE l.organization_id = %s AND l.id = f.id AND (l.gross, l.taxable) IS DISTINCT FROM (f.gross, f.taxable)
"""


def written(bill: Bill, product_ids: set[int] | None, actor: Member) -> Sheet:
    """The sheet after something was written: figures of the lines, count, version and foot are stored."""
    made = sheet(bill, member=actor, product_ids=product_ids)
    figures = [figures_of(line, bill.bill_discount) for line in made.lines]
    if any((line.gross, line.taxable) != one for line, one in zip(made.lines, figures, strict=True)):
        with connection.cursor() as cursor:
            cursor.execute(
                _FIGURES,
                [
                    [line.id for line in made.lines],
                    [gross for gross, _taxable in figures],
                    [taxable for _gross, taxable in figures],
                    current_organization_id(),
                ],
            )
        # Once more with the sums that count for the credit limit.
        made = sheet(bill, member=actor, product_ids=product_ids)
    bill.version += 1
    bill.touched_at = timezone.now()
    bill.line_count = BillLine.objects.filter(bill=bill).count()
    foot = made.foot
    bill.gross, bill.discount, bill.taxable = foot.gross, foot.discount, foot.taxable
    bill.cgst, bill.state_tax, bill.igst = foot.cgst, foot.state_tax, foot.igst
    bill.round_off, bill.total = foot.round_off, foot.total
    bill.save(update_fields=[
        "version", "touched_at", "line_count", "gross", "discount", "taxable", "cgst", "state_tax", "igst",
        "round_off", "total",
    ])  # fmt: skip
    return made


def reprice(bill: Bill, actor: Member) -> Sheet:
    """Every line by the prices, tax and stock of now; what somebody typed stays. The bill is locked."""
    lines = list(BillLine.objects.filter(bill=bill).order_by("position"))
    if lines:
        give_prices(bill, lines)
        BillLine.objects.bulk_update(
            lines, ["rate", "free", "scheme", "why", "mrp", "tax_rate", "hsn", "gross", "taxable"], batch_size=500
        )
    return written(bill, None, actor)


def take_customer(bill: Bill, customer: Party, ship_to: PartyAddress | None) -> None:
    bill.customer, bill.ship_to = customer, ship_to
    bill.credit_days = customer.credit_days
    take_supply(bill, supply_of(bill))


def supply_of(bill: Bill) -> Supply:
    """Place of supply and taxes of the bill as customer and addresses stand now."""
    customer, branch = bill.customer, bill.branch
    return supply(
        supplier_state=branch.state_code,
        composition=branch.composition,
        buyer_state=customer.state_code if customer else branch.state_code,
        gstin=customer.gstin if customer else "",
        registration=customer.registration if customer else "",
        delivered_in=bill.ship_to.state_code if bill.ship_to else "",
    )


def take_supply(bill: Bill, found: Supply) -> None:
    """Write it on the bill."""
    determination = found.determination
    bill.place_of_supply, bill.place_rule = determination.place, found.rule
    bill.levy, bill.levy_reason = determination.levy.value, determination.reason.value
    bill.zero_rated, bill.reverse_charge = determination.zero_rated, determination.reverse_charge
