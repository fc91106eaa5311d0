"""The columns of a file of products, and the headings that other software and price lists give them."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext_lazy

from apps.core.exchange.declaration import Column
from apps.core.exchange.rules.cells import Choice, Integer, Number, Text, YesNo
from apps.inventory.models import DosageForm, Schedule, Storage

_HSN_LIKE = re.compile(r"30(?:0[1-6])(?:\d{2}){0,2}")

PRODUCT_COLUMNS = (
    Column(
        "name",
        gettext_lazy("Product name"),
        Text(120),
        required=True,
        synonyms=(
            "Name",
            "Product",
            "Item",
            "Item name",
            "Brand",
            "Brand name",
            "Medicine",
            "Medicine name",
            "Drug",
            "Particulars",
            "Description of goods",
        ),
        example="Azilamp 500",
    ),
    Column(
        "pack",
        gettext_lazy("Pack"),
        Text(60),
        synonyms=("Packing", "Pack size", "Pack size label", "Package", "Unit pack", "Size"),
        help=gettext_lazy("Base unit and dosage form are read from words such as “strip of 10 tablets”."),
        example="strip of 5 tablets",
    ),
    Column(
        "manufacturer",
        gettext_lazy("Manufacturer"),
        Text(120),
        synonyms=("Manufacturer name", "Company", "Company name", "Mfr", "Mfg", "Mfg by", "Maker", "Marketed by"),
        example="Lantern Remedies",
    ),
    Column(
        "composition",
        gettext_lazy("Composition"),
        Text(600, lines=True),
        synonyms=(
            "Salt",
            "Salts",
            "Salt composition",
            "Generic",
            "Generic name",
            "Content",
            "Contents",
            "Molecule",
            "Short composition 1",
            "short_composition1",
        ),
        help=gettext_lazy("Salts with strengths, such as “Amoxicillin (500mg) + Clavulanic Acid (125mg)”."),
        example="Azithromycin (500mg)",
    ),
    Column(
        "composition_2",
        gettext_lazy("Composition, continued"),
        Text(600, lines=True),
        synonyms=("Salt 2", "Short composition 2", "short_composition2", "Composition 2"),
    ),
    Column(
        "mrp",
        gettext_lazy("MRP"),
        Number(2, 12, minimum=Decimal("0.01")),
        synonyms=("Price", "Price(₹)", "M.R.P.", "MRP Rs", "Maximum retail price", "Retail price"),
        example="132.36",
    ),
    Column(
        "discontinued",
        gettext_lazy("Discontinued"),
        YesNo(),
        synonyms=("Is discontinued", "Is_discontinued", "Inactive", "Banned", "Blocked"),
    ),
    Column(
        "form",
        gettext_lazy("Dosage form"),
        Choice.of(
            [(value, str(label)) for value, label in DosageForm.choices], tab="tablet", cap="capsule", inj="injection"
        ),
        synonyms=("Form", "Dosage"),
    ),
    Column("strength", gettext_lazy("Strength"), Text(60), synonyms=("Power",)),
    Column(
        "schedule",
        gettext_lazy("Schedule"),
        Choice.of(
            [(value, str(label)) for value, label in Schedule.choices if value],
            **{value: value for value in Schedule.values if value},
        ),
        synonyms=("Drug schedule", "Sch", "Schedule type"),
        example="H",
    ),
    Column(
        "storage",
        gettext_lazy("Storage"),
        Choice.of([(value, str(label)) for value, label in Storage.choices], fridge="cold", refrigerated="cold"),
        synonyms=("Storage condition", "Temperature"),
    ),
    Column(
        "hsn",
        gettext_lazy("HSN"),
        Text(10, code=True),
        synonyms=("HSN code", "HSN/SAC", "HSN no", "Commodity code"),
        like=_HSN_LIKE,
        example="300420",
    ),
    Column(
        "tax_override",
        gettext_lazy("Own tax rate"),
        Number(2, 5, minimum=Decimal(0), maximum=Decimal(100), percent=True),
        synonyms=("Tax override",),
        help=gettext_lazy("Percent, only where it differs from the rate of the HSN code."),
    ),
    Column("price_controlled", gettext_lazy("Price controlled"), YesNo(), synonyms=("DPCO", "NLEM", "Scheduled price")),
    Column(
        "code",
        gettext_lazy("Item code"),
        Text(30),
        synonyms=("Product code", "SKU", "Code", "Item no"),
        example="AZ-500",
    ),
    Column(
        "barcode",
        gettext_lazy("Barcode"),
        Text(80, code=True),
        synonyms=("EAN", "GTIN", "Bar code", "EAN code", "UPC"),
        example="4006381333931",
    ),
    Column(
        "base_unit", gettext_lazy("Base unit"), Text(20), synonyms=("Unit", "UOM", "Unit of measure"), example="strip"
    ),
    Column(
        "box",
        gettext_lazy("Units in a box"),
        Integer(2, 1_000_000),
        synonyms=("Box", "Box qty", "Box size", "Outer", "Outer pack", "Inner packing"),
        example="10",
    ),
    Column(
        "reorder_level", gettext_lazy("Reorder level"), Integer(0), synonyms=("Minimum stock", "Min qty", "Min level")
    ),
    Column("reorder_quantity", gettext_lazy("Reorder quantity"), Integer(1), synonyms=("Reorder qty", "Order qty")),
)
