"""Workloads of receiving: 200 lines into stock with their bill, and one more line on a receipt of 200.

Beside the same by hand-written SQL on bare copies of the tables: no triggers, no policies, no references, no history.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.inventory.models import Place, Product
from apps.organizations.models import Branch, Membership
from apps.parties.models import Party
from apps.purchasing.models import GoodsReceipt, ReceiptLine
from apps.purchasing.operations import LineEntry, keep_bill, post_receipt, put_receipt_line, start_receipt
from apps.purchasing.operations.receipt_lines import note_findings
from apps.purchasing.operations.receipt_locks import sum_up_receipt
from apps.purchasing.queries.receipt_screen import sheet_of
from benchmarks.bench import Bench
from benchmarks.harness import Row, Workload
from benchmarks.place import House
from ineat import databases

LINES = 200
_numbers = itertools.count(1)

_RAW = """
DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare;
CREATE TABLE bare.batch (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, product_id bigint, number text,
  mrp numeric, expiry date, cost numeric);
CREATE UNIQUE INDEX ON bare.batch (product_id, lower(number), mrp);
CREATE TABLE bare.stock (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, product_id bigint, batch_id bigint,
  place_id bigint, expiry date, cost numeric, on_hand int);
CREATE INDEX ON bare.stock (product_id, expiry, id); CREATE INDEX ON bare.stock (batch_id, place_id);
CREATE TABLE bare.total AS
  SELECT product_id, on_hand FROM inventory_productstock WHERE organization_id = {organization};
ALTER TABLE bare.total ADD PRIMARY KEY (product_id);
CREATE TABLE bare.move (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, batch_id bigint, place_id bigint,
  product_id bigint, quantity int, cost numeric, document bigint, moment timestamptz DEFAULT now());
CREATE INDEX ON bare.move (batch_id, id); CREATE INDEX ON bare.move (product_id, id);
CREATE TABLE bare.line (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, receipt bigint, batch_id bigint,
  cost numeric);
CREATE INDEX ON bare.line (receipt);
CREATE TABLE bare.billed (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, bill bigint, product_id bigint,
  quantity int, taxable numeric, tax numeric);
CREATE INDEX ON bare.billed (bill);
CREATE TABLE bare.journal (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, entry bigint, account bigint,
  debit numeric, credit numeric);
CREATE FUNCTION bare.receive(products bigint[], word text, receipt_id bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM bare.total WHERE product_id = ANY (products) ORDER BY product_id FOR NO KEY UPDATE;
  INSERT INTO bare.line (receipt) SELECT receipt_id FROM unnest(products);
  WITH made AS (
    INSERT INTO bare.batch (product_id, number, mrp, expiry, cost)
    SELECT p, word, 20, current_date + 900, 7.2727 FROM unnest(products) p RETURNING id, product_id
  ), moved AS (
    INSERT INTO bare.move (batch_id, place_id, product_id, quantity, cost, document)
    SELECT id, 1, product_id, 110, 7.2727, receipt_id FROM made
  ), stocked AS (
    INSERT INTO bare.stock (product_id, batch_id, place_id, expiry, cost, on_hand)
    SELECT product_id, id, 1, current_date + 900, 7.2727, 110 FROM made
  ), billed AS (
    INSERT INTO bare.billed (bill, product_id, quantity, taxable, tax)
    SELECT receipt_id, product_id, 100, 800, 40 FROM made
  ), summed AS (
    UPDATE bare.total t SET on_hand = t.on_hand + 110 FROM made m WHERE t.product_id = m.product_id
  )
  UPDATE bare.line SET cost = 7.2727 WHERE receipt = receipt_id;
  INSERT INTO bare.journal (entry, account, debit, credit) SELECT receipt_id, n, n, 0 FROM generate_series(1, 8) n;
END $$;
GRANT USAGE ON SCHEMA bare TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA bare TO {role};
ANALYZE bare.total;
"""


def fill(owner: psycopg.Connection[Any], *, organization: int, count: int) -> None:
    """The room of stock has made products and places."""


def workloads(bench: Bench) -> list[Workload]:
    """Posting, and a line."""
    return [
        Workload("purchasing_post_200_lines", lambda: _posting(bench)),
        Workload("purchasing_line_at_200", lambda: _line(bench)),
    ]


class _Desk:
    """Who receives what, in the big house."""

    def __init__(self, house: House) -> None:
        self.house = house
        with tenant(house.key):
            self.branch = Branch.objects.earliest("id")
            Branch.objects.filter(pk=self.branch.pk, gstin="").update(gstin="27AAPFU0939F1ZV")
            self.branch.refresh_from_db()
            self.place = Place.objects.filter(branch=self.branch, active=True, kind="godown").earliest("id")
            self.products = list(Product.objects.filter(active=True).exclude(hsn="").order_by("id")[:LINES])
            self.owner = Membership.objects.select_related("user", "role").filter(role__key="owner").earliest("id")
            name = "Bench supplier"
            self.supplier = Party.objects.filter(name=name).first() or Party.objects.create(
                name=name, state_code=self.branch.state_code, is_customer=False, is_supplier=True,
                registration="regular",
            )  # fmt: skip

    def draft(self) -> GoodsReceipt:
        """A receipt of 200 lines with its bill, ready to be posted."""
        number, expiry = next(_numbers), timezone.localdate() + dt.timedelta(days=900)
        with tenant(self.house.key):
            receipt = start_receipt(
                supplier=self.supplier, branch=self.branch, place=self.place, on_date=timezone.localdate(),
                actor=self.owner,
            )  # fmt: skip
            stamp = f"{receipt.pk:x}"
            ReceiptLine.objects.bulk_create(
                ReceiptLine(
                    receipt=receipt, position=position, product=product, number=f"R{stamp}-{position}",
                    expiry=expiry.replace(day=28), mrp=Decimal(20), quantity=100, free=10, rate=Decimal(8),
                    tax_rate=Decimal(5),
                )
                for position, product in enumerate(self.products, 1)
            )  # fmt: skip
            # Some of the goods are of the cold chain.
            GoodsReceipt.objects.filter(pk=receipt.pk).update(temperature=Decimal(5))
            note_findings(receipt)
            sum_up_receipt(receipt.pk)
            keep_bill(
                receipt_id=receipt.pk, number=f"BS/{stamp}/{number}", bill_date=timezone.localdate(),
                printed_total=None, actor=self.owner,
            )  # fmt: skip
        return receipt


def _make_bare(house: House) -> None:
    with psycopg.connect(databases.owner_conninfo(), autocommit=True) as owner:
        owner.execute(_RAW.replace("{organization}", str(house.key)).replace("{role}", databases.app_role()).encode())


def _drop_bare() -> None:
    with psycopg.connect(databases.owner_conninfo(), autocommit=True) as owner:
        owner.execute(b"DROP SCHEMA bare CASCADE")


def _posting(bench: Bench) -> Row:
    desk = _Desk(bench.big)
    # Two more than are measured: the first calls of a process are its slowest.
    drafts: Iterator[GoodsReceipt] = iter([desk.draft() for _round in range(bench.rounds + 10)])
    _make_bare(bench.big)
    products = [product.pk for product in desk.products]

    def post() -> None:
        with tenant(bench.big.key):
            post_receipt(pk=next(drafts).pk, actor=desk.owner)

    def raw() -> None:
        number = next(_numbers)
        bench.probe.connection.execute(b"SELECT bare.receive(%s, %s, %s)", [products, f"W{number}", number])

    row = bench.beside("purchasing_post_200_lines", post, raw).measure()
    _drop_bare()
    return row


def _line(bench: Bench) -> Row:
    desk = _Desk(bench.big)
    receipt = desk.draft()
    with tenant(bench.big.key):
        line = ReceiptLine.objects.filter(receipt=receipt).latest("position")
    _make_bare(bench.big)

    def put() -> None:
        with tenant(bench.big.key):
            entry = LineEntry(
                product_id=line.product_id, number=line.number, expiry=line.expiry, mrp=line.mrp,
                quantity=next(_numbers), rate=line.rate, tax_rate=line.tax_rate,
            )  # fmt: skip
            put_receipt_line(pk=receipt.pk, entry=entry, line_id=line.pk)
            sheet_of(GoodsReceipt.objects.select_related("supplier", "branch", "bill").get(pk=receipt.pk))

    def raw() -> None:
        bench.probe.connection.execute(b"INSERT INTO bare.line (receipt) VALUES (1)")

    row = bench.beside("purchasing_line_at_200", put, raw).measure()
    _drop_bare()
    return row
