"""The receiving desk: scan or type what came, line by line, beside the supplier's bill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.refusals import Refusal, Stale
from apps.core.ui.grid import Entry, Key, Line, Pick, Shown, Step, Typed
from apps.core.ui.pages import GridPage
from apps.core.ui.pages.griddocument import KEYS
from apps.inventory.models import Place
from apps.inventory.queries.catalogue import products_for_picker
from apps.purchasing.models import ChargeKind, Decision, GoodsReceipt, ReceiptLine, ReceiptState
from apps.purchasing.operations import bill_drafts, receipt_decisions, receipt_lines
from apps.purchasing.operations.receipt_entry import LineEntry
from apps.purchasing.operations.receipt_lines import entry_of
from apps.purchasing.operations.receipt_locks import OPEN_STATES
from apps.purchasing.operations.receipt_posting import LinesInTheWay, post_receipt
from apps.purchasing.operations.receipt_scans import Scanned, scan_into_receipt
from apps.purchasing.queries.line_defaults import agreed_for
from apps.purchasing.queries.receipt_screen import Sheet, sheet_of, wholesale_licences
from apps.purchasing.queries.receiving import LineFacts, facts_of
from apps.purchasing.rules.line_checks import Weight
from apps.purchasing.views.receipt_input import posted, read_day, read_degrees, read_month, read_place
from apps.purchasing.views.receipt_rows import draw_line, reject_reason, tone_of
from apps.purchasing.views.wording import told_match, told_waiting

SEE, EDIT, POST = "purchasing.receipt.view", "purchasing.receipt.edit", "purchasing.receipt.post"
TONES = {"draft": "info", "checked": "acc", "parked": "warn", "posted": "ok", "cancelled": "bad"}
ZERO = Decimal("0.00")


class ReceiptScreen(GridPage[GoodsReceipt]):
    """One open receipt. Everything typed is saved; "Add to stock" is what can be refused."""

    model = GoodsReceipt
    right, edit_right = SEE, EDIT
    template_name = "purchasing/receipt.html"
    caption = gettext_lazy("Lines to receive. Enter goes to the next cell.")
    parts = ("purchasing/parts/match.html", "purchasing/parts/before.html", "purchasing/parts/scanned.html")
    keys = (Key("F3", gettext_lazy("scan box")), *KEYS)
    columns = (
        Pick(name="product", label=gettext_lazy("Product"), phone="ma", required=True),
        Entry(name="number", label=gettext_lazy("Batch"), width=80, css="code", maxlength=30),
        Entry(name="expiry", label=gettext_lazy("Expiry"), width=76, css="tn", inputmode="numeric", expiry=True),
        Entry(name="mrp", label=gettext_lazy("MRP"), width=66, css="num", inputmode="decimal"),
        Shown(name="ordered", label=gettext_lazy("Ord."), width=44, css="num mut"),
        Entry(name="quantity", label=gettext_lazy("Recd."), width=52, css="num", inputmode="numeric"),
        Entry(name="free", label=gettext_lazy("Free"), width=44, css="num", inputmode="numeric"),
        Entry(name="rate", label=gettext_lazy("Rate"), width=66, css="num", inputmode="decimal", commits=True),
        Entry(name="discount", label=gettext_lazy("Disc.%"), width=48, css="num", inputmode="decimal"),
        Entry(name="tax_rate", label=gettext_lazy("Tax%"), width=42, css="num", inputmode="decimal"),
        Entry(name="place", label=gettext_lazy("Place"), width=56, css="code"),
        Shown(name="amount", label=gettext_lazy("Amount"), width=80, css="num m", phone="mb"),
        Shown(name="check", label=gettext_lazy("Check"), width=76),
    )

    scanned: Scanned | None = None
    scan_problem = ""
    _facts: dict[int, LineFacts] | None = None
    _sheet: Sheet | None = None

    @classmethod
    def offers(cls, instance: Any) -> bool:
        return getattr(instance, "state", "") in OPEN_STATES

    # ---- the document ----

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("supplier", "branch", "place", "order", "bill")

    def get_title(self) -> str:
        return _("Receive from %(supplier)s") % {"supplier": self.instance.supplier}

    def is_open(self) -> bool:
        return self.instance.state in OPEN_STATES

    def pickers(self) -> Mapping[str, str]:
        return {"product": self.url("purchasing:receipt_products", pk=self.instance.pk)}

    def find(self, column: str, text: str) -> int | None:
        found = products_for_picker(text, most=2) if column == "product" else []
        exact = [one for one in found if one.name.lower() == text.lower()]
        chosen = exact if len(exact) == 1 else found
        return chosen[0].id if len(chosen) == 1 else None

    def after(self) -> None:
        super().after()
        self._sheet = None

    def sheet(self) -> Sheet:
        """The receipt as it stands, worked out once a request."""
        if self._sheet is None:
            self._sheet = sheet_of(self.instance)
        return self._sheet

    # ---- lines ----

    def lines(self) -> Sequence[Line]:
        receipt_lines.note_findings(self.instance)
        rows = list(
            ReceiptLine.objects.filter(receipt=self.instance)
            .select_related("product__manufacturer", "place")
            .order_by("position", "id")
        )
        facts = facts_of(self.instance)
        return [self.drawn(row, facts[row.pk]) for row in rows]

    def line(self, pk: int) -> Line | None:
        row = self._row(pk)
        return self.drawn(row, facts_of(self.instance, [pk])[pk]) if row else None

    def _row(self, pk: int) -> ReceiptLine | None:
        found: ReceiptLine | None = (
            ReceiptLine.objects.filter(receipt=self.instance, pk=pk)
            .select_related("product__manufacturer", "place")
            .first()
        )
        return found

    def drawn(self, row: ReceiptLine, facts: LineFacts) -> Line:
        """A line as the grid shows it."""
        may_allow = self.request.member.may(receipt_decisions.ALLOW)
        return draw_line(row, facts, on=self.instance.on_date, may_allow=may_allow)

    def commit(self, typed: Typed) -> Line:
        row = self._row(typed.pk) if typed.pk is not None else None
        if typed.pk is not None and row is None:
            raise Stale
        entry = self._entry(typed, row)
        line = receipt_lines.put_receipt_line(
            pk=self.instance.pk, entry=entry, line_id=typed.pk, key="" if typed.pk else self._key()
        )
        self._tell_others(line)
        return self._line_of(line)

    def _key(self) -> str:
        return str(self.request.POST.get("token", ""))[:36]

    def _line_of(self, line: ReceiptLine) -> Line:
        found = self.line(line.pk)
        if found is None:
            raise Stale
        return found

    def _tell_others(self, line: ReceiptLine) -> None:
        """Other batches of the same order's line are short of more or less now."""
        if line.order_line_id is not None:
            others = ReceiptLine.objects.filter(receipt=self.instance, order_line=line.order_line_id)
            keys = list(others.exclude(pk=line.pk).values_list("pk", flat=True))
            self.also = [found for key in keys if (found := self.line(key))]

    def _entry(self, typed: Typed, row: ReceiptLine | None) -> LineEntry:
        product = typed.keys.get("product")
        if product is None:
            raise Refusal(_("Choose a product from the list."), field="product")
        if row is not None and row.product_id == product:
            entry = entry_of(row)
        else:
            agreed = agreed_for(self.instance, product)
            entry = LineEntry(
                product_id=product, rate=agreed.rate, discount=agreed.discount, order_line_id=agreed.order_line_id
            )
        given: dict[str, Any] = {"number": typed.text("number"), "expiry": read_month(typed)}
        given["mrp"] = typed.amount("mrp") if typed.text("mrp") else None
        given["quantity"] = typed.whole("quantity") if typed.text("quantity") else None
        given["free"] = typed.whole("free", empty=0)
        given["place_id"] = read_place(typed.text("place"), self.instance.branch_id)
        # What the person left empty on a new line is as agreed.
        if typed.text("rate") or row is not None:
            given["rate"] = typed.amount("rate", places=4) if typed.text("rate") else None
        if typed.text("discount") or row is not None:
            given["discount"] = typed.percent("discount")
        if typed.text("tax_rate") or row is not None:
            given["tax_rate"] = typed.percent("tax_rate") if typed.text("tax_rate") else None
        return replace(entry, **given)

    def remove(self, pk: int) -> None:
        receipt_lines.remove_receipt_line(pk=self.instance.pk, line_id=pk)

    def act(self, do: str, typed: Typed) -> Line | None:
        if typed.pk is None:
            raise Http404
        receipt, line, member = self.instance.pk, typed.pk, self.request.member
        match do:
            case "reject":
                word = reject_reason(typed.value)
                row = receipt_decisions.reject_line(pk=receipt, line_id=line, reason=word)
            case "keep":
                row = receipt_decisions.keep_line(pk=receipt, line_id=line)
            case "enquire":
                row = receipt_decisions.ask_about_line(pk=receipt, line_id=line, actor=member)
            case "allow":
                row = receipt_decisions.allow_line(pk=receipt, line_id=line, actor=member)
            case "decide" if typed.value in Decision.values:
                row = receipt_decisions.decide_rest(pk=receipt, line_id=line, decision=Decision(typed.value))
            case "claim" if typed.value.isdecimal():
                row = receipt_decisions.claim_rest(pk=receipt, line_id=line, billed=int(typed.value))
            case "split":
                receipt_lines.split_receipt_line(pk=receipt, line_id=line)
                return None
            case _:
                raise Http404
        return self._line_of(row)

    # ---- the scan box ----

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if (request.GET.get("do") or request.POST.get("do")) == "scan":
            return self._scan(request.POST.get("code", "").strip())
        return super().post(request, **kwargs)

    def _scan(self, code: str) -> HttpResponse:
        if not self.request.member.may(EDIT):
            return self.answer(message=_("Your role may look at this, not change it."), status=422)
        if not self.is_open():
            return self.closed()
        try:
            self.scanned = scan_into_receipt(pk=self.instance.pk, code=code)
        except Refusal as refusal:
            self.scan_problem = str(refusal)
        self.after()
        if not self.request.htmx and self.scan_problem:
            return self.page(message=self.scan_problem, status=422)
        # Not the answer to a line that was typed: all lines come, and each takes the place of the one that is there.
        return self.answer(whole=not self.scan_problem)

    # ---- head and bill ----

    def head_changed(self) -> HttpResponse:
        """What stands beside the lines changes none of them, so they are not sent again."""
        try:
            if self.request.POST.get("part") == "bill":
                self._keep_bill()
            else:
                self._change_heading()
        except Stale:
            return self.answer(message=_("Somebody else changed this at the same moment. Type it again."), status=422)
        except Refusal as refusal:
            return self.answer(message=str(refusal), field=refusal.field or "", status=422)
        self.after()
        return self.answer()

    def _keep_bill(self) -> None:
        data = posted(self.request.POST)
        total = data.amount("printed_total") if data.text("printed_total") else None
        bill_drafts.keep_bill(
            receipt_id=self.instance.pk,
            number=data.text("bill_number"),
            bill_date=read_day(data.text("bill_date"), "bill_date"),
            printed_total=total,
            discount=data.percent("bill_discount") or Decimal(0),
            discount_amount=data.amount("discount_amount", empty=ZERO),
            actor=self.request.member,
        )
        if "freight" in self.request.POST and (self.instance.bill_id or data.text("freight")):
            bill_drafts.put_charge(
                receipt_id=self.instance.pk,
                kind=ChargeKind.FREIGHT,
                amount=data.amount("freight", empty=ZERO),
                tax_rate=data.percent("freight_tax") or Decimal(0),
            )

    def _change_heading(self) -> None:
        data = posted(self.request.POST)
        place = Place.objects.filter(pk=data.text("place") or 0, branch=self.instance.branch_id).first()
        if place is None:
            raise Refusal(_("Choose where the goods are put."), field="place")
        receipt_lines.change_receipt(
            pk=self.instance.pk,
            version=None,
            on_date=read_day(data.text("on_date"), "on_date") or self.instance.on_date,
            place=place,
            challan=data.text("challan"),
            temperature=read_degrees(data.text("temperature")),
            note=self.instance.note,
        )

    # ---- steps ----

    def steps(self) -> Sequence[Step]:
        if self.instance.state == ReceiptState.PARKED:
            return (Step("resume", _("Take up again"), icon="arrow-back-up", primary=True),)
        counting = self.instance.order_id is not None
        return (
            *((Step("ordered", _("All as ordered"), icon="check"),) if counting else ()),
            Step("park", _("Park")),
            Step(
                "post",
                _("Add to stock"),
                keys="Control+Enter",
                primary=True,
                right=POST,
                missing=[told_waiting(one) for one in self.sheet().waiting],
            ),
        )

    def step(self, do: str) -> str:
        match do:
            case "park":
                receipt_lines.move_receipt(pk=self.instance.pk, state=ReceiptState.PARKED)
                self.toast(_("Parked. It waits in the list of receipts."))
                return self.url("purchasing:goodsreceipt_list")
            case "resume":
                receipt_lines.move_receipt(pk=self.instance.pk, state=ReceiptState.DRAFT)
                return self.document_path()
            case "ordered":
                receipt_decisions.take_ordered(pk=self.instance.pk)
                return self.document_path()
            case "post":
                done = post_receipt(pk=self.instance.pk, actor=self.request.member)
                self.toast(_("%(number)s is in stock") % {"number": done.number})
                return self.detail_url()
        raise Http404

    def refused_step(self, refusal: Refusal) -> HttpResponse:
        """Lines that are in the way are drawn anew: what was found on them when they were saved may have changed."""
        whole = isinstance(refusal, LinesInTheWay)
        return self.answer(message=str(refusal), field=refusal.field or "", whole=whole, status=422)

    # ---- what stands beside ----

    def badges(self) -> tuple[str, str]:
        return str(self.instance.get_state_display()), TONES[self.instance.state]

    def parts_context(self) -> dict[str, Any]:
        sheet, receipt = self.sheet(), self.instance
        printed = sheet.bill.printed_total if sheet.bill else None
        match = sheet.match
        state, tone = self.badges()
        return {
            "state": state,
            "state_tone": tone,
            "sheet": sheet,
            "bill": sheet.bill,
            "freight": next((one for one in sheet.charges if one.kind == ChargeKind.FREIGHT), None),
            "match_rows": [(told_match(row), row.amount) for row in match.rows] if match else [],
            "match": match,
            "printed": printed,
            "figures": sheet.booking.figures if sheet.booking else None,
            "waiting": [(told_waiting(one), one.weight is Weight.OPEN, tone_of(one.weight)) for one in sheet.waiting],
            "licences": wholesale_licences(receipt.supplier_id, receipt.on_date),
            "cold": ReceiptLine.objects.filter(
                receipt=receipt, rejected=False, product__storage__in=("cold", "frozen")
            ).exists(),
            "places": Place.objects.filter(branch=receipt.branch_id, active=True)
            .exclude(kind="transit")
            .order_by("name"),
            "scanned": self.scanned,
            "scan_problem": self.scan_problem,
            "today": timezone.localdate(),
        }
