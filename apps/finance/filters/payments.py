"""What the lists of payments, cheques and open items can be narrowed by."""

from __future__ import annotations

import django_filters
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.ui.widgets import DateInput
from apps.finance.models import (
    Cheque,
    ChequeState,
    ItemKind,
    Mode,
    OpenItem,
    Payment,
    PaymentKind,
    PaymentState,
    Side,
)
from apps.organizations.models import Branch


class _Dated(django_filters.FilterSet):
    first = django_filters.DateFilter(label=_("From"), field_name="on_date", lookup_expr="gte", widget=DateInput())
    last = django_filters.DateFilter(label=_("To"), field_name="on_date", lookup_expr="lte", widget=DateInput())


class PaymentFilter(_Dated):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=PaymentKind)
    mode = django_filters.ChoiceFilter(label=_("Paid by"), choices=Mode)
    state = django_filters.ChoiceFilter(label=_("State"), choices=PaymentState)
    branch = django_filters.ModelChoiceFilter(label=_("Branch"), queryset=Branch.objects.all())
    party = django_filters.NumberFilter(label=_("Party number"), field_name="party_id")
    on_account = django_filters.BooleanFilter(label=_("On account"), method="filter_on_account")

    class Meta:
        model = Payment
        fields: tuple[str, ...] = ()

    def filter_on_account(self, queryset: models.QuerySet[Payment], name: str, value: bool) -> models.QuerySet[Payment]:  # noqa: ARG002
        """Those with something not settled yet, or those without."""
        if value:
            return queryset.filter(item__isnull=False).exclude(item__open_amount=0)
        return queryset.filter(models.Q(item__isnull=True) | models.Q(item__open_amount=0))


class ChequeFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=ChequeState)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=PaymentKind)
    due = django_filters.BooleanFilter(label=_("Can be deposited"), method="filter_due")
    party = django_filters.NumberFilter(label=_("Party number"), field_name="party_id")
    first = django_filters.DateFilter(
        label=_("Cheque date from"), field_name="cheque_on", lookup_expr="gte", widget=DateInput()
    )
    last = django_filters.DateFilter(
        label=_("Cheque date to"), field_name="cheque_on", lookup_expr="lte", widget=DateInput()
    )

    class Meta:
        model = Cheque
        fields: tuple[str, ...] = ()

    def filter_due(self, queryset: models.QuerySet[Cheque], name: str, value: bool) -> models.QuerySet[Cheque]:  # noqa: ARG002
        """In hand, and their date has come."""
        due = models.Q(state__in=[ChequeState.WAITING, ChequeState.HELD], cheque_on__lte=timezone.localdate())
        return queryset.filter(due if value else ~due)


class OpenItemFilter(django_filters.FilterSet):
    side = django_filters.ChoiceFilter(label=_("Side"), choices=Side)
    kind = django_filters.ChoiceFilter(label=_("Document"), choices=ItemKind)
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="filter_state",
        choices=[
            ("open", _("Open")),
            ("overdue", _("Overdue")),
            ("on_account", _("On account")),
            ("closed", _("Settled")),
        ],
    )
    branch = django_filters.ModelChoiceFilter(label=_("Branch"), queryset=Branch.objects.all())
    party = django_filters.NumberFilter(label=_("Party number"), field_name="party_id")
    due_from = django_filters.DateFilter(
        label=_("Due from"), field_name="due_on", lookup_expr="gte", widget=DateInput()
    )
    due_to = django_filters.DateFilter(label=_("Due to"), field_name="due_on", lookup_expr="lte", widget=DateInput())
    document_from = django_filters.DateFilter(
        label=_("Dated from"), field_name="document_on", lookup_expr="gte", widget=DateInput()
    )
    document_to = django_filters.DateFilter(
        label=_("Dated to"), field_name="document_on", lookup_expr="lte", widget=DateInput()
    )

    class Meta:
        model = OpenItem
        fields: tuple[str, ...] = ()

    def filter_state(self, queryset: models.QuerySet[OpenItem], name: str, value: str) -> models.QuerySet[OpenItem]:  # noqa: ARG002
        """By what is left, as of today."""
        awaiting = models.Q(side="receivable", open_amount__gt=0) | models.Q(side="payable", open_amount__lt=0)
        against = models.Q(side="receivable", open_amount__lt=0) | models.Q(side="payable", open_amount__gt=0)
        match value:
            case "closed":
                return queryset.filter(open_amount=0)
            case "overdue":
                return queryset.exclude(open_amount=0).filter(awaiting, due_on__lt=timezone.localdate())
            case "on_account":
                return queryset.exclude(open_amount=0).filter(against)
            case _:
                return queryset.exclude(open_amount=0)
