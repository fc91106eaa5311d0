"""What lists of products and manufacturers can be narrowed by."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.inventory.models import DosageForm, LicenceClass, Manufacturer, Product, Salt, Schedule, Storage


class ProductFilter(django_filters.FilterSet):
    active = django_filters.BooleanFilter(label=_("Active"))
    schedule = django_filters.ChoiceFilter(
        label=_("Schedule"), choices=[(value, label) for value, label in Schedule.choices if value]
    )
    storage = django_filters.ChoiceFilter(label=_("Storage"), choices=Storage.choices)
    form = django_filters.ChoiceFilter(label=_("Dosage form"), choices=DosageForm.choices)
    manufacturer = django_filters.ModelChoiceFilter(label=_("Manufacturer"), queryset=Manufacturer.objects.all())
    salt = django_filters.ModelChoiceFilter(
        label=_("Salt"), queryset=Salt.objects.all(), method="filter_salt", distinct=False
    )
    price_controlled = django_filters.BooleanFilter(label=_("Price controlled"))
    ndps = django_filters.BooleanFilter(label=_("Narcotic or psychotropic"))
    licence_class = django_filters.ChoiceFilter(label=_("Licence class"), choices=LicenceClass.choices)
    wanting = django_filters.ChoiceFilter(
        label=_("Missing"),
        method="filter_wanting",
        choices=[("hsn", _("HSN")), ("composition", _("Composition")), ("manufacturer", _("Manufacturer"))],
    )

    class Meta:
        model = Product
        fields: tuple[str, ...] = ()

    def filter_salt(self, queryset: QuerySet[Product], name: str, value: Salt) -> QuerySet[Product]:  # noqa: ARG002
        """Products that have the salt in any strength."""
        return queryset.filter(pk__in=value.products.values("product_id"))

    def filter_wanting(self, queryset: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:  # noqa: ARG002
        """Products that lack what bills and returns need."""
        if value == "manufacturer":
            return queryset.filter(manufacturer__isnull=True)
        return queryset.filter(**{value: ""})


class ManufacturerFilter(django_filters.FilterSet):
    active = django_filters.BooleanFilter(label=_("Active"))
    convention = django_filters.ChoiceFilter(
        label=_("PTR and PTS by"), choices=[("markdown", _("Mark-down")), ("markup", _("Mark-up"))]
    )

    class Meta:
        model = Manufacturer
        fields: tuple[str, ...] = ()
