"""Sealing: closing the history, organization by organization, without holding up anybody who writes."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

from apps.core.audit import rules
from apps.core.audit.content import event_hashes, one_way_of_writing, table_columns
from apps.core.audit.history import history_models
from apps.core.audit.models import Seal, SealedTable
from apps.core.tenancy.context import tenant

log = logging.getLogger(__name__)

LARGEST_SEAL = 50_000
"""Events after which a seal ends with the transaction that reached it, so that a long backlog fits into memory."""


class NumberingWentBack(RuntimeError):
    """The database was restored into another cluster without `migrate`: new events would never be sealed."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Transactions that have all ended and whose events no seal holds yet."""

    organization_id: int
    start: int
    end: int
    moment: datetime


def seal_organization(organization_id: int) -> list[Seal]:
    """Seal every event of the organization's ended transactions; returns the new seals, none when nothing is new.

    Events of a transaction still open, and of any that began after it, wait for the next call. A second sealer at the
    same time does nothing. Writers are never blocked: it reads committed rows and inserts its own.

    Raises:
        NumberingWentBack: after a restore, until `manage.py migrate` has run.
    """
    made: list[Seal] = []
    more = True
    while more:
        with tenant(organization_id), connection.cursor() as cursor:
            more = False
            if _only_sealer(cursor, organization_id):
                last = Seal.objects.order_by("-number").first()
                stretch = _open_stretch(cursor, organization_id, last)
                stretch, more = _no_longer_than_one_seal(cursor, stretch)
                seal = _seal(cursor, stretch, last)
                if seal is not None:
                    made.append(seal)
    return made


def seal_all() -> int:
    """Seal every organization that has something new; returns the number of seals made.

    One organization's fault keeps no other from being sealed.

    Raises:
        ExceptionGroup: at the end, with what went wrong; each fault was logged.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_unsealed(audit_horizon())")
        waiting = [row[0] for row in cursor.fetchall()]
    made = 0
    faults: list[Exception] = []
    for organization_id in waiting:
        try:
            made += len(seal_organization(organization_id))
        except Exception as fault:
            log.exception("Sealing organization %s failed", organization_id)
            faults.append(fault)
    if faults:
        raise ExceptionGroup(f"Sealing failed for {len(faults)} organizations", faults)
    return made


def _only_sealer(cursor: Any, organization_id: int) -> bool:
    cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('audit.seal', %s))", [organization_id])
    return bool(cursor.fetchone()[0])


def _open_stretch(cursor: Any, organization_id: int, last: Seal | None) -> _Stretch:
    cursor.execute("SELECT audit_horizon(), statement_timestamp()")
    end, moment = cursor.fetchone()
    start = last.horizon if last else 0
    if end < start:
        raise NumberingWentBack(
            f"The last seal covers transactions below {start}, but the database now numbers them from {end}: "
            "it was restored into another cluster. Run: manage.py migrate"
        )
    return _Stretch(organization_id, start, end, moment)


def _no_longer_than_one_seal(cursor: Any, stretch: _Stretch) -> tuple[_Stretch, bool]:
    """The stretch, cut after a whole transaction when it holds more than `LARGEST_SEAL` events; whether it was cut."""
    tables = [sql.Identifier(model._meta.db_table) for model in history_models()]
    numbers = sql.SQL(" UNION ALL ").join(
        sql.SQL(
            "SELECT pgh_txid FROM {} WHERE organization_id = app_org() AND pgh_txid >= %(start)s AND pgh_txid < %(end)s"
        ).format(table)
        for table in tables
    )
    cursor.execute(
        sql.SQL("SELECT pgh_txid FROM ({}) t ORDER BY 1 OFFSET %(largest)s LIMIT 1").format(numbers),
        {"start": stretch.start, "end": stretch.end, "largest": LARGEST_SEAL - 1},
    )
    row = cursor.fetchone()
    if row is None or row[0] + 1 >= stretch.end:
        return stretch, False
    return _Stretch(stretch.organization_id, stretch.start, row[0] + 1, stretch.moment), True


def _seal(cursor: Any, stretch: _Stretch, last: Seal | None) -> Seal | None:
    columns = table_columns(cursor, (model._meta.db_table for model in history_models()))
    manifest = _hash_new_events(cursor, stretch, columns)
    if not manifest:
        return None
    tree = rules.MerkleTree.of(
        [rules.event_leaf(table, number, content) for table, events in manifest.items() for number, content in events]
    )
    count = sum(map(len, manifest.values()))
    number = last.number + 1 if last else 1
    previous = rules.from_hex(last.hash) if last else rules.NO_SEAL
    seal: Seal = Seal.objects.create(
        number=number,
        previous=rules.to_hex(previous),
        root=rules.to_hex(tree.root),
        count=count,
        horizon=stretch.end,
        sealed_at=stretch.moment,
        hash=rules.to_hex(
            rules.seal_hash(
                organization=stretch.organization_id,
                number=number,
                previous=previous,
                root=tree.root,
                count=count,
                horizon=stretch.end,
                sealed_at=stretch.moment,
            )
        ),
    )
    SealedTable.objects.bulk_create(
        SealedTable(
            seal=seal,
            event_table=table,
            columns=columns[table],
            event_ids=[number for number, _content in events],
            hashes=[content for _number, content in events],
        )
        for table, events in manifest.items()
    )
    return seal


def _hash_new_events(
    cursor: Any, stretch: _Stretch, columns: dict[str, list[str]]
) -> dict[str, list[tuple[int, bytes]]]:
    """Number and content hash of each event in the stretch, by table: one statement for all tables."""
    where = sql.SQL("organization_id = app_org() AND pgh_txid >= {} AND pgh_txid < {}").format(
        sql.Literal(stretch.start), sql.Literal(stretch.end)
    )
    tables = sorted(columns)
    if not tables:
        return {}
    queries = [
        sql.SQL("SELECT {} AS place, h.pgh_id, h.hash FROM ({}) h").format(
            sql.Literal(place), event_hashes(table, columns[table], where)
        )
        for place, table in enumerate(tables)
    ]
    manifest: dict[str, list[tuple[int, bytes]]] = {}
    with one_way_of_writing(cursor):
        cursor.execute(sql.SQL("{} ORDER BY 1, 2").format(sql.SQL(" UNION ALL ").join(queries)))
        for place, number, content in cursor.fetchall():
            manifest.setdefault(tables[place], []).append((number, bytes(content)))
    return manifest
