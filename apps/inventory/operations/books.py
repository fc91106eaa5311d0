"""What stock is worth goes through the books: one call at the end of an operation, from the moves it made.

Receipts and sales post with their bills, which know tax and party; here is what has no bill: opening stock,
adjustments, counts, and goods that change the branch.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import connection

from apps.core.tenancy.context import current_organization_id
from apps.finance.operations import post_entry
from apps.finance.rules.posting import PostingLine, Source, debit
from apps.inventory.models import MoveKind, MoveReason
from apps.inventory.operations.ledger import Document
from apps.organizations.models import Branch

# By what the difference is explained. What is found is income, whatever the reason given.
_LOSSES = {
    MoveReason.BREAKAGE: "stock_breakage",
    MoveReason.EXPIRY: "stock_expiry",
    MoveReason.THEFT: "stock_theft",
    MoveReason.SAMPLE: "stock_sample",
    MoveReason.COUNT: "stock_variance",
    MoveReason.RECALL: "stock_recall",
    MoveReason.OTHER: "stock_other",
    MoveReason.NONE: "stock_other",
}
_FOUND = "stock_found"
_BETWEEN = "between_branches"

_VALUES = """
SELECT p.branch_id, p.kind = 'transit', m.kind, m.reason, round(sum(m.quantity * m.cost), 2)
FROM inventory_move m
JOIN inventory_place p ON p.organization_id = m.organization_id AND p.id = m.place_id
WHERE m.organization_id = %(organization)s AND m.document_kind = %(kind)s AND m.document_id = %(id)s
  AND m.line BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
_ALL_LINES = (-(2**31), 2**31 - 1)


def post_stock_value(
    *, document: Document, on: dt.date, lines: tuple[int, int] = _ALL_LINES, part: str = "stock"
) -> None:
    """Put what the document's moves are worth into the journal: an entry for each branch whose stock became worth more
    or less, or moved to another branch. Moves within a branch post nothing.

    Args:
        lines: first and last line, for a document that is posted in parts.
        part: names the part, so that it is posted once.

    Raises:
        PostingRefused: the day is locked or its year closed; the message says which.
    """
    by_branch: dict[int, dict[str, Decimal]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _VALUES,
            {
                "organization": current_organization_id(),
                "kind": document.kind,
                "id": document.id,
                "first": lines[0],
                "last": lines[1],
            },
        )
        for branch, transit, kind, reason, value in cursor.fetchall():
            sums = by_branch.setdefault(branch, {})
            stock, other = "goods_in_transit" if transit else "stock", _other(kind, reason, value)
            sums[stock] = sums.get(stock, Decimal(0)) + value
            sums[other] = sums.get(other, Decimal(0)) - value
    branches = {branch.pk: branch for branch in Branch.objects.filter(pk__in=by_branch)}
    for key, sums in by_branch.items():
        entry: list[PostingLine] = [debit(role, amount) for role, amount in sums.items() if amount]
        if entry:
            post_entry(
                lines=entry,
                source=Source(document.kind, document.id, document.number),
                branch=branches[key],
                on_date=on,
                entry_kind=f"{part}:{key}"[:40],
            )


def _other(kind: str, reason: str, value: Decimal) -> str:
    if kind == MoveKind.OPENING:
        return "opening_difference"
    if kind in (MoveKind.TRANSFER_OUT, MoveKind.TRANSFER_IN):
        return _BETWEEN
    return _FOUND if value > 0 else _LOSSES[MoveReason(reason)]
