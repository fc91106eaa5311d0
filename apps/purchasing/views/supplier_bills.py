"""Supplier bills: their list, and one with its lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.search import narrowed
from apps.core.ui.links import Link, page_url, row_links
from apps.core.ui.pages import ActionPage, Badge, Card, DetailPage, Empty, ListPage, TablePanel, View
from apps.inventory.models import Product
from apps.purchasing.filters.receipts import SupplierBillFilter
from apps.purchasing.forms.receipts import CancelForm
from apps.purchasing.models import BillLine, BillState, GoodsReceipt, SupplierBill
from apps.purchasing.operations import BillRefused, cancel_bill
from apps.purchasing.tables.receipts import BILL_TONES, BillLineTable, ReceiptTable, SupplierBillTable

SEE, POST = "purchasing.receipt.view", "purchasing.receipt.post"


class SupplierBillList(ListPage[SupplierBill]):
    model = SupplierBill
    right = SEE
    table_class = SupplierBillTable
    filterset_class = SupplierBillFilter
    ordering = ("-bill_date", "-id")
    same_for_all = True
    search_hint = gettext_lazy("Bill number, supplier")
    views = (
        View(gettext_lazy("In the books"), "state=posted"),
        View(gettext_lazy("Drafts"), "state=draft", counted=True),
    )
    empty = Empty(
        gettext_lazy("No supplier bills yet"),
        gettext_lazy("A bill is typed beside the goods it is for, when they are received or later."),
        icon="receipt",
    )

    def search(self, queryset: models.QuerySet[SupplierBill], text: str) -> models.QuerySet[SupplierBill]:
        """A bill of that number, else the supplier."""
        numbered = queryset.filter(number__iexact=text.strip())
        if any(sign.isdigit() for sign in text) and numbered.exists():
            return numbered
        return narrowed(queryset, text, function="party_search", through="supplier")


class BillLinePanel(TablePanel):
    title = gettext_lazy("Lines")
    right = SEE
    table_class = BillLineTable
    limit = 500
    empty = gettext_lazy("The lines are kept when the bill is put into the books.")

    def get_queryset(self) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = BillLine.objects.filter(bill=self.instance)
        return found.order_by("position", "id")

    def row_url_maker(self) -> Callable[[Any], str | None] | None:
        make = row_links(self.request, Product)
        return (lambda record: make(record.product_id)) if make else None


class BillReceiptPanel(TablePanel):
    title = gettext_lazy("Goods")
    right = SEE
    table_class = ReceiptTable

    def get_queryset(self) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = GoodsReceipt.objects.filter(
            pk__in=BillLine.objects.filter(bill=self.instance).values("receipt_line__receipt")
        ) | GoodsReceipt.objects.filter(bill=self.instance)
        return found.order_by("-on_date", "-id")


class SupplierBillDetail(DetailPage[SupplierBill]):
    model = SupplierBill
    right = SEE
    cards = (
        Card(
            gettext_lazy("Bill"),
            ("supplier", "branch", "number", "bill_date", "booked_on", "due_on", "pay_by", "reason"),
        ),
        Card(
            gettext_lazy("What it comes to"),
            ("taxable", "cgst", "sgst", "utgst", "igst", "round_off", "total", "claimed", "withheld"),
        ),
    )
    panels = (BillLinePanel, BillReceiptPanel)

    def get_queryset(self) -> models.QuerySet[SupplierBill]:
        return super().get_queryset().select_related("supplier", "branch")

    def badges(self) -> list[Badge]:
        return [Badge(self.instance.get_state_display(), BILL_TONES[self.instance.state])]

    def menu(self) -> list[Link | None]:
        url = page_url(self.request, self.instance, "cancel")
        return [Link(_("Take out of the books"), url, "ban") if url else None]


class SupplierBillCancel(ActionPage[SupplierBill]):
    model = SupplierBill
    right = POST
    form_class = CancelForm
    title = gettext_lazy("Take out of the books")
    tone = "del"

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == BillState.POSTED

    def get_initial(self) -> dict[str, Any]:
        return {"on_date": timezone.localdate()}

    def question(self) -> str:
        return _("Its goods stay in stock, received and not billed. The supplier's number is free again.")

    def perform(self, form: Any) -> None:
        receipt = GoodsReceipt.objects.filter(bill=self.instance).first()
        if receipt is None:
            raise BillRefused(_("No goods are left of this bill."))
        cancel_bill(receipt_id=receipt.pk, actor=self.request.member, **form.cleaned_data)
