"""The tenant tables as the database itself describes them, and rows made from that description.

Nothing here reads Django's models: a table that somebody made by hand in a migration is found and filled all the same.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from psycopg import sql

Row = dict[str, Any]

# Every ordinary or partitioned table of ours with the column. Parts of a partitioned table are tables too.
_TABLES = """
SELECT c.relname FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, NULL), a.atttypmod, a.attnotnull,
       a.atthasdef OR a.attidentity <> '' AS filled, a.attgenerated <> '' AS generated
FROM pg_attribute a
WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_REFERENCES = """
SELECT k.conname,
       ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(n, i)
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY u.i),
       r.relname,
       ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(n, i)
             JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY u.i)
FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid
WHERE k.contype = 'f' AND k.conrelid = to_regclass(%s) ORDER BY k.conname
"""

_DAY = dt.date(2026, 4, 1)
_BY_TYPE: dict[str, Callable[[int], Any]] = {
    "bigint": lambda n: n,
    "integer": lambda n: n,
    "smallint": lambda n: n % 30_000,
    "numeric": lambda n: n,
    "double precision": float,
    "boolean": lambda n: False,
    "text": lambda n: f"v{n}",
    "character varying": lambda n: f"v{n}",
    "uuid": lambda n: uuid.UUID(int=n),
    "date": lambda n: _DAY + dt.timedelta(days=n),
    "timestamp with time zone": lambda n: dt.datetime(2026, 4, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=n),
    "interval": lambda n: dt.timedelta(minutes=n),
    "jsonb": lambda n: "{}",
    "bytea": lambda n: n.to_bytes(32, "big"),
    "inet": lambda n: f"10.0.{n // 250 % 250}.{n % 250}",
}


def _hash(n: int) -> str:
    return f"0x{n:064x}"


def _month_end(n: int) -> dt.date:
    return dt.date(2026 + n // 12 % 50, n % 12 + 1, 1) - dt.timedelta(days=1)


# References that a trigger checks for whole statements instead of a constraint for each row.
_CHECKED_BY = {
    "inventory_move": (
        "inventory_moved_insert",
        {
            "batch_id": "inventory_batch",
            "place_id": "inventory_place",
            "product_id": "inventory_product",
            "person_id": "organizations_membership",
        },
    ),
}

# What a table's checks want beyond its types. A new table with such a check fails the test until it is named here.
VALUES: dict[str, dict[str, Callable[[int], Any]]] = {
    "audit_seal": {"previous": _hash, "root": _hash, "hash": _hash},
    "finance_collectionterms": {
        "interest_rate": lambda n: 18,
        "first_bucket": lambda n: 15,
        "second_bucket": lambda n: 30,
        "third_bucket": lambda n: 60,
        "fourth_bucket": lambda n: 90,
    },
    "finance_financialyear": {"ends_on": lambda n: _DAY + dt.timedelta(days=n + 364)},
    "finance_journalentry": {"amount": lambda n: 100, "line_count": lambda n: 2},
    "finance_journalline": {"debit": lambda n: 100, "credit": lambda n: 0},
    "finance_taxline": {"rate": lambda n: 5, "cess_rate": lambda n: 0},
    "finance_taxrate": {"rate": lambda n: 5, "cess_rate": lambda n: 0},
    "finance_tdsline": {"rate": lambda n: 2},
    "finance_tdsrate": {"rate": lambda n: 2, "rate_individual": lambda n: 1, "rate_without_pan": lambda n: 20},
    "inventory_alertsubscription": {"near_expiry_days": lambda n: 30},
    "inventory_batch": {"expiry": _month_end, "number": lambda n: f"B{n}"},
    "inventory_manufacturer": {"retailer_margin": lambda n: 20, "stockist_margin": lambda n: 10},
    "inventory_move": {"quantity": lambda n: 1_000_000},
    "inventory_packunit": {"quantity": lambda n: n + 1},
    "inventory_product": {"hsn": lambda n: "3004"},
    "inventory_reservation": {"quantity": lambda n: 1},
    "organizations_organization": {"time_zone": lambda n: "Asia/Kolkata"},
    "parties_party": {"is_customer": lambda n: True},
    "sales_bill": {"state": lambda n: "draft", "number": lambda n: "", "bill_discount": lambda n: 0},
    "sales_salesreturn": {"state": lambda n: "draft", "number": lambda n: ""},
    "sales_salesreturnline": {"quantity": lambda n: 1, "free": lambda n: 0},
    "sales_returnedpick": {"sold": lambda n: 5, "returned": lambda n: 1},
    "sales_billapproval": {"state": lambda n: "waiting"},
    "sales_billline": {"quantity": lambda n: 1, "discount": lambda n: 0, "tax_rate": lambda n: 5},
    "sales_billpick": {"quantity": lambda n: 1},
    "sales_sellingrate": {"basis": lambda n: "ptr", "percent": lambda n: -5},
    "sales_scheme": {"paid": lambda n: 10, "free": lambda n: 1},
    "purchasing_billcharge": {"tax_rate": lambda n: 5},
    "purchasing_billline": {"discount": lambda n: 0, "tax_rate": lambda n: 5},
    "purchasing_goodsreceipt": {"state": lambda n: "draft"},
    "purchasing_orderline": {"discount": lambda n: 0},
    "purchasing_ordersettings": {"over_receipt_percent": lambda n: 5},
    "purchasing_supplierprice": {
        "discount": lambda n: 0,
        "scheme_paid": lambda n: 0,
        "scheme_free": lambda n: 0,
    },
    "purchasing_purchaseorder": {"state": lambda n: "draft"},
    "purchasing_receiptline": {"discount": lambda n: 0},
    "purchasing_supplierbill": {"state": lambda n: "draft", "discount": lambda n: 0},
}

# What a row shares with the row it is part of: the reference, the other table, the columns.
_SHARED = {"finance_journalline": ("entry_id", "finance_journalentry", ("branch_id", "on_date"))}
# What is never alone: a line of the journal has another one that balances it.
_PAIRED: dict[str, Callable[[Row], Row]] = {
    "finance_journalline": lambda row: {"debit": 0, "credit": 100, "position": row["position"] + 15_000}
}
# What a reference wants beside itself: an allocation that undoes another one is negative.
_WITH: dict[tuple[str, str], Row] = {("finance_allocation", "undoes_id"): {"amount": -1}}
# What is whole only with its parts: others refer to the one that is there already, never to a new one.
_WHOLE = {"finance_journalentry"}


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    length: int | None
    required: bool
    generated: bool


@dataclass(frozen=True)
class Reference:
    """A foreign key of the database, column by column."""

    name: str
    columns: tuple[str, ...]
    table: str
    keys: tuple[str, ...]


def tenant_tables(cursor: Any) -> list[str]:
    cursor.execute(_TABLES)
    return [name for (name,) in cursor.fetchall()]


def columns(cursor: Any, table: str) -> list[Column]:
    cursor.execute(_COLUMNS, [table])
    return [
        # The length of a varchar is kept as length + 4.
        Column(name, kind, modifier - 4 if modifier > 4 and kind == "character varying" else None,
               not_null and not filled, generated)
        for name, kind, modifier, not_null, filled, generated in cursor.fetchall()
    ]  # fmt: skip


def references(cursor: Any, table: str) -> list[Reference]:
    cursor.execute(_REFERENCES, [table])
    found = [Reference(name, tuple(mine), other, tuple(keys)) for name, mine, other, keys in cursor.fetchall()]
    trigger, checked = _CHECKED_BY.get(table, ("", {}))
    cursor.execute(
        "SELECT FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgname = %s AND tgenabled = 'O'", [table, trigger]
    )
    if cursor.fetchone() is not None:
        key = ("organization_id", "id")
        found += [Reference(trigger, ("organization_id", mine), other, key) for mine, other in checked.items()]
    return found


# Changes whose triggers write a table that nobody else may write: sales of a day are counted as bills are posted.
_ENDS: dict[str, Callable[[Rows], Row]] = {
    "sales_bill": lambda rows: {
        "state": "posted",
        "number": "E1",
        "customer_id": rows.one("parties_party")["id"],
        "due_on": _DAY,
        "place_of_supply": "27",
        **dict.fromkeys(("gross", "taxable", "total"), 100),
        **dict.fromkeys(("discount", "cgst", "state_tax", "igst", "round_off"), 0),
    }
}


def may(cursor: Any, right: str, table: str) -> bool:
    """Whether the current role holds INSERT, UPDATE, DELETE or SELECT on the table at all."""
    cursor.execute("SELECT has_table_privilege(%s, %s)", [table, right])
    return bool(cursor.fetchone()[0])


def enter(cursor: Any, organization_id: int | None, user_id: int | None = None) -> None:
    cursor.execute("SELECT set_config('app.organization_id', %s, true)", [str(organization_id or "")])
    cursor.execute("SELECT set_config('app.user_id', %s, true)", [str(user_id or "")])


class Rows:
    """Makes rows of one organization, and of whatever they refer to, by plain INSERT as the current role."""

    _numbers = itertools.count(1)

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        self.made: dict[str, Row] = {}
        self.organization_id = self._organization()

    def _organization(self) -> int:
        """The organization's own row names itself, so its key is drawn first."""
        self.cursor.execute("SELECT nextval(pg_get_serial_sequence('organizations_organization', 'id'))")
        key = int(self.cursor.fetchone()[0])
        enter(self.cursor, key)
        self.made["organizations_organization"] = self.insert("organizations_organization", id=key)
        return key

    def one(self, table: str) -> Row:
        """A row of the table, the same at every call."""
        if table not in self.made:
            self.made[table] = self.insert(table)
        return self.made[table]

    def end(self) -> None:
        """Make what only a change of state makes, of rows of its own: those that others look at stay as they are."""
        for table, change in _ENDS.items():
            key, changed = self.insert(table)["id"], change(self)
            query = sql.SQL("UPDATE {} SET {} WHERE id = %s").format(
                sql.Identifier(table),
                sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in changed),
            )
            self.cursor.execute(query, [*changed.values(), key])

    def insert(self, table: str, *, fresh: bool = False, **given: Any) -> Row:
        """A new row that refers to the rows of `one`, or to new ones where those can be referred to only once.

        Raises AssertionError, naming the table, when types alone do not tell how to fill it.
        """
        number = next(self._numbers)
        parent = partial(self.insert, fresh=True) if fresh else self.one
        values: Row = dict(given)
        for name in given:
            values |= _WITH.get((table, name), {})
        if table != "organizations_organization" and any(
            column.name == "organization_id" and not column.generated for column in columns(self.cursor, table)
        ):
            values.setdefault("organization_id", self.organization_id)
        referred: set[str] = set()
        for reference in references(self.cursor, table):
            # Two references to one table may have to differ: a transfer goes somewhere else than where it comes from.
            again, before = reference.table in referred, set(values)
            for mine, key in zip(reference.columns, reference.keys, strict=True):
                if mine not in values and reference.table != table:
                    needed = any(column.name == mine and column.required for column in columns(self.cursor, table))
                    if needed:
                        make = self.one if reference.table in _WHOLE else self.insert if again else parent
                        values[mine] = make(reference.table)[key]
            if values.keys() > before:
                referred.add(reference.table)
        values |= self._shared(table, values, given)
        for column in columns(self.cursor, table):
            if (
                column.name in values
                or column.generated
                or not (column.required or column.name in VALUES.get(table, {}))
            ):
                continue
            values[column.name] = self._value(table, column, number)
        query = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING *").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(sql.Placeholder() for _ in values),
        )
        self.cursor.execute(query, list(values.values()))
        names = [column.name for column in self.cursor.description]
        row = dict(zip(names, self.cursor.fetchone(), strict=True))
        if pair := _PAIRED.get(table):
            self.cursor.execute(query, list((values | pair(values)).values()))
        return row

    def _shared(self, table: str, values: Row, given: Row) -> Row:
        """What the row has in common with the one it is part of, where the test does not say otherwise."""
        reference, other, names = _SHARED.get(table, ("", "", ()))
        if not names or reference in given:
            return {}
        self.cursor.execute(
            sql.SQL("SELECT {} FROM {} WHERE id = %s").format(
                sql.SQL(", ").join(map(sql.Identifier, names)), sql.Identifier(other)
            ),
            [values[reference]],
        )
        found = self.cursor.fetchone()
        # Another organization's is hidden: then any values do.
        return {name: value for name, value in zip(names, found or (), strict=False) if name not in given}

    def _value(self, table: str, column: Column, number: int) -> Any:
        if given := VALUES.get(table, {}).get(column.name):
            return given(number)
        if column.type.endswith("[]"):
            return []
        kind = _BY_TYPE.get(column.type)
        assert kind, f"No value known for {table}.{column.name} ({column.type}): add it to tests/access/catalogue.py"
        value = kind(number)
        return value[-column.length :] if column.length and isinstance(value, str) else value
