"""Manufacturers from a file."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from apps.core.exchange.batch import Batch, Taken
from apps.core.exchange.declaration import Column, Importer, Key, Option
from apps.core.exchange.records import take_records, undo_records
from apps.core.exchange.rules.cells import Choice, Integer, Number, Text
from apps.core.http import TenantRequest
from apps.core.ui.links import org_url
from apps.inventory.models import Manufacturer

_VALUES = {
    "name": "b.name",
    "convention": "b.convention",
    "retailer_margin": "b.retailer_margin",
    "stockist_margin": "b.stockist_margin",
    "return_window_before_days": "b.return_window_before_days",
    "return_window_after_days": "b.return_window_after_days",
    "claim_address": "b.claim_address",
}


class ManufacturerImporter(Importer):
    """Manufacturers with margins, window for returns and claim address."""

    name = "manufacturers"
    label = gettext_lazy("Manufacturers")
    description = gettext_lazy("Margins, window for returns, claim address")
    title = gettext_lazy("Import manufacturers")
    right = "inventory.product.import"
    order = 35
    columns = (
        Column(
            "name",
            gettext_lazy("Manufacturer name"),
            Text(120),
            required=True,
            synonyms=("Name", "Manufacturer", "Company", "Company name", "Mfr", "Maker"),
            example="Lantern Remedies",
        ),
        Column(
            "convention",
            gettext_lazy("PTR and PTS by"),
            Choice.of([("markdown", "Mark-down"), ("markup", "Mark-up")]),
            default="markdown",
            synonyms=("Convention", "Margin by", "Margin type"),
            example="Mark-down",
        ),
        Column(
            "retailer_margin",
            gettext_lazy("Retailer's margin"),
            Number(4, 7, maximum=Decimal(100), percent=True),
            default="20",
            synonyms=("Retailer margin", "Retail margin"),
            example="20",
        ),
        Column(
            "stockist_margin",
            gettext_lazy("Stockist's margin"),
            Number(4, 7, maximum=Decimal(100), percent=True),
            default="10",
            synonyms=("Stockist margin", "Wholesale margin", "Distributor margin"),
            example="10",
        ),
        Column(
            "return_window_before_days",
            gettext_lazy("Returns from, days before expiry"),
            Integer(0, 1825),
            default="90",
            synonyms=("Returns from", "Days before expiry"),
        ),
        Column(
            "return_window_after_days",
            gettext_lazy("Returns until, days after expiry"),
            Integer(0, 1825),
            default="180",
            synonyms=("Returns until", "Days after expiry"),
        ),
        Column("claim_address", gettext_lazy("Claim address"), Text(300, lines=True), synonyms=("Address",)),
    )
    keys = (Key(("name",), gettext_lazy("manufacturer name")),)
    options = (
        Option(
            "existing",
            gettext_lazy("If a manufacturer exists already"),
            [("update", gettext_lazy("Update it")), ("skip", gettext_lazy("Leave it as it is"))],
        ),
    )
    created_label = gettext_lazy("New manufacturers")
    updated_label = gettext_lazy("Manufacturers updated")

    def take(self, batch: Batch) -> Taken:
        update = tuple(name for name in _VALUES if name != "name") if batch.options["existing"] == "update" else ()
        return take_records(batch, Manufacturer, match="lower(t.name) = lower(b.name)", values=_VALUES, update=update)

    def undo(self, job_number: int) -> None:
        undo_records(job_number, Manufacturer)

    def list_url(self, request: HttpRequest) -> str | None:
        return org_url(request, "inventory:manufacturer_list") if isinstance(request, TenantRequest) else None
