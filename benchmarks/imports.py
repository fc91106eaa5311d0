"""Workloads of imports: a file of parties through every step of the import, beside COPY into the same tables."""

from __future__ import annotations

import csv
import hashlib
import io
import time
from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import connection

from apps.core.exchange import operations
from apps.core.exchange.declaration import importer_named
from apps.core.exchange.models import ImportJob
from apps.core.exchange.rules.states import State
from apps.core.tenancy.context import tenant
from benchmarks.bench import Bench
from benchmarks.harness import Row, Workload, timed
from benchmarks.place import House
from ineat import databases

HEADINGS = (
    "Business name", "GSTIN", "State", "Address", "City", "PIN code", "Phone", "Credit limit", "Credit days", "Route"
)  # fmt: skip
_NAMES = ("Asha Chemists", "Banyan Medicals", "Cedar Agencies", "Deepak Distributors", "Eknath Surgicals")
_CITIES = ("Pune", "Mumbai", "Nagpur", "Nashik", "Thane", "Solapur", "Kolhapur", "Satara")
# At most what the goal is about.
MOST = 100_000

_COPY = """
COPY parties_party (organization_id, version, created_at, name, is_customer, is_supplier, registration, gstin, pan,
  state_code, address, city, pin_code, phone, email, credit_limit, credit_days, minimum_shelf_life_days, active)
FROM STDIN
"""


def fill(owner: psycopg.Connection[Any], *, organization: int, count: int) -> None:
    """The file brings its rows; how many are there already is the parties' matter."""


def workloads(bench: Bench) -> list[Workload]:
    """Reading, checking and taking a file; and taking alone, which is what a person waits for after the last button."""
    measured: dict[str, Row] = {}

    def row(name: str) -> Row:
        if not measured:
            measured.update(_import(bench.big, min(MOST, _parties(bench))))
        return measured[name]

    return [Workload(name, lambda name=name: row(name)) for name in ("party_import", "party_import_taking")]  # type: ignore[misc]


def _parties(bench: Bench) -> int:
    found: int = bench.probe.fetch(bench.big, "SELECT count(*) FROM parties_party WHERE organization_id = app_org()")[
        0
    ][0]
    return found


def _cells(count: int, stamp: str) -> Iterator[tuple[str, ...]]:
    for number in range(count):
        spread = int.from_bytes(hashlib.blake2b(f"{number}".encode(), digest_size=8).digest())
        yield (
            f"{_NAMES[spread % 5]} {stamp} {number}", "", "Maharashtra", f"{number} Station Road", _CITIES[spread % 8],
            str(411_001 + spread % 97), f"9{spread % 10**9:09d}", str(spread % 500 * 1000), str(spread % 4 * 15),
            f"Route {spread % 20}",
        )  # fmt: skip


def _import(house: House, count: int) -> dict[str, Row]:
    stamp = f"{time.time_ns():x}"
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(_cells(count, stamp))
    file = text.getvalue().encode()
    with tenant(house.key):
        job = operations.upload_file(
            importer=importer_named("parties"), filename="bench.csv", chunks=[file], options={}, actor=None
        )
    number = job.pk

    def work() -> float:
        return timed(lambda: operations.work_on(organization_id=house.key, job_number=number)) / 1000

    reading = work()
    with tenant(house.key):
        operations.match_columns(job_number=number, mapping=ImportJob.objects.get(pk=number).mapping, remember=False)
    checking = work()
    with tenant(house.key):
        operations.start_taking(job_number=number, only_good=False)
    taking = work()
    with tenant(house.key):
        done = ImportJob.objects.get(pk=number)
    if done.state != State.DONE or done.created != count:
        raise RuntimeError(f"The import ended as {done.status} with {done.created} parties: {done.message}")
    connection.close()
    limit = count / _copied(house, count, f"{stamp}-raw")
    return {
        "party_import": Row("party_import", count / (reading + checking + taking), limit, unit="rows/s"),
        "party_import_taking": Row("party_import_taking", count / taking, limit, unit="rows/s"),
    }


def _copied(house: House, count: int, stamp: str) -> float:
    """Seconds that COPY takes for the same parties, with history, indexes and references; rolled back."""
    rows = [
        (house.key, 1, "2026-11-20", name, True, False, "unregistered", gstin, "", "27", address, city, pin, phone, "",
         limit, days, 0, True)
        for name, gstin, _state, address, city, pin, phone, limit, days, _route in _cells(count, stamp)
    ]  # fmt: skip
    text = "".join("\t".join(str(value) for value in row) + "\n" for row in rows)
    with psycopg.connect(databases.owner_conninfo()) as owner, owner.cursor() as cursor:
        cursor.execute("SELECT set_config('app.organization_id', %s, true)", [str(house.key)])
        start = time.perf_counter()
        with cursor.copy(_COPY) as copy:
            copy.write(text)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        seconds = time.perf_counter() - start
        owner.rollback()
    return seconds
