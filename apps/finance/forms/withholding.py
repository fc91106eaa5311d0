"""Forms of TDS rates and limits of cash."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import C4, C6, C12, Card
from apps.core.ui.widgets import CodeInput, DateInput
from apps.finance.models import CashLimit, TdsRate

_HINT = _("The one before it ends the day before.")


class NewTdsRateForm(forms.ModelForm[TdsRate]):
    """Rates from a day on; those before end by themselves."""

    layout: ClassVar[Layout] = Layout(
        Card(_("Payment"), C4("code"), C4("description"), C4("section"), C4("valid_from"), hint=_HINT),
        Card(_("Rates"), C4("rate"), C4("rate_individual"), C4("rate_without_pan")),
        Card(_("Limits"), C4("single_limit"), C4("year_limit"), C4("excess_only")),
        Card(_("Source"), C12("source"), C6("certainty")),
    )

    class Meta:
        model = TdsRate
        fields = (
            "code",
            "description",
            "section",
            "valid_from",
            "rate",
            "rate_individual",
            "rate_without_pan",
            "single_limit",
            "year_limit",
            "excess_only",
            "source",
            "certainty",
        )
        widgets: ClassVar[dict[str, Any]] = {"code": CodeInput(), "section": CodeInput(), "valid_from": DateInput()}


class TdsRateForm(forms.ModelForm[TdsRate]):
    """Mend a rate that was entered wrongly, or say that it was looked up; its days stay."""

    layout: ClassVar[Layout] = Layout(
        Card(_("Payment"), C6("description"), C4("section")),
        Card(_("Rates"), C4("rate"), C4("rate_individual"), C4("rate_without_pan")),
        Card(_("Limits"), C4("single_limit"), C4("year_limit"), C4("excess_only")),
        Card(_("Source"), C12("source"), C6("certainty")),
    )

    class Meta:
        model = TdsRate
        fields = (
            "description",
            "section",
            "rate",
            "rate_individual",
            "rate_without_pan",
            "single_limit",
            "year_limit",
            "excess_only",
            "source",
            "certainty",
        )
        widgets: ClassVar[dict[str, Any]] = {"section": CodeInput()}


class NewCashLimitForm(forms.ModelForm[CashLimit]):
    """A limit from a day on; the one before it ends by itself."""

    layout: ClassVar[Layout] = Layout(
        Card(_("Limit"), C4("way"), C4("valid_from"), C4("amount"), C4("when_reached"), C4("on_breach"), hint=_HINT),
        Card(_("Source"), C4("section"), C6("consequence"), C12("source"), C6("certainty")),
    )

    class Meta:
        model = CashLimit
        fields = (
            "way",
            "valid_from",
            "amount",
            "when_reached",
            "on_breach",
            "section",
            "consequence",
            "source",
            "certainty",
        )
        widgets: ClassVar[dict[str, Any]] = {"valid_from": DateInput(), "section": CodeInput()}


class CashLimitForm(forms.ModelForm[CashLimit]):
    """Mend a limit, or say that it was looked up; its days stay."""

    layout: ClassVar[Layout] = Layout(
        Card(_("Limit"), C4("amount"), C4("when_reached"), C4("on_breach")),
        Card(_("Source"), C4("section"), C6("consequence"), C12("source"), C6("certainty")),
    )

    class Meta:
        model = CashLimit
        fields = ("amount", "when_reached", "on_breach", "section", "consequence", "source", "certainty")
        widgets: ClassVar[dict[str, Any]] = {"section": CodeInput()}
