"""What the list of parties can be narrowed by."""

from __future__ import annotations

import datetime as dt

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.organizations.rules.states import STATE_CHOICES
from apps.parties.models import Party, PriceGroup, Registration, Route
from apps.parties.querysets import PartyQuerySet

LICENCE_WARNING_DAYS = 60


class PartyFilter(django_filters.FilterSet):
    active = django_filters.BooleanFilter(label=_("Active"))
    is_customer = django_filters.BooleanFilter(label=_("Customer"))
    is_supplier = django_filters.BooleanFilter(label=_("Supplier"))
    registration = django_filters.ChoiceFilter(label=_("GST registration"), choices=Registration)
    state_code = django_filters.ChoiceFilter(label=_("State"), choices=STATE_CHOICES)
    route = django_filters.ModelChoiceFilter(label=_("Route"), queryset=Route.objects.all())
    price_group = django_filters.ModelChoiceFilter(label=_("Price group"), queryset=PriceGroup.objects.all())
    licence = django_filters.ChoiceFilter(
        label=_("Drug licence"),
        method="filter_licence",
        choices=[("ending", _("Ends within 60 days")), ("none", _("None valid today"))],
    )

    class Meta:
        model = Party
        fields: tuple[str, ...] = ()

    def filter_licence(self, queryset: PartyQuerySet, name: str, value: str) -> PartyQuerySet:  # noqa: ARG002
        """Parties by the state of their licences today."""
        today = timezone.localdate()
        if value == "ending":
            return queryset.with_licence_ending(today, today + dt.timedelta(days=LICENCE_WARNING_DAYS))
        return queryset.without_valid_licence(today)
