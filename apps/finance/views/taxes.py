"""Pages of tax rates by date, and of what was taxed."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.pages import ActionPage, Badge, Card, CreatePage, DetailPage, EditPage, Empty, ListPage, View
from apps.finance.filters.taxes import TaxLineFilter, TaxRateFilter
from apps.finance.forms.taxes import NewTaxRateForm, TaxRateForm
from apps.finance.models import Certainty, TaxLine, TaxRate
from apps.finance.operations import remove_tax_rate, set_tax_rate
from apps.finance.tables.taxes import TaxLineTable, TaxRateTable
from apps.finance.views.withholding import certain

SEE, EDIT = "finance.tax.view", "finance.tax.edit"


class TaxRateList(ListPage[TaxRate]):
    model = TaxRate
    right = SEE
    table_class = TaxRateTable
    filterset_class = TaxRateFilter
    search_fields = ("hsn_prefix", "description", "source")
    search_hint = gettext_lazy("HSN, goods, notification")
    empty = Empty(
        gettext_lazy("No tax rates"),
        gettext_lazy(
            "A rate holds from a day on for every HSN that begins with its digits. Bills ask for that of their date."
        ),
    )

    @property
    def views(self) -> tuple[View, ...]:  # type: ignore[override]
        today = timezone.localdate().isoformat()
        return (
            View(gettext_lazy("In force today"), f"on={today}"),
            View(gettext_lazy("To be looked up"), f"on={today}&certainty=trade"),
        )


class TaxRateDetail(DetailPage[TaxRate]):
    model = TaxRate
    right = SEE
    cards = (
        Card(gettext_lazy("Rate"), ("hsn_prefix", "description", "rate", "cess_rate")),
        Card(gettext_lazy("In force"), ("valid_from", "valid_to", "source", "certainty")),
    )

    def badges(self) -> list[Badge]:
        return certain(self.instance.certainty)


class TaxRateCreate(CreatePage[TaxRate]):
    model = TaxRate
    right = EDIT
    form_class = NewTaxRateForm
    title = gettext_lazy("New tax rate")

    def get_initial(self) -> dict[str, Any]:
        return {"valid_from": timezone.localdate(), "cess_rate": 0, "certainty": Certainty.CHECKED}

    def save(self, form: Any) -> TaxRate:
        return set_tax_rate(**form.cleaned_data)


class TaxRateEdit(EditPage[TaxRate]):
    model = TaxRate
    right = EDIT
    form_class = TaxRateForm


class TaxRateRemove(ActionPage[TaxRate]):
    model = TaxRate
    right = EDIT
    tone = "del"

    def get_title(self) -> str:
        return _("Remove %(rate)s") % {"rate": self.name}

    def question(self) -> str:
        return _("The rate before it holds on in its place. Documents that were taxed keep what they were taxed with.")

    def perform(self, form: Any) -> None:  # noqa: ARG002
        remove_tax_rate(pk=self.instance.pk)

    def success_text(self) -> str:
        return _("%(rate)s removed") % {"rate": self.name}

    def success_url(self) -> str:
        return self.url("finance:taxrate_list")


class TaxLineList(ListPage[TaxLine]):
    model = TaxLine
    right = SEE
    table_class = TaxLineTable
    filterset_class = TaxLineFilter
    search_fields = ("document_number", "party_gstin", "party__name")
    search_hint = gettext_lazy("Document, GSTIN, party")
    views = (View(gettext_lazy("Outward"), "direction=out"), View(gettext_lazy("Inward"), "direction=in"))
    empty = Empty(
        gettext_lazy("Nothing was taxed yet"),
        gettext_lazy("Each line of a bill or note leaves one here when it is posted. The returns are made of them."),
    )
