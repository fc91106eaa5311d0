"""What the journal and the vouchers can be narrowed by."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.finance.documents import document_types
from apps.finance.models import JournalEntry, Voucher
from apps.organizations.models import Branch


def _kinds() -> list[tuple[str, str]]:
    return [(one.kind, str(one.label)) for one in document_types()]


class JournalEntryFilter(django_filters.FilterSet):
    on_date = django_filters.DateFromToRangeFilter(label=_("Date"))
    branch = django_filters.ModelChoiceFilter(label=_("Branch"), queryset=Branch.objects.all())
    source_kind = django_filters.ChoiceFilter(label=_("Document"), choices=_kinds)
    amount = django_filters.RangeFilter(label=_("Amount"))
    over_lock = django_filters.BooleanFilter(label=_("Posted over a soft lock"))

    class Meta:
        model = JournalEntry
        fields: tuple[str, ...] = ()


class VoucherFilter(django_filters.FilterSet):
    on_date = django_filters.DateFromToRangeFilter(label=_("Date"))
    branch = django_filters.ModelChoiceFilter(label=_("Branch"), queryset=Branch.objects.all())
    kind = django_filters.ChoiceFilter(label=_("Voucher"), choices=Voucher.Kind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=Voucher.State.choices)

    class Meta:
        model = Voucher
        fields: tuple[str, ...] = ()
