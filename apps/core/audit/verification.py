"""Does the history still read as it was sealed, and do the live rows agree with it?

Everything is compared in the database, set by set; only the hash trees are computed here. What is looked at:

1. the chain: numbers without a gap, each seal's figures give its hash, each names the seal before it;
2. the lists: each gives its seal's root;
3. the events: each is as its seal's list has it, none is missing, none was added below the last horizon;
4. the live rows: each audited row equals its latest event, which catches who switched the triggers off.

Whoever owns the database and rewrites events, lists and the whole chain consistently is caught only by a seal's hash
noted elsewhere (`expected`, or an anchor).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from psycopg import sql

from apps.core.audit import rules
from apps.core.audit.content import event_hashes, local_settings, one_way_of_writing, table_columns
from apps.core.audit.events import HistoryEvent
from apps.core.audit.history import history_models, tracked_model
from apps.core.audit.models import Seal, SealedTable
from apps.core.audit.suspects import fields_that_do_not_fit, object_name

_BATCH = 200

# A list is one array, which the planner takes for ten rows: it would look every event up one by one, in quadratic time.
_WHOLE_TABLES = {"enable_nestloop": "off", "jit": "off"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was: a sentence, and where."""

    text: str
    seal: int | None = None
    table: str = ""
    event: int | None = None

    @property
    def place(self) -> tuple[bool, int, str, int]:
        """Sorts findings by the seal concerned; what no seal covers comes last."""
        return (self.seal is None, self.seal or 0, self.table, self.event or 0)


@dataclass(slots=True)
class Report:
    """What was looked at, and what was found."""

    seals: int = 0
    events: int = 0
    waiting: int = 0
    rows: int = 0
    last_seal: str = ""
    horizon: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, text: str, **where: Any) -> None:
        self.findings.append(Finding(text, **where))


@dataclass(frozen=True, slots=True)
class _List:
    """The list of one seal: table, event and content hash of each event."""

    entries: list[tuple[str, int, bytes]]
    even: bool
    """Whether each table has as many hashes as events."""


def verify_current_organization(expected: Mapping[int, str] | None = None) -> Report:
    """Verify the organization entered with `tenant()`. `expected`: hashes of seals, by number, known from elsewhere."""
    report = Report()
    _check_chain(report, expected or {})
    with connection.cursor() as cursor, one_way_of_writing(cursor), local_settings(cursor, _WHOLE_TABLES):
        _check_events(cursor, report)
        for event_model in history_models():
            _check_live_rows(cursor, report, event_model)
    report.findings.sort(key=lambda finding: finding.place)
    return report


def _check_chain(report: Report, expected: Mapping[int, str]) -> None:
    number, previous = 0, rules.to_hex(rules.NO_SEAL)
    for seal, listed in _seals_with_lists():
        if seal.number != number + 1:
            gap = (
                f"Seal {number + 1} is" if seal.number == number + 2 else f"Seals {number + 1} to {seal.number - 1} are"
            )
            report.add(f"{gap} missing from the chain.", seal=number + 1)
        elif seal.previous != previous:
            report.add(f"Seal {seal.number} does not follow from the seal before it.", seal=seal.number)
        if _hash_of(seal) != seal.hash:
            report.add(f"Seal {seal.number} was altered: its figures do not give its hash.", seal=seal.number)
        elif expected.get(seal.number, seal.hash) != seal.hash:
            report.add(
                f"Seal {seal.number} is not the one noted elsewhere: history was written again.", seal=seal.number
            )
        if _root_of(listed) != seal.root or len(listed.entries) != seal.count or not listed.even:
            report.add(
                f"The list of events of seal {seal.number} was altered: it does not give its root.", seal=seal.number
            )
        number, previous = seal.number, seal.hash
        report.seals += 1
        report.events += len(listed.entries)
        report.last_seal = f"{seal.number}:{seal.hash}"
        report.horizon = max(report.horizon, seal.horizon)
    for noted in sorted(expected):
        if noted > number:
            report.add(f"Seal {noted}, noted elsewhere, is missing from the end of the chain.", seal=noted)


def _seals_with_lists() -> Iterator[tuple[Seal, _List]]:
    number = -1
    while batch := list(Seal.objects.filter(number__gt=number).order_by("number")[:_BATCH]):
        lists: dict[int, _List] = defaultdict(lambda: _List([], even=True))
        for part in SealedTable.objects.filter(seal_id__in=[seal.pk for seal in batch]).order_by("event_table"):
            entries = lists[part.seal_id].entries
            entries.extend(
                (part.event_table, event, bytes(content))
                for event, content in zip(part.event_ids, part.hashes, strict=False)
            )
            if len(part.event_ids) != len(part.hashes):
                lists[part.seal_id] = _List(entries, even=False)
        for seal in batch:
            yield seal, lists[seal.pk]
        number = batch[-1].number


def _hash_of(seal: Seal) -> str:
    try:
        figures = rules.seal_hash(
            organization=int(seal.organization_id or 0),
            number=seal.number,
            previous=rules.from_hex(seal.previous),
            root=rules.from_hex(seal.root),
            count=seal.count,
            horizon=seal.horizon,
            sealed_at=seal.sealed_at,
        )
    except ValueError:  # a figure that no seal can have, such as a horizon below zero
        return ""
    return rules.to_hex(figures)


def _root_of(listed: _List) -> str:
    try:
        return rules.to_hex(rules.MerkleTree.of([rules.event_leaf(*entry) for entry in listed.entries]).root)
    except ValueError:  # no entries, or a hash of another length
        return ""


_VERSIONS = """
SELECT t.event_table, t.columns, min(s.number) FROM audit_sealedtable t
JOIN audit_seal s ON s.organization_id = t.organization_id AND s.id = t.seal_id
WHERE t.organization_id = app_org() GROUP BY 1, 2 ORDER BY 3, 1
"""

_LISTED = """
organization_id = app_org() AND pgh_id IN (
  SELECT unnest(event_ids) FROM audit_sealedtable
  WHERE organization_id = app_org() AND event_table = %(table)s AND columns = %(columns)s)
"""

_DIFFERING = """
SELECT m.number, m.event, h.pgh_id IS NULL, count(*) OVER ()
FROM (
  SELECT s.number, u.event, u.hash FROM audit_sealedtable t
  JOIN audit_seal s ON s.organization_id = t.organization_id AND s.id = t.seal_id,
  unnest(t.event_ids, t.hashes) AS u(event, hash)
  WHERE t.organization_id = app_org() AND t.event_table = %(table)s AND t.columns = %(columns)s
) m LEFT JOIN ({hashes}) h ON h.pgh_id = m.event
WHERE h.hash IS DISTINCT FROM m.hash
ORDER BY 1, 2 LIMIT 1
"""

_ADDED = """
SELECT e.pgh_id, count(*) OVER (),
       (SELECT min(number) FROM audit_seal WHERE organization_id = app_org() AND horizon > e.pgh_txid)
FROM {table} e
WHERE e.organization_id = app_org() AND e.pgh_txid < %(horizon)s AND NOT EXISTS (
  SELECT FROM audit_sealedtable t, unnest(t.event_ids) AS u(event)
  WHERE t.organization_id = app_org() AND t.event_table = %(name)s AND u.event = e.pgh_id)
ORDER BY e.pgh_txid, e.pgh_id LIMIT 1
"""

_WAITING = "SELECT count(*) FROM {table} WHERE organization_id = app_org() AND pgh_txid >= %(horizon)s"


def _check_events(cursor: Any, report: Report) -> None:
    cursor.execute(_VERSIONS)
    versions = cursor.fetchall()
    event_models = {model._meta.db_table: model for model in history_models()}
    present = table_columns(cursor, {*event_models, *(table for table, _columns, _seal in versions)})
    for table, columns, first_seal in versions:
        if table not in present:
            report.add(
                f"The history table {table}, sealed since seal {first_seal}, is missing.", seal=first_seal, table=table
            )
        elif dropped := [name for name in columns if name not in present[table]]:
            report.add(
                f"The history table {table} lost {', '.join(dropped)}: what was sealed since seal {first_seal} "
                "cannot be compared.",
                seal=first_seal,
                table=table,
            )
        else:
            _check_listed(cursor, report, table, columns, event_models.get(table))
    for table in sorted(set(present) & set(event_models)):
        _check_unlisted(cursor, report, table, event_models[table])


def _check_listed(
    cursor: Any, report: Report, table: str, columns: list[str], event_model: type[HistoryEvent] | None
) -> None:
    query = sql.SQL(_DIFFERING).format(hashes=event_hashes(table, columns, sql.SQL(_LISTED)))
    cursor.execute(query, {"table": table, "columns": columns})
    row = cursor.fetchone()
    if row is None:
        return
    seal, event, missing, count = row
    name = f"Event {event} of {table}"
    if missing:
        text = f"{name}, sealed in seal {seal}, is missing"
    else:
        about = object_name(event_model, event) if event_model else ""
        text = f"{name}{f' ({about})' if about else ''} was altered after seal {seal}"
        if event_model and (fields := fields_that_do_not_fit(event_model, event)):
            text += (
                f": {', '.join(fields)} does not fit the events beside it"
                if len(fields) == 1
                else (f": {', '.join(fields)} do not fit the events beside it")
            )
    report.add(f"{text}{_and_more(count)}.", seal=seal, table=table, event=event)


def _check_unlisted(cursor: Any, report: Report, table: str, event_model: type[HistoryEvent]) -> None:
    values = {"horizon": report.horizon, "name": table}
    cursor.execute(sql.SQL(_ADDED).format(table=sql.Identifier(table)), values)
    if row := cursor.fetchone():
        event, count, seal = row
        report.add(
            f"Event {event} of {table} ({object_name(event_model, event)}) was added after seal {seal} "
            f"to the time before it{_and_more(count)}.",
            seal=seal,
            table=table,
            event=event,
        )
    cursor.execute(sql.SQL(_WAITING).format(table=sql.Identifier(table)), values)
    report.waiting += cursor.fetchone()[0]


_LIVE = """
SELECT coalesce(l.{key}, e.{key}), e.pgh_id, e.pgh_label, l.{key} IS NULL,
       array_remove(ARRAY[{differing}]::text[], NULL), count(*) OVER ()
FROM (SELECT * FROM {live} WHERE {organization} = app_org()) l
FULL JOIN (
  SELECT DISTINCT ON ({key}) * FROM {events} WHERE organization_id = app_org() ORDER BY {key}, pgh_id DESC
) e ON e.{key} = l.{key}
WHERE (e.pgh_id IS NULL) OR (l.{key} IS NULL) <> (e.pgh_label = 'delete')
   OR (l.{key} IS NOT NULL AND ({differs}))
ORDER BY 2 NULLS LAST, 1 LIMIT 1
"""


def recorded_fields(event_model: type[HistoryEvent]) -> list[models.Field]:
    """The fields of the tracked model that its events hold, in the model's order."""
    held = {item.name for item in event_model._meta.local_fields}
    return [item for item in tracked_model(event_model)._meta.local_fields if item.name in held]


def _check_live_rows(cursor: Any, report: Report, event_model: type[HistoryEvent]) -> None:
    model = tracked_model(event_model)
    options = model._meta
    columns = [str(item.column) for item in recorded_fields(event_model) if not item.primary_key]
    key = sql.Identifier(str(options.pk.column))
    organization = "organization_id" if "organization_id" in columns else str(options.pk.column)
    differs = [sql.SQL("l.{0} IS DISTINCT FROM e.{0}").format(sql.Identifier(column)) for column in columns]
    live, events = sql.Identifier(options.db_table), sql.Identifier(event_model._meta.db_table)
    query = sql.SQL(_LIVE).format(
        key=key,
        live=live,
        events=events,
        organization=sql.Identifier(organization),
        differs=sql.SQL(" OR ").join(differs),
        differing=sql.SQL(", ").join(
            sql.SQL("CASE WHEN {} THEN {} END").format(condition, sql.Literal(column))
            for condition, column in zip(differs, columns, strict=True)
        ),
    )
    cursor.execute(query)
    if row := cursor.fetchone():
        pk, event, label, gone, differing, count = row
        name = (
            f"{options.verbose_name} {pk}" if gone else object_name(event_model, event, model._base_manager.get(pk=pk))
        )
        if event is None:
            text = f"{name} in {options.db_table} has no history: it was written with the triggers off"
        elif label == "delete":
            text = f"{name} in {options.db_table} is there, though event {event} says it was deleted"
        elif gone:
            text = f"{name} in {options.db_table} was deleted behind the application's back after event {event}"
        else:
            text = (
                f"{name} in {options.db_table} was changed behind the application's back after event {event}: "
                f"{', '.join(differing)}"
            )
        report.add(f"{text}{_and_more(count)}.", table=options.db_table, event=event)
    cursor.execute(sql.SQL("SELECT count(*) FROM {} WHERE {} = app_org()").format(live, sql.Identifier(organization)))
    report.rows += cursor.fetchone()[0]


def _and_more(count: int) -> str:
    return f" (and {count - 1} more in this table)" if count > 1 else ""
