"""What the list of supplier prices can be narrowed by."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.core.ui.widgets import DateInput
from apps.purchasing.models import SupplierPrice


class SupplierPriceFilter(django_filters.FilterSet):
    supplier = django_filters.NumberFilter(label=_("Supplier number"), field_name="supplier_id")
    product = django_filters.NumberFilter(label=_("Product number"), field_name="product_id")
    first = django_filters.DateFilter(
        label=_("From"), field_name="effective_from", lookup_expr="gte", widget=DateInput()
    )
    last = django_filters.DateFilter(label=_("To"), field_name="effective_from", lookup_expr="lte", widget=DateInput())

    class Meta:
        model = SupplierPrice
        fields: tuple[str, ...] = ()
