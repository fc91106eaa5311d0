"""Proving that the stock is what its moves say, and keeping the proof."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from apps.inventory.models import StockVerification
from apps.inventory.queries.verification import NAMED, Verification, counts, differences


@transaction.atomic
def verify_stock() -> Verification:
    """Rebuild every balance of the current organization from the moves, and keep what was found for the stock page."""
    with connection.cursor() as cursor:
        # Whole tables are compared: nothing here may be joined row by row.
        cursor.execute("SET LOCAL enable_nestloop = off")
    total, named = 0, []
    for count, some in differences():
        total += count
        named += some
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = on")
    moves, balances = counts()
    result = Verification(timezone.now(), moves, balances, total, tuple(named[:NAMED]))
    StockVerification(
        ran_at=result.ran_at,
        moves=moves,
        balances=balances,
        differences=total,
        found=[one.facts() for one in result.found],
    ).save(force_insert=True)
    return result
