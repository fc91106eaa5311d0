"""Proof that one event stands in the history as it was sealed: everything `tools/verify_seal.py` needs, in one file."""

from __future__ import annotations

from typing import Any

from django.db import connection
from psycopg import sql

from apps.core.audit import rules
from apps.core.audit.content import event_hashes, event_texts, one_way_of_writing, table_columns
from apps.core.audit.history import history_models
from apps.core.audit.models import Seal, SealedTable

FORMAT = "ineat-audit-proof-1"


class NoProof(LookupError):
    """The event cannot be proved; the message says why, for a person."""


class UnknownEvent(NoProof):
    """There is no such event in this organization."""


class NotSealed(NoProof):
    """The event waits for its seal."""


class AlteredEvent(NoProof):
    """The event no longer reads as it was sealed."""


def build_proof(event_table: str, event_id: int, *, through: int | None = None) -> dict[str, Any]:
    """The proof of one event of the organization entered with `tenant()`.

    `through`: also link every seal from the event's to this number, such as one that was anchored later.

    Raises:
        NoProof: `UnknownEvent`, `NotSealed` or `AlteredEvent`.
    """
    transaction = _transaction(event_table, event_id)
    seal = Seal.objects.filter(horizon__gt=transaction).order_by("horizon").first()
    if seal is None:
        raise NotSealed(f"Event {event_id} of {event_table} waits for its seal. Seals are made every minute.")
    parts = list(SealedTable.objects.filter(seal=seal).order_by("event_table"))
    entries = [
        (part.event_table, event, bytes(content))
        for part in parts
        for event, content in zip(part.event_ids, part.hashes, strict=True)
    ]
    columns = next((part.columns for part in parts if part.event_table == event_table), None)
    place = next((i for i, entry in enumerate(entries) if entry[:2] == (event_table, event_id)), None)
    if columns is None or place is None:
        raise AlteredEvent(
            f"Seal {seal.number} does not hold event {event_id} of {event_table}. Run: manage.py verify_audit"
        )
    text, content = _text(event_table, columns, event_id)
    tree = rules.MerkleTree.of([rules.event_leaf(*entry) for entry in entries])
    if content != entries[place][2] or rules.to_hex(tree.root) != seal.root:
        raise AlteredEvent(f"Event {event_id} of {event_table} was altered after seal {seal.number}.")
    later = Seal.objects.filter(number__gt=seal.number, number__lte=through or 0).order_by("number")
    return {
        "format": FORMAT,
        "event": {"table": event_table, "id": event_id, "content": text},
        "leafEncoding": list(rules.LEAF_ENCODING),
        "leaf": rules.to_hex(rules.event_leaf(*entries[place])),
        "siblings": [rules.to_hex(node) for node in tree.proof(place)],
        "seal": _figures(seal),
        "later": [_figures(link) for link in later],
    }


def _transaction(event_table: str, event_id: int) -> int:
    event_models = {model._meta.db_table: model for model in history_models()}
    if event_table not in event_models:
        raise UnknownEvent(f"There is no history table {event_table}.")
    found = event_models[event_table]._default_manager.filter(pk=event_id).values_list("pgh_txid", flat=True).first()
    if found is None:
        raise UnknownEvent(f"There is no event {event_id} in {event_table}.")
    return int(found)


def _text(event_table: str, columns: list[str], event_id: int) -> tuple[str, bytes]:
    where = sql.SQL("organization_id = app_org() AND pgh_id = {}").format(sql.Literal(event_id))
    query = sql.SQL("SELECT c.content, h.hash FROM ({}) c JOIN ({}) h USING (pgh_id)").format(
        event_texts(event_table, columns, where), event_hashes(event_table, columns, where)
    )
    with connection.cursor() as cursor, one_way_of_writing(cursor):
        if lost := set(columns) - set(table_columns(cursor, [event_table]).get(event_table, [])):
            raise AlteredEvent(f"{event_table} lost {', '.join(sorted(lost))} after the event was sealed.")
        cursor.execute(query)
        text, content = cursor.fetchone()
    return str(text), bytes(content)


def _figures(seal: Seal) -> dict[str, Any]:
    return {
        "organization": seal.organization_id,
        "number": seal.number,
        "previous": seal.previous,
        "root": seal.root,
        "count": seal.count,
        "horizon": seal.horizon,
        "sealed_at": seal.sealed_at.isoformat(),
        "hash": seal.hash,
    }
