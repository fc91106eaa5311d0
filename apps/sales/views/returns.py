"""Goods taken back: scan, and the bill they were sold on is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.refusals import Refusal
from apps.core.ui import formats
from apps.core.ui.links import page_url
from apps.core.ui.pages import ActionPage, Empty, ListPage, View
from apps.core.ui.pages.base import ObjectPage
from apps.core.ui.tables.columns import Badge
from apps.inventory.queries.catalogue import products_for_picker
from apps.inventory.queries.scan import meaning_of
from apps.inventory.rules.scan import UnreadableScan
from apps.organizations.operations.sentences import told
from apps.parties.models import Party
from apps.sales.filters.returns import ReturnFilter
from apps.sales.forms.begin import BeginForm, ReturnForm
from apps.sales.models import ReturnReason, SalesReturn, SalesReturnLine
from apps.sales.operations import discard_return, open_return, post_return, set_returned
from apps.sales.queries.sold import SoldBatch, sold_as, sold_of_batches, sold_of_products
from apps.sales.rules.returns import Why
from apps.sales.tables.returns import ReturnTable
from apps.sales.views.customer_first import CustomerFirst

SEE, EDIT = "sales.bill.view", "sales.return.edit"
_MOST_TYPED, _MOST_UNITS = 10, 9_999_999


class ReturnList(ListPage[SalesReturn]):
    model = SalesReturn
    right = SEE
    table_class = ReturnTable
    filterset_class = ReturnFilter
    search_fields = ("number", "customer__name")
    search_hint = _("Number or customer")
    ordering = ("-on_date", "-id")
    views = (View(_("Drafts"), "state=draft"), View(_("Without tax"), "kind=commercial"))
    empty = Empty(_("No returns yet"), _("Scan what a customer sends back: the bill and its rate are found."))


class ReturnCreate(CustomerFirst):
    """Whose goods come back."""

    right = EDIT
    title = _("Take goods back")
    model = SalesReturn
    list_label = _("Sales returns")
    question = _("Whose goods come back?")
    submit_label = _("Scan what came back")
    form_class = ReturnForm

    def begin(self, party: Party, form: BeginForm) -> str:
        made = open_return(customer=party, actor=self.request.member, **form.cleaned_data)
        return self.url("sales:salesreturn_detail", pk=made.pk)


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the page shows it."""

    line: SalesReturnLine
    fault: str = ""

    @property
    def value(self) -> Decimal:
        line = self.line
        return sum((line.taxable, line.cgst, line.state_tax, line.igst), Decimal("0.00"))


class NotPossible(Exception):
    """What was typed or scanned leads to no line; the message says why."""


class ReturnDetail(ObjectPage[SalesReturn]):
    """One return: what came back, and the note that follows. Every line has saved itself when it shows."""

    model = SalesReturn
    right = SEE
    template_name = "sales/return.html"
    fragment = "lines"

    def get_queryset(self) -> QuerySet[SalesReturn]:
        return super().get_queryset().select_related("branch", "customer", "posted_by__user")

    def may_edit(self) -> bool:
        return self.instance.is_open and self.request.member.may(EDIT)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return self.answer()

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if not request.member.may(EDIT):  # type: ignore[attr-defined]
            return self.answer(refusal=_now("Your role may look at this, not change it."), status=422)
        deeds = {"scan": self.scan, "set": self.set, "post": self.finish}
        code = request.POST.get("code", "").strip()[:200]
        try:
            done = deeds[request.POST.get("do", "scan")]()
        except KeyError:
            return self.answer(refusal=_now("There is no such step."), status=422)
        except NotPossible as problem:
            return self.answer(code=code, problem=str(problem), status=422)
        except Refusal as refusal:
            field = refusal.field or ""
            faults = {int(field.removeprefix("quantity-")): str(refusal)} if field.startswith("quantity-") else {}
            return self.answer(code=code, refusal="" if faults else str(refusal), faults=faults, status=422)
        return done or (self.answer() if self.request.htmx else self.go(self.request.path))

    # ---- what is done ----

    def scan(self) -> HttpResponse | None:
        """A scan takes one more unit back on the newest bill that still has one; anything in doubt is offered."""
        text = self.request.POST.get("code", "").strip()[:200]
        found, units = self.meant(text)
        if len({one.batch_id for one in found}) > 1:
            return self.answer(code=text, offered=found)
        reason = self.reason
        on_draft = self.on_draft()
        for one in found:
            mine = on_draft.get((one.pick_id, reason.value), 0)
            free = one.left - sum(count for (pick, _why), count in on_draft.items() if pick == one.pick_id)
            if free > 0:
                self.write(one.pick_id, mine + min(units, free), reason)
                return None
        raise NotPossible(_now("All of it is on this return already."))

    def set(self) -> None:
        """Another quantity for a line; 0 takes it off."""
        self.write(self.whole("pick"), self.whole("quantity"), self.reason)

    def write(self, pick_id: int, quantity: int, reason: Why) -> None:
        set_returned(return_id=self.instance.pk, pick_id=pick_id, quantity=quantity, reason=reason)

    def finish(self) -> HttpResponse:
        posted = post_return(return_id=self.instance.pk, actor=self.request.member)
        self.toast(
            _now("%(note)s posted: %(amount)s credited to %(party)s")
            % {"note": posted, "amount": formats.inr(posted.total), "party": self.instance.customer}
        )
        return self.go(self.request.path)

    # ---- what was typed ----

    @property
    def reason(self) -> Why:
        wanted = self.request.POST.get("reason", "")
        return Why(wanted) if wanted in set(Why) else Why.SALEABLE

    def whole(self, name: str) -> int:
        text = self.request.POST.get(name, "").strip().replace(",", "")
        if not text.isdecimal() or int(text) > _MOST_UNITS:
            raise NotPossible(_now("Type a whole number."))
        return int(text)

    def on_draft(self) -> dict[tuple[int, str], int]:
        lines = SalesReturnLine.objects.filter(note=self.instance)
        return {(pick, why): count for pick, why, count in lines.values_list("pick_id", "reason", "quantity")}

    def meant(self, text: str) -> tuple[list[SoldBatch], int]:
        """What of the customer's bills a scan or typed words can mean, newest first, and how many units one scan is.

        Raises:
            NotPossible: nothing.
        """
        if not text:
            raise NotPossible(_now("Scan a pack, or type its batch number or some letters of its name."))
        try:
            meaning = meaning_of(text)
        except UnreadableScan as broken:
            raise NotPossible(told(broken)) from broken
        where = {"customer_id": self.instance.customer_id, "branch_id": self.instance.branch_id}
        if meaning.batches:
            found = sold_of_batches([batch.pk for batch in meaning.batches], **where)
        elif meaning.product and not meaning.scan.batch:
            found = sold_of_products([meaning.product.pk], **where)
        elif meaning.product:
            found = []
        else:
            found = sold_of_products([one.id for one in products_for_picker(text, most=_MOST_TYPED)], **where)
        if not found:
            raise NotPossible(
                _now("Nothing of “%(text)s” was sold to %(party)s, or all of it came back.")
                % {"text": text, "party": self.instance.customer}
            )
        return found, meaning.pack.quantity if meaning.pack else 1

    # ---- what the template finds ----

    def rows(self, faults: dict[int, str]) -> list[Row]:
        lines = SalesReturnLine.objects.filter(note=self.instance).select_related(
            "pick__bill", "pick__batch__product", "place"
        )
        return [Row(line, faults.get(line.pk, "")) for line in lines.order_by("id")]

    def answer(
        self,
        *,
        code: str = "",
        offered: Sequence[SoldBatch] = (),
        problem: str = "",
        refusal: str = "",
        faults: dict[int, str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The page, or its lines for htmx."""
        self.instance = self.load()
        rows = self.rows(faults or {})
        may_edit = self.may_edit()
        left = {}
        if may_edit and rows:
            left = sold_as(
                {row.line.pick_id for row in rows},
                customer_id=self.instance.customer_id,
                branch_id=self.instance.branch_id,
            )
        context = self.get_context(
            object=self.instance,
            badges=[Badge(self.instance.get_state_display(), "" if self.instance.is_open else "ok")],
            rows=[(row, left[row.line.pick_id].left if row.line.pick_id in left else None) for row in rows],
            may_edit=may_edit,
            reasons=ReturnReason.choices,
            reason=self.reason.value,
            code=code if offered or problem else "",
            offered=offered,
            problem=problem,
            refusal=refusal,
            discard_url=page_url(self.request, self.instance, "discard"),
            print_url=page_url(self.request, self.instance, "print"),
            send_url=page_url(self.request, self.instance, "send"),
        )
        return self.render(context, status=status)


class ReturnDiscard(ActionPage[SalesReturn]):
    """Give up a return that was not posted."""

    model = SalesReturn
    right = EDIT
    tone = "del"
    title = _("Throw the return away")
    submit_label = _("Throw away")

    @classmethod
    def offers(cls, instance: Any) -> bool:
        return bool(instance.is_open)

    def question(self) -> str:
        count = SalesReturnLine.objects.filter(note=self.instance).count()
        return ngettext(
            "%(count)d line is lost. Stock and books stay as they are.",
            "%(count)d lines are lost. Stock and books stay as they are.",
            count,
        ) % {"count": count}

    def perform(self, form: Any) -> None:  # noqa: ARG002
        discard_return(return_id=self.instance.pk)

    def success_text(self) -> str:
        return _now("%(note)s thrown away") % {"note": self.name}

    def success_url(self) -> str:
        return self.url("sales:salesreturn_list")
