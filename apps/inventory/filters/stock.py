"""What the list of stock can be narrowed by."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.inventory.models import Manufacturer, Place, Product, Schedule, Stock, Storage
from apps.inventory.models.batch import BatchState
from apps.inventory.rules.bands import BANDS
from apps.organizations.models import Branch

BAND_LABELS = {
    "expired": _("Expired"),
    "30": _("30 days or less"),
    "90": _("31 to 90 days"),
    "180": _("91 to 180 days"),
    "later": _("Later"),
    "soon": _("Within 90 days"),
    "in30": _("Within 30 days"),
    "in60": _("Within 60 days"),
    "in90": _("Within 90 days"),
    "in180": _("Within 180 days"),
}


class StockFilter(django_filters.FilterSet):
    band = django_filters.ChoiceFilter(label=_("Expiry"), method="filter_band", choices=list(BAND_LABELS.items()))
    saleable = django_filters.BooleanFilter(label=_("For sale"))
    low = django_filters.BooleanFilter(label=_("Low stock"), method="filter_low")
    state = django_filters.ChoiceFilter(label=_("Batch"), method="filter_state", choices=BatchState.choices)
    storage = django_filters.ChoiceFilter(label=_("Storage"), field_name="product__storage", choices=Storage.choices)
    schedule = django_filters.ChoiceFilter(
        label=_("Schedule"), field_name="product__schedule", choices=[one for one in Schedule.choices if one[0]]
    )
    branch = django_filters.ModelChoiceFilter(
        label=_("Branch"), field_name="place__branch", queryset=Branch.objects.all()
    )
    place = django_filters.ModelChoiceFilter(label=_("Place"), queryset=Place.objects.all())
    manufacturer = django_filters.ModelChoiceFilter(
        label=_("Manufacturer"), field_name="product__manufacturer", queryset=Manufacturer.objects.all()
    )

    # Reached from the page of a product, never chosen from a list of all of them.
    product = django_filters.ModelChoiceFilter(
        label=_("Product"), queryset=Product.objects.all(), widget=forms.HiddenInput
    )

    class Meta:
        model = Stock
        fields: tuple[str, ...] = ()

    def filter_band(self, queryset: QuerySet[Stock], name: str, value: str) -> QuerySet[Stock]:  # noqa: ARG002
        """Stock by time to expiry, as of today."""
        first, last = BANDS[value].dates(timezone.localdate())
        if first is not None:
            queryset = queryset.filter(expiry__gte=first)
        return queryset if last is None else queryset.filter(expiry__lte=last)

    def filter_state(self, queryset: QuerySet[Stock], name: str, value: str) -> QuerySet[Stock]:  # noqa: ARG002
        """Stock of batches in a state. What is held or recalled is not for sale, and there is an index of just that."""
        queryset = queryset.filter(batch__state=value)
        return queryset if value == BatchState.OK else queryset.filter(saleable=False)

    def filter_low(self, queryset: QuerySet[Stock], name: str, value: bool) -> QuerySet[Stock]:  # noqa: ARG002
        """Stock of products that are at or under their reorder level, or of those that are not."""
        return queryset.filter(product__totals__is_low=value)
