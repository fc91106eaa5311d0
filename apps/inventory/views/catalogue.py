"""Pages of manufacturers, salts and prices, and names for fields while somebody types."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.core.ui.links import Link, page_url
from apps.core.ui.pages import (
    ArchivePage,
    Card,
    CreatePage,
    DeletePage,
    DetailPage,
    EditPage,
    Empty,
    Fact,
    ListPage,
    Page,
    RestorePage,
)
from apps.core.ui.pages.saving import save_changes
from apps.inventory.filters.catalogue import ManufacturerFilter
from apps.inventory.forms.catalogue import ManufacturerForm, PriceForm, SaltForm
from apps.inventory.models import Manufacturer, Product, ProductPrice, Salt
from apps.inventory.operations.composition import retell_compositions
from apps.inventory.panels.catalogue import ManufacturerProductsPanel, SaltProductsPanel
from apps.inventory.queries import catalogue as queries
from apps.inventory.tables.catalogue import ManufacturerTable, SaltTable
from apps.inventory.views.products import product_crumbs

_BEFORE, _AFTER = _("%(days)s days before expiry"), _("%(days)s days after expiry")
SEE, EDIT, DELETE = "inventory.product.view", "inventory.product.edit", "inventory.product.delete"


class ManufacturerList(ListPage[Manufacturer]):
    model = Manufacturer
    right = SEE
    table_class = ManufacturerTable
    filterset_class = ManufacturerFilter
    search_fields = ("name",)
    default_filters = "active=true"
    empty = Empty(
        _("No manufacturers yet"),
        _("A manufacturer has margins, a window for returns and an address for claims."),
    )


class ManufacturerDetail(DetailPage[Manufacturer]):
    model = Manufacturer
    right = SEE
    cards = (
        Card(_("Prices"), ("convention", "retailer_margin", "stockist_margin")),
        Card(
            _("Returns and claims"),
            (
                Fact(
                    _("Taken back from"),
                    lambda maker: _BEFORE % {"days": maker.return_window_before_days},
                ),
                Fact(
                    _("Taken back until"),
                    lambda maker: _AFTER % {"days": maker.return_window_after_days},
                ),
                "claim_address",
            ),
        ),
    )
    panels = (ManufacturerProductsPanel,)


class ManufacturerCreate(CreatePage[Manufacturer]):
    model = Manufacturer
    right = EDIT
    form_class = ManufacturerForm


class ManufacturerEdit(EditPage[Manufacturer]):
    model = Manufacturer
    right = EDIT
    form_class = ManufacturerForm


class ManufacturerArchive(ArchivePage[Manufacturer]):
    model = Manufacturer
    right = EDIT


class ManufacturerRestore(RestorePage[Manufacturer]):
    model = Manufacturer
    right = EDIT


class ManufacturerDelete(DeletePage[Manufacturer]):
    model = Manufacturer
    right = DELETE


class SaltList(ListPage[Salt]):
    model = Salt
    right = SEE
    table_class = SaltTable
    search_fields = ("name",)
    empty = Empty(_("No salts yet"), _("Salts come with the products that contain them."))


class SaltDetail(DetailPage[Salt]):
    model = Salt
    right = SEE
    panels = (SaltProductsPanel,)


class SaltCreate(CreatePage[Salt]):
    model = Salt
    right = EDIT
    form_class = SaltForm


class SaltEdit(EditPage[Salt]):
    model = Salt
    right = EDIT
    form_class = SaltForm

    def save(self, form: Any, before: dict[str, Any]) -> bool:
        saved = save_changes(form.instance, before)
        if saved:
            retell_compositions(salt=form.instance)
        return saved


class SaltDelete(DeletePage[Salt]):
    model = Salt
    right = DELETE


class PriceAdd(CreatePage[ProductPrice]):
    """A price of the product in the address."""

    model = ProductPrice
    right = "inventory.price.revise"
    form_class = PriceForm
    title = _("Add a price")

    def prepare(self) -> None:
        found = Product.objects.filter(pk=self.kwargs["product"]).first()
        if found is None:
            raise Http404
        self.product: Product = found

    def crumbs(self) -> list[Link]:
        return product_crumbs(self, self.product)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"instance": ProductPrice(product=self.product)}

    def cancel_url(self) -> str:
        return page_url(self.request, self.product, "detail") or ""

    def success_url(self, instance: ProductPrice) -> str:  # noqa: ARG002
        return self.cancel_url()


class PriceDelete(DeletePage[ProductPrice]):
    model = ProductPrice
    right = "inventory.price.revise"

    def crumbs(self) -> list[Link]:
        return product_crumbs(self, self.instance.product)

    def detail_url(self) -> str:
        return page_url(self.request, self.instance.product, "detail") or ""

    def success_url(self) -> str:
        return self.detail_url()


class _Names(Page):
    """Options for a field's datalist. The name of the field does not matter: there is one value."""

    right = SEE
    template_name = "inventory/names.html"
    model: type[Manufacturer] | type[Salt]

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        text = next((value for value in request.GET.values() if isinstance(value, str)), "")
        return self.render(self.get_context(names=queries.names_like(self.model, text)))


class ManufacturerNames(_Names):
    model = Manufacturer


class SaltNames(_Names):
    model = Salt
