"""Reorder levels of places: the list of all, and those of a product."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.search import narrowed
from apps.core.ui.links import Link, page_url, row_links
from apps.core.ui.pages import CreatePage, DeletePage, EditPage, Empty, ListPage
from apps.inventory.filters.reorder import ReorderLevelFilter
from apps.inventory.forms.reorder import ReorderLevelForm
from apps.inventory.models import Product, ReorderLevel
from apps.inventory.tables.reorder import ReorderLevelTable
from apps.inventory.views.products import product_crumbs

SEE, EDIT = "inventory.stock.view", "inventory.product.edit"


class ReorderLevelList(ListPage[ReorderLevel]):
    model = ReorderLevel
    right = SEE
    table_class = ReorderLevelTable
    filterset_class = ReorderLevelFilter
    ordering = ("product__name", "id")
    late_join = True
    same_for_all = True
    search_hint = _("Product, salt, item code")
    empty = Empty(
        _("No reorder levels of places yet"),
        _("A product has one level for the whole stock. A godown or a van can have its own: add it on the product."),
        icon="package",
    )

    def search(self, queryset: models.QuerySet[ReorderLevel], text: str) -> models.QuerySet[ReorderLevel]:
        return narrowed(queryset, text, function="product_search", through="product")

    def row_url_maker(self) -> Callable[[Any], str | None] | None:
        make = row_links(self.request, ReorderLevel, "edit")
        return None if make is None else lambda record: make(record.pk)

    def things(self, count: int) -> str:
        return ngettext("reorder level", "reorder levels", count)


class ReorderLevelAdd(CreatePage[ReorderLevel]):
    """A level of the product in the address."""

    model = ReorderLevel
    right = EDIT
    form_class = ReorderLevelForm
    title = _("Reorder level of a place")

    def prepare(self) -> None:
        found = Product.objects.filter(pk=self.kwargs["product"]).first()
        if found is None:
            raise Http404
        self.product: Product = found

    def crumbs(self) -> list[Link]:
        return product_crumbs(self, self.product)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"instance": ReorderLevel(product=self.product)}

    def cancel_url(self) -> str:
        return page_url(self.request, self.product, "detail") or ""

    def success_url(self, instance: ReorderLevel) -> str:  # noqa: ARG002
        return self.cancel_url()


class ReorderLevelEdit(EditPage[ReorderLevel]):
    model = ReorderLevel
    right = EDIT
    form_class = ReorderLevelForm
    template_name = "inventory/reorder_form.html"
    fragment = "ui/form.html#form"

    def crumbs(self) -> list[Link]:
        return product_crumbs(self, self.instance.product)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(delete_url=page_url(self.request, self.instance, "delete"), **extra)

    def detail_url(self) -> str:
        return page_url(self.request, self.instance.product, "detail") or ""


class ReorderLevelDelete(DeletePage[ReorderLevel]):
    model = ReorderLevel
    right = EDIT

    def crumbs(self) -> list[Link]:
        return product_crumbs(self, self.instance.product)

    def detail_url(self) -> str:
        return page_url(self.request, self.instance.product, "detail") or ""

    def success_url(self) -> str:
        return self.detail_url()
