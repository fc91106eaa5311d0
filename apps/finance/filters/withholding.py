"""What the lists of TDS and of limits of cash can be narrowed by."""

from __future__ import annotations

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.ui.widgets import DateInput
from apps.finance.models import CashLimit, CashWay, Certainty, TdsLine, TdsRate

Rows = models.QuerySet[models.Model]


class _InForce(django_filters.FilterSet):
    on = django_filters.DateFilter(label=_("In force on"), method="filter_on", widget=DateInput())
    certainty = django_filters.ChoiceFilter(label=_("Certainty"), choices=Certainty)

    def filter_on(self, queryset: Rows, name: str, value: object) -> Rows:  # noqa: ARG002
        """Rows that hold on a day."""
        return queryset.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=value), valid_from__lte=value)


class TdsRateFilter(_InForce):
    class Meta:
        model = TdsRate
        fields: tuple[str, ...] = ()


class CashLimitFilter(_InForce):
    way = django_filters.ChoiceFilter(label=_("Cash"), choices=CashWay)

    class Meta:
        model = CashLimit
        fields: tuple[str, ...] = ()


class TdsLineFilter(django_filters.FilterSet):
    by_us = django_filters.BooleanFilter(label=_("Deducted by us"))
    section = django_filters.CharFilter(label=_("Section"))
    first = django_filters.DateFilter(label=_("From"), field_name="on_date", lookup_expr="gte", widget=DateInput())
    last = django_filters.DateFilter(label=_("To"), field_name="on_date", lookup_expr="lte", widget=DateInput())

    class Meta:
        model = TdsLine
        fields: tuple[str, ...] = ()
