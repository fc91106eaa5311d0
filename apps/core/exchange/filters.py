"""What the list of imports can be narrowed by."""

from __future__ import annotations

import django_filters
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.exchange.declaration import importers
from apps.core.exchange.models import ImportJob
from apps.core.exchange.wording import RESULTS


def _kinds() -> list[tuple[str, str | Promise]]:
    return [(importer.name, importer.label) for importer in importers()]


class ImportJobFilter(django_filters.FilterSet):
    importer = django_filters.ChoiceFilter(label=_("Kind"), choices=_kinds, empty_label=_("Any"))
    status = django_filters.ChoiceFilter(
        label=_("Result"), choices=[(state.value, label) for state, label in RESULTS.items()], empty_label=_("Any")
    )
    created_at = django_filters.DateFromToRangeFilter(label=_("When"))

    class Meta:
        model = ImportJob
        fields: list[str] = []
