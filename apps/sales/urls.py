"""Addresses of selling."""

from __future__ import annotations

from django.urls import URLPattern

from apps.core.ui.links import model_paths, org_path
from apps.sales.models import Bill, BillApproval, SalesReturn
from apps.sales.views import approvals, bill_products, bill_screen, bills, registers, returns
from apps.sales.views.paper import printing

app_name = "sales"

urlpatterns: list[URLPattern] = [
    *model_paths(
        "bills",
        Bill,
        list=bills.BillList,
        create=bill_screen.BillCreate,
        detail=bills.BillDetail,
        cancel=bills.BillCancel,
        correct=bills.BillCorrect,
        discard=bills.BillDiscard,
        write=bill_screen.BillScreen,
        recall=bill_screen.BillRecall,
        print=printing.BillPrint,
        send=printing.BillSend,
    ),
    *model_paths(
        "bill-questions",
        BillApproval,
        list=approvals.ApprovalList,
        detail=approvals.ApprovalDetail,
        allow=approvals.ApprovalAllow,
        refuse=approvals.ApprovalRefuse,
    ),
    org_path("bills/<int:pk>/products/", bill_products.BillProducts, name="bill_products"),
    org_path("sales-registers/", registers.Registers, name="registers"),
    *model_paths(
        "sales-returns",
        SalesReturn,
        list=returns.ReturnList,
        create=returns.ReturnCreate,
        detail=returns.ReturnDetail,
        discard=returns.ReturnDiscard,
        print=printing.NotePrint,
        send=printing.NoteSend,
    ),
]
