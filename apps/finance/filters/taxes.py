"""What the lists of tax rates and tax lines can be narrowed by."""

from __future__ import annotations

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.ui.widgets import DateInput
from apps.finance.models import Certainty, Direction, TaxDocument, TaxLine, TaxRate
from apps.organizations.models import Branch


class TaxRateFilter(django_filters.FilterSet):
    on = django_filters.DateFilter(label=_("In force on"), method="filter_on", widget=DateInput())
    hsn = django_filters.CharFilter(label=_("HSN begins with"), field_name="hsn_prefix", lookup_expr="startswith")
    certainty = django_filters.ChoiceFilter(label=_("Certainty"), choices=Certainty)

    class Meta:
        model = TaxRate
        fields: tuple[str, ...] = ()

    def filter_on(self, queryset: models.QuerySet[TaxRate], name: str, value: object) -> models.QuerySet[TaxRate]:  # noqa: ARG002
        """Rates that hold on a day."""
        return queryset.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=value), valid_from__lte=value)


class TaxLineFilter(django_filters.FilterSet):
    direction = django_filters.ChoiceFilter(label=_("Direction"), choices=Direction)
    document_kind = django_filters.ChoiceFilter(label=_("Document"), choices=TaxDocument)
    branch = django_filters.ModelChoiceFilter(label=_("Branch"), queryset=Branch.objects.all())
    hsn = django_filters.CharFilter(label=_("HSN begins with"), lookup_expr="startswith")
    rate = django_filters.NumberFilter(label=_("Rate"))
    first = django_filters.DateFilter(label=_("From"), field_name="on_date", lookup_expr="gte", widget=DateInput())
    last = django_filters.DateFilter(label=_("To"), field_name="on_date", lookup_expr="lte", widget=DateInput())

    class Meta:
        model = TaxLine
        fields: tuple[str, ...] = ()
