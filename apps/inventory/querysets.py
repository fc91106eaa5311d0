"""Filters on products."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Lower

from apps.core.search import narrowed
from apps.core.tenancy.querysets import TenantManager
from apps.inventory.rules.gtin import is_gtin, parse_gtin


def _barcodes(text: str) -> list[str]:
    """How a barcode that reads like this may be kept; nothing for words."""
    compact = "".join(text.split())
    if len(compact) < 6 or not any(sign.isdigit() for sign in compact):
        return []
    return [parse_gtin(compact)] if is_gtin(compact) else [compact, compact.upper()]


class ProductQuerySet(models.QuerySet[Any]):
    """Products of the current organization."""

    def matching(self, text: str) -> models.QuerySet[Any]:
        """Those whose name, composition or item code contain the text; one or two letters must begin the name.

        The number of a barcode finds its product alone.
        """
        if codes := _barcodes(text):
            barcodes = self.model._meta.get_field("barcodes").related_model
            keys = list(barcodes.objects.filter(code__in=codes).values_list("product_id", flat=True))
            if keys:
                return self.filter(pk__in=keys)
        return narrowed(self.alias(name_key=Lower("name")), text, function="product_search", name_field="name_key")

    def listed(self, on: dt.date) -> Self:
        """Each with `mrp`, the MRP that holds on the day, and `on_hand`, what there is of it; None without one."""
        prices = self.model._meta.get_field("prices").related_model
        totals = self.model._meta.get_field("totals").related_model
        newest = prices.objects.filter(product_id=OuterRef("pk"), effective_from__lte=on).order_by("-effective_from")
        stock = totals.objects.filter(product_id=OuterRef("pk"))
        return self.annotate(mrp=Subquery(newest.values("mrp")[:1]), on_hand=Subquery(stock.values("on_hand")[:1]))

    def active(self) -> Self:
        """Those that are not discontinued."""
        return self.filter(active=True)


class ProductManager(TenantManager.from_queryset(ProductQuerySet)):  # type: ignore[misc]
    """`Product.objects`."""
