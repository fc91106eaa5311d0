"""What the list of low products can be narrowed by."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.inventory.models import Manufacturer, ProductStock, Schedule, Storage


class LowFilter(django_filters.FilterSet):
    manufacturer = django_filters.ModelChoiceFilter(
        label=_("Manufacturer"), field_name="product__manufacturer", queryset=Manufacturer.objects.all()
    )
    storage = django_filters.ChoiceFilter(label=_("Storage"), field_name="product__storage", choices=Storage.choices)
    schedule = django_filters.ChoiceFilter(
        label=_("Schedule"), field_name="product__schedule", choices=[one for one in Schedule.choices if one[0]]
    )

    class Meta:
        model = ProductStock
        fields: tuple[str, ...] = ()
