"""Products and manufacturers from files, through every step of the import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.inventory.imports.manufacturers import ManufacturerImporter
from apps.inventory.imports.products import ProductImporter
from apps.inventory.imports.revisions import RevisionImporter
from apps.inventory.models import (
    Barcode,
    Manufacturer,
    PackUnit,
    Product,
    ProductPrice,
    ProductSalt,
    RateRevision,
    RateRevisionLine,
    Salt,
)
from apps.inventory.operations.composition import known_salts, write_salts, written
from apps.inventory.rules.composition import parse_composition
from tests import factories
from tests.core.exchange.worlds import Importing
from tests.inventory.factories import batch, manufacturer, product

pytestmark = pytest.mark.django_db


@pytest.fixture
def importing(settings: Any, tmp_path: Path) -> Iterator[Importing]:
    settings.DATA_DIR = tmp_path
    organization = factories.organization()
    with tenant(organization.pk):
        yield Importing(organization.pk, ProductImporter())


# Headings as a public price list has them.
PRICE_LIST = (
    "id,name,price(₹),Is_discontinued,manufacturer_name,type,pack_size_label,short_composition1,short_composition2\n"
    "1,Amoxilamp Duo,223.42,FALSE,Lantern Remedies,allopathy,strip of 10 tablets,"
    "Amoxycillin  (500mg) ,  Clavulanic Acid (125mg)\n"
    "2,Ambrolamp LS Syrup,118,FALSE,Lantern Remedies,allopathy,bottle of 100 ml Syrup,"
    "Ambroxol (30mg/5ml) , Levosalbutamol (1mg/5ml)\n"
    "4,Twice,9,FALSE,Lantern Remedies,allopathy,strip of 10 tablets,Paracetamol (300mg),Paracetamol (700mg)\n"
    "3,Old Lamp,12.5,TRUE,Peepal Labs,allopathy,pair of lamps,Xylomet (50 blobs),\n"
)


def test_a_price_list_becomes_products(importing: Importing) -> None:
    job = importing.check(PRICE_LIST, manufacturers="make")
    problems = importing.problems(job)
    assert {(row, column) for row, column, _message, _fix in problems} == {
        (4, "composition"),
        (5, "composition"),
        (5, "pack"),
    }
    assert any("50 blobs" in message for _row, _column, message, _fix in problems)
    job = importing.take(job)
    assert (job.status, job.created) == ("done", 4)
    first = Product.objects.get(name="Amoxilamp Duo")
    assert first.composition == "Amoxicillin 500 mg + Clavulanic Acid 125 mg"
    assert (first.form, first.base_unit, first.uqc, first.active) == ("tablet", "strip", "PAC", True)
    assert [str(row) for row in first.salts.order_by("position")] == ["Amoxicillin 500 mg", "Clavulanic Acid 125 mg"]
    assert ProductPrice.objects.get(product=first).mrp == Decimal("223.42")
    second = Product.objects.get(name="Ambrolamp LS Syrup")
    assert (second.form, second.base_unit, second.manufacturer) == ("syrup", "bottle", first.manufacturer)
    third = Product.objects.get(name="Old Lamp")
    assert (third.active, third.base_unit, third.composition) == (False, "piece", "Xylomet")
    assert Manufacturer.objects.count() == 2


def test_a_manufacturer_is_made_only_when_told_to(importing: Importing) -> None:
    job = importing.check(PRICE_LIST)
    unknown = [row for row, column, _message, _fix in importing.problems(job) if column == "manufacturer"]
    assert unknown == [2, 3, 4, 5]
    manufacturer("LANTERN remedies")
    job = importing.take(importing.check(PRICE_LIST))
    assert job.created == 3
    assert Manufacturer.objects.count() == 1


def test_every_bad_cell_is_named(importing: Importing) -> None:
    other = product("Taken", code="T-1")
    Barcode.objects.create(product=other, code="04006381333931")
    job = importing.check(
        "Name,HSN,Barcode,Item code,MRP,Schedule,Box,Pack\n"
        "One,30049,,,,,,\n"
        "Two,,4006381333932,,,,,\n"
        "Three,,4006381333931,,,,,\n"
        "Four,,,t-1,,,,\n"
        "Five,,,,0,,,\n"
        "Six,,,,,Q,,\n"
        "Seven,,,,,,1,\n"
        ",3004,,,,,,\n"
        "Nine,3004,,,12,H1,10,strip of 10 tablets\n"
        "Nine,3004,,,12,H1,10,strip of 10 tablets\n"
    )
    found = {(row, column): message for row, column, message, _fix in importing.problems(job)}
    assert "has 5" in found[2, "hsn"]
    assert "should be 1, not 2" in found[3, "barcode"]
    assert "Taken has this barcode" in found[4, "barcode"]
    assert "Taken has this item code" in found[5, "code"]
    assert {(6, "mrp"), (7, "schedule"), (8, "box"), (9, "name")} <= found.keys()
    assert any(row == 11 for row, _column in found)
    job = importing.take(job)
    assert job.created == 1
    made = Product.objects.get(name="Nine")
    assert (made.hsn, made.schedule, PackUnit.objects.get().quantity) == ("3004", "H1", 10)


def test_empty_cells_change_nothing(importing: Importing) -> None:
    known = _known()
    job = importing.take(importing.check("Name,Pack,MRP\nAzilamp 500,strip of 5 tablets,140\nNew One,,10\n"))
    assert (job.status, job.created) == ("done", 1)
    before = (known.composition, known.composition_key, known.hsn, known.form, known.base_unit, known.storage)
    known.refresh_from_db()
    assert before == (
        known.composition,
        known.composition_key,
        known.hsn,
        known.form,
        known.base_unit,
        known.storage,
    )
    assert known.version == 1
    assert [price.mrp for price in known.prices.order_by("effective_from")] == [Decimal(100), Decimal(140)]
    assert [str(row) for row in known.salts.all()] == ["Azithromycin 500 mg"]


def _known() -> Product:
    ingredients = parse_composition("Azithromycin 500mg").ingredients
    salts = known_salts(["Azithromycin"])
    made = product(
        "Azilamp 500", pack="strip of 5 tablets", hsn="300420", form="capsule", storage="cold", base_unit="strip",
        **written(ingredients, salts),
    )  # fmt: skip
    write_salts(product=made, ingredients=ingredients, salts=salts)
    ProductPrice.objects.create(product=made, effective_from=dt.date(2026, 1, 1), mrp=100)
    return made


def test_undo_takes_back_everything_it_made(importing: Importing) -> None:
    known = _known()
    file = (
        "Name,Pack,MRP,Composition,Barcode,Manufacturer,Box\n"
        "Azilamp 500,strip of 5 tablets,140,Azithromycin 250 mg + Zinc 5 mg,4006381333931,Peepal Labs,10\n"
        "New One,,10,Iron 10 mg,,Lantern Remedies,\n"
    )
    job = importing.take(importing.check(file, manufacturers="make"))
    known.refresh_from_db()
    assert known.composition == "Azithromycin 250 mg + Zinc 5 mg"
    assert known.manufacturer is not None
    job = importing.undo(job)
    assert job.status == "undone", job.message
    known.refresh_from_db()
    assert known.composition == "Azithromycin 500 mg"
    assert known.manufacturer_id is None
    assert list(Product.objects.all()) == [known]
    assert [str(row) for row in ProductSalt.objects.all()] == ["Azithromycin 500 mg"]
    assert [price.mrp for price in ProductPrice.objects.all()] == [Decimal(100)]
    assert not Barcode.objects.exists()
    assert not PackUnit.objects.exists()
    assert not Manufacturer.objects.exists()
    assert [salt.name for salt in Salt.objects.all()] == ["Azithromycin"]


def test_undo_is_refused_when_stock_hangs_on_a_product(importing: Importing) -> None:
    job = importing.take(importing.check("Name,MRP\nNew One,10\n"))
    batch(Product.objects.get())
    try:
        message = importing.undo(job).message
    except Refusal as refusal:
        message = str(refusal)
    assert "batches" in message
    assert Product.objects.exists()


def test_manufacturers_with_their_terms(importing: Importing) -> None:
    manufacturer("Peepal Labs")
    importing = Importing(importing.organization_id, ManufacturerImporter())
    job = importing.take(
        importing.check(
            "Company,Margin by,Retailer margin,Claim address\nPeepal labs,Mark-up,16%,1 Road\nNew Labs,,,\n"
        )
    )
    assert (job.created, job.updated) == (1, 1)
    known = Manufacturer.objects.get(name="Peepal Labs")
    assert (known.convention, known.retailer_margin, known.claim_address) == ("markup", 16, "1 Road")
    assert Manufacturer.objects.get(name="New Labs").retailer_margin == 20
    assert importing.undo(job).status == "undone"
    assert list(Manufacturer.objects.values_list("name", "convention")) == [("Peepal Labs", "markdown")]


def test_a_price_list_becomes_the_preview_of_a_revision(importing: Importing) -> None:
    known = _known()
    importing = Importing(importing.organization_id, RevisionImporter())
    job = importing.check(
        "Product,Pack,MRP,PTR\nAzilamp 500,,140,100\nNobody,,5,\nAZILAMP 500,strip of 5 tablets,9,10\n"
    )
    found = {(row, column) for row, column, _message, _fix in importing.problems(job)}
    assert found == {(3, "name"), (4, "ptr")}
    job = importing.take(job)
    revision = RateRevision.objects.get()
    line = RateRevisionLine.objects.get(revision=revision)
    assert (job.created, revision.state, revision.lines_count) == (1, "draft", 1)
    assert (line.product_id, line.old_mrp, line.new_mrp, line.new_ptr) == (known.pk, 100, 140, 100)
    assert ProductPrice.objects.get().mrp == 100
    assert importing.undo(job).status == "undone"
    assert not RateRevision.objects.exists()
