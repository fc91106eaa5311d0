"""Pages of TDS rates, of what was deducted, and of limits of cash."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.ui.pages import Badge, Card, CreatePage, DetailPage, EditPage, Empty, ListPage, View
from apps.finance.filters.withholding import CashLimitFilter, TdsLineFilter, TdsRateFilter
from apps.finance.forms.withholding import CashLimitForm, NewCashLimitForm, NewTdsRateForm, TdsRateForm
from apps.finance.models import CashLimit, Certainty, TdsLine, TdsRate
from apps.finance.operations.dated_rows import set_cash_limit, set_tds_rate
from apps.finance.tables.withholding import CERTAIN, CashLimitTable, TdsLineTable, TdsRateTable

SEE, EDIT = "finance.tax.view", "finance.tax.edit"


def certain(value: str) -> list[Badge]:
    """How sure a rate or a limit is, beside its name."""
    return [Badge(Certainty(value).label, CERTAIN[value])]


class _Dated:
    """A list of rows that hold from a day on."""

    @property
    def views(self) -> tuple[View, ...]:
        today = timezone.localdate().isoformat()
        return (View(_("In force today"), f"on={today}"), View(_("To be looked up"), f"on={today}&certainty=trade"))


class TdsRateList(_Dated, ListPage[TdsRate]):  # type: ignore[misc]
    model = TdsRate
    right = SEE
    table_class = TdsRateTable
    filterset_class = TdsRateFilter
    search_fields = ("description", "section", "source")
    search_hint = _("Payment, section")
    empty = Empty(_("No TDS rates"), _("What is deducted from a payment at source, from a day on."))


class TdsRateDetail(DetailPage[TdsRate]):
    model = TdsRate
    right = SEE
    cards = (
        Card(_("Rates"), ("section", "rate", "rate_individual", "rate_without_pan")),
        Card(_("Limits"), ("single_limit", "year_limit", "excess_only")),
        Card(_("In force"), ("valid_from", "valid_to", "source", "certainty")),
    )

    def badges(self) -> list[Badge]:
        return certain(self.instance.certainty)


class TdsRateCreate(CreatePage[TdsRate]):
    model = TdsRate
    right = EDIT
    form_class = NewTdsRateForm
    title = _("New TDS rate")

    def get_initial(self) -> dict[str, Any]:
        return {"valid_from": timezone.localdate(), "certainty": Certainty.CHECKED}

    def save(self, form: Any) -> TdsRate:
        return set_tds_rate(**form.cleaned_data)


class TdsRateEdit(EditPage[TdsRate]):
    model = TdsRate
    right = EDIT
    form_class = TdsRateForm


class TdsLineList(ListPage[TdsLine]):
    model = TdsLine
    right = SEE
    title = _("TDS deducted")
    table_class = TdsLineTable
    filterset_class = TdsLineFilter
    search_fields = ("party__name", "pan", "section")
    search_hint = _("Party, PAN, section")
    views = (View(_("Deducted by us"), "by_us=true"), View(_("Deducted by customers"), "by_us=false"))
    empty = Empty(
        _("Nothing was deducted yet"),
        _("Payments and bills with TDS leave a line here when they are posted. The returns are made of them."),
    )


class CashLimitList(_Dated, ListPage[CashLimit]):  # type: ignore[misc]
    model = CashLimit
    right = SEE
    table_class = CashLimitTable
    filterset_class = CashLimitFilter
    empty = Empty(_("No limits of cash"), _("How much cash one person may bring, or be paid, in a day."))


class CashLimitDetail(DetailPage[CashLimit]):
    model = CashLimit
    right = SEE
    cards = (
        Card(_("Limit"), ("way", "amount", "when_reached", "on_breach", "consequence")),
        Card(_("In force"), ("valid_from", "valid_to", "section", "source", "certainty")),
    )

    def badges(self) -> list[Badge]:
        return certain(self.instance.certainty)


class CashLimitCreate(CreatePage[CashLimit]):
    model = CashLimit
    right = EDIT
    form_class = NewCashLimitForm
    title = _("New limit of cash")

    def get_initial(self) -> dict[str, Any]:
        return {"valid_from": timezone.localdate(), "certainty": Certainty.CHECKED}

    def save(self, form: Any) -> CashLimit:
        return set_cash_limit(**form.cleaned_data)


class CashLimitEdit(EditPage[CashLimit]):
    model = CashLimit
    right = EDIT
    form_class = CashLimitForm
