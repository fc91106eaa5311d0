"""What the ledger of moves can be narrowed by."""

from __future__ import annotations

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.inventory.models import Batch, Move, MoveKind, MoveReason, Place, Product
from apps.parties.models import Party


class MoveFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=MoveKind.choices)
    reason = django_filters.ChoiceFilter(label=_("Reason"), choices=[one for one in MoveReason.choices if one[0]])
    place = django_filters.ModelChoiceFilter(label=_("Place"), queryset=Place.objects.all())
    on_date = django_filters.DateFromToRangeFilter(label=_("Date"))
    # Reached from the pages of batches, products and parties, never chosen from a list of all of them.
    batch = django_filters.ModelChoiceFilter(label=_("Batch"), queryset=Batch.objects.all(), widget=forms.HiddenInput)
    product = django_filters.ModelChoiceFilter(
        label=_("Product"), queryset=Product.objects.all(), widget=forms.HiddenInput
    )
    party = django_filters.ModelChoiceFilter(label=_("Party"), queryset=Party.objects.all(), widget=forms.HiddenInput)

    class Meta:
        model = Move
        fields: tuple[str, ...] = ()
