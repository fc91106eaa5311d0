"""What the list of purchase orders can be narrowed by."""

from __future__ import annotations

import django_filters
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.ui.widgets import DateInput
from apps.organizations.models import Branch
from apps.purchasing.models import OPEN_STATES, PurchaseOrder


class OrderFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=PurchaseOrder.State.choices)
    expected = django_filters.ChoiceFilter(
        label=_("Goods"), method="filter_expected", choices=[("open", _("Expected")), ("late", _("Late"))]
    )
    branch = django_filters.ModelChoiceFilter(label=_("Branch"), queryset=Branch.objects.all())
    supplier = django_filters.NumberFilter(label=_("Supplier number"), field_name="supplier_id")
    first = django_filters.DateFilter(label=_("From"), field_name="on_date", lookup_expr="gte", widget=DateInput())
    last = django_filters.DateFilter(label=_("To"), field_name="on_date", lookup_expr="lte", widget=DateInput())

    class Meta:
        model = PurchaseOrder
        fields: tuple[str, ...] = ()

    def filter_expected(
        self,
        queryset: models.QuerySet[PurchaseOrder],
        name: str,  # noqa: ARG002
        value: str,
    ) -> models.QuerySet[PurchaseOrder]:
        """Orders of which goods are still expected; late: by a day that has passed."""
        found = queryset.filter(state__in=OPEN_STATES)
        return found.filter(expected_on__lt=timezone.localdate()) if value == "late" else found
