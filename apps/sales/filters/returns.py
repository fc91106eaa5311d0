"""How returns are looked through."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.core.ui.widgets import DateInput
from apps.organizations.models import Branch
from apps.sales.models import CreditKind, SalesReturn, SalesReturnState


class ReturnFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=SalesReturnState.choices, label=_("State"))
    kind = django_filters.ChoiceFilter(choices=CreditKind.choices, label=_("Document"))
    branch = django_filters.ModelChoiceFilter(queryset=lambda _request: Branch.objects.all(), label=_("Branch"))
    on_date_from = django_filters.DateFilter("on_date", "gte", label=_("From"), widget=DateInput())
    on_date_to = django_filters.DateFilter("on_date", "lte", label=_("To"), widget=DateInput())

    class Meta:
        model = SalesReturn
        fields = ("state", "kind", "branch")
