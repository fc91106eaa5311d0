"""Writing a purchase order: its lines, each saved while the next is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.refusals import Refusal
from apps.core.ui.formats import money, num, trim
from apps.core.ui.grid import Column, Entry, Line, Note, Pick, Shown, Step, Typed
from apps.core.ui.links import page_url
from apps.core.ui.pages import GridPage
from apps.inventory.models import Product
from apps.inventory.queries.catalogue import Choice
from apps.inventory.views.picking import ProductPick
from apps.purchasing.models import OrderLine, PurchaseOrder
from apps.purchasing.operations.orders import put_line, remove_line, submit_order
from apps.purchasing.queries.orders import due_of, usual_terms
from apps.purchasing.rules.orders import Terms
from apps.purchasing.views.orders import EDIT, SEE, State


class OrderProductPick(ProductPick):
    """Products with what is still to come of them."""

    right = SEE
    further: ClassVar[Sequence[str | Promise]] = (gettext_lazy("On order"),)

    def say_further(self, found: Sequence[Choice]) -> dict[int, Sequence[Any]]:
        due = due_of([one.id for one in found])
        return {one.id: (num(due.get(one.id, 0)),) for one in found}


class OrderLines(GridPage[PurchaseOrder]):
    """Product, quantity, Enter: the rate is the supplier's own, from its price list or its last order."""

    model = PurchaseOrder
    right, edit_right = SEE, EDIT
    template_name = "purchasing/order_lines.html"
    parts: ClassVar[Sequence[str]] = ("purchasing/parts/order_totals.html",)
    columns: ClassVar[Sequence[Column]] = (
        Pick(name="product", label=gettext_lazy("Product"), phone="ma", required=True),
        Shown(name="pack", label=gettext_lazy("Pack"), width=150, css="mut"),
        Shown(name="due", label=gettext_lazy("On order"), width=80, css="num mut"),
        Entry(
            name="quantity",
            label=gettext_lazy("Quantity"),
            width=84,
            css="num",
            inputmode="numeric",
            required=True,
            commits=True,
        ),
        Entry(name="free", label=gettext_lazy("Free"), width=70, css="num", inputmode="numeric"),
        Entry(name="rate", label=gettext_lazy("Rate"), width=96, css="num", inputmode="decimal"),
        Entry(name="discount", label=gettext_lazy("Disc. %"), width=76, css="num", inputmode="decimal"),
        Shown(name="amount", label=gettext_lazy("Amount"), width=110, css="num m", phone="mb"),
    )

    # ---- what it is about ----

    def document_path(self) -> str:
        return self.url("purchasing:purchaseorder_lines", pk=self.instance.pk)

    def get_queryset(self) -> QuerySet[PurchaseOrder]:
        return super().get_queryset().select_related("supplier", "branch")

    def is_open(self) -> bool:
        return self.instance.state == State.DRAFT

    def closed_text(self) -> str:
        return _("%(order)s is %(state)s by now. What you typed is not on it.") % {
            "order": self.instance,
            "state": self.instance.get_state_display().lower(),
        }

    def pickers(self) -> Mapping[str, str]:
        return {"product": self.url("purchasing:product_pick")}

    def find(self, column: str, text: str) -> int | None:  # noqa: ARG002
        keys = list(Product.objects.filter(active=True, name__iexact=text).values_list("pk", flat=True)[:2])
        return keys[0] if len(keys) == 1 else None

    # ---- lines ----

    def _rows(self) -> QuerySet[OrderLine]:
        rows: QuerySet[OrderLine] = OrderLine.objects.filter(order=self.instance).select_related("product")
        return rows.order_by("id")

    def lines(self) -> Sequence[Line]:
        rows = list(self._rows())
        due = due_of([row.product_id for row in rows])
        return [_line(row, due.get(row.product_id, 0)) for row in rows]

    def line(self, pk: int) -> Line | None:
        row = self._rows().filter(pk=pk).first()
        return _line(row, due_of([row.product_id]).get(row.product_id, 0)) if row else None

    def commit(self, typed: Typed) -> Line:
        if "product" not in typed.keys:
            raise Refusal(_("Choose a product from the list."), field="product")
        quantity = typed.whole("quantity", least=1)
        usual = self._usual(typed, quantity) if typed.pk is None else None
        terms = Terms(
            product_id=typed.keys["product"],
            quantity=quantity,
            free=typed.whole("free", empty=usual.free if usual else 0),
            rate=typed.amount("rate", places=4, empty=usual.rate if usual else Decimal(0)),
            discount=round(typed.percent("discount", empty=usual.discount if usual else Decimal(0)), 2),
        )
        row = put_line(pk=self.instance.pk, line_id=typed.pk, terms=terms)
        return _line(row, due_of([row.product_id]).get(row.product_id, 0))

    def _usual(self, typed: Typed, quantity: int) -> Terms | None:
        """What the supplier asks, for the cells that were left empty."""
        return usual_terms(self.instance.supplier_id, typed.keys["product"], quantity, self.instance.on_date)

    def remove(self, pk: int) -> None:
        remove_line(pk=self.instance.pk, line_id=pk)

    # ---- the whole ----

    def steps(self) -> Sequence[Step]:
        if not self.is_open():
            return ()
        missing = () if self.instance.line_count else (_("There is nothing on this order yet."),)
        return (Step("approve", _("Approve"), icon="check", keys="Control+Enter", primary=True, missing=missing),)

    def step(self, do: str) -> str:  # noqa: ARG002
        order = submit_order(pk=self.instance.pk, actor=self.request.member)
        self.toast(
            _("%(order)s waits for approval") % {"order": order}
            if order.state == State.WAITING
            else _("%(order)s approved") % {"order": order}
        )
        return page_url(self.request, order, "detail") or self.url("purchasing:purchaseorder_list")

    def parts_context(self) -> dict[str, Any]:
        return {
            "amount": self.instance.amount,
            "line_count": self.instance.line_count,
            "edit_url": page_url(self.request, self.instance, "edit") if self.is_open() else "",
            "order_url": page_url(self.request, self.instance, "detail"),
            "late": bool(self.instance.expected_on and self.instance.expected_on < timezone.localdate()),
        }


def _line(row: OrderLine, due: int) -> Line:
    product = row.product
    notes = []
    if not product.active:
        notes.append(Note(_("%(product)s is discontinued. Remove its line.") % {"product": product}, "bad"))
    if not row.rate:
        notes.append(Note(_("The rate is not known. The supplier will name it, or type it."), "info"))
    return Line(
        pk=row.pk,
        name=product.name,
        values={
            "product": product.name,
            "pack": product.pack,
            "due": num(due) if due else "",
            "quantity": row.quantity,
            "free": row.free or "",
            "rate": trim(row.rate) if row.rate else "",
            "discount": trim(row.discount) if row.discount else "",
            "amount": money(row.amount) if row.rate else "",
        },
        keys={"product": row.product_id},
        notes=notes,
        phone_detail=product.pack,
        phone_end=num(row.quantity),
    )
