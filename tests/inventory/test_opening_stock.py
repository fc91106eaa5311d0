"""Opening stock from files, through every step of the import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.inventory.imports.opening_stock import OpeningStockImporter
from apps.inventory.models import Batch, Move, Place, Product, Stock
from apps.inventory.operations.verifying import verify_stock
from apps.inventory.queries.valuation import stock_account_check, stock_values
from tests import factories
from tests.core.exchange.worlds import Importing
from tests.inventory import factories as goods
from tests.inventory.shop import BILL, Shop

pytestmark = pytest.mark.django_db

GOOD = """Item Name,Packing,B.No.,Exp,M.R.P.,P.Rate,Sale Rate,Qty,Rack
Azivanta 500,strip of 10 tablets,AZ4410,04/28,119.70,82.08,91.20,64,A-04-2
azivanta 500,,az4410,0428,119.70,80.08,91.20,36,
Azivanta 500,strip of 10 tablets,AZ4410,04/28,125,82.08,91.20,5,a-04-2
Glargiva Pen 3 ml,pen,GLP-0925,12/27,664,500,505.90,18,COLD-1
"""


@pytest.fixture
def importing(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Importing]:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(timezone, "localdate", lambda *_: dt.date(2026, 11, 21))
    with tenant(factories.organization().pk):
        yield Importing(0, OpeningStockImporter())


@pytest.fixture
def shop(importing: Importing) -> Shop:
    made = Shop()
    importing.organization_id = made.branch.organization_id
    return made


def test_lines_become_stock_and_what_is_missing_is_made(importing: Importing, shop: Shop) -> None:
    job = importing.check(GOOD)
    assert importing.problems(job) == []
    job = importing.take(job)
    assert (job.status, job.created, job.message) == ("done", 4, "")
    first, dearer = Batch.objects.filter(product=shop.product).order_by("mrp")
    assert (first.number, first.expiry, first.cost, first.ptr) == (
        "AZ4410",
        dt.date(2028, 4, 30),
        Decimal("81.36"),
        Decimal("91.20"),
    )
    assert shop.lies(first) == {"A-04-2": 64, "Main": 36}
    assert shop.lies(dearer) == {"A-04-2": 5}
    pen = Product.objects.get(name="Glargiva Pen 3 ml")
    assert (pen.pack, pen.active) == ("pen", True)
    rack = Place.objects.get(name="COLD-1")
    assert (rack.kind, rack.parent) == ("rack", shop.godown)
    assert set(Move.objects.values_list("kind", "document_kind", "document_id")) == {
        ("opening", "inventory.opening", job.pk)
    }
    assert verify_stock().clean
    assert [one.books for one in stock_values()] == [Decimal("17546.40")]
    assert stock_account_check().faults == []


def test_every_bad_line_is_named(importing: Importing, shop: Shop) -> None:
    goods.batch(shop.product, "KNOWN", expiry=dt.date(2028, 1, 31), mrp=Decimal(10))
    goods.product("Azivanta 500", pack="strip of 6 tablets")
    head = "Product,Pack,Batch,Expiry,MRP,PTR,Cost,Quantity,Place,Branch\n"
    job = importing.check(
        head
        + "Azivanta 500,strip of 10 tablets,B1,10/26,10,8,5,1,,\n"
        + "Azivanta 500,strip of 10 tablets,B2,13/28,10,8,5,1,,\n"
        + "Azivanta 500,strip of 10 tablets,B3,04/28,10,11,5,1,,\n"
        + "Azivanta 500,strip of 10 tablets,B4,04/28,10,8,12,1,,\n"
        + "Azivanta 500,strip of 10 tablets,B5,04/28,10,8,5,0,,\n"
        + "Azivanta 500,strip of 10 tablets,B6,04/28,10,8,5,1.5,,\n"
        + "Azivanta 500,,B7,04/28,10,8,5,1,,\n"
        + "Nowhere to be found,,B8,04/28,10,8,5,1,,\n"
        + "Azivanta 500,strip of 10 tablets,B9,04/28,10,8,5,1,Z-99,\n"
        + "Azivanta 500,strip of 10 tablets,BA,04/28,10,8,5,1,,Atlantis\n"
        + "Azivanta 500,strip of 10 tablets,KNOWN,04/28,10,8,5,1,,\n"
        + "Azivanta 500,strip of 10 tablets,BC,04/28,10,8,5,1,,\n"
        + "azivanta 500,strip of 10 tablets,bc,04/28,10,8,5,2,,\n"
        + "Azivanta 500,strip of 10 tablets,BD,04/99,10,8,5,2,,\n",
        products="refuse",
        places="refuse",
    )
    found = {(row, column): (message, fix) for row, column, message, fix in importing.problems(job)}
    assert found.keys() == {
        (2, "expiry"),
        (3, "expiry"),
        (4, "ptr"),
        (5, "cost"),
        (6, "quantity"),
        (7, "quantity"),
        (8, "pack"),
        (9, "product"),
        (10, "place"),
        (11, "branch"),
        (12, "expiry"),
        (14, "number"),
        (15, "expiry"),
    }
    assert found[2, "expiry"][0].startswith("It has expired")
    assert found[8, "pack"][0] == "There are several products of this name. Say which by its pack."
    assert found[12, "expiry"] == ("This batch is known with expiry 01/2028.", "01/2028")
    assert found[14, "number"][0] == "Same product, batch, MRP and place as row 13. Add the two up."
    job = importing.take(job)
    assert (job.status, job.created) == ("done", 1)
    assert Stock.objects.get().batch.number == "BC"


def test_a_batch_that_lies_there_already_averages(importing: Importing, shop: Shop) -> None:
    batch = shop.stocked(10, number="AZ1", mrp=Decimal(10))
    data = "Product,Pack,Batch,Expiry,MRP,Cost,Quantity\nAzivanta 500,,az1,04/28,10,7,20\n"
    assert importing.take(importing.check(data)).created == 1
    batch.refresh_from_db()
    assert batch.cost == Decimal(6)
    assert shop.lies(batch) == {"Main": 30}
    assert verify_stock().clean


def test_undo_answers_every_move_while_all_of_it_is_there(importing: Importing, shop: Shop) -> None:
    job = importing.take(importing.check(GOOD))
    job = importing.undo(job)
    assert (job.status, job.message) == ("undone", "")
    assert not Stock.objects.filter(in_stock=True).exists()
    assert Move.objects.count() == 8
    assert verify_stock().clean
    assert stock_account_check().faults == []
    # The same file can be taken again.
    assert importing.take(importing.check(GOOD)).created == 4
    assert shop.totals()[0] == 105


def test_undo_is_refused_once_goods_have_left(importing: Importing, shop: Shop) -> None:
    job = importing.take(importing.check(GOOD))
    shop.issue(1, BILL)
    job = importing.undo(job)
    assert job.status == "done"
    assert job.message.startswith("Goods of 1 batches have left or are held since: Azivanta 500 AZ4410.")
    assert shop.totals()[0] == 104
