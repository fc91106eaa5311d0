"""What suppliers ask: the price list, with the names that its form offers."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.search import narrowed
from apps.core.ui.links import Link, page_url
from apps.core.ui.pages import Card, CreatePage, DeletePage, DetailPage, EditPage, Empty, Fact, ListPage, Page
from apps.inventory.models import Product
from apps.inventory.queries.catalogue import products_for_picker
from apps.parties.models import Party
from apps.purchasing.filters.prices import SupplierPriceFilter
from apps.purchasing.forms.fields import product_name
from apps.purchasing.forms.prices import SupplierPriceForm
from apps.purchasing.models import SupplierPrice
from apps.purchasing.tables.prices import SupplierPriceTable
from apps.purchasing.views.orders import EDIT, SEE


class SupplierPriceList(ListPage[SupplierPrice]):
    model = SupplierPrice
    right = SEE
    table_class = SupplierPriceTable
    filterset_class = SupplierPriceFilter
    ordering = ("-effective_from", "-id")
    same_for_all = True
    late_join = True
    search_hint = gettext_lazy("Product, salt, item code")
    empty = Empty(
        gettext_lazy("No supplier prices yet"),
        gettext_lazy("Import the price lists of your suppliers, or add a price. Proposals take the cheapest supplier."),
        icon="tag",
    )

    def search(self, queryset: models.QuerySet[SupplierPrice], text: str) -> models.QuerySet[SupplierPrice]:
        return narrowed(queryset, text, function="product_search", through="product")

    def actions(self) -> list[Link]:
        link = self.link("exchange:import_start", _("Import"), "table-import")
        may = link is not None and self.request.member.may(EDIT)
        return [Link(link.label, f"{link.url}?kind=supplier_prices", link.icon)] if may and link else []


class SupplierPriceDetail(DetailPage[SupplierPrice]):
    model = SupplierPrice
    right = SEE
    cards = (
        Card(gettext_lazy("What is asked"), ("supplier", "product", "effective_from", "rate", "discount")),
        Card(
            gettext_lazy("Terms"),
            (
                Fact(
                    gettext_lazy("Scheme"),
                    lambda one: f"{one.scheme_paid}+{one.scheme_free}" if one.scheme_paid else "",
                ),
                "multiple",
                "supplier_code",
            ),
        ),
    )

    def get_queryset(self) -> models.QuerySet[SupplierPrice]:
        return super().get_queryset().select_related("supplier", "product")


class _PriceForm:
    """What both forms need to know of the request."""

    request: Any

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "organization": self.request.organization.slug}  # type: ignore[misc]


class SupplierPriceCreate(_PriceForm, CreatePage[SupplierPrice]):
    model = SupplierPrice
    right = EDIT
    form_class = SupplierPriceForm
    template_name = "purchasing/named_form.html"
    fragment = "ui/form.html#form"

    def get_initial(self) -> dict[str, Any]:
        return {
            "effective_from": timezone.localdate(),
            "supplier": self._asked(Party, "supplier"),
            "product": self._asked(Product, "product"),
        }

    def _asked(self, model: type[models.Model], name: str) -> models.Model | None:
        key = self.request.GET.get(name, "")
        return model._default_manager.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None


class SupplierPriceEdit(_PriceForm, EditPage[SupplierPrice]):
    model = SupplierPrice
    right = EDIT
    form_class = SupplierPriceForm
    template_name = "purchasing/named_form.html"
    fragment = "ui/form.html#form"


class SupplierPriceDelete(DeletePage[SupplierPrice]):
    model = SupplierPrice
    right = EDIT

    def success_url(self) -> str:
        return page_url(self.request, SupplierPrice, "list") or self.url("ui:home")


class ProductNames(Page):
    """Products for a field's datalist. The name of the field does not matter: there is one value."""

    right = SEE
    template_name = "inventory/names.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        text = next((value for value in request.GET.values() if isinstance(value, str)), "")
        found = products_for_picker(text.partition(" · ")[0]) if text.strip() else []
        return self.render(self.get_context(names=[product_name(one.name, one.pack) for one in found]))
