"""What the lists of the godown's documents can be narrowed by."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.inventory.models import (
    CountState,
    MoveReason,
    Place,
    StockAdjustment,
    StockCount,
    Transfer,
    TransferState,
    WriteKind,
    WriteState,
)


class TransferFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=TransferState)
    from_place = django_filters.ModelChoiceFilter(label=_("From"), queryset=Place.objects.all())
    to_place = django_filters.ModelChoiceFilter(label=_("To"), queryset=Place.objects.all())

    class Meta:
        model = Transfer
        fields: tuple[str, ...] = ()


class AdjustmentFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=WriteState)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=WriteKind)
    reason = django_filters.ChoiceFilter(label=_("Reason"), choices=[one for one in MoveReason.choices if one[0]])
    place = django_filters.ModelChoiceFilter(label=_("Place"), queryset=Place.objects.all())

    class Meta:
        model = StockAdjustment
        fields: tuple[str, ...] = ()


class CountFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=CountState)
    place = django_filters.ModelChoiceFilter(label=_("Place"), queryset=Place.objects.all())

    class Meta:
        model = StockCount
        fields: tuple[str, ...] = ()
