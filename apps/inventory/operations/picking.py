"""What may leave for a demand, as the database offers it once the products are locked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection
from django.utils.translation import gettext as _

from apps.inventory.operations.ledger import AT_THE_COUNTER, product_names
from apps.inventory.operations.refusals import QuantityRefused, Short, StockShortage
from apps.inventory.rules.fefo import Demand, Lot, Plan

# More than any line asks for: everything that is free.
_ALL = 2**40

_OFFER = """
SELECT product_id, batch_id, place_id, number, expiry, received_on, free, mrp, ptr, cost
FROM inventory_offer(%s::bigint[], %s::bigint[], %s::date[], %s, %s::bigint[], %s)
"""


def offered(
    demands: Sequence[Demand], *, branch_id: int, on: dt.date, place_ids: Sequence[int] | None = None
) -> list[Lot]:
    """Lock the products, and tell what could leave for the demands; lots that cannot be needed are left out."""
    wanted: dict[int, int] = {}
    first_days: dict[int, set[dt.date]] = {}
    for demand in demands:
        wanted[demand.product_id] = wanted.get(demand.product_id, 0) + demand.quantity
        first_days.setdefault(demand.product_id, set()).add(on + dt.timedelta(days=max(demand.min_shelf_life_days, 0)))
    products = sorted(wanted)
    # Lines of one product that ask for different shelf lives may pass over each other's lots.
    quantities = [wanted[key] if len(first_days[key]) == 1 else _ALL for key in products]
    with connection.cursor() as cursor:
        cursor.execute(
            _OFFER,
            [
                products,
                quantities,
                [min(first_days[key]) for key in products],
                branch_id,
                list(place_ids) if place_ids is not None else None,
                AT_THE_COUNTER,
            ],
        )
        return [Lot(*row) for row in cursor.fetchall()]


def refuse_shortages(plan: Plan) -> None:
    """Raises StockShortage when a line of the plan could not be filled."""
    if plan.shortages:
        names = product_names(one.product_id for one in plan.shortages)
        raise StockShortage(
            [
                Short(one.line, one.product_id, names.get(one.product_id, ""), one.wanted, one.free)
                for one in plan.shortages
            ]
        )


def check_quantities(quantities: Sequence[int]) -> None:
    """Raises QuantityRefused when there is nothing, or less than one unit of something."""
    if not quantities:
        raise QuantityRefused(_("Nothing was asked for. Add a line."))
    if min(quantities) < 1:
        raise QuantityRefused(_("Quantities are whole numbers of 1 or more."), field="quantity")
