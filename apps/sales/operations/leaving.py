"""The goods of a bill leave: by first expiry, or as somebody chose; each batch with its paid and its free units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from apps.core.members import Member
from apps.inventory.operations import Demand, Document, Issued, Picked, Short, StockShortage, issue_fefo, issue_picked
from apps.inventory.rules.fefo import Lot
from apps.sales.models import Bill
from apps.sales.queries.goods import Lying, Sold, list_prices, lots, lots_of_batches, with_prices
from apps.sales.queries.sheet import Chosen, LineRow, Planned, SheetLine, line_of, plan
from apps.sales.rules.amounts import share_out
from apps.sales.rules.prices import Basis, Why, Worth

_MOST_REASON = 200


@dataclass(frozen=True, slots=True)
class Left:
    """What left for the lines of a bill. Every line has its batches with their own rates."""

    lines: tuple[SheetLine, ...]
    plans: dict[int, Planned]


def leave(
    bill: Bill,
    rows: Sequence[LineRow],
    chosen: dict[int, list[Chosen]],
    sold: dict[int, Sold],
    *,
    document: Document,
    actor: Member,
    shelf_life_days: int,
) -> Left:
    """Move the goods out of stock. The products are locked already.

    Raises:
        StockShortage: naming each line by its key.
        StockBusy, BatchNotSaleable, PlaceFrozen and what else inventory refuses: nothing moved.
    """
    if any(row.id in chosen for row in rows):
        plans = _as_chosen(bill, rows, chosen, document=document, actor=actor, shelf_life_days=shelf_life_days)
    else:
        plans = _by_expiry(bill, rows, document=document, actor=actor, shelf_life_days=shelf_life_days)
    return Left(tuple(line_of(row, sold[row.product_id], plans[row.id]) for row in rows), plans)


def _by_expiry(
    bill: Bill, rows: Sequence[LineRow], *, document: Document, actor: Member, shelf_life_days: int
) -> dict[int, Planned]:
    issue = issue_fefo(
        demands=[Demand(row.product_id, row.quantity + row.free, shelf_life_days, row.id) for row in rows],
        branch_id=bill.branch_id,
        on=bill.on_date,
        document=document,
        actor=actor,
    )
    by_line: dict[int, list[Issued]] = {}
    for one in issue.picks:
        by_line.setdefault(one.line, []).append(one)
    lying = _lying(bill, rows, by_line)
    found: dict[int, Planned] = {}
    for row in rows:
        picks = by_line[row.id]
        shares = share_out(row.quantity, row.free, [one.quantity for one in picks])
        found[row.id] = Planned(
            tuple((lying[one.batch_id, one.place_id], *share) for one, share in zip(picks, shares, strict=True)),
            row.quantity + row.free,
        )
    return found


def _lying(bill: Bill, rows: Sequence[LineRow], by_line: dict[int, list[Issued]]) -> dict[tuple[int, int], Lying]:
    """The prices of the batches that left; more is read only where the price asks for what the issue does not tell."""
    by_product: dict[int, dict[tuple[int, int], Lying]] = {}
    for picks in by_line.values():
        for one in picks:
            lot = Lot(
                one.product_id, one.batch_id, one.place_id, one.number, one.expiry, bill.on_date, one.quantity, one.mrp,
                one.ptr, one.cost,
            )  # fmt: skip
            # PTS is not told by the issue; where nothing is reckoned from it, any figure will do.
            lying = Lying(lot, Worth(one.mrp, one.ptr, one.ptr, one.cost), "")
            by_product.setdefault(one.product_id, {})[one.batch_id, one.place_id] = lying
    found = with_prices({key: list(rows_of.values()) for key, rows_of in by_product.items()}, bill.on_date)
    by_pts = {row.product_id for row in rows if Why.of_data(row.why).basis is Basis.PTS and not row.rate_typed}
    if by_pts:
        batches = [one.lot.batch_id for key in by_pts for one in found[key]]
        listed = list_prices(by_pts, bill.on_date)
        for key, known in lots_of_batches(batches, branch_id=bill.branch_id, gone=True).items():
            product = known.lot.product_id
            pts = known.worth.pts or (listed[product].pts if product in listed else known.worth.pts)
            found[product] = [
                replace(one, worth=replace(one.worth, pts=pts)) if (one.lot.batch_id, one.lot.place_id) == key else one
                for one in found[product]
            ]
    return {(one.lot.batch_id, one.lot.place_id): one for rows_of in found.values() for one in rows_of}


def _as_chosen(
    bill: Bill,
    rows: Sequence[LineRow],
    chosen: dict[int, list[Chosen]],
    *,
    document: Document,
    actor: Member,
    shelf_life_days: int,
) -> dict[int, Planned]:
    """Some batches were chosen by hand: the others are planned around them, and all leave as picked."""
    lies = lots({row.product_id for row in rows}, branch_id=bill.branch_id, on=bill.on_date)
    by_hand = lots_of_batches({pick.batch_id for picks in chosen.values() for pick in picks}, branch_id=bill.branch_id)
    plans = plan(rows, chosen, lies, by_hand, on=bill.on_date, shelf_life_days=shelf_life_days)
    short = [
        Short(row.id, row.product_id, "", row.quantity + row.free, plans[row.id].available)
        for row in rows
        if sum(paid + free for _one, paid, free in plans[row.id].taken) < row.quantity + row.free
    ]
    if short:
        raise StockShortage(short)
    reasons = dict.fromkeys(row.override for row in rows if row.id in chosen)
    issue_picked(
        picks=[
            Picked(one.lot.batch_id, one.lot.place_id, paid + free, row.id)
            for row in rows
            for one, paid, free in plans[row.id].taken
        ],
        on=bill.on_date,
        document=document,
        actor=actor,
        override="; ".join(reasons)[:_MOST_REASON],
    )
    return plans
