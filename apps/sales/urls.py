"""Addresses of selling."""

from __future__ import annotations

from django.urls import URLPattern

from apps.core.ui.links import model_paths
from apps.sales.models import Bill
from apps.sales.views import bills

app_name = "sales"

urlpatterns: list[URLPattern] = [
    *model_paths(
        "bills",
        Bill,
        list=bills.BillList,
        detail=bills.BillDetail,
        cancel=bills.BillCancel,
        correct=bills.BillCorrect,
        discard=bills.BillDiscard,
    ),
]
