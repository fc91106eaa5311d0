"""Rests that nobody will pay."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.amounts import inr
from apps.finance.models import OpenItem, WriteOff
from apps.finance.operations.items import AllocationRefused, OverAllocated, Pair, lock_items, settle
from apps.finance.operations.payments import CONTROL
from apps.finance.operations.posting import post_entry
from apps.finance.rules.drafts import ItemKind, OpenItemDraft, Side
from apps.finance.rules.posting import Source, credit, debit

SOURCE = "finance.openitem"


def write_off(
    *, item: OpenItem, amount: Decimal, reason: str, on_date: dt.date, person_id: int | None = None
) -> WriteOff:
    """Take the open rest of an item, or a part of it, to bad debts; what we owe and nobody claims, to income.

    Raises:
        OverAllocated: more than is open.
        AllocationRefused: without amount or reason, or before the document's own day.
    """
    with transaction.atomic():
        item = lock_items([item.pk])[item.pk]
        if amount <= 0:
            raise AllocationRefused(_("Type an amount over zero."), field="amount")
        if not reason.strip():
            raise AllocationRefused(_("Say why, for whoever checks the books."), field="reason")
        if on_date < item.on_date:
            raise AllocationRefused(_("%(number)s is of a later day.") % {"number": item.number}, field="on_date")
        if amount > abs(item.open_amount):
            raise OverAllocated(
                _("Only %(open)s of %(number)s is open.") % {"open": inr(abs(item.open_amount)), "number": item.number},
                field="amount",
            )
        side, count = Side(item.side), WriteOff.objects.filter(item=item).count()
        signed = -amount if item.amount > 0 else amount
        control = debit(CONTROL[side], signed, party_id=item.party_id)
        loss = debit("bad_debts", amount) if item.amount > 0 else credit("balances_written_back", amount)
        posted = post_entry(
            lines=[loss, control],
            source=Source(SOURCE, item.pk, item.number),
            entry_kind=f"write-off-{count + 1}",
            on_date=on_date,
            branch=item.branch,
            narration=reason.strip(),
            party_id=item.party_id,
            open_items=[OpenItemDraft(item.party_id, side, ItemKind.WRITE_OFF, item.number, on_date, signed)],
        )
        other = OpenItem.objects.get(entry_id=posted.entry_id)
        settle(pairs=[Pair(item.pk, other.pk, amount)], on_date=on_date, person_id=person_id)
        return WriteOff.objects.create(  # type: ignore[no-any-return]
            item=item,
            entry_id=posted.entry_id,
            amount=amount,
            on_date=on_date,
            reason=reason.strip()[:200],
            person_id=person_id,
        )
