"""Workloads of the stock ledger: a bill of thirty lines, eight tills at the same forty products, opening stock from a
file. Each beside hand-written SQL on bare copies of the tables: no triggers, no policies, no references."""

from __future__ import annotations

import csv
import io
import itertools
import random
import time
from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import connection
from django.utils import timezone

from apps.core.exchange import operations
from apps.core.exchange.declaration import importer_named
from apps.core.exchange.models import ImportJob
from apps.core.exchange.rules.states import State
from apps.core.tenancy.context import tenant
from apps.inventory.models import Stock
from apps.inventory.operations import Demand, Document, StockRefused, issue_fefo
from apps.inventory.queries.stock_figures import figures
from apps.organizations.models import Branch
from benchmarks.bench import Bench
from benchmarks.crowd import SECONDS, done_by_all
from benchmarks.harness import Row, Workload, timed
from benchmarks.place import House
from ineat import databases

LINES, HOT = 30, 40
_MOST = 100_000
_numbers = itertools.count(1)

# What the same postings need at least: lock, pick, take, note, total.
_RAW = """
DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare;
CREATE TABLE bare.stock WITH (fillfactor = 75) AS
  SELECT id, product_id, batch_id, place_id, expiry, cost, on_hand, in_stock AND saleable AS open FROM inventory_stock
  WHERE organization_id = {organization} ORDER BY product_id, expiry;
ALTER TABLE bare.stock ADD PRIMARY KEY (id);
CREATE INDEX ON bare.stock (product_id, expiry, id) WHERE open;
CREATE TABLE bare.total WITH (fillfactor = 70) AS
  SELECT product_id, on_hand FROM inventory_productstock WHERE organization_id = {organization};
ALTER TABLE bare.total ADD PRIMARY KEY (product_id);
CREATE TABLE bare.move (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, batch_id bigint, place_id bigint,
  product_id bigint, quantity int, cost numeric, document bigint, moment timestamptz DEFAULT now());
CREATE INDEX ON bare.move (batch_id, id);
CREATE FUNCTION bare.issue(products bigint[], wanted int, bill bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE lines bigint;
BEGIN
  PERFORM FROM bare.total WHERE product_id = ANY (products) ORDER BY product_id FOR NO KEY UPDATE;
  WITH offered AS (
    SELECT s.*, sum(s.on_hand) OVER (PARTITION BY s.product_id ORDER BY s.expiry, s.id) - s.on_hand AS before
    FROM unnest(products) AS p (key) JOIN bare.stock s ON s.product_id = p.key AND s.open AND s.on_hand > 0
      AND s.expiry >= current_date
  ), taken AS (
    SELECT *, least(on_hand, wanted - before)::int AS take FROM offered WHERE before < wanted
  ), less AS (
    UPDATE bare.stock s SET on_hand = s.on_hand - t.take FROM taken t WHERE s.id = t.id
  ), total AS (
    UPDATE bare.total o SET on_hand = o.on_hand - wanted FROM unnest(products) AS p (key) WHERE o.product_id = p.key
  ), noted AS (
    INSERT INTO bare.move (batch_id, place_id, product_id, quantity, cost, document)
    SELECT batch_id, place_id, product_id, -take, cost, bill FROM taken RETURNING 1
  )
  SELECT count(*) INTO lines FROM noted;
  RETURN lines;
END $$;
GRANT USAGE ON SCHEMA bare TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA bare TO {role};
ANALYZE bare.stock; ANALYZE bare.total;
"""


def fill(owner: psycopg.Connection[Any], *, organization: int, count: int) -> None:
    """The room of stock has made it."""


def workloads(bench: Bench) -> list[Workload]:
    """Postings one by one and by eight, the figures above the list, and opening stock."""

    def strip() -> None:
        with tenant(bench.big.key):
            figures(timezone.localdate())

    raw = "SELECT kind, sum(entries) FROM inventory_stockfigure WHERE organization_id = app_org() GROUP BY 1"
    return [
        bench.beside("ledger_strip_figures", strip, lambda: bench.probe.fetch(bench.big, raw)),
        Workload("ledger_issue_30_lines", lambda: _one_till(bench)),
        Workload("ledger_eight_tills", lambda: _eight_tills(bench.big)),
        Workload("ledger_opening_import", lambda: _opening(bench.big)),
    ]


def sellable(house: House) -> tuple[int, list[int]]:
    """The branch, and products of which there is plenty."""
    with tenant(house.key):
        branch = Branch.objects.earliest("id").pk
        rows = Stock.objects.filter(in_stock=True, saleable=True, on_hand__gt=100, expiry__gte=timezone.localdate())
        return branch, sorted(set(rows.order_by("product_id").values_list("product_id", flat=True)[:5_000]))


def make_bare(house: House) -> None:
    with psycopg.connect(databases.owner_conninfo(), autocommit=True) as owner:
        owner.execute(_RAW.replace("{organization}", str(house.key)).replace("{role}", databases.app_role()).encode())


def _drop_bare() -> None:
    with psycopg.connect(databases.owner_conninfo(), autocommit=True) as owner:
        owner.execute(b"DROP SCHEMA bare CASCADE")


def _bill(house: House, branch: int, products: list[int], number: int) -> None:
    demands = [Demand(product, 1, line=line) for line, product in enumerate(products)]
    with tenant(house.key):
        issue_fefo(demands=demands, branch_id=branch, on=timezone.localdate(), document=Document("bench", number))


def _one_till(bench: Bench) -> Row:
    branch, products = sellable(bench.big)
    make_bare(bench.big)
    chance = random.Random(1)
    lines = min(LINES, len(products))
    picks: Iterator[list[int]] = iter(lambda: chance.sample(products, lines), [])

    def raw() -> None:
        bench.probe.connection.execute(b"SELECT bare.issue(%s, 1, %s)", [next(picks), next(_numbers)])

    row = bench.beside(
        "ledger_issue_30_lines", lambda: _bill(bench.big, branch, next(picks), next(_numbers)), raw
    ).measure()
    _drop_bare()
    return row


def _sell_for(house: House, products: list[int], branch: int, number: int, done: Any) -> None:
    """One till: as many bills as it can; the bills that were made."""
    chance, count = random.Random(number), 0
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            _bill(
                house,
                branch,
                chance.sample(products, min(LINES, len(products))),
                number * 10**9 + time.time_ns() % 10**9,
            )
        except StockRefused:
            continue
        count += 1
    done.put(count)


def _insert_for(products: list[int], number: int, done: Any) -> None:
    """One till by hand."""
    chance, count = random.Random(number), 0
    with psycopg.connect(databases.app_conninfo(), autocommit=True) as link:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            link.execute(b"SELECT bare.issue(%s, 1, 1)", [sorted(chance.sample(products, min(LINES, len(products))))])
            count += 1
    done.put(count)


def _eight_tills(house: House) -> Row:
    """Lines a second of eight processes that sell the same forty products, beside eight that do it by hand."""
    branch, products = sellable(house)
    hot = products[:HOT]
    make_bare(house)
    lines = min(LINES, len(hot)) / SECONDS
    sold = done_by_all(_sell_for, house, hot, branch) * lines
    raw = done_by_all(_insert_for, hot) * lines
    _drop_bare()
    return Row("ledger_eight_tills", sold, raw, unit="rows/s")


def _opening(house: House) -> Row:
    """Lines a second through the import task, from the last button to done, beside COPY of the moves alone."""
    with tenant(house.key):
        names = list(Stock.objects.filter(in_stock=True).values_list("product__name", flat=True).distinct()[:_MOST])
    count = min(_MOST, len(names) * 4)
    stamp = f"{time.time_ns() // 10**6 % 10**8:x}"
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("Product", "Batch", "Expiry", "MRP", "PTR", "Cost", "Quantity", "Place"))
    year = timezone.localdate().year
    for number in range(count):
        writer.writerow(
            (names[number % len(names)], f"{stamp}{number}", f"{number % 12 + 1:02d}/{year + 1 + number % 3}", 120, 90,
             "80.25", number % 300 + 1, f"Z-{number % 40:02d}")
        )  # fmt: skip
    with tenant(house.key):
        job = operations.upload_file(
            importer=importer_named("opening_stock"), filename="bench.csv", chunks=[text.getvalue().encode()],
            options={}, actor=None,
        )  # fmt: skip
    number = job.pk

    def work() -> float:
        return timed(lambda: operations.work_on(organization_id=house.key, job_number=number)) / 1000

    work()
    with tenant(house.key):
        operations.match_columns(job_number=number, mapping=ImportJob.objects.get(pk=number).mapping, remember=False)
    work()
    with tenant(house.key):
        operations.start_taking(job_number=number, only_good=False)
    taking = work()
    with tenant(house.key):
        done = ImportJob.objects.get(pk=number)
    if done.state != State.DONE or done.created != count:
        raise RuntimeError(f"The import ended as {done.status} with {done.created} lines: {done.message}")
    connection.close()
    return Row("ledger_opening_import", count / taking, count / _copied(house, count), unit="rows/s")


def _copied(house: House, count: int) -> float:
    """Seconds that COPY takes for as many moves of one batch, with what triggers make of them; rolled back."""
    with psycopg.connect(databases.owner_conninfo()) as owner, owner.cursor() as cursor:
        cursor.execute(
            "SELECT batch_id, place_id, product_id FROM inventory_stock WHERE organization_id = %s LIMIT %s",
            [house.key, count],
        )
        goods = cursor.fetchall()
        lines = "".join(
            f"{house.key}\t{batch}\t{place}\t{product}\topening\t1\t1\tbench.copy\t1\t\t{line}\t\t\t2026-11-21\t2026-11-21\n"
            for line, (batch, place, product) in enumerate(itertools.islice(itertools.cycle(goods), count))
        )
        start = time.perf_counter()
        with cursor.copy(
            "COPY inventory_move (organization_id, batch_id, place_id, product_id, kind, quantity, cost, "
            "document_kind, document_id, document_number, line, reason, note, moment, on_date) FROM STDIN"
        ) as copy:
            copy.write(lines)
        taken = time.perf_counter() - start
        owner.rollback()
    return taken
