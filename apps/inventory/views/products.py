"""Pages of products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.formats import percent
from apps.core.ui.links import Link, page_url
from apps.core.ui.pages import (
    ActionPage,
    ArchivePage,
    Card,
    CreatePage,
    DeletePage,
    DetailPage,
    EditPage,
    Empty,
    Fact,
    ListPage,
    RestorePage,
    View,
)
from apps.core.ui.pages.saving import Stale
from apps.core.ui.tables import Badge
from apps.inventory.filters.catalogue import ProductFilter
from apps.inventory.forms.products import NewProductForm, PhotoForm, ProductForm
from apps.inventory.models import Product
from apps.inventory.operations import photos
from apps.inventory.operations import products as operations
from apps.inventory.panels.catalogue import (
    CompositionPanel,
    PacksPanel,
    PhotoPanel,
    PricesPanel,
    SubstitutesPanel,
)
from apps.inventory.queries import catalogue as queries
from apps.inventory.rules.units import BASE_UNITS
from apps.inventory.tables.catalogue import ProductTable

SEE, EDIT = "inventory.product.view", "inventory.product.edit"


class ProductList(ListPage[Product]):
    model = Product
    right = SEE
    table_class = ProductTable
    filterset_class = ProductFilter
    search_hint = gettext_lazy("Name, salt, item code, barcode")
    default_filters = "active=true"
    views = (
        View(gettext_lazy("Schedule H1"), "active=true&schedule=H1"),
        View(gettext_lazy("Schedule X"), "active=true&schedule=X"),
        View(gettext_lazy("Cold chain"), "active=true&storage=cold"),
        View(gettext_lazy("Price controlled"), "active=true&price_controlled=true"),
        View(gettext_lazy("Without HSN"), "active=true&wanting=hsn"),
        View(gettext_lazy("Discontinued"), "active=false"),
    )
    empty = Empty(
        gettext_lazy("No products yet"),
        gettext_lazy("Add what you trade in, or import your price list with MRP, maker and composition."),
    )

    def get_queryset(self) -> QuerySet[Product]:
        found: QuerySet[Product] = Product.objects.listed(timezone.localdate())
        return found

    def search(self, queryset: models.QuerySet[Product], text: str) -> models.QuerySet[Product]:
        return queryset.matching(text)  # type: ignore[attr-defined, no-any-return]


def _tax(product: Product) -> str:
    """The rate that holds today, and where it comes from."""
    rate = queries.product_tax_rates([product], timezone.localdate())[product.pk]
    if rate is None:
        return _("No rate for this HSN") if product.hsn else ""
    return _("%(rate)s, its own") % {"rate": percent(rate)} if product.tax_override is not None else percent(rate)


def _law(product: Product) -> str:
    marks = [
        str(product.get_schedule_display()),
        *([_("Schedule H2")] if product.h2 else []),
        *([_("NDPS")] if product.ndps else []),
    ]
    return ", ".join(marks)


def _margins(product: Product) -> str:
    """Those that hold: the product's own or its manufacturer's."""
    margins = queries.margins_of(product)
    if margins is None:
        return ""
    return _("%(retailer)s retailer, %(stockist)s stockist") % {
        "retailer": percent(margins.retailer),
        "stockist": percent(margins.stockist),
    }


class ProductDetail(DetailPage[Product]):
    model = Product
    right = SEE
    cards = (
        Card(
            gettext_lazy("What it is"),
            (
                "pack",
                Fact(gettext_lazy("Manufacturer"), lambda product: product.manufacturer),
                "form",
                "strength",
                Fact(gettext_lazy("Item code"), lambda product: product.code, css="code"),
                Fact(gettext_lazy("Counted in"), lambda product: f"{product.base_unit} ({product.uqc})"),
                "loose",
            ),
        ),
        Card(
            gettext_lazy("Law, tax and storage"),
            (
                Fact(gettext_lazy("Schedule"), _law),
                "licence_class",
                "price_controlled",
                "storage",
                Fact(gettext_lazy("HSN"), lambda product: product.hsn, css="code"),
                Fact(gettext_lazy("Tax today"), _tax),
                Fact(gettext_lazy("Margins"), _margins),
            ),
        ),
    )
    panels = (CompositionPanel, PacksPanel, PricesPanel, PhotoPanel, SubstitutesPanel)

    def get_queryset(self) -> QuerySet[Product]:
        return super().get_queryset().select_related("manufacturer")

    def badges(self) -> list[Badge]:
        product = self.instance
        tone = "bad" if product.schedule == "X" else "warn"
        return [
            *([Badge(product.get_schedule_display(), tone)] if product.schedule else []),
            *([Badge(product.get_storage_display(), "info", "snowflake")] if product.storage != "room" else []),
            *([Badge(gettext_lazy("Price controlled"), "info")] if product.price_controlled else []),
            *([] if product.active else [Badge(gettext_lazy("Discontinued"))]),
        ]

    def facts(self) -> Sequence[Any]:
        return [text for text in (self.instance.composition,) if text]

    def menu(self) -> Sequence[Link | None]:
        key = self.instance.pk
        links = [self.link("inventory:product_photo_upload", gettext_lazy("Photo"), "upload", pk=key)]
        if self.instance.photos.exists():
            links.append(self.link("inventory:product_photo_remove", gettext_lazy("Remove photo"), "x", pk=key))
        return links

    def _standard_menu(self) -> list[Link]:
        words = {"archive": gettext_lazy("Discontinue product"), "arrow-back-up": gettext_lazy("Offer product again")}
        return [replace(link, label=words.get(link.icon, link.label)) for link in super()._standard_menu()]


class _ProductFormPage:
    """What the form needs to know of the request."""

    request: Any
    template_name = "inventory/product_form.html"
    base_units = BASE_UNITS

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "organization": self.request.organization.slug}  # type: ignore[misc]


class ProductCreate(_ProductFormPage, CreatePage[Product]):
    model = Product
    right = EDIT
    form_class = NewProductForm
    fragment = "ui/form.html#form"

    def save(self, form: Any) -> Product:
        return operations.add_product(
            product=form.instance, parts=form.parts(), mrp=form.cleaned_data["mrp"], on=timezone.localdate()
        )


class ProductEdit(_ProductFormPage, EditPage[Product]):
    model = Product
    right = EDIT
    form_class = ProductForm
    fragment = "ui/form.html#form"

    def save(self, form: Any, before: dict[str, Any]) -> bool:
        try:
            return operations.change_product(product=form.instance, before=before, parts=form.parts())
        except operations.ProductChanged as changed:
            raise Stale from changed


class ProductArchive(ArchivePage[Product]):
    model = Product
    right = EDIT

    def get_title(self) -> str:
        return _("Discontinue %(product)s") % {"product": self.name}

    def question(self) -> str:
        return _("%(product)s is no longer bought, and no longer low. What is left of it can still be sold.") % {
            "product": self.name
        }

    def perform(self, form: Any) -> None:  # noqa: ARG002
        operations.discontinue_product(product=self.instance)

    def success_text(self) -> str:
        return _("%(product)s discontinued") % {"product": self.name}


class ProductRestore(RestorePage[Product]):
    model = Product
    right = EDIT

    def get_title(self) -> str:
        return _("Offer %(product)s again") % {"product": self.name}

    def question(self) -> str:
        return _("%(product)s comes back into lists, bills and orders.") % {"product": self.name}

    def perform(self, form: Any) -> None:  # noqa: ARG002
        operations.restore_product(product=self.instance)

    def success_text(self) -> str:
        return _("%(product)s is offered again") % {"product": self.name}


class ProductDelete(DeletePage[Product]):
    model = Product
    right = "inventory.product.delete"


class ProductPhotoFile(DetailPage[Product]):
    """The picture itself, for members only; like every page of an organization it is asked for anew."""

    model = Product
    right = SEE

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        photo = self.instance.photos.first()
        if photo is None:
            raise Http404
        response = HttpResponse(bytes(photo.content), content_type="image/jpeg")
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Disposition"] = 'inline; filename="photo.jpg"'
        return response


class ProductPhotoUpload(ActionPage[Product]):
    model = Product
    right = EDIT
    form_class = PhotoForm
    submit_label = gettext_lazy("Keep photo")

    def get_title(self) -> str:
        return _("Photo of %(product)s") % {"product": self.name}

    def perform(self, form: Any) -> None:
        photos.keep_photo(product=self.instance, content=form.cleaned_data["photo"].read())

    def success_text(self) -> str:
        return _("Photo of %(product)s kept") % {"product": self.name}


class ProductPhotoRemove(ActionPage[Product]):
    model = Product
    right = EDIT
    tone = "del"
    submit_label = gettext_lazy("Remove photo")

    def get_title(self) -> str:
        return _("Remove the photo of %(product)s") % {"product": self.name}

    def question(self) -> str:
        return _("The picture is deleted for good.")

    def perform(self, form: Any) -> None:  # noqa: ARG002
        photos.remove_photo(product=self.instance)

    def success_text(self) -> str:
        return _("Photo of %(product)s removed") % {"product": self.name}


def product_crumbs(page: Any, product: Product) -> list[Link]:
    """The list of products, and the product."""
    listed, own = page_url(page.request, Product, "list"), page_url(page.request, product, "detail")
    return [Link(label, url) for label, url in ((_("Products"), listed), (str(product), own)) if url]
