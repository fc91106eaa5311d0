"""What the list of reorder levels of places can be narrowed by."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.inventory.models import Place, ReorderLevel
from apps.inventory.rules.places import SALEABLE
from apps.organizations.models import Branch


class ReorderLevelFilter(django_filters.FilterSet):
    branch = django_filters.ModelChoiceFilter(
        label=_("Branch"), field_name="place__branch", queryset=Branch.objects.all()
    )
    place = django_filters.ModelChoiceFilter(
        label=_("Place"), queryset=Place.objects.filter(active=True, kind__in=SALEABLE)
    )

    class Meta:
        model = ReorderLevel
        fields: tuple[str, ...] = ()
