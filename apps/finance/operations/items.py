"""Open items: made by postings, settled against one another, and opened again."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.amounts import inr
from apps.core.refusals import Refusal
from apps.core.tenancy.context import current_organization_id
from apps.finance.models import Allocation, OpenItem
from apps.finance.rules.allocation import Open, Share, oldest_first
from apps.finance.rules.drafts import ItemKind, OpenItemDraft, Side

ZERO = Decimal("0.00")


class OpenItemsDiffer(Refusal):
    """The items of an entry are not what its lines do to the party's control account."""


class AllocationRefused(Refusal):
    """Something cannot be settled like that."""


class OverAllocated(AllocationRefused):
    """More than is open."""


@dataclass(frozen=True)
class Pair:
    """So much of one item against so much of another, one of them a debit and the other a credit."""

    one: int
    other: int
    amount: Decimal


_STORE = """
INSERT INTO finance_openitem
    (organization_id, party_id, branch_id, entry_id, side, kind, number, on_date, document_on,
     due_on, amount, open_amount)
SELECT %(organization)s, i.party, %(branch)s, %(entry)s, i.side, i.kind, i.number, %(day)s,
       coalesce(i.document_on, %(day)s), i.due_on, i.amount, i.amount
FROM unnest(%(parties)s::bigint[], %(sides)s::varchar[], %(kinds)s::varchar[], %(numbers)s::varchar[],
            %(documents)s::date[], %(dues)s::date[], %(amounts)s::numeric[])
         AS i (party, side, kind, number, document_on, due_on, amount)
"""


Movements = Mapping[tuple[int, Side], Decimal]


def check_drafts(movements: Movements, drafts: Sequence[OpenItemDraft]) -> dict[tuple[int, Side], list[OpenItemDraft]]:
    """The drafts that carry something, by party and side.

    Raises:
        OpenItemsDiffer: those of a party do not sum up to what the lines do to its account.
    """
    by_party: dict[tuple[int, Side], list[OpenItemDraft]] = defaultdict(list)
    for draft in drafts:
        if draft.amount:
            by_party[draft.party_id, draft.side].append(draft)
    for key, given in by_party.items():
        items, lines = sum((draft.amount for draft in given), ZERO), movements.get(key, ZERO)
        if items != lines:
            raise OpenItemsDiffer(
                _("The open items come to %(items)s, the lines to %(lines)s.")
                % {"items": inr(items), "lines": inr(lines)}
            )
    return by_party


def store_items(
    *,
    entry_id: int,
    branch_id: int,
    on_date: dt.date,
    number: str,
    movements: Movements,
    drafts: Sequence[OpenItemDraft] = (),
    reverses_id: int | None = None,
) -> int:
    """Open an item for what an entry does to each party on each control account, in one statement. Called by posting
    itself; returns how many.

    Args:
        movements: debits less credits by party and side.
        drafts: due dates and numbers, where the document knows them; without one the item is due on the entry's date.
        reverses_id: the entry that this one takes back: what it left open is settled against it.

    Raises:
        OpenItemsDiffer: as `check_drafts`.
        AllocationRefused: the reversed entry's items are settled already.
    """
    by_party = check_drafts(movements, drafts)
    rows: list[OpenItemDraft] = []
    for key in sorted(movements.keys() | by_party.keys()):
        amount, given = movements.get(key, ZERO), by_party.get(key, [])
        if not given and amount:
            kind = ItemKind.REVERSAL if reverses_id else ItemKind.JOURNAL
            given = [OpenItemDraft(key[0], key[1], kind, number or f"#{entry_id}", on_date, amount)]
        rows += given
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(
                _STORE,
                {
                    "organization": current_organization_id(),
                    "branch": branch_id,
                    "entry": entry_id,
                    "day": on_date,
                    "parties": [row.party_id for row in rows],
                    "sides": [row.side.value for row in rows],
                    "kinds": [row.kind.value for row in rows],
                    "numbers": [row.number for row in rows],
                    "documents": [row.document_on for row in rows],
                    "dues": [row.due_on for row in rows],
                    "amounts": [row.amount for row in rows],
                },
            )
        if reverses_id:
            _settle_reversal(entry_id, reverses_id, on_date)
    return len(rows)


def _settle_reversal(entry_id: int, reverses_id: int, on_date: dt.date) -> None:
    before = list(OpenItem.objects.select_for_update().filter(entry=reverses_id).order_by("pk"))
    for item in before:
        if item.open_amount != item.amount:
            raise AllocationRefused(
                _("%(number)s is settled with %(settled)s of %(amount)s. Undo that first.")
                % {
                    "number": item.number,
                    "settled": inr(abs(item.amount - item.open_amount)),
                    "amount": inr(abs(item.amount)),
                }
            )
    pairs: list[Pair] = []
    left = {item.pk: abs(item.amount) for item in before}
    for new in OpenItem.objects.filter(entry=entry_id).order_by("pk"):
        rest = abs(new.amount)
        for item in before:
            fits = (item.party_id, item.side) == (new.party_id, new.side) and item.amount * new.amount < 0
            share = min(rest, left[item.pk]) if fits else ZERO
            if share:
                pairs.append(Pair(item.pk, new.pk, share))
                rest -= share
                left[item.pk] -= share
    if pairs:
        settle(pairs=pairs, on_date=on_date)


def lock_items(keys: Iterable[int]) -> dict[int, OpenItem]:
    """The items, locked in the order of their keys, as they are after whoever held them is done."""
    return {item.pk: item for item in OpenItem.objects.select_for_update().filter(pk__in=set(keys)).order_by("pk")}


def lock_open(party_id: int, side: Side) -> list[OpenItem]:
    """Everything open of a party on a side, locked, oldest due first."""
    rows = list(
        OpenItem.objects.select_for_update()
        .filter(party_id=party_id, side=side.value)
        .exclude(open_amount=0)
        .order_by("pk")
    )
    return sorted(rows, key=lambda item: (item.due_on, item.pk))


def settle(*, pairs: Sequence[Pair], on_date: dt.date, person_id: int | None = None) -> list[Allocation]:
    """Settle items against one another: by hand, or as a plan says.

    Raises:
        OverAllocated: more than is open on one of them, with the figure.
        AllocationRefused: two items of different parties, of one sign, or that do not exist.
    """
    with transaction.atomic():
        items = lock_items(key for pair in pairs for key in (pair.one, pair.other))
        left = {key: abs(item.open_amount) for key, item in items.items()}
        rows = []
        for pair in pairs:
            debit, credit = _debit_and_credit(items, pair)
            if pair.amount <= 0:
                raise AllocationRefused(_("Type an amount over zero for %(number)s.") % {"number": debit.number})
            for item in (debit, credit):
                left[item.pk] -= pair.amount
                if left[item.pk] < 0:
                    open_now = left[item.pk] + pair.amount
                    raise OverAllocated(
                        _("Only %(open)s of %(number)s is open, %(over)s less than %(asked)s.")
                        % {
                            "open": inr(open_now),
                            "number": item.number,
                            "over": inr(pair.amount - open_now),
                            "asked": inr(pair.amount),
                        }
                    )
            # Never before both are there, so that what was open on a past day adds up to the account of that day.
            day = max(on_date, debit.on_date, credit.on_date)
            rows.append(Allocation(debit=debit, credit=credit, amount=pair.amount, on_date=day, person_id=person_id))
        return _write(rows)


def _debit_and_credit(items: Mapping[int, OpenItem], pair: Pair) -> tuple[OpenItem, OpenItem]:
    if pair.one not in items or pair.other not in items:
        raise AllocationRefused(_("One of the documents is no longer there."))
    one, other = items[pair.one], items[pair.other]
    if (one.party_id, one.side) != (other.party_id, other.side):
        raise AllocationRefused(
            _("%(one)s and %(other)s are not in one account of one party.") % {"one": one.number, "other": other.number}
        )
    if (one.amount > 0) == (other.amount > 0):
        raise AllocationRefused(
            _("%(one)s and %(other)s are on the same side, so neither settles the other.")
            % {"one": one.number, "other": other.number}
        )
    return (one, other) if one.amount > 0 else (other, one)


# All movements at once: `open_amount` moves towards zero by what was allocated, away from it by what was undone.
_MOVE = """
UPDATE finance_openitem i SET open_amount = i.open_amount - m.amount
FROM unnest(%(keys)s::bigint[], %(amounts)s::numeric[]) AS m(id, amount)
WHERE i.organization_id = %(organization)s AND i.id = m.id
"""


def _write(rows: Sequence[Allocation]) -> list[Allocation]:
    made = Allocation.objects.bulk_create(rows)
    moved: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        moved[row.debit_id] += row.amount
        moved[row.credit_id] -= row.amount
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            {
                "organization": current_organization_id(),
                "keys": list(moved.keys()),
                "amounts": list(moved.values()),
            },
        )
    return made


def settle_oldest_first(
    *, item_id: int, on_date: dt.date, person_id: int | None = None, amount: Decimal | None = None
) -> list[Allocation]:
    """Settle what is open on an item against the party's oldest documents of the other sign; the rest stays open.

    Args:
        amount: at most so much of it.
    """
    with transaction.atomic():
        item = OpenItem.objects.get(pk=item_id)
        rows = lock_open(item.party_id, Side(item.side))
        item = next((row for row in rows if row.pk == item_id), item)
        return settle_among(item=item, rows=rows, on_date=on_date, person_id=person_id, amount=amount)


def settle_among(
    *,
    item: OpenItem,
    rows: Iterable[OpenItem],
    on_date: dt.date,
    person_id: int | None = None,
    amount: Decimal | None = None,
) -> list[Allocation]:
    """The same among rows that the caller has locked already."""
    others = [row for row in rows if row.amount * item.amount < 0 and row.open_amount]
    wanted = abs(item.open_amount) if amount is None else min(amount, abs(item.open_amount))
    plan = oldest_first(wanted, [Open(row.pk, row.due_on, abs(row.open_amount)) for row in others])
    pairs = [Pair(item.pk, share.key, share.amount) for share in plan.shares]
    return settle(pairs=pairs, on_date=on_date, person_id=person_id) if pairs else []


def settle_shares(
    *, item: OpenItem, shares: Sequence[Share], on_date: dt.date, person_id: int | None = None
) -> list[Allocation]:
    """Settle an item against the documents that somebody chose."""
    pairs = [Pair(item.pk, share.key, share.amount) for share in shares if share.amount]
    return settle(pairs=pairs, on_date=on_date, person_id=person_id) if pairs else []


def undo_allocations(*, item_id: int, on_date: dt.date | None = None, person_id: int | None = None) -> int:
    """Open again whatever the item settles or is settled by; returns how many allocations were undone."""
    with transaction.atomic():
        found = _standing(item_id)
        lock_items({item_id} | {key for row in found for key in (row.debit_id, row.credit_id)})
        # Once more after the lock: somebody may have settled or undone in between.
        rows = _standing(item_id)
        fresh = {key for row in rows for key in (row.debit_id, row.credit_id)}
        if fresh - {key for row in found for key in (row.debit_id, row.credit_id)} - {item_id}:
            raise AllocationRefused(_("Somebody else is settling this at the moment. Try again."))
        _write(
            [
                Allocation(
                    debit_id=row.debit_id,
                    credit_id=row.credit_id,
                    amount=-row.amount,
                    on_date=max(on_date or timezone.localdate(), row.on_date),
                    undoes=row,
                    person_id=person_id,
                )
                for row in rows
            ]
        )
        return len(rows)


def _standing(item_id: int) -> list[Allocation]:
    """Allocations of the item that nobody undid."""
    rows = Allocation.objects.filter(undoes__isnull=True, undone_by__isnull=True)
    return [*rows.filter(debit_id=item_id), *rows.filter(credit_id=item_id)]


def undo_allocation(*, pk: int, on_date: dt.date | None = None, person_id: int | None = None) -> None:
    """Take one allocation back.

    Raises:
        AllocationRefused: it was taken back already.
    """
    with transaction.atomic():
        row = Allocation.objects.get(pk=pk)
        lock_items((row.debit_id, row.credit_id))
        if row.undoes_id or Allocation.objects.filter(undoes=row).exists():
            raise AllocationRefused(_("This was undone already."))
        _write(
            [
                Allocation(
                    debit_id=row.debit_id,
                    credit_id=row.credit_id,
                    amount=-row.amount,
                    on_date=max(on_date or timezone.localdate(), row.on_date),
                    undoes=row,
                    person_id=person_id,
                )
            ]
        )
