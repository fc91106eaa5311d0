"""Pages of how goods are taken in: settings, shelf life, terms of suppliers, figures of the law."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.links import Link
from apps.core.ui.pages import ActionPage, CreatePage, DeletePage, EditPage, Empty, ListPage
from apps.parties.models import Party
from apps.purchasing.forms.receiving import (
    ShelfLifeForm,
    StatutoryFigureForm,
    SupplierTermsForm,
)
from apps.purchasing.models import ShelfLifeRule, StatutoryFigure, SupplierTerms
from apps.purchasing.operations.settings import set_supplier_terms
from apps.purchasing.tables.receiving import ShelfLifeTable, StatutoryFigureTable

SEE, ALLOW, POST = "purchasing.receipt.view", "purchasing.receipt.allow", "purchasing.receipt.post"


class ShelfLifeList(ListPage[ShelfLifeRule]):
    model = ShelfLifeRule
    right = SEE
    table_class = ShelfLifeTable
    ordering = ("id",)
    search_fields = ("supplier__name", "product__name")
    empty = Empty(
        gettext_lazy("No rules for shelf life yet"),
        gettext_lazy("Say how long goods of a supplier or a product must still keep when they arrive."),
    )

    def actions(self) -> list[Link]:
        found = [
            self.link("purchasing:receiving_settings", _("Settings"), "settings"),
            self.link("purchasing:statutoryfigure_list", _("Figures of the law"), "file-text"),
        ]
        return [link for link in found if link]


class ShelfLifeCreate(CreatePage[ShelfLifeRule]):
    model = ShelfLifeRule
    right = ALLOW
    form_class = ShelfLifeForm


class ShelfLifeEdit(EditPage[ShelfLifeRule]):
    model = ShelfLifeRule
    right = ALLOW
    form_class = ShelfLifeForm


class ShelfLifeDelete(DeletePage[ShelfLifeRule]):
    model = ShelfLifeRule
    right = ALLOW


class FigureList(ListPage[StatutoryFigure]):
    model = StatutoryFigure
    right = SEE
    table_class = StatutoryFigureTable
    ordering = ("kind", "-valid_from", "id")
    search_fields = ("source",)
    empty = Empty(
        gettext_lazy("No figures yet"), gettext_lazy("Days, rates and thresholds of the law, each from a day on.")
    )


class FigureCreate(CreatePage[StatutoryFigure]):
    model = StatutoryFigure
    right = ALLOW
    form_class = StatutoryFigureForm


class FigureEdit(EditPage[StatutoryFigure]):
    model = StatutoryFigure
    right = ALLOW
    form_class = StatutoryFigureForm


class SupplierTermsPage(ActionPage[Party]):
    """Whether a supplier is a micro or small enterprise, and the days agreed."""

    model = Party
    right = POST
    form_class: ClassVar[Any] = SupplierTermsForm
    title = gettext_lazy("Terms under the MSMED Act")
    submit_label = gettext_lazy("Save terms")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return bool(getattr(instance, "is_supplier", False))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"instance": SupplierTerms.objects.filter(supplier=self.instance).first() or SupplierTerms()}

    def perform(self, form: Any) -> None:
        set_supplier_terms(supplier=self.instance, **form.cleaned_data)

    def success_text(self) -> str:
        return _("Terms of %(supplier)s saved") % {"supplier": self.instance}
