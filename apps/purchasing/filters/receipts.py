"""What receipts, bills and the register of purchases can be narrowed by."""

from __future__ import annotations

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.ui.widgets import DateInput
from apps.inventory.models import Schedule
from apps.organizations.models import Branch
from apps.purchasing.models import BillState, GoodsReceipt, ReceiptLine, ReceiptState, SupplierBill


class ReceiptFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=ReceiptState.choices)
    billed = django_filters.ChoiceFilter(
        label=_("Bill"), method="filter_billed", choices=[("no", _("Waits for its bill"))]
    )
    branch = django_filters.ModelChoiceFilter(label=_("Branch"), queryset=Branch.objects.all())
    supplier = django_filters.NumberFilter(label=_("Supplier number"), field_name="supplier_id")
    first = django_filters.DateFilter(label=_("From"), field_name="on_date", lookup_expr="gte", widget=DateInput())
    last = django_filters.DateFilter(label=_("To"), field_name="on_date", lookup_expr="lte", widget=DateInput())

    class Meta:
        model = GoodsReceipt
        fields: tuple[str, ...] = ()

    def filter_billed(
        self,
        queryset: models.QuerySet[GoodsReceipt],
        name: str,  # noqa: ARG002
        value: str,  # noqa: ARG002
    ) -> models.QuerySet[GoodsReceipt]:
        """Receipts in stock that no bill has cleared."""
        return queryset.filter(unbilled__gt=0)


class SupplierBillFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=BillState.choices)
    branch = django_filters.ModelChoiceFilter(label=_("Branch"), queryset=Branch.objects.all())
    supplier = django_filters.NumberFilter(label=_("Supplier number"), field_name="supplier_id")
    first = django_filters.DateFilter(label=_("From"), field_name="bill_date", lookup_expr="gte", widget=DateInput())
    last = django_filters.DateFilter(label=_("To"), field_name="bill_date", lookup_expr="lte", widget=DateInput())

    class Meta:
        model = SupplierBill
        fields: tuple[str, ...] = ()


class RegisterFilter(django_filters.FilterSet):
    drug = django_filters.CharFilter(label=_("Drug"), field_name="product__name", lookup_expr="icontains")
    batch = django_filters.CharFilter(label=_("Batch"), field_name="number", lookup_expr="iexact")
    schedule = django_filters.ChoiceFilter(
        label=_("Schedule"),
        field_name="product__schedule",
        choices=[choice for choice in Schedule.choices if choice[0]],
    )
    supplier = django_filters.NumberFilter(label=_("Supplier number"), field_name="receipt__supplier_id")
    first = django_filters.DateFilter(
        label=_("From"), field_name="receipt__on_date", lookup_expr="gte", widget=DateInput()
    )
    last = django_filters.DateFilter(
        label=_("To"), field_name="receipt__on_date", lookup_expr="lte", widget=DateInput()
    )

    class Meta:
        model = ReceiptLine
        fields: tuple[str, ...] = ()
