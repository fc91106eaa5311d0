"""What the list of places can be narrowed by."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.inventory.models import Place, PlaceKind
from apps.organizations.models import Branch


class PlaceFilter(django_filters.FilterSet):
    active = django_filters.BooleanFilter(label=_("Active"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=PlaceKind)
    branch = django_filters.ModelChoiceFilter(label=_("Branch"), queryset=Branch.objects.all())

    class Meta:
        model = Place
        fields: tuple[str, ...] = ()
