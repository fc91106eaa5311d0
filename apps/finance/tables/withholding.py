"""Lists of TDS rates, of what was deducted, and of limits of cash."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.ui import tables
from apps.core.ui.tables import Badge
from apps.finance.models import CashLimit, TdsLine, TdsRate

CERTAIN = {"checked": "ok", "published": "line", "trade": "warn"}


class TdsRateTable(tables.Table):
    description = tables.TextColumn(linkify=True, orderable=False)
    section = tables.CodeColumn(orderable=False)
    rate = tables.PercentColumn(orderable=False)
    rate_individual = tables.PercentColumn(verbose_name=_("Individuals"), orderable=False)
    rate_without_pan = tables.PercentColumn(verbose_name=_("Without PAN"), orderable=False)
    single_limit = tables.MoneyColumn(verbose_name=_("Over, once"), orderable=False)
    year_limit = tables.MoneyColumn(verbose_name=_("Over, in a year"), orderable=False)
    valid_from = tables.DateColumn()
    valid_to = tables.DateColumn(orderable=False)
    certainty = tables.ChoiceColumn(badges=CERTAIN, orderable=False)
    source = tables.TextColumn(orderable=False)

    default_columns = (
        "description",
        "section",
        "rate",
        "rate_individual",
        "rate_without_pan",
        "year_limit",
        "valid_from",
        "valid_to",
        "certainty",
    )
    phone_top = "rate"
    phone_detail = ("section", "certainty")
    phone_end = "valid_from"

    class Meta:
        model = TdsRate


class TdsLineTable(tables.Table):
    on_date = tables.DateColumn()
    entry = tables.CodeColumn(accessor="entry__number", verbose_name=_("Entry"), orderable=False)
    party = tables.TextColumn(accessor="party__name", verbose_name=_("Party"), orderable=False)
    pan = tables.CodeColumn(orderable=False)
    by_us = tables.FlagColumn(
        verbose_name=_("Deducted"),
        on=Badge(_("By us"), "info"),
        off=Badge(_("By the customer"), "line"),
        orderable=False,
    )
    section = tables.CodeColumn(orderable=False)
    amount = tables.MoneyColumn(orderable=False)
    base = tables.MoneyColumn(orderable=False)
    rate = tables.PercentColumn(orderable=False)
    tax = tables.MoneyColumn(strong=True, orderable=False)

    default_columns = ("on_date", "entry", "party", "pan", "by_us", "section", "amount", "rate", "tax")
    phone_top = "tax"
    phone_detail = ("party", "section")
    phone_end = "on_date"

    class Meta:
        model = TdsLine


class CashLimitTable(tables.Table):
    way = tables.ChoiceColumn(linkify=True, orderable=False)
    section = tables.CodeColumn(orderable=False)
    amount = tables.MoneyColumn(orderable=False)
    on_breach = tables.ChoiceColumn(badges={"refuse": "bad", "warn": "warn"}, orderable=False)
    valid_from = tables.DateColumn()
    valid_to = tables.DateColumn(orderable=False)
    certainty = tables.ChoiceColumn(badges=CERTAIN, orderable=False)
    source = tables.TextColumn(orderable=False)

    default_columns = ("way", "section", "amount", "on_breach", "valid_from", "valid_to", "certainty")
    phone_top = "amount"
    phone_detail = ("section", "on_breach")
    phone_end = "valid_from"

    class Meta:
        model = CashLimit
