"""Goods receipts: their list, the beginning of one, and one that is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.search import narrowed
from apps.core.ui.formats import inr
from apps.core.ui.links import Link, page_url, row_links
from apps.core.ui.pages import ActionPage, Badge, Card, CreatePage, DetailPage, Empty, Fact, ListPage, TablePanel, View
from apps.inventory.models import Batch, Place
from apps.parties.models import Party
from apps.purchasing.filters.receipts import ReceiptFilter, RegisterFilter
from apps.purchasing.forms.receipts import BillForm, CancelForm, ReceiptForm
from apps.purchasing.models import (
    OPEN_STATES,
    ChargeKind,
    GoodsReceipt,
    PurchaseOrder,
    ReceiptLine,
    ReceiptState,
)
from apps.purchasing.operations import cancel_receipt, keep_bill, post_bill, put_charge
from apps.purchasing.operations.receipt_lines import discard_receipt, start_receipt
from apps.purchasing.operations.receipt_locks import OPEN_STATES as OPEN
from apps.purchasing.tables.receipts import RECEIPT_TONES, ReceiptLineTable, ReceiptTable, RegisterTable

SEE, EDIT, POST = "purchasing.receipt.view", "purchasing.receipt.edit", "purchasing.receipt.post"


class ReceiptList(ListPage[GoodsReceipt]):
    model = GoodsReceipt
    right = SEE
    table_class = ReceiptTable
    filterset_class = ReceiptFilter
    ordering = ("-on_date", "-id")
    same_for_all = True
    search_hint = gettext_lazy("Number, supplier")
    views = (
        View(gettext_lazy("Checking"), "state=draft", counted=True),
        View(gettext_lazy("Checked"), "state=checked", counted=True),
        View(gettext_lazy("Parked"), "state=parked", counted=True),
        View(gettext_lazy("Without a bill"), "billed=no", counted=True),
    )
    empty = Empty(
        gettext_lazy("No goods received yet"),
        gettext_lazy("Scan or type what a supplier sends: batch, expiry, MRP. Adding it to stock comes last."),
        icon="truck-delivery",
    )

    def search(self, queryset: models.QuerySet[GoodsReceipt], text: str) -> models.QuerySet[GoodsReceipt]:
        """The beginning of a number, where one begins so; anything else is of the supplier."""
        numbered = queryset.filter(number__startswith=text.strip().upper())
        if any(sign.isdigit() for sign in text) and numbered.exists():
            return numbered
        return narrowed(queryset, text, function="party_search", through="supplier")

    def row_url_maker(self) -> Callable[[Any], str | None] | None:
        make = row_links(self.request, GoodsReceipt)
        return (lambda record: make(record.id)) if make else None


class ReceiptCreate(CreatePage[GoodsReceipt]):
    model = GoodsReceipt
    right = EDIT
    form_class = ReceiptForm
    template_name = "purchasing/named_form.html"
    fragment = "ui/form.html#form"
    title = gettext_lazy("Receive goods")
    submit_label = gettext_lazy("Receive")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"organization": self.request.organization.slug}

    def get_initial(self) -> dict[str, Any]:
        given = {name: value for name in ("order", "supplier") if (value := self.request.GET.get(name, "")).isdecimal()}
        order = PurchaseOrder.objects.filter(pk=given.get("order", 0), state__in=OPEN_STATES).first()
        supplier = Party.objects.filter(pk=given.get("supplier", 0), is_supplier=True).first()
        places = Place.objects.filter(active=True, kind="godown").order_by("branch_id", "id")
        if order is not None:
            supplier, places = order.supplier, places.filter(branch=order.branch_id)
        return {"order": order, "supplier": supplier, "place": places.first(), "on_date": timezone.localdate()}

    def save(self, form: Any) -> GoodsReceipt:
        data = form.cleaned_data
        return start_receipt(
            supplier=data["supplier"],
            branch=data["place"].branch,
            place=data["place"],
            on_date=data["on_date"],
            order=data["order"],
            challan=data["challan"],
            actor=self.request.member,
        )

    def success_url(self, instance: GoodsReceipt) -> str:
        return page_url(self.request, instance, "receive") or super().success_url(instance)

    def success_text(self, instance: GoodsReceipt) -> str:  # noqa: ARG002
        return _("Begun. Every line saves itself.")


class ReceiptLinePanel(TablePanel):
    """What came, batch by batch."""

    title = gettext_lazy("Lines")
    right = SEE
    table_class = ReceiptLineTable
    limit = 500
    empty = gettext_lazy("Nothing is on this receipt yet.")

    def get_queryset(self) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = ReceiptLine.objects.filter(receipt=self.instance)
        return found.order_by("position", "id")

    def row_url_maker(self) -> Callable[[Any], str | None] | None:
        make = row_links(self.request, Batch)
        return (lambda record: make(record.batch_id) if record.batch_id else None) if make else None


class ReceiptDetail(DetailPage[GoodsReceipt]):
    model = GoodsReceipt
    right = SEE
    cards = (
        Card(gettext_lazy("Delivery"), ("supplier", "branch", "place", "on_date", "order", "challan", "temperature")),
        Card(
            gettext_lazy("In the books"),
            (
                "bill",
                Fact(gettext_lazy("Goods before tax"), value=lambda one: inr(one.amount)),
                Fact(gettext_lazy("Not billed"), value=lambda one: inr(one.unbilled)),
                "made_by",
                "posted_by",
                "posted_at",
                "reason",
            ),
        ),
    )
    panels = (ReceiptLinePanel,)

    def get_queryset(self) -> models.QuerySet[GoodsReceipt]:
        joined = ("supplier", "branch", "place", "order", "bill", "made_by__user", "posted_by__user")
        return super().get_queryset().select_related(*joined)

    def badges(self) -> list[Badge]:
        found = [Badge(self.instance.get_state_display(), RECEIPT_TONES[self.instance.state])]
        if self.instance.unbilled and self.instance.state == ReceiptState.POSTED:
            found.append(Badge(_("Waits for its bill"), "warn"))
        return found

    def actions(self) -> Sequence[Link | None]:
        return [
            self._to("receive", _("Go on"), "truck-delivery", primary=True),
            self._to("bill", _("Enter bill"), "receipt", primary=True),
        ]

    def menu(self) -> list[Link | None]:
        return [
            self._to("cancel", _("Cancel receipt"), "ban"),
            self._to("discard", _("Give up"), "trash"),
        ]

    def _to(self, kind: str, label: str, icon: str, *, primary: bool = False) -> Link | None:
        url = page_url(self.request, self.instance, kind)
        return Link(label, url, icon, primary=primary) if url else None


class ReceiptDiscard(ActionPage[GoodsReceipt]):
    model = GoodsReceipt
    right = EDIT
    title = gettext_lazy("Give up")
    tone = "del"

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") in OPEN

    def question(self) -> str:
        return _("Nothing of it goes into stock, and the supplier's bill number is free again.")

    def perform(self, form: Any) -> None:  # noqa: ARG002
        discard_receipt(pk=self.instance.pk)


class ReceiptCancel(ActionPage[GoodsReceipt]):
    model = GoodsReceipt
    right = POST
    form_class = CancelForm
    title = gettext_lazy("Cancel receipt")
    tone = "del"

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == ReceiptState.POSTED

    def get_initial(self) -> dict[str, Any]:
        return {"on_date": timezone.localdate()}

    def question(self) -> str:
        return _("The goods leave stock, and their bill the books. The number stays used.")

    def points(self) -> Sequence[str]:
        return [_("Goods that are sold, moved or held cannot be taken back: return the rest to the supplier.")]

    def perform(self, form: Any) -> None:
        cancel_receipt(pk=self.instance.pk, actor=self.request.member, **form.cleaned_data)


class ReceiptBill(ActionPage[GoodsReceipt]):
    """The bill of goods that are in stock already."""

    model = GoodsReceipt
    right = POST
    form_class = BillForm
    title = gettext_lazy("Enter bill")
    submit_label = gettext_lazy("Put into the books")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == ReceiptState.POSTED and bool(getattr(instance, "unbilled", 0))

    def get_initial(self) -> dict[str, Any]:
        return {"on_date": timezone.localdate(), "bill_date": timezone.localdate()}

    def points(self) -> Sequence[str]:
        return [
            _("%(amount)s of goods wait for their bill.") % {"amount": inr(self.instance.unbilled)},
            _("Freight and differences go to goods still there, and to the cost of those sold."),
        ]

    def perform(self, form: Any) -> None:
        """One transaction: the draft and its posting."""
        data = form.cleaned_data
        keep_bill(
            receipt_id=self.instance.pk,
            number=data["bill_number"],
            bill_date=data["bill_date"],
            printed_total=data["printed_total"],
            discount=data["bill_discount"] or Decimal(0),
            actor=self.request.member,
        )
        put_charge(
            receipt_id=self.instance.pk,
            kind=ChargeKind.FREIGHT,
            amount=data["freight"] or Decimal(0),
            tax_rate=data["freight_tax"] or Decimal(0),
        )
        post_bill(receipt_id=self.instance.pk, on_date=data["on_date"], actor=self.request.member)

    def success_text(self) -> str:
        return _("The bill is in the books")


class PurchaseRegister(ListPage[ReceiptLine]):
    """Batches bought, by drug and dates, for an inspector."""

    model = ReceiptLine
    right = SEE
    title = gettext_lazy("Register of purchases")
    table_class = RegisterTable
    filterset_class = RegisterFilter
    ordering = ("-id",)
    search_fields = ("product__name", "number", "receipt__supplier__name")
    empty = Empty(
        gettext_lazy("No purchases in the register"),
        gettext_lazy("Every batch that is added to stock is entered here, with supplier, bill and maker."),
        icon="file-text",
    )

    def get_queryset(self) -> models.QuerySet[ReceiptLine]:
        return super().get_queryset().filter(receipt__state=ReceiptState.POSTED, rejected=False)

    def row_url_maker(self) -> Callable[[Any], str | None] | None:
        make = row_links(self.request, GoodsReceipt)
        return (lambda record: make(record.receipt_id)) if make else None
