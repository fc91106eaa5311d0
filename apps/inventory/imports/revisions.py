"""Price lists from a file: they become the preview of a revision, which is looked at and applied on its own page."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.exchange.batch import Batch, Taken
from apps.core.exchange.declaration import Column, Importer, Key
from apps.core.exchange.rules.cells import Day, Number, Text
from apps.core.http import TenantRequest
from apps.core.ui.links import org_url
from apps.inventory.operations.revisions import add_lines_of_file, drop_revision_of_file

# A product by its item code, its barcode, or its name, with the pack where the file tells it.
PRODUCT_OF_ROW = """
(SELECT CASE WHEN count(*) = 1 THEN min(p.id) END FROM inventory_product p
 WHERE p.organization_id = app_org() AND CASE
   WHEN b.code <> '' THEN lower(p.code) = lower(b.code)
   WHEN b.barcode <> '' THEN p.id = (SELECT c.product_id FROM inventory_barcode c
     WHERE c.organization_id = app_org() AND c.code IN (b.barcode, lpad(b.barcode, 14, '0')) LIMIT 1)
   ELSE lower(p.name) = lower(b.name) AND (b.pack = '' OR lower(p.pack) = lower(b.pack)) END)
"""


class RevisionImporter(Importer):
    """New MRP, PTR and PTS by product, as makers send them."""

    name = "price_revisions"
    label = gettext_lazy("Price revisions")
    description = gettext_lazy("New MRP, PTR and PTS of products, from a date on")
    title = gettext_lazy("Import a price revision")
    right = "inventory.price.revise"
    order = 45
    columns = (
        Column(
            "name",
            gettext_lazy("Product name"),
            Text(120),
            synonyms=("Name", "Product", "Item", "Item name", "Brand", "Particulars"),
            example="Azilamp 500",
        ),
        Column("pack", gettext_lazy("Pack"), Text(60), synonyms=("Packing", "Pack size"), example="strip of 5 tablets"),
        Column("code", gettext_lazy("Item code"), Text(30), synonyms=("Product code", "SKU", "Code")),
        Column("barcode", gettext_lazy("Barcode"), Text(80, code=True), synonyms=("EAN", "GTIN", "Bar code")),
        Column(
            "mrp",
            gettext_lazy("New MRP"),
            Number(2, 12, minimum=Decimal("0.01")),
            required=True,
            synonyms=("MRP", "Revised MRP", "Price", "M.R.P."),
            example="140.00",
        ),
        Column("ptr", gettext_lazy("New PTR"), Number(4, 14), synonyms=("PTR", "Price to retailer")),
        Column("pts", gettext_lazy("New PTS"), Number(4, 14), synonyms=("PTS", "Price to stockist")),
        Column(
            "effective_from",
            gettext_lazy("Effective from"),
            Day(),
            synonyms=("From", "Date", "Effective date", "With effect from", "WEF"),
            help=gettext_lazy("Today when empty. A file has one date."),
        ),
    )
    keys = (
        Key(("name", "pack"), gettext_lazy("name and pack")),
        Key(("code",), gettext_lazy("item code")),
        Key(("barcode",), gettext_lazy("barcode")),
    )
    created_label = gettext_lazy("Prices in the preview")

    def check(self, batch: Batch) -> None:
        batch.mark(
            f"SELECT b.row FROM import_batch b WHERE {PRODUCT_OF_ROW} IS NULL",  # noqa: S608 (our own expression)
            column="name",
            code="product_unknown",
            message=_("No product is known by this, or several are. Give its pack, item code or barcode."),
        )
        batch.mark(
            "SELECT b.row FROM import_batch b WHERE b.effective_from < current_date",
            column="effective_from",
            code="past",
            message=_("Prices of the past are not changed. Give today or later."),
        )
        for column in ("ptr", "pts"):
            batch.mark(
                f"SELECT b.row FROM import_batch b WHERE b.{column} > b.mrp",  # noqa: S608
                column=column,
                code="above_mrp",
                message=_("This is more than the MRP."),
            )

    def take(self, batch: Batch) -> Taken:
        return Taken(created=add_lines_of_file(job_number=batch.job_number, product=PRODUCT_OF_ROW))

    def undo(self, job_number: int) -> None:
        drop_revision_of_file(job_number=job_number)

    def list_url(self, request: HttpRequest) -> str | None:
        return org_url(request, "inventory:raterevision_list") if isinstance(request, TenantRequest) else None
