"""Price lists of suppliers from a file."""

from __future__ import annotations

import re
from decimal import Decimal

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.exchange.batch import Batch, Taken
from apps.core.exchange.declaration import Column, Importer, Option
from apps.core.exchange.records import take_records, undo_records
from apps.core.exchange.rules.cells import Day, Integer, Number, Text
from apps.core.http import TenantRequest
from apps.core.ui.links import org_url
from apps.purchasing.models import SupplierPrice

_SCHEME = re.compile(r"\d{1,6}\s*\+\s*\d{1,6}")

COLUMNS = (
    Column(
        "supplier",
        gettext_lazy("Supplier"),
        Text(120),
        required=True,
        synonyms=("Supplier name", "Party", "Party name", "Vendor", "Stockist"),
        example="Kestrel Agencies",
    ),
    Column(
        "product",
        gettext_lazy("Product"),
        Text(120),
        synonyms=("Item", "Item name", "Product name", "Particulars", "Medicine", "Description"),
        help=gettext_lazy("Name, or leave it empty and give your item code or the supplier's code."),
        example="Azivanta 500",
    ),
    Column("pack", gettext_lazy("Pack"), Text(60), synonyms=("Packing", "Pack size", "Unit"), example="strip of 10"),
    Column("code", gettext_lazy("Item code"), Text(30), synonyms=("Our code", "Product code", "Item no")),
    Column(
        "supplier_code",
        gettext_lazy("Supplier's code"),
        Text(40),
        synonyms=("Supplier code", "Vendor code", "Party item code", "Their code"),
        example="KA-1042",
    ),
    Column(
        "rate",
        gettext_lazy("Rate"),
        Number(4, 14, minimum=Decimal(0)),
        required=True,
        synonyms=("Purchase rate", "P.Rate", "PTS", "Price", "Net rate"),
        help=gettext_lazy("Rupees for one base unit, before tax and discount."),
        example="82.08",
    ),
    Column(
        "discount",
        gettext_lazy("Discount"),
        Number(2, 5, minimum=Decimal(0), maximum=Decimal(100), percent=True),
        default="0",
        synonyms=("Disc", "Disc %", "Discount %", "Cd"),
        example="2.5",
    ),
    Column(
        "scheme",
        gettext_lazy("Scheme"),
        Text(20, pattern=_SCHEME),
        synonyms=("Sch", "Free", "Deal", "Offer"),
        help=gettext_lazy("Such as 10+1."),
        like=_SCHEME,
        example="10+1",
    ),
    Column(
        "multiple",
        gettext_lazy("Ordered in"),
        Integer(1),
        default="1",
        synonyms=("Multiple", "Box", "Minimum order", "Case", "Box qty"),
        help=gettext_lazy("Base units in the smallest pack that is sold."),
        example="10",
    ),
    Column(
        "effective_from",
        gettext_lazy("From"),
        Day(),
        synonyms=("Effective from", "Date", "W.E.F.", "Valid from", "Wef"),
        help=gettext_lazy("The first day of the rate. Empty is today."),
    ),
)

# By our own code, then the supplier's, then the name with its pack; a name without pack means the one of that name.
_PRODUCT = """
coalesce(
  (SELECT p.id FROM inventory_product p
   WHERE p.organization_id = %(organization)s AND b.code <> '' AND p.code <> '' AND lower(p.code) = lower(b.code)),
  (SELECT r.product_id FROM purchasing_supplierprice r
   WHERE r.organization_id = %(organization)s AND b.supplier_code <> '' AND r.supplier_code <> ''
     AND r.supplier_id = s.id AND upper(r.supplier_code) = upper(b.supplier_code)
   ORDER BY r.effective_from DESC LIMIT 1),
  (SELECT p.id FROM inventory_product p
   WHERE p.organization_id = %(organization)s AND b.product <> '' AND lower(p.name) = lower(b.product)
     AND lower(p.pack) = lower(b.pack)),
  (SELECT min(p.id) FROM inventory_product p
   WHERE p.organization_id = %(organization)s AND b.product <> '' AND b.pack = '' AND lower(p.name) = lower(b.product)
   HAVING count(*) = 1)
)
"""
_SUPPLIER = """
LEFT JOIN parties_party s ON s.organization_id = %(organization)s AND lower(s.name) = lower(b.supplier)
"""


class SupplierPriceImporter(Importer):
    """What suppliers ask: rate, discount, scheme, from a day on."""

    name = "supplier_prices"
    label = gettext_lazy("Supplier prices")
    description = gettext_lazy("Supplier, product, rate, discount, scheme and the supplier's code")
    title = gettext_lazy("Import supplier prices")
    right = "purchasing.order.edit"
    order = 50
    columns = COLUMNS
    options = (
        Option(
            "existing",
            gettext_lazy("If there is a price from that day already"),
            [("update", gettext_lazy("Replace it")), ("skip", gettext_lazy("Leave it as it is"))],
        ),
    )
    created_label = gettext_lazy("New prices")
    updated_label = gettext_lazy("Prices replaced")

    def check(self, batch: Batch) -> None:
        batch.mark(
            f"SELECT b.row FROM import_batch b {_SUPPLIER} WHERE b.supplier <> '' AND s.id IS NULL",  # noqa: S608
            column="supplier",
            code="no_supplier",
            message=_("Nobody is called that. Correct the name, or add the supplier first."),
        )
        batch.mark(
            f"SELECT b.row FROM import_batch b {_SUPPLIER} WHERE NOT (s.is_supplier AND s.active)",  # noqa: S608
            column="supplier",
            code="is_no_supplier",
            message=_("That party is no supplier, or archived."),
        )
        batch.mark(
            f"SELECT b.row FROM import_batch b {_SUPPLIER} WHERE {_PRODUCT} IS NULL",  # noqa: S608
            column="product",
            code="no_product",
            message=_("No product is meant, or several are. Give the pack or the item code."),
        )
        batch.mark(
            "SELECT b.row FROM import_batch b WHERE b.scheme <> '' "
            "AND (split_part(b.scheme, '+', 1)::int = 0 OR split_part(b.scheme, '+', 2)::int = 0)",
            column="scheme",
            code="empty_scheme",
            message=_("A scheme says how many are free for how many, such as 10+1."),
        )

    def take(self, batch: Batch) -> Taken:
        # What the rows name becomes its key, so that they are joined by index.
        batch.execute(
            f"UPDATE import_batch t SET supplier = f.supplier, product = f.product "  # noqa: S608 (our own text)
            f"FROM (SELECT b.row, s.id::text AS supplier, ({_PRODUCT})::text AS product "
            f"FROM import_batch b {_SUPPLIER}) f WHERE f.row = t.row"
        )
        batch.execute(
            "UPDATE import_batch SET effective_from = %(today)s WHERE effective_from IS NULL",
            {"today": timezone.localdate()},
        )
        return take_records(
            batch,
            SupplierPrice,
            match="t.supplier_id = b.supplier::bigint AND t.product_id = b.product::bigint "
            "AND t.effective_from = b.effective_from",
            values=_VALUES,
            update=_UPDATED if batch.options["existing"] == "update" else (),
        )

    def undo(self, job_number: int) -> None:
        undo_records(job_number, SupplierPrice)

    def list_url(self, request: HttpRequest) -> str | None:
        if isinstance(request, TenantRequest):
            return org_url(request, "purchasing:supplierprice_list")
        slug = getattr(getattr(request, "organization", None), "slug", None)
        return reverse("purchasing:supplierprice_list", kwargs={"organization": slug}) if slug else None


_VALUES = {
    "supplier_id": "b.supplier::bigint",
    "product_id": "b.product::bigint",
    "effective_from": "b.effective_from",
    "rate": "b.rate",
    "discount": "coalesce(b.discount, 0)",
    "scheme_paid": "CASE WHEN b.scheme = '' THEN 0 ELSE split_part(b.scheme, '+', 1)::int END",
    "scheme_free": "CASE WHEN b.scheme = '' THEN 0 ELSE split_part(b.scheme, '+', 2)::int END",
    "multiple": "coalesce(b.multiple, 1)",
    "supplier_code": "b.supplier_code",
}
_UPDATED = ("rate", "discount", "scheme_paid", "scheme_free", "multiple", "supplier_code")
