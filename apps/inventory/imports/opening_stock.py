"""The stock that was there when the books began, from a file: its columns, its checks, and how it becomes moves.

A hundred thousand lines are ordinary, so nothing here looks at one row at a time. A batch is looked for by index, never
by reading the table of batches: there may be a million.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.exchange.batch import Batch, Taken
from apps.core.exchange.declaration import Column, Importer, Option
from apps.core.exchange.rules.cells import Integer, Month, Number, Text
from apps.core.http import TenantRequest
from apps.core.ui.links import org_url
from apps.inventory.imports import opening_statements as statements
from apps.inventory.operations.books import post_stock_value
from apps.inventory.operations.ledger import Document
from apps.inventory.operations.opening import DOCUMENT_KIND, take_back
from apps.inventory.rules.expiry import LONGEST_YEARS

_ZERO = Decimal(0)

COLUMNS = (
    Column(
        "product",
        gettext_lazy("Product"),
        Text(120),
        required=True,
        synonyms=("Item", "Item name", "Product name", "Particulars", "Medicine", "Description"),
        example="Azivanta 500",
    ),
    Column("pack", gettext_lazy("Pack"), Text(60), synonyms=("Packing", "Pack size", "Unit"), example="strip of 10"),
    Column(
        "number",
        gettext_lazy("Batch number"),
        Text(30),
        required=True,
        synonyms=("Batch", "Batch no", "B.No.", "Lot", "Lot no"),
        example="AZ4410",
    ),
    Column(
        "expiry",
        gettext_lazy("Expiry"),
        Month(),
        required=True,
        synonyms=("Exp", "Exp date", "Expiry date", "Exp dt", "Valid upto"),
        example="04/2028",
    ),
    Column(
        "mrp", gettext_lazy("MRP"), Number(2, 12, minimum=_ZERO), required=True, synonyms=("M.R.P.",), example="119.70"
    ),
    Column(
        "ptr", gettext_lazy("PTR"), Number(4, 14, minimum=_ZERO), default="0", synonyms=("Sale rate", "Retail rate")
    ),
    Column("pts", gettext_lazy("PTS"), Number(4, 14, minimum=_ZERO), default="0", synonyms=("Stockist rate",)),
    Column(
        "cost",
        gettext_lazy("Cost"),
        Number(4, 14, minimum=_ZERO),
        required=True,
        synonyms=("Purchase rate", "P.Rate", "Rate", "Landed cost", "Cost price"),
        help=gettext_lazy("What one unit cost, without tax that is set off."),
        example="82.08",
    ),
    Column(
        "quantity",
        gettext_lazy("Quantity"),
        Integer(1),
        required=True,
        synonyms=("Qty", "Stock", "Closing stock", "Opening stock", "Balance", "Cl. qty"),
        example="64",
    ),
    Column(
        "place",
        gettext_lazy("Place"),
        Text(60),
        synonyms=("Rack", "Godown", "Location", "Shelf", "Rack no"),
        help=gettext_lazy("Name or scan code of a godown, rack or bin. Empty is the branch's first godown."),
        example="A-04-2",
    ),
    Column(
        "branch",
        gettext_lazy("Branch"),
        Text(80),
        synonyms=("Branch name", "Branch code", "Store"),
        help=gettext_lazy("Name or code. Empty is the first branch."),
    ),
)
_MAKE = [("make", gettext_lazy("Make it")), ("refuse", gettext_lazy("Report the row"))]


class OpeningStockImporter(Importer):
    """Opening stock: products, batches, rates, quantities and places."""

    name = "opening_stock"
    label = gettext_lazy("Opening stock")
    description = gettext_lazy("Product, batch, expiry, MRP, rates, quantity and place")
    title = gettext_lazy("Import opening stock")
    right = "inventory.stock.import"
    order = 40
    columns = COLUMNS
    options = (
        Option("products", gettext_lazy("If a product is not there yet"), _MAKE),
        Option("places", gettext_lazy("If a place is not there yet"), _MAKE),
    )
    created_label = gettext_lazy("Lines of stock")
    updated_label = gettext_lazy("Lines changed")

    # ---- what is wrong ----

    def check(self, batch: Batch) -> None:
        today = timezone.localdate()
        batch.mark(
            "SELECT b.row FROM import_batch b WHERE b.expiry < %(today)s",
            column="expiry",
            code="expired",
            message=_("It has expired. Return it or destroy it; it cannot come into stock for sale."),
            params={"today": today},
        )
        batch.mark(
            "SELECT b.row FROM import_batch b WHERE b.expiry > %(latest)s",
            column="expiry",
            code="expiry_far",
            message=_("More than %(years)d years ahead. Check the year.") % {"years": LONGEST_YEARS},
            params={"latest": dt.date(today.year + LONGEST_YEARS, 12, 31)},
        )
        for rate, words in (("ptr", _("PTR is above the MRP.")), ("pts", _("PTS is above the MRP."))):
            batch.mark(
                f"SELECT b.row FROM import_batch b WHERE b.mrp > 0 AND b.{rate} > b.mrp",  # noqa: S608
                column=rate,
                code=f"{rate}_above_mrp",
                message=words,
            )
        batch.mark(
            "SELECT b.row FROM import_batch b WHERE b.mrp > 0 AND b.cost > b.mrp",
            column="cost",
            code="cost_above_mrp",
            message=_("The cost is above the MRP. Check both."),
        )
        self._check_goods(batch)

    def _check_goods(self, batch: Batch) -> None:
        statements.find_goods(batch)
        statements.find_batches(batch)
        batch.mark(
            "SELECT b.row FROM import_batch b JOIN import_goods g ON g.row = b.row WHERE b.branch <> '' "
            "AND g.branch_id IS NULL",
            column="branch",
            code="no_branch",
            message=_("There is no such branch. Correct it, or set the branch up first."),
        )
        batch.mark(
            "SELECT g.row FROM import_goods g WHERE g.products > 1",
            column="pack",
            code="which_pack",
            message=_("There are several products of this name. Say which by its pack."),
        )
        if batch.options.get("products") == "refuse":
            batch.mark(
                "SELECT g.row FROM import_goods g WHERE g.product_id IS NULL AND g.products = 0",
                column="product",
                code="no_product",
                message=_("There is no such product. Correct the name, or let it be made."),
            )
        if batch.options.get("places") == "refuse":
            batch.mark(
                "SELECT b.row FROM import_batch b JOIN import_goods g ON g.row = b.row "
                "WHERE b.place <> '' AND g.place_id IS NULL AND g.branch_id IS NOT NULL",
                column="place",
                code="no_place",
                message=_("There is no such place. Correct it, or let it be made."),
            )
        batch.mark(
            "SELECT g.row FROM import_goods g JOIN inventory_place p "
            "ON p.organization_id = %(organization)s AND p.id = g.place_id WHERE p.frozen OR NOT p.active",
            column="place",
            code="place_shut",
            message=_("The place is archived, or frozen for a count. Choose another."),
        )
        # Blank cells count here: no pack and no place are the same pack and place.
        batch.mark(
            "SELECT d.row, format(%(words)s, d.first) AS message FROM ("
            "  SELECT b.row, min(b.row) OVER ("
            "    PARTITION BY coalesce(g.product_id::text, lower(b.product || '/' || b.pack)), lower(b.number), b.mrp,"
            "                 lower(b.place), lower(b.branch)) AS first"
            "  FROM import_batch b JOIN import_goods g ON g.row = b.row"
            ") d WHERE d.row > d.first",
            column="number",
            code="same_batch",
            params={"words": _("Same product, batch, MRP and place as row %s. Add the two up.")},
        )
        batch.mark(
            "SELECT b.row, to_char(t.expiry, 'MM/YYYY') AS fix, "
            "format(%(words)s, to_char(t.expiry, 'MM/YYYY')) AS message "
            "FROM import_batch b JOIN import_goods g ON g.row = b.row JOIN inventory_batch t "
            "ON t.organization_id = %(organization)s AND t.id = g.batch_id WHERE t.expiry <> b.expiry",
            column="expiry",
            code="expiry_differs",
            params={"words": _("This batch is known with expiry %s.")},
        )
        statements.forget_goods(batch)

    # ---- taking ----

    def take(self, batch: Batch) -> Taken:
        values: dict[str, Any] = {
            "document": DOCUMENT_KIND,
            "on": timezone.localdate(),
            "moment": timezone.now(),
        }
        statements.find_goods(batch)
        statements.make_products(batch)
        statements.make_places(batch)
        statements.make_batches(batch, values)
        count = statements.make_moves(batch, values)
        statements.forget_goods(batch)
        if count:
            first, last = batch.fetch("SELECT min(row), max(row) FROM import_batch")[0]
            post_stock_value(
                document=Document(DOCUMENT_KIND, batch.job_number),
                on=values["on"],
                lines=(first, last),
                part=f"rows from {first}",
            )
        return Taken(created=count)

    def undo(self, job_number: int) -> None:
        take_back(job_number=job_number)

    def list_url(self, request: HttpRequest) -> str | None:
        if isinstance(request, TenantRequest):
            return org_url(request, "inventory:stock_list")
        slug = getattr(getattr(request, "organization", None), "slug", None)
        return reverse("inventory:stock_list", kwargs={"organization": slug}) if slug else None
