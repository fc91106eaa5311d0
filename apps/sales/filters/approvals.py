"""What the list of questions can be narrowed by."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.sales.models import ApprovalState, BillApproval


class ApprovalFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("Answer"), choices=ApprovalState)

    class Meta:
        model = BillApproval
        fields: tuple[str, ...] = ()
