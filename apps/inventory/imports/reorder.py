"""Reorder levels of places from a file."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.exchange.batch import Batch, Taken
from apps.core.exchange.declaration import Column, Importer, Key, Option
from apps.core.exchange.records import take_records, undo_records
from apps.core.exchange.rules.cells import Integer, Text
from apps.core.http import TenantRequest
from apps.core.ui.links import org_url
from apps.inventory.imports.revisions import PRODUCT_OF_ROW
from apps.inventory.models import ReorderLevel
from apps.inventory.rules.places import SALEABLE

# A place for sale by its name or scan code; without a branch only where one branch has it.
_PLACE = f"""
(SELECT CASE WHEN count(*) = 1 THEN min(l.id) END FROM inventory_place l
 JOIN organizations_branch o ON o.organization_id = app_org() AND o.id = l.branch_id
 WHERE l.organization_id = app_org() AND l.active AND l.kind IN ({", ".join(f"'{kind}'" for kind in sorted(SALEABLE))})
   AND (lower(l.name) = lower(b.place) OR l.code <> '' AND lower(l.code) = lower(b.place))
   AND (b.branch = '' OR lower(b.branch) IN (lower(o.name), lower(o.code))))
"""  # noqa: S608 (words of our own)


class ReorderLevelImporter(Importer):
    """When each place is to be filled up again, product by product."""

    name = "reorder_levels"
    label = gettext_lazy("Reorder levels of places")
    description = gettext_lazy("Product, place, level and quantity")
    title = gettext_lazy("Import reorder levels of places")
    right = "inventory.product.import"
    order = 46
    columns = (
        Column(
            "name",
            gettext_lazy("Product"),
            Text(120),
            synonyms=("Name", "Product name", "Item", "Item name", "Brand", "Particulars"),
            example="Azilamp 500",
        ),
        Column("pack", gettext_lazy("Pack"), Text(60), synonyms=("Packing", "Pack size"), example="strip of 5 tablets"),
        Column("code", gettext_lazy("Item code"), Text(30), synonyms=("Product code", "SKU", "Code")),
        Column("barcode", gettext_lazy("Barcode"), Text(80, code=True), synonyms=("EAN", "GTIN", "Bar code")),
        Column(
            "place",
            gettext_lazy("Place"),
            Text(60),
            required=True,
            synonyms=("Godown", "Rack", "Location", "Shelf", "Van"),
            help=gettext_lazy("Name or scan code of a godown, rack, bin or van."),
            example="Main godown",
        ),
        Column(
            "branch",
            gettext_lazy("Branch"),
            Text(80),
            synonyms=("Branch name", "Branch code", "Store"),
            help=gettext_lazy("Name or code. Needed where two branches have a place of this name."),
        ),
        Column(
            "level",
            gettext_lazy("Reorder level"),
            Integer(0, 2_147_483_647),
            required=True,
            synonyms=("Level", "Min", "Minimum", "Min qty", "Reorder at", "ROL"),
            example="40",
        ),
        Column(
            "quantity",
            gettext_lazy("Reorder quantity"),
            Integer(1, 2_147_483_647),
            synonyms=("Quantity", "Order qty", "Qty", "ROQ"),
            example="100",
        ),
    )
    keys = (
        Key(("name", "pack", "place", "branch"), gettext_lazy("product and place")),
        Key(("code", "place", "branch"), gettext_lazy("item code and place")),
        Key(("barcode", "place", "branch"), gettext_lazy("barcode and place")),
    )
    options = (
        Option(
            "existing",
            gettext_lazy("If the place has a level for the product already"),
            [("update", gettext_lazy("Change it")), ("skip", gettext_lazy("Leave it as it is"))],
        ),
    )
    created_label = gettext_lazy("New reorder levels")
    updated_label = gettext_lazy("Reorder levels changed")

    def check(self, batch: Batch) -> None:
        batch.mark(
            f"SELECT b.row FROM import_batch b WHERE {PRODUCT_OF_ROW} IS NULL",  # noqa: S608 (our own expression)
            column="name",
            code="product_unknown",
            message=_("No product is known by this, or several are. Give its pack, item code or barcode."),
        )
        batch.mark(
            f"SELECT b.row FROM import_batch b WHERE b.place <> '' AND {_PLACE} IS NULL",  # noqa: S608
            column="place",
            code="place_unknown",
            message=_("No place for sale is called this, or several are. Correct it, or give its branch."),
        )

    def take(self, batch: Batch) -> Taken:
        return take_records(
            batch,
            ReorderLevel,
            match=f"t.product_id = {PRODUCT_OF_ROW} AND t.place_id = {_PLACE}",
            values={
                "product_id": PRODUCT_OF_ROW,
                "place_id": _PLACE,
                "level": "b.level",
                "quantity": "b.quantity",
            },
            update=("level", "quantity") if batch.options["existing"] == "update" else (),
        )

    def undo(self, job_number: int) -> None:
        undo_records(job_number, ReorderLevel)

    def list_url(self, request: HttpRequest) -> str | None:
        return org_url(request, "inventory:reorderlevel_list") if isinstance(request, TenantRequest) else None
