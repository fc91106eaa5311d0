"""Open documents of parties brought in from the books before these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from apps.core.tenancy.context import current_organization_id
from apps.finance.models import JournalEntry, JournalLine
from apps.finance.operations.payments import CONTROL
from apps.finance.operations.posting import Posted, post_entry, reverse_entry
from apps.finance.rules.drafts import OpenItemDraft, Side
from apps.finance.rules.posting import Source, debit
from apps.finance.rules.years import financial_year, year_bounds
from apps.organizations.models import Branch, Organization

SOURCE = "finance.opening_items"
ZERO = Decimal("0.00")


def opening_day(today: dt.date) -> dt.date:
    """The first day of the financial year of today: what was open before it comes in then."""
    start = Organization.objects.values_list("financial_year_start", flat=True).get(pk=current_organization_id())
    return year_bounds(financial_year(today, start), start)[0]


def post_opening_items(
    *, drafts: Sequence[OpenItemDraft], on_date: dt.date, job_number: int, narration: str
) -> Posted | None:
    """One entry for many documents, against the difference in opening balances, which is nothing once everything that
    was open in the books before has come in.

    Raises:
        PostingRefused: the day is shut.
    """
    if not drafts:
        return None
    # Debits and credits apart: those of one party may cancel out, and the entry would be empty.
    sums: dict[tuple[int, Side, bool], Decimal] = {}
    for draft in drafts:
        key = (draft.party_id, draft.side, draft.amount > 0)
        sums[key] = sums.get(key, ZERO) + draft.amount
    with transaction.atomic():
        part = JournalEntry.objects.filter(source_kind=SOURCE, source_id=job_number).count() + 1
        lines = [debit(CONTROL[side], amount, party_id=party) for (party, side, _owed), amount in sorted(sums.items())]
        for owed in (True, False):
            total = sum((amount for (_party, _side, sign), amount in sums.items() if sign is owed), ZERO)
            lines.append(debit("opening_difference", -total))
        return post_entry(
            lines=lines,
            source=Source(SOURCE, job_number, f"OB/{job_number}"),
            entry_kind=f"part-{part}",
            branch=Branch.objects.filter(active=True).earliest("id"),
            on_date=on_date,
            narration=narration,
            open_items=drafts,
        )


def undo_opening_items(*, job_number: int) -> int:
    """Reverse what came with an import; returns how many entries.

    Raises:
        AllocationRefused: a document of it is settled meanwhile.
    """
    entries = JournalEntry.objects.filter(source_kind=SOURCE, source_id=job_number, reverses__isnull=True)
    keys = list(entries.order_by("id").values_list("pk", flat=True))
    for key in keys:
        reverse_entry(entry_id=key)
    return len(keys)


def opening_difference() -> Decimal:
    """Debits less credits that the opening balances still lack, in rupees."""
    sums = JournalLine.objects.filter(account__role="opening_difference").aggregate(
        debits=Sum("debit"), credits=Sum("credit")
    )
    return (sums["debits"] or ZERO) - (sums["credits"] or ZERO)
