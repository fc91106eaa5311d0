"""What the list of bills can be narrowed by."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.core.ui.widgets import DateInput
from apps.organizations.models import Branch
from apps.sales.models import Bill, BillKind, BillState


class BillFilter(django_filters.FilterSet):
    first = django_filters.DateFilter(label=_("From"), field_name="on_date", lookup_expr="gte", widget=DateInput())
    last = django_filters.DateFilter(label=_("To"), field_name="on_date", lookup_expr="lte", widget=DateInput())
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=BillState)
    kind = django_filters.ChoiceFilter(label=_("Document"), choices=BillKind)
    branch = django_filters.ModelChoiceFilter(label=_("Branch"), queryset=Branch.objects.all())
    customer = django_filters.NumberFilter(label=_("Party number"), field_name="customer_id")

    class Meta:
        model = Bill
        fields: tuple[str, ...] = ()
