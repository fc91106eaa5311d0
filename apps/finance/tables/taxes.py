"""Lists of tax rates and of what was taxed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.ui import tables
from apps.finance.models import TaxLine, TaxRate
from apps.finance.tables.withholding import CERTAIN


class TaxRateTable(tables.Table):
    hsn_prefix = tables.TextColumn(linkify=True, css="code", orderable=False)
    description = tables.TextColumn(orderable=False)
    rate = tables.PercentColumn(orderable=False)
    cess_rate = tables.PercentColumn(orderable=False)
    valid_from = tables.DateColumn()
    valid_to = tables.DateColumn(orderable=False)
    source = tables.TextColumn(orderable=False)
    certainty = tables.ChoiceColumn(badges=CERTAIN, orderable=False)

    default_columns = ("hsn_prefix", "description", "rate", "valid_from", "valid_to", "certainty", "source")
    phone_top = "rate"
    phone_detail = ("description",)
    phone_end = "valid_from"

    class Meta:
        model = TaxRate


class TaxLineTable(tables.Table):
    document_number = tables.CodeColumn(orderable=False)
    on_date = tables.DateColumn()
    party = tables.TextColumn(accessor="party__name", verbose_name=_("Party"), orderable=False)
    party_gstin = tables.CodeColumn(orderable=False)
    direction = tables.ChoiceColumn(orderable=False)
    document_kind = tables.ChoiceColumn(orderable=False)
    place_of_supply = tables.ChoiceColumn(orderable=False)
    hsn = tables.CodeColumn(orderable=False)
    uqc = tables.CodeColumn(orderable=False)
    quantity = tables.NumberColumn(places=3, orderable=False)
    rate = tables.PercentColumn(orderable=False)
    taxable = tables.MoneyColumn(orderable=False)
    cgst = tables.MoneyColumn(orderable=False)
    sgst = tables.MoneyColumn(orderable=False)
    utgst = tables.MoneyColumn(orderable=False)
    igst = tables.MoneyColumn(orderable=False)
    cess = tables.MoneyColumn(orderable=False)
    branch = tables.TextColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)

    default_columns = (
        "document_number",
        "on_date",
        "party",
        "direction",
        "hsn",
        "rate",
        "taxable",
        "cgst",
        "sgst",
        "igst",
    )
    phone_top = "taxable"
    phone_detail = ("party", "hsn")
    phone_end = "on_date"

    class Meta:
        model = TaxLine
