"""Filters on products."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models.functions import Lower

from apps.core.search import narrowed
from apps.core.tenancy.querysets import TenantManager


class ProductQuerySet(models.QuerySet[Any]):
    """Products of the current organization."""

    def matching(self, text: str) -> models.QuerySet[Any]:
        """Those whose name, composition or item code contain the text; one or two letters must begin the name."""
        return narrowed(self.alias(name_key=Lower("name")), text, function="product_search", name_field="name_key")

    def active(self) -> Self:
        """Those that are not discontinued."""
        return self.filter(active=True)


class ProductManager(TenantManager.from_queryset(ProductQuerySet)):  # type: ignore[misc]
    """`Product.objects`."""
