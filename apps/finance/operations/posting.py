"""The one way into the journal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.core.tenancy.context import current_organization_id
from apps.finance.documents import document_type
from apps.finance.models import FinancialYear, JournalEntry, JournalLine, PeriodLock
from apps.finance.operations.chart import ensure_chart, ensure_year
from apps.finance.operations.items import check_drafts, store_items
from apps.finance.operations.tax_lines import store_tax_lines, take_back_tax_lines
from apps.finance.operations.withholding import store_tds_lines, take_back_tds
from apps.finance.refusals import (
    AlreadyPosted,
    ArchivedAccount,
    EmptyEntry,
    ForeignBranch,
    NoSuchYear,
    NotReversible,
    PartyMissing,
    PeriodLocked,
    PostingRefused,
    Unbalanced,
    UnknownAccount,
    YearClosed,
)
from apps.finance.rules.chart import ROLES, Nature
from apps.finance.rules.drafts import OpenItemDraft, Side, TaxLineDraft, TdsDraft
from apps.finance.rules.posting import ZERO, PostingLine, Source, difference, is_whole_paise, settled
from apps.organizations.models import Branch

_SIDES = {Nature.RECEIVABLES.value: Side.RECEIVABLE, Nature.PAYABLES.value: Side.PAYABLE}
MOST_LINES = 30_000
"""An entry's lines are counted in a smallint."""


@dataclass(frozen=True)
class Posted:
    """An entry in the journal. `created` is False when it was there already, from an earlier try."""

    entry_id: int
    created: bool


class _Account(NamedTuple):
    id: int
    role: str
    name: str
    nature: str
    branch_id: int | None
    active: bool


class _Period(NamedTuple):
    year_id: int | None
    state: str | None
    locked_module: str | None
    locked_to: dt.date | None
    locked_hard: bool | None
    locked_reason: str | None


# Whoever posts holds this lock shared, whoever locks a period or closes a year holds it alone: an entry is either
# committed before the period is shut, or sees that it is. Postings never wait for one another.
_SHARE = "SELECT pg_advisory_xact_lock_shared(hashtextextended('finance.periods', %s))"
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('finance.periods', %s))"

_FACTS = """
SELECT a.id, a.role, a.name, a.nature, a.branch_id, a.active, y.id, y.state, p.module, p.locked_to, p.hard, p.reason
FROM finance_account a
LEFT JOIN finance_financialyear y
       ON y.organization_id = a.organization_id AND %(day)s BETWEEN y.starts_on AND y.ends_on
LEFT JOIN LATERAL (
    SELECT module, locked_to, hard, reason FROM finance_periodlock
    WHERE organization_id = %(organization)s AND module IN ('all', %(module)s) AND locked_to >= %(day)s
      AND (branch_id IS NULL OR branch_id = %(branch)s)
    ORDER BY hard DESC, locked_to DESC LIMIT 1
) p ON true
WHERE a.organization_id = %(organization)s
  AND (a.id = ANY(%(ids)s::bigint[]) OR (a.role <> '' AND a.role = ANY(%(roles)s::varchar[])))
"""

_POST = """
WITH entry AS (
    INSERT INTO finance_journalentry
        (organization_id, branch_id, on_date, financial_year_id, source_kind, source_id, entry_kind, number, narration,
         party_id, reverses_id, amount, line_count, closing, over_lock, person_id, txid)
    VALUES
        (%(organization)s, %(branch)s, %(day)s, %(year)s, %(source_kind)s, %(source_id)s, %(entry_kind)s, %(number)s,
         %(narration)s, %(party)s, %(reverses)s, %(amount)s, %(count)s, %(closing)s, %(over_lock)s,
         (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user_id')::bigint,
         pg_current_xact_id()::text::bigint)
    ON CONFLICT (organization_id, source_kind, source_id, entry_kind) DO NOTHING
    RETURNING id
), line AS (
    INSERT INTO finance_journalline
        (organization_id, entry_id, position, account_id, branch_id, on_date, party_id, debit, credit, narration)
    SELECT %(organization)s, entry.id, l.position, l.account, %(branch)s, %(day)s, l.party, l.debit, l.credit, l.words
    FROM entry, unnest(%(accounts)s::bigint[], %(parties)s::bigint[], %(debits)s::numeric[], %(credits)s::numeric[],
                       %(words)s::varchar[]) WITH ORDINALITY AS l (account, party, debit, credit, words, position)
), delta AS (
    INSERT INTO finance_balancedelta (organization_id, account_id, branch_id, on_date, debit, credit)
    SELECT %(organization)s, d.account, %(branch)s, %(day)s, d.debit, d.credit
    FROM entry, unnest(%(sum_accounts)s::bigint[], %(sum_debits)s::numeric[], %(sum_credits)s::numeric[])
                AS d (account, debit, credit)
)
SELECT id FROM entry
"""


def hold_periods_shut() -> None:
    """Keep every posting of the current organization out until the transaction ends; waits for those under way."""
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [current_organization_id()])


def post_entry(
    *,
    lines: Sequence[PostingLine],
    source: Source,
    branch: Branch,
    on_date: dt.date,
    entry_kind: str = "main",
    narration: str = "",
    party_id: int | None = None,
    reverses_id: int | None = None,
    closing: bool = False,
    over_soft_lock: bool = False,
    tax_lines: Sequence[TaxLineDraft] = (),
    open_items: Sequence[OpenItemDraft] = (),
    withheld: Sequence[TdsDraft] = (),
) -> Posted:
    """Put an entry into the journal, in the caller's transaction. The same part of the same source is posted once.

    Lines without an amount are left out, a negative debit is a credit. A line on a control account without a party
    takes the entry's.

    Args:
        source: the document; `Source.kind` also says which period lock binds it (`apps.finance.documents`).
        entry_kind: what of the document this is, where one document makes several entries.
        over_soft_lock: the person holds `finance.period.lock` and wants it all the same.
        tax_lines: what was taxed, for the returns.
        open_items: due dates and numbers of what parties owe by this entry. Every movement of a control account opens
            an item; without a draft it is due on the day of the entry.
        withheld: what was paid or credited under a nature of TDS, and deducted.

    Raises:
        PostingRefused: nothing was posted; the message names the figure or the fact.
    """
    lines = [line for each in lines if (line := settled(each)).debit or line.credit]
    total = sum((line.debit for line in lines), ZERO)
    _check_figures(lines, total)
    # Nothing is written before everything is looked at, so a refusal needs no savepoint: two statements an entry.
    accounts, period = _facts(lines, source, branch, on_date)
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "source_kind": source.kind,
        "source_id": source.id,
        "entry_kind": entry_kind,
    }
    try:
        over_lock = _check_period(period, on_date, over_soft_lock=over_soft_lock)
    except PostingRefused:
        # A second try that comes after the period was shut changes nothing either.
        if (found := _posted_before(values, total, on_date)) is not None:
            return found
        raise
    chosen = [accounts[line.role if line.account_id is None else line.account_id] for line in lines]
    parties = [line.party_id or party_id for line in lines]
    _check_accounts(chosen, parties, branch)
    movements = _movements(lines, chosen, parties)
    check_drafts(movements, open_items)
    values |= {
        "branch": branch.pk,
        "day": on_date,
        "year": period.year_id,
        "number": source.number,
        "narration": narration,
        "party": party_id,
        "reverses": reverses_id,
        "amount": total,
        "count": len(lines),
        "closing": closing,
        "over_lock": over_lock,
        **_columns(lines, chosen, parties),
    }
    # Only a reversal may still be refused once its entry is written: by items that are settled meanwhile.
    with transaction.atomic(savepoint=reverses_id is not None):
        with connection.cursor() as cursor:
            cursor.execute(_POST, values)
            row = cursor.fetchone()
        if row is not None:
            facts = {"entry_id": row[0], "branch_id": branch.pk, "on_date": on_date}
            if movements or open_items:
                store_items(
                    movements=movements, drafts=open_items, number=source.number, reverses_id=reverses_id, **facts
                )
            if tax_lines:
                store_tax_lines(drafts=tax_lines, **facts)
            if withheld:
                store_tds_lines(drafts=withheld, **facts)
            return Posted(entry_id=row[0], created=True)
    if (found := _posted_before(values, total, on_date)) is None:  # pragma: no cover - the conflict names a row
        raise RuntimeError("An entry was in the way and is gone: journal entries are never deleted.")
    return found


def reverse_entry(
    *,
    entry_id: int,
    on_date: dt.date | None = None,
    narration: str = "",
    over_soft_lock: bool = False,
    tax_lines: Sequence[TaxLineDraft] = (),
) -> Posted:
    """Take an entry back by its mirror image, in the caller's transaction. Reversing twice makes one reversal.

    Args:
        on_date: the day of the reversal, the entry's own unless told otherwise.
        tax_lines: what takes back the entry's tax lines; a mirror image of them unless told.

    Raises:
        NotReversible: the entry is a reversal itself, or lies after the day.
        PostingRefused: the day is locked, or its year closed.
    """
    entry = JournalEntry.objects.select_related("branch").get(pk=entry_id)
    if entry.reverses_id is not None:
        raise NotReversible(_("%(number)s is a reversal. Post the entry anew instead.") % {"number": entry})
    day = on_date or entry.on_date
    if day < entry.on_date:
        raise NotReversible(_("A reversal cannot come before the entry it takes back."), field="on_date")
    posted = post_entry(
        lines=[
            PostingLine(
                account_id=line.account_id,
                debit=line.credit,
                credit=line.debit,
                party_id=line.party_id,
                narration=line.narration,
            )
            for line in JournalLine.objects.filter(entry=entry).order_by("position")
        ],
        source=Source(entry.source_kind, entry.source_id, entry.number),
        entry_kind=f"{entry.entry_kind}:reversed"[:40],
        branch=entry.branch,
        on_date=day,
        narration=narration or _("Reversal of %(number)s") % {"number": entry},
        party_id=entry.party_id,
        reverses_id=entry.pk,
        closing=entry.closing,
        over_soft_lock=over_soft_lock,
        tax_lines=tax_lines,
    )
    # What was taxed and deducted is taken back with it, so that returns and limits see both.
    if posted.created and not tax_lines:
        take_back_tax_lines(entry_id=posted.entry_id, reverses_id=entry.pk, on_date=day)
    if posted.created:
        take_back_tds(entry_id=posted.entry_id, reverses_id=entry.pk, on_date=day)
    return posted


def _check_figures(lines: Sequence[PostingLine], total: Decimal) -> None:
    if not lines:
        raise EmptyEntry
    if len(lines) > MOST_LINES:
        raise PostingRefused(
            _("The entry has %(count)d lines and %(most)d are allowed. Split it.")
            % {"count": len(lines), "most": MOST_LINES}
        )
    for line in lines:
        if not is_whole_paise(line.debit + line.credit):
            raise PostingRefused(
                _("%(amount)s has fractions of a paisa. Round it first.") % {"amount": line.debit + line.credit}
            )
    if off := difference(lines):
        raise Unbalanced(total, total - off)


def _facts(
    lines: Sequence[PostingLine], source: Source, branch: Branch, day: dt.date
) -> tuple[dict[int | str, _Account], _Period]:
    """The accounts by key and by role, and what stands about the day; the period cannot be shut from here on."""
    ids = {line.account_id for line in lines if line.account_id is not None}
    roles = {line.role for line in lines if line.account_id is None}
    if unknown := roles - ROLES:
        raise UnknownAccount(", ".join(sorted(unknown)))
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "day": day,
        "module": document_type(source.kind).module,
        "branch": branch.pk,
        "ids": list(ids),
        "roles": list(roles),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, [current_organization_id()])
        rows = _read(cursor, values)
        if len(roles - {row[1] for row in rows}) and ensure_chart():
            rows = _read(cursor, values)
        if rows and rows[0][6] is None and ensure_year(day) is not None:
            rows = _read(cursor, values)
    accounts: dict[int | str, _Account] = {}
    for row in rows:
        account = _Account(*row[:6])
        accounts[account.id] = account
        accounts[account.role] = account
    if missing := [str(name) for name in (*ids, *roles) if name not in accounts]:
        raise UnknownAccount(", ".join(missing))
    return accounts, _Period(*rows[0][6:])


def _read(cursor: Any, values: dict[str, Any]) -> list[Any]:
    cursor.execute(_FACTS, values)
    return cursor.fetchall()  # type: ignore[no-any-return]


def _check_period(period: _Period, day: dt.date, *, over_soft_lock: bool) -> bool:
    """Whether the entry goes over a soft lock; refuses where it may not be posted at all."""
    if period.year_id is None:
        raise NoSuchYear(day)
    if period.state != FinancialYear.State.OPEN:
        raise YearClosed(day, str(FinancialYear.objects.get(pk=period.year_id)))
    if period.locked_to is None or period.locked_module is None:
        return False
    if period.locked_hard or not over_soft_lock:
        raise PeriodLocked(
            day=day,
            locked_to=period.locked_to,
            what=str(PeriodLock.Module(period.locked_module).label),
            reason=period.locked_reason or "",
            hard=bool(period.locked_hard),
        )
    return True


def _check_accounts(chosen: Iterable[_Account], parties: Iterable[int | None], branch: Branch) -> None:
    for account, party in zip(chosen, parties, strict=True):
        if not account.active:
            raise ArchivedAccount(account.name)
        if account.branch_id is not None and account.branch_id != branch.pk:
            raise ForeignBranch(account.name, str(Branch.objects.get(pk=account.branch_id)), str(branch))
        if party is None and Nature(account.nature).is_control:
            raise PartyMissing(account.name)


def _movements(
    lines: Sequence[PostingLine], chosen: Sequence[_Account], parties: Sequence[int | None]
) -> dict[tuple[int, Side], Decimal]:
    """Debits less credits of each party on each control account."""
    sums: dict[tuple[int, Side], Decimal] = {}
    for line, account, party in zip(lines, chosen, parties, strict=True):
        side = _SIDES.get(account.nature)
        if side is not None and party is not None:
            sums[party, side] = sums.get((party, side), ZERO) + line.debit - line.credit
    return sums


def _columns(
    lines: Sequence[PostingLine], chosen: Sequence[_Account], parties: Sequence[int | None]
) -> dict[str, list[Any]]:
    """The lines and their sums by account, as arrays for the statement."""
    sums: dict[int, list[Decimal]] = {}
    for line, account in zip(lines, chosen, strict=True):
        one = sums.setdefault(account.id, [ZERO, ZERO])
        one[0] += line.debit
        one[1] += line.credit
    return {
        "accounts": [account.id for account in chosen],
        "parties": list(parties),
        "debits": [line.debit for line in lines],
        "credits": [line.credit for line in lines],
        "words": [line.narration for line in lines],
        "sum_accounts": list(sums),
        "sum_debits": [one[0] for one in sums.values()],
        "sum_credits": [one[1] for one in sums.values()],
    }


def _posted_before(values: dict[str, Any], amount: Decimal, on_date: dt.date) -> Posted | None:
    """The same part of the same document, when it is in the journal with the same day and amount.

    Raises:
        AlreadyPosted: it is there with others.
    """
    found = JournalEntry.objects.filter(
        source_kind=values["source_kind"], source_id=values["source_id"], entry_kind=values["entry_kind"]
    ).first()
    if found is None:
        return None
    if (found.amount, found.on_date) != (amount, on_date):
        raise AlreadyPosted(str(found), found.amount)
    return Posted(entry_id=found.pk, created=False)
