"""Products from a file: what is checked, and how the rows are taken, with salts, packs, barcodes and prices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.exchange.batch import WARNING, Batch, Problem, Taken
from apps.core.exchange.declaration import Importer, Key, Option
from apps.core.exchange.records import take_records, undo_records
from apps.core.http import TenantRequest
from apps.core.ui.links import org_url
from apps.inventory.imports.belongings import (
    drop_made,
    drop_unused,
    make_manufacturers,
    read_compositions,
    read_packs,
    take_belongings,
    tell_salts_again,
)
from apps.inventory.imports.columns import PRODUCT_COLUMNS
from apps.inventory.models import (
    Barcode,
    Manufacturer,
    PackUnit,
    Product,
    ProductPhoto,
    ProductPrice,
    ProductSalt,
    ReorderLevel,
    Salt,
)
from apps.inventory.rules.composition import parse_composition
from apps.inventory.rules.gtin import parse_gtin
from apps.inventory.rules.hsn import parse_hsn
from apps.inventory.rules.packs import read_label
from apps.organizations.operations.sentences import told
from apps.organizations.rules.broken import RuleBroken

_SAME = "lower(t.name) = lower(b.name) AND lower(t.pack) = lower(b.pack)"
_GTIN_LENGTHS = (8, 12, 13, 14)


class ProductImporter(Importer):
    """Products with composition, maker, MRP, law, packs and barcodes."""

    name = "products"
    label = gettext_lazy("Products")
    description = gettext_lazy("Name, pack, composition, manufacturer, MRP, schedule, HSN, barcodes")
    title = gettext_lazy("Import products")
    right = "inventory.product.import"
    order = 30
    columns = PRODUCT_COLUMNS
    keys = (
        Key(("name", "pack"), gettext_lazy("name and pack")),
        Key(("code",), gettext_lazy("item code")),
        Key(("barcode",), gettext_lazy("barcode")),
    )
    options = (
        Option(
            "existing",
            gettext_lazy("If a product exists already"),
            [
                ("update", gettext_lazy("Update it; empty cells change nothing")),
                ("skip", gettext_lazy("Leave it as it is")),
            ],
        ),
        Option(
            "manufacturers",
            gettext_lazy("If a manufacturer is unknown"),
            [("report", gettext_lazy("Report the row")), ("make", gettext_lazy("Add the manufacturer"))],
        ),
    )
    created_label = gettext_lazy("New products")
    updated_label = gettext_lazy("Products updated")

    # ---- what is wrong ----

    def check(self, batch: Batch) -> None:
        batch.report(_each(batch, "hsn", "hsn", _rule(parse_hsn)))
        batch.report(_each(batch, "barcode", "barcode", _gtin))
        batch.report(_unread(batch))
        batch.report(_each(batch, "pack", "pack_unread", _odd_pack, severity=WARNING, where="AND base_unit = ''"))
        if batch.options["manufacturers"] == "report":
            batch.mark(
                "SELECT b.row FROM import_batch b WHERE b.manufacturer <> '' AND NOT EXISTS ("
                "SELECT FROM inventory_manufacturer m WHERE m.organization_id = %(organization)s "
                "AND lower(m.name) = lower(b.manufacturer))",
                column="manufacturer",
                code="manufacturer_unknown",
                message=_("No manufacturer has this name. Start again and choose to add them, or correct it."),
            )
        batch.mark(
            "SELECT b.row, format(%(taken)s, t.name) AS message "  # noqa: S608 (our own text)
            "FROM import_batch b JOIN inventory_product t "
            "ON t.organization_id = %(organization)s AND lower(t.code) = lower(b.code) "
            f"WHERE b.code <> '' AND NOT ({_SAME})",
            column="code",
            code="code_taken",
            params={"taken": _("%s has this item code.")},
        )
        batch.mark(
            "SELECT b.row, format(%(taken)s, t.name) AS message FROM import_batch b "  # noqa: S608 (our own text)
            "JOIN inventory_barcode c ON c.organization_id = %(organization)s "
            "AND c.code IN (b.barcode, lpad(b.barcode, 14, '0')) "
            "JOIN inventory_product t ON t.organization_id = %(organization)s AND t.id = c.product_id "
            f"WHERE b.barcode <> '' AND NOT ({_SAME})",
            column="barcode",
            code="barcode_taken",
            params={"taken": _("%s has this barcode.")},
        )

    # ---- taking ----

    def take(self, batch: Batch) -> Taken:
        if batch.options["manufacturers"] == "make":
            make_manufacturers(batch)
        salts = read_compositions(batch)
        batch.execute("UPDATE import_batch SET hsn = regexp_replace(hsn, '[. ]', '', 'g')")
        update = batch.options["existing"] == "update"
        if update:
            _keep_what_is_known(batch)
        read_packs(batch)
        taken = take_records(batch, Product, match=_SAME, values=_VALUES, update=_UPDATED if update else ())
        take_belongings(batch, salts, only_new=not update, on=timezone.localdate())
        return taken

    def undo(self, job_number: int) -> None:
        for model in (ProductPrice, Barcode, PackUnit):
            drop_made(job_number, model)
        undo_records(
            job_number,
            Product,
            parts=(ProductSalt, Barcode, PackUnit, ProductPrice, ProductPhoto, ReorderLevel),
        )
        tell_salts_again(job_number)
        drop_unused(job_number, Salt, ProductSalt, "salt_id")
        drop_unused(job_number, Manufacturer, Product, "manufacturer_id")

    def list_url(self, request: HttpRequest) -> str | None:
        return org_url(request, "inventory:product_list") if isinstance(request, TenantRequest) else None


# What a row gives a product, as SQL over `import_batch b`; compositions and packs were read before.
_VALUES = {
    "name": "b.name",
    "pack": "b.pack",
    "code": "b.code",
    "manufacturer_id": "(SELECT m.id FROM inventory_manufacturer m WHERE m.organization_id = app_org() "
    "AND lower(m.name) = lower(b.manufacturer))",
    "composition": "b.composition",
    "composition_key": "b.composition_2",
    "form": "CASE WHEN b.form = '' THEN 'other' ELSE b.form END",
    "strength": "b.strength",
    "schedule": "b.schedule",
    "storage": "CASE WHEN b.storage = '' THEN 'room' ELSE b.storage END",
    "hsn": "b.hsn",
    "tax_override": "b.tax_override",
    "price_controlled": "coalesce(b.price_controlled, false)",
    "base_unit": "b.base_unit",
    "uqc": "CASE b.base_unit WHEN 'strip' THEN 'PAC' WHEN 'packet' THEN 'PAC' WHEN 'sachet' THEN 'PAC' "
    "WHEN 'bottle' THEN 'BTL' WHEN 'tube' THEN 'TUB' WHEN 'box' THEN 'BOX' WHEN 'piece' THEN 'PCS' ELSE 'NOS' END",
    "reorder_level": "b.reorder_level",
    "reorder_quantity": "b.reorder_quantity",
    "active": "NOT coalesce(b.discontinued, false)",
}
_UPDATED = tuple(name for name in _VALUES if name not in {"name", "pack", "uqc"})
# Columns whose empty cells take what the product has already.
_TEXTS = ("code", "composition", "form", "strength", "schedule", "storage", "hsn", "base_unit")
_OTHERS = ("tax_override", "price_controlled", "reorder_level", "reorder_quantity")


def _keep_what_is_known(batch: Batch) -> None:
    """Fill the empty cells of rows whose product is known with its own values, so that updating changes nothing."""
    texts = ", ".join(f"{name} = CASE WHEN b.{name} = '' THEN t.{name} ELSE b.{name} END" for name in _TEXTS)
    others = ", ".join(f"{name} = coalesce(b.{name}, t.{name})" for name in _OTHERS)
    batch.execute(
        f"""
        UPDATE import_batch b SET {texts}, {others},
            composition_2 = CASE WHEN b.composition = '' THEN t.composition_key ELSE b.composition_2 END,
            discontinued = coalesce(b.discontinued, NOT t.active),
            manufacturer = CASE WHEN b.manufacturer = '' THEN coalesce(m.name, '') ELSE b.manufacturer END
        FROM inventory_product t
        LEFT JOIN inventory_manufacturer m ON m.organization_id = %(organization)s AND m.id = t.manufacturer_id
        WHERE t.organization_id = %(organization)s AND {_SAME}
        """  # noqa: S608 (names of our own)
    )


# ---- reading cells in Python, each different text once ----


def _each(
    batch: Batch,
    column: str,
    code: str,
    fault: Callable[[str], str],
    *,
    severity: Any = None,
    where: str = "",
) -> Iterator[Problem]:
    cells = batch.fetch(
        f"SELECT {column}, array_agg(row) FROM import_batch WHERE {column} <> '' {where} GROUP BY 1"  # noqa: S608
    )
    more = {} if severity is None else {"severity": severity}
    for text, rows in cells:
        if message := fault(text):
            yield from (Problem(row, column, code, message, **more) for row in rows)


def _rule(read: Callable[[str], object]) -> Callable[[str], str]:
    def fault(text: str) -> str:
        try:
            read(text)
        except RuleBroken as broken:
            return told(broken)
        return ""

    return fault


def _gtin(text: str) -> str:
    compact = text.replace(" ", "")
    return _rule(parse_gtin)(compact) if compact.isdigit() and len(compact) in _GTIN_LENGTHS else ""


def _unread(batch: Batch) -> Iterator[Problem]:
    """What the two columns of a composition, read as one, leave over."""
    cells = batch.fetch(
        "SELECT composition, composition_2, array_agg(row) FROM import_batch "
        "WHERE composition <> '' OR composition_2 <> '' GROUP BY 1, 2"
    )
    for one, other, rows in cells:
        if unread := parse_composition(f"{one}, {other}").unread:
            words = _("Not understood: %(parts)s. The rest is taken.") % {"parts": ", ".join(unread)}
            yield from (Problem(row, "composition", "composition_unread", words, severity=WARNING) for row in rows)


def _odd_pack(text: str) -> str:
    return "" if read_label(text) else _("This pack was not understood, so the product is counted in pieces.")
