"""Making a bill: its lines, each saved while the next is typed; then it is posted and printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.refusals import Refusal
from apps.core.ui.grid import Column, Entry, Line, Pick, Shown, Step, Typed
from apps.core.ui.links import page_url
from apps.core.ui.pages import ActionPage, GridPage
from apps.inventory.models import Product
from apps.parties.models import Party
from apps.sales.forms.begin import BeginForm
from apps.sales.models import Bill, BillLine, BillState
from apps.sales.operations import ask_owner, complete_bill, hold, open_draft, recall, remove_line, set_line
from apps.sales.queries.goods import lots
from apps.sales.queries.history import last_sales
from apps.sales.queries.sheet import Sheet, sheet
from apps.sales.rules.facts import Level
from apps.sales.views.bill_lines import MENDED, line_of, plain
from apps.sales.views.customer_first import CustomerFirst

SEE, EDIT = "sales.bill.view", "sales.bill.edit"
_NOTHING = Decimal("0.00")
_MOST_BATCHES = 4


class BillCreate(CustomerFirst):
    """Who buys."""

    right = EDIT
    title = gettext_lazy("New bill")
    model = Bill
    list_label = gettext_lazy("Bills")
    question = gettext_lazy("Who buys?")
    submit_label = gettext_lazy("Type the lines")

    def begin(self, party: Party, form: BeginForm) -> str:
        bill = open_draft(customer=party, actor=self.request.member, **form.cleaned_data)
        return self.url("sales:bill_write", pk=bill.pk)


class BillScreen(GridPage[Bill]):
    """Product, quantity, Enter: batches by first expiry, the customer's rate, scheme and tax come by themselves."""

    model = Bill
    right, edit_right = SEE, EDIT
    template_name = "sales/bill_screen.html"
    parts: ClassVar[Sequence[str]] = ("sales/parts/bill_notices.html", "sales/parts/bill_totals.html")
    followed: ClassVar[Sequence[str]] = ("sales/parts/bill_batches.html", "sales/parts/bill_last.html")
    columns: ClassVar[Sequence[Column]] = (
        Pick(name="product", label=gettext_lazy("Product"), phone="ma", required=True),
        Shown(name="batch", label=gettext_lazy("Batch"), width=100, css="code"),
        Shown(name="expiry", label=gettext_lazy("Expiry"), width=132),
        Shown(name="stock", label=gettext_lazy("Free stk"), width=70, css="num mut"),
        Shown(name="mrp", label=gettext_lazy("MRP"), width=80, css="num"),
        Entry(
            name="quantity",
            label=gettext_lazy("Qty"),
            width=66,
            css="num",
            inputmode="numeric",
            required=True,
            commits=True,
        ),
        Entry(name="free", label=gettext_lazy("Free"), width=58, css="num", inputmode="numeric"),
        Entry(name="rate", label=gettext_lazy("Rate"), width=84, css="num", inputmode="decimal"),
        Entry(name="discount", label=gettext_lazy("Disc. %"), width=64, css="num", inputmode="decimal"),
        Shown(name="tax", label=gettext_lazy("GST"), width=52, css="num mut"),
        Shown(name="amount", label=gettext_lazy("Amount"), width=104, css="num m", phone="mb"),
    )
    _sheet: Sheet | None = None

    # ---- what it is about ----

    def document_path(self) -> str:
        return self.url("sales:bill_write", pk=self.instance.pk)

    def get_queryset(self) -> models.QuerySet[Bill]:
        return super().get_queryset().select_related("customer", "branch", "ship_to")

    def is_open(self) -> bool:
        return self.instance.state == BillState.DRAFT

    def closed_text(self) -> str:
        return _("%(bill)s is %(state)s by now. What you typed is not on it.") % {
            "bill": self.instance,
            "state": self.instance.get_state_display().lower(),
        }

    def pickers(self) -> Mapping[str, str]:
        return {"product": self.url("sales:bill_products", pk=self.instance.pk)}

    def find(self, column: str, text: str) -> int | None:  # noqa: ARG002
        keys = list(Product.objects.filter(active=True, name__iexact=text).values_list("pk", flat=True)[:2])
        return keys[0] if len(keys) == 1 else None

    def whole(self) -> Sheet:
        """The bill with all its lines; after a line was written, with those of its product and everybody's foot."""
        if self._sheet is None:
            self._sheet = sheet(self.instance, member=self.request.member)
        return self._sheet

    # ---- lines ----

    def lines(self) -> Sequence[Line]:
        self._sheet = None
        return [line_of(line) for line in self.whole().lines]

    def line(self, pk: int) -> Line | None:
        product = BillLine.objects.filter(bill=self.instance, pk=pk).values_list("product_id", flat=True).first()
        if product is None:
            return None
        found = sheet(self.instance, member=self.request.member, product_ids=[product]).lines
        return next((line_of(line) for line in found if line.id == pk), None)

    def commit(self, typed: Typed) -> Line:
        if "product" not in typed.keys:
            raise Refusal(_("Choose a product from the list."), field="product")
        before = BillLine.objects.filter(bill=self.instance, pk=typed.pk).first() if typed.pk else None
        # A rate or free quantity that nobody typed follows the list and the scheme when the line changes.
        left_alone = {
            name
            for name, shown in _shown_rates(before).items()
            if before is not None and before.product_id == typed.keys["product"] and typed.text(name) == shown
        }
        self._sheet = set_line(
            bill_id=self.instance.pk,
            product_id=typed.keys["product"],
            line_id=typed.pk,
            quantity=typed.whole("quantity", least=1),
            free=None if "free" in left_alone or not typed.text("free") else typed.whole("free"),
            rate=None if "rate" in left_alone or not typed.text("rate") else typed.amount("rate", places=4),
            discount=typed.percent("discount", empty=_NOTHING),
            actor=self.request.member,
        )
        found = self._sheet.lines
        return line_of(next(line for line in found if line.id == typed.pk) if typed.pk else found[-1])

    def act(self, do: str, typed: Typed) -> Line | None:
        """Set the cell that a notice names."""
        name, _equals, value = typed.value.partition("=")
        if do != "set" or name not in MENDED.values():
            raise Http404
        return self.commit(Typed(typed.pk, {**typed.values, name: value}, typed.keys, typed.changed))

    def remove(self, pk: int) -> None:
        self._sheet = remove_line(bill_id=self.instance.pk, line_id=pk, actor=self.request.member)

    # ---- the whole ----

    def steps(self) -> Sequence[Step]:
        if not self.is_open():
            return ()
        return (
            Step("ask", _("Ask owner"), icon="help-circle", keys="F8"),
            Step("hold", _("Hold"), icon="player-pause", keys="F9"),
            Step("post", _("Save and print"), icon="printer", keys="Control+Enter", primary=True),
        )

    def step(self, do: str) -> str:
        if do == "ask":
            asked = ask_owner(bill_id=self.instance.pk, actor=self.request.member, version=self.version())
            self.toast(
                ngettext(
                    "The owner is asked. Go on typing, or hold the bill.",
                    "The owner is asked %(count)s questions. Go on typing, or hold the bill.",
                    len(asked),
                )
                % {"count": len(asked)}
            )
            return self.document_path()
        if do == "hold":
            hold(bill_id=self.instance.pk, version=self.version())
            self.toast(_("The bill of %(customer)s is on hold") % {"customer": self.instance.customer})
            return f"{self.url('sales:bill_list')}?state=held&state=draft"
        done = complete_bill(bill_id=self.instance.pk, actor=self.request.member, version=self.version())
        self.toast(_("Bill %(bill)s posted") % {"bill": done.bill})
        return page_url(self.request, done.bill, "print") or self.url("sales:bill_detail", pk=done.bill.pk)

    def refused_step(self, refusal: Refusal) -> HttpResponse:
        return self.answer(whole=True, message=str(refusal), status=422)

    def parts_context(self) -> dict[str, Any]:
        found = self.whole()
        used = found.buyer.used + found.foot.total if found.buyer else _NOTHING
        return {
            "foot": found.foot,
            "notices": [(one.text, "bad" if one.level is Level.STOP else "warn") for one in found.notices],
            "buyer": found.buyer,
            "used": used,
            "over": bool(found.buyer and found.buyer.credit_limit is not None and used > found.buyer.credit_limit),
            "bill_url": page_url(self.request, self.instance, "detail"),
        }

    def follow_context(self, line: Line | None, keys: Mapping[str, int]) -> dict[str, Any]:
        """The product that is looked at: its batches as they will be picked, and its last sales to the customer."""
        bill = self.instance
        held = line.keys.get("product") if line else None
        product = Product.objects.filter(pk=keys.get("product") or held).first()
        if product is None:
            return {}
        lying = lots([product.pk], branch_id=bill.branch_id, on=bill.on_date)[product.pk]
        return {
            "looked_at": product,
            "batches": lying[:_MOST_BATCHES],
            "customer": bill.customer,
            "sales": last_sales(product_id=product.pk, party_id=bill.customer_id) if bill.customer_id else [],
        }


def _shown_rates(line: BillLine | None) -> dict[str, str]:
    """What the cells show that nobody typed."""
    if line is None:
        return {}
    cells = {} if line.rate_typed else {"rate": plain(line.rate, 2)}
    return cells if line.free_typed else {**cells, "free": str(line.free) if line.free else ""}


class BillRecall(ActionPage[Bill]):
    """A bill on hold is taken up again."""

    model = Bill
    right = EDIT
    submit_label = gettext_lazy("Take up again")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == BillState.HELD

    def get_title(self) -> str:
        return _("Take up the bill of %(customer)s again") % {"customer": self.instance.customer}

    def perform(self, form: Any) -> None:  # noqa: ARG002
        recall(bill_id=self.instance.pk, actor=self.request.member)

    def success_text(self) -> str:
        return _("Here is the bill as you left it.")

    def success_url(self) -> str:
        return self.url("sales:bill_write", pk=self.instance.pk)
