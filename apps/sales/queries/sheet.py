"""An open bill as its screen shows it: lines with the batches that would leave, what is off, and the foot."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.core.tenancy.context import current_organization_id
from apps.finance.rules.gst import Levy, Taxed, split
from apps.inventory.rules.fefo import Demand, Lot, plan_fefo
from apps.sales.models import ApprovalState, Bill, BillApproval
from apps.sales.queries.buyers import buyer, licences_of_branch, terms
from apps.sales.queries.goods import Lying, Sold, lots, lots_of_batches, products
from apps.sales.rules import gates
from apps.sales.rules.amounts import Foot, Part, foot_of, gross_of, share_out, taxable_of
from apps.sales.rules.facts import WHOLE_BILL, Buyer, Level, Notice, Selling, Taken
from apps.sales.rules.prices import Why, margin, rate_of

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Batched:
    """So much of a batch that would leave for a line, or left."""

    batch_id: int
    place_id: int
    place: str
    number: str
    expiry: dt.date
    quantity: int
    free: int
    mrp: Decimal
    rate: Decimal
    cost: Decimal
    # Free in that place now, what this line takes included.
    available: int
    saleable: bool = True
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line with everything its row shows."""

    id: int
    position: int
    product_id: int
    product: Sold
    quantity: int
    free: int
    free_typed: bool
    rate: Decimal
    rate_typed: bool
    mrp: Decimal
    discount: Decimal
    scheme: str
    why: Why
    override: str
    tax_rate: Decimal
    gross: Decimal
    taxable: Decimal
    picks: tuple[Batched, ...] = ()
    available: int = 0
    notices: tuple[Notice, ...] = ()

    @property
    def margin(self) -> Decimal | None:
        """In per cent of what it brings; only for who holds `sales.margin.view`."""
        cost = sum(((one.quantity + one.free) * one.cost for one in self.picks), ZERO)
        return margin(self.taxable, cost) if self.picks else None


@dataclass(frozen=True)
class Sheet:
    """An open bill. `lines` are those asked for; `foot` and `notices` are of the whole bill.

    Attributes:
        notices: of the bill itself; those of a line are the line's.
        buyer: what is known of the customer: credit used and allowed, licences; None while nobody is chosen.
    """

    bill: Bill
    lines: tuple[SheetLine, ...]
    foot: Foot
    notices: tuple[Notice, ...]
    buyer: Buyer | None

    @property
    def in_the_way(self) -> tuple[Notice, ...]:
        """What keeps the shown lines and the bill from being posted, a question to the owner included."""
        found = [*self.notices, *(notice for line in self.lines for notice in line.notices)]
        return tuple(notice for notice in found if notice.level is not Level.WARN)


class LineRow(NamedTuple):
    """A stored line."""

    id: int
    position: int
    product_id: int
    quantity: int
    free: int
    free_typed: bool
    rate: Decimal
    rate_typed: bool
    mrp: Decimal
    discount: Decimal
    scheme: str
    why: dict[str, Any]
    override: str
    tax_rate: Decimal
    gross: Decimal
    taxable: Decimal


class Chosen(NamedTuple):
    """A batch that somebody chose for a line."""

    line_id: int
    batch_id: int
    place_id: int
    quantity: int
    free: int


_LINES = """
SELECT id, position, product_id, quantity, free, free_typed, rate, rate_typed, mrp, discount, scheme, why,
       override, tax_rate, gross, taxable
FROM sales_billline
WHERE organization_id = %(organization)s AND bill_id = %(bill)s
  AND (%(products)s::bigint[] IS NULL OR product_id = ANY (%(products)s::bigint[]))
ORDER BY position
"""
_CHOSEN = """
SELECT line_id, batch_id, place_id, quantity, free FROM sales_billpick
WHERE organization_id = %s AND bill_id = %s AND chosen ORDER BY line_id, id
"""


def line_rows(bill_id: int, product_ids: Collection[int] | None = None) -> list[LineRow]:
    """The bill's lines in order, of these products only if told."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LINES,
            {
                "organization": current_organization_id(),
                "bill": bill_id,
                "products": None if product_ids is None else list(product_ids),
            },
        )
        return [
            LineRow(*row[:11], json.loads(row[11]), *row[12:])  # type: ignore[call-arg]
            for row in cursor.fetchall()
        ]


def chosen_picks(bill_id: int) -> dict[int, list[Chosen]]:
    """Batches chosen by hand, by line."""
    found: dict[int, list[Chosen]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CHOSEN, [current_organization_id(), bill_id])
        for row in cursor.fetchall():
            found.setdefault(row[0], []).append(Chosen(*row))
    return found


@dataclass(frozen=True)
class Planned:
    """What would leave for a line, and what else is free for it."""

    taken: tuple[tuple[Lying, int, int], ...]
    """Lot, paid, free."""
    available: int = 0
    short_dated: int = 0
    chosen: bool = False


def plan(
    rows: Sequence[LineRow],
    chosen: dict[int, list[Chosen]],
    free_lots: dict[int, list[Lying]],
    picked_lots: dict[tuple[int, int], Lying],
    *,
    on: dt.date,
    shelf_life_days: int,
) -> dict[int, Planned]:
    """The batches for each line, by its key: those chosen by hand first, the others by first expiry.

    Lines of a product share what lies there, in their order.
    """
    left = {(one.lot.batch_id, one.lot.place_id): one.lot.free for found in free_lots.values() for one in found}
    where = {
        key: one for found in free_lots.values() for one in found for key in [(one.lot.batch_id, one.lot.place_id)]
    }
    where |= {key: one for key, one in picked_lots.items() if key not in where}
    found: dict[int, Planned] = {}
    demands: list[Demand] = []
    for row in rows:
        picks = chosen.get(row.id)
        if picks:
            taken = tuple(
                (where[pick.batch_id, pick.place_id], pick.quantity, pick.free)
                for pick in picks
                if (pick.batch_id, pick.place_id) in where
            )
            for pick in picks:
                key = pick.batch_id, pick.place_id
                left[key] = left.get(key, where[key].lot.free if key in where else 0) - pick.quantity - pick.free
            found[row.id] = Planned(taken, sum(one.lot.free for one, _paid, _free in taken), 0, chosen=True)
        else:
            demands.append(Demand(row.product_id, row.quantity + row.free, shelf_life_days, row.id))
    stock = [
        replace(one.lot, free=left[one.lot.batch_id, one.lot.place_id])
        for rows_of in free_lots.values()
        for one in rows_of
        if left[one.lot.batch_id, one.lot.place_id] > 0
    ]
    made = plan_fefo(demands, stock, on=on)
    by_line: dict[int, list[tuple[Lot, int]]] = {}
    for one_pick in made.picks:
        by_line.setdefault(one_pick.line, []).append((one_pick.lot, one_pick.quantity))
    short = {one.line: one.free for one in made.shortages}
    first_day = on + dt.timedelta(days=shelf_life_days)
    by_key = {row.id: row for row in rows}
    for demand in demands:
        row = by_key[demand.line]
        picks_of = by_line.get(demand.line, [])
        shares = share_out(row.quantity, row.free, [count for _lot, count in picks_of]) if picks_of else []
        lies = [lot for lot in stock if lot.product_id == row.product_id]
        found[row.id] = Planned(
            tuple(
                (where[lot.batch_id, lot.place_id], paid, free)
                for (lot, _count), (paid, free) in zip(picks_of, shares, strict=True)
            ),
            short.get(row.id, sum(lot.free for lot in lies if lot.expiry >= first_day)),
            sum(lot.free for lot in lies if lot.expiry < first_day),
        )
    return found


def sheet(
    bill: Bill, *, member: Member | None, product_ids: Collection[int] | None = None, paid_now: Decimal = ZERO
) -> Sheet:
    """The bill as its screen shows it: all lines, or those of some products with the foot of all.

    Args:
        member: who looks; a discount beyond the role's limit is a question to the owner.
        paid_now: what the customer pays with the bill, so that it takes no credit.
    """
    on = bill.on_date
    rows = line_rows(bill.pk, product_ids)
    sold = products({row.product_id for row in rows}, on) if rows else {}
    lies = lots(sold.keys(), branch_id=bill.branch_id, on=on) if rows else {}
    picks = chosen_picks(bill.pk) if rows else {}
    by_hand = lots_of_batches(
        {pick.batch_id for row in rows for pick in picks.get(row.id, ())}, branch_id=bill.branch_id
    )
    known = None
    if bill.customer is not None:
        restricted = [key for key, one in sold.items() if one.goods.most_a_day is not None]
        known = buyer(bill.customer, on=on, restricted=restricted)
    plans = plan(rows, picks, lies, by_hand, on=on, shelf_life_days=known.shelf_life_days if known else 0)
    foot = stored_foot(bill)
    lines = [line_of(row, sold[row.product_id], plans[row.id]) for row in rows]
    said = gates.notices(
        lines=[selling(line, plans[line.id]) for line in lines],
        buyer=known,
        seller_licences=licences_of_branch(bill.branch_id),
        terms=terms(member, on=on),
        total=foot.total,
        bill_discount=bill.bill_discount,
        paid_now=paid_now,
    )
    told = answered(bill.pk, said, member)
    by_line: dict[int, list[Notice]] = {}
    for notice in told:
        by_line.setdefault(notice.line, []).append(notice)
    return Sheet(
        bill,
        tuple(replace(line, notices=tuple(by_line.get(line.position, ()))) for line in lines),
        foot,
        tuple(by_line.get(WHOLE_BILL, ())),
        known,
    )


def line_of(row: LineRow, sold: Sold, planned: Planned) -> SheetLine:
    """A line with the batches of its plan, each at its own rate."""
    why = Why.of_data(row.why)
    return SheetLine(
        row.id, row.position, row.product_id, sold, row.quantity, row.free, row.free_typed, row.rate, row.rate_typed,
        row.mrp, row.discount, row.scheme, why, row.override, row.tax_rate, row.gross, row.taxable,
        picks=tuple(
            Batched(
                one.lot.batch_id, one.lot.place_id, one.place, one.lot.number, one.lot.expiry, paid, free, one.lot.mrp,
                row.rate if row.rate_typed else rate_of(why, one.worth, row.tax_rate), one.lot.cost, one.lot.free,
                one.lot.saleable, planned.chosen,
            )
            for one, paid, free in planned.taken
        ),
        available=planned.available,
    )  # fmt: skip


def selling(line: SheetLine, planned: Planned) -> Selling:
    """The line as the gates see it."""
    return Selling(
        line.position,
        line.product_id,
        line.product.goods,
        line.quantity,
        line.free,
        line.rate,
        line.discount,
        line.product.tax_rate,
        tuple(
            Taken(one.number, one.expiry, one.quantity, one.free, one.mrp, one.rate, one.cost, one.saleable)
            # What is not there cannot be taken: the line is short of it.
            for one in line.picks
            if one.available >= one.quantity + one.free
        ),
        planned.available,
        planned.short_dated,
        planned.chosen,
    )


def answered(bill_id: int, said: Sequence[Notice], member: Member | None) -> list[Notice]:
    """The notices in the reader's language. What the owner allowed, or the reader may allow, is only said."""
    asks = any(notice.level is Level.ASK for notice in said)
    allowed: dict[tuple[str, int], Decimal] = {}
    if asks:
        rows = BillApproval.objects.filter(bill=bill_id, state=ApprovalState.ALLOWED)
        for code, line, measure in rows.values_list("code", "line", "measure"):
            allowed[code, line] = max(measure, allowed.get((code, line), measure))
    may = asks and member is not None and member.may("sales.bill.allow")
    found: list[Notice] = []
    for notice in said:
        level = notice.level
        if level is Level.ASK and (may or allowed.get((notice.code, notice.line), Decimal(-1)) >= notice.measure):
            level = Level.WARN
        found.append(replace(notice, level=level, text=_(notice.template) % notice.params))
    return found


_SUMS = """
SELECT tax_rate, sum(gross), sum(taxable) FROM sales_billline WHERE organization_id = %s AND bill_id = %s GROUP BY 1
"""


def stored_foot(bill: Bill) -> Foot:
    """The foot of an open bill by the sums of its lines; carried taxes sum up to the tax on the sum."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [current_organization_id(), bill.pk])
        rows = cursor.fetchall()
    taxes = split([Taxed(taxable, rate) for rate, _gross, taxable in rows], Levy(bill.levy))
    return foot_of((gross for _rate, gross, _taxable in rows), taxes)


def figures_of(line: SheetLine, bill_discount: Decimal) -> tuple[Decimal, Decimal]:
    """Gross and taxable value of a line: of its batches, or at the line's rate while there are none."""
    parts = [Part(one.quantity, one.rate, line.discount, line.tax_rate) for one in line.picks] or [
        Part(line.quantity, line.rate, line.discount, line.tax_rate)
    ]
    return (
        sum((gross_of(part.quantity, part.rate) for part in parts), ZERO),
        sum((taxable_of(part, bill_discount) for part in parts), ZERO),
    )
