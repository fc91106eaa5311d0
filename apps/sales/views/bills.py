"""Pages of bills: the list, a bill, and the way back."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.amounts import inr
from apps.core.ui.links import Link, page_url
from apps.core.ui.pages import ActionPage, Badge, Card, DetailPage, Empty, Fact, ListPage, View
from apps.finance.models import JournalEntry, OpenItem
from apps.parties.models import Party
from apps.sales.filters.bills import BillFilter
from apps.sales.forms.bills import CancelForm
from apps.sales.models import Bill, BillState
from apps.sales.operations import cancel_bill, correct_bill, discard
from apps.sales.operations.posting import DOCUMENT
from apps.sales.panels.bills import BillPicksPanel
from apps.sales.rules import states
from apps.sales.rules.prices import margin
from apps.sales.tables.bills import STATES, BillTable

SEE, EDIT, CANCEL = "sales.bill.view", "sales.bill.edit", "sales.bill.cancel"
MARGIN = "sales.margin.view"
# A word that many customers have finds no more of their bills than those of so many.
_MOST_CUSTOMERS = 500


class BillList(ListPage[Bill]):
    model = Bill
    right = SEE
    table_class = BillTable
    filterset_class = BillFilter
    same_for_all = True
    late_join = True
    search_hint = gettext_lazy("Number, customer")
    default_filters = "state=posted&state=cancelled"
    views = (
        View(gettext_lazy("On hold and drafts"), "state=held&state=draft", counted=True),
        View(gettext_lazy("Cancelled"), "state=cancelled"),
    )
    empty = Empty(
        gettext_lazy("No bills yet"), gettext_lazy("What is sold stands here, newest first, with what each comes to.")
    )

    def search(self, queryset: models.QuerySet[Bill], text: str) -> models.QuerySet[Bill]:
        """By the beginning of the number, or by the customer's name, city, GSTIN or phone."""
        customers = list(Party.objects.matching(text).values_list("pk", flat=True)[:_MOST_CUSTOMERS])
        return queryset.filter(Q(number__prefix=text.strip().upper()) | Q(customer__in=customers))


def _foot(name: str, label: str | Promise) -> Fact:
    return Fact(label, lambda bill: inr(getattr(bill, name)))


class BillDetail(DetailPage[Bill]):
    model = Bill
    right = SEE
    cards = (
        Card(
            gettext_lazy("Sale"),
            ("customer", "ship_to", "on_date", "due_on", "branch", "reference", "note", "posted_by", "cancel_reason"),
        ),
        Card(
            gettext_lazy("Tax"),
            (
                "kind",
                "place_of_supply",
                Fact(
                    gettext_lazy("Found by"),
                    lambda bill: (
                        _("Section %(section)s, IGST Act") % {"section": bill.place_rule} if bill.place_rule else ""
                    ),
                ),
                "levy",
                "gstin",
                _foot("gross", gettext_lazy("Gross")),
                _foot("discount", gettext_lazy("Discount")),
                _foot("taxable", gettext_lazy("Taxable value")),
                _foot("cgst", gettext_lazy("CGST")),
                _foot("state_tax", gettext_lazy("SGST or UTGST")),
                _foot("igst", gettext_lazy("IGST")),
                _foot("round_off", gettext_lazy("Round-off")),
                _foot("total", gettext_lazy("Total")),
            ),
        ),
    )
    panels = (BillPicksPanel,)

    def badges(self) -> list[Badge]:
        return [Badge(BillState(self.instance.state).label, STATES[self.instance.state])]

    def facts(self) -> list[str]:
        """What the bill comes to, what of it is open, and its margin for those who may see it."""
        bill = self.instance
        found = [inr(bill.total)]
        if bill.state == BillState.POSTED:
            item = self._item()
            if item is not None:
                found.append(_("%(open)s open") % {"open": inr(item.open_amount)} if item.open_amount else _("Paid"))
            if self.request.member.may(MARGIN) and (share := margin(bill.taxable, bill.cost)) is not None:
                found.append(_("%(margin)s%% margin") % {"margin": share})
        return found

    def _item(self) -> OpenItem | None:
        found: OpenItem | None = OpenItem.objects.filter(
            entry__source_kind=DOCUMENT, entry__source_id=self.instance.pk, kind="bill"
        ).first()
        return found

    def actions(self) -> list[Link | None]:
        bill = self.instance
        pages = (
            ("recall", _("Take up again"), "pencil"),
            ("print", _("Print"), "printer"),
            ("correct", _("Correct"), "pencil"),
            ("cancel", _("Cancel"), "x"),
            ("discard", _("Throw away"), "trash"),
        )
        found: list[Link | None] = [
            Link(label, url, icon) for kind, label, icon in pages if (url := page_url(self.request, bill, kind))
        ]
        if bill.state == BillState.DRAFT and self.request.member.may(EDIT):
            found.insert(0, self.link("sales:bill_write", _("Type the lines"), "pencil", pk=bill.pk))
        if bill.state in (BillState.POSTED, BillState.CANCELLED):
            entry = JournalEntry.objects.filter(source_kind=DOCUMENT, source_id=bill.pk, entry_kind="main").first()
            item = self._item()
            found += [
                self.link("finance:journalentry_detail", _("Journal entry"), "list-details", pk=entry.pk)
                if entry
                else None,
                self.link("finance:openitem_detail", _("Payments"), "cash", pk=item.pk) if item else None,
            ]
        if bill.replaces_id:
            found.append(self.link("sales:bill_detail", _("Cancelled bill"), "file-text", pk=bill.replaces_id))
        return found


class _TakeBack(ActionPage[Bill]):
    model = Bill
    right = CANCEL
    form_class = CancelForm
    tone = "del"

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == BillState.POSTED


class BillCancel(_TakeBack):
    submit_label = gettext_lazy("Cancel bill")

    def get_title(self) -> str:
        return _("Cancel bill %(bill)s") % {"bill": self.name}

    def question(self) -> str:
        return _(
            "The goods go back to their batches and places, journal and taxes are reversed on the day of the bill, and "
            "the number is not used again."
        )

    def perform(self, form: Any) -> None:
        cancel_bill(bill_id=self.instance.pk, actor=self.request.member, **form.cleaned_data)

    def success_text(self) -> str:
        return _("Bill %(bill)s cancelled") % {"bill": self.name}


class BillCorrect(_TakeBack):
    submit_label = gettext_lazy("Cancel and copy")
    _draft: Bill | None = None

    def get_title(self) -> str:
        return _("Correct bill %(bill)s") % {"bill": self.name}

    def question(self) -> str:
        return _("A posted bill is not changed: it is cancelled, and a draft with the same lines takes its place.")

    def perform(self, form: Any) -> None:
        self._draft = correct_bill(bill_id=self.instance.pk, actor=self.request.member, **form.cleaned_data)

    def success_url(self) -> str:
        return self.url("sales:bill_detail", pk=self._draft.pk if self._draft else self.instance.pk)

    def success_text(self) -> str:
        return _("Bill %(bill)s cancelled. Here is its copy.") % {"bill": self.name}


class BillDiscard(ActionPage[Bill]):
    model = Bill
    right = EDIT
    tone = "del"
    submit_label = gettext_lazy("Throw away draft")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") in states.OPEN

    def get_title(self) -> str:
        return _("Throw away %(bill)s") % {"bill": self.name}

    def question(self) -> str:
        return _("It never had a number, and nothing of it is in stock or books.")

    def perform(self, form: Any) -> None:  # noqa: ARG002
        discard(bill_id=self.instance.pk)

    def success_url(self) -> str:
        return self.url("sales:bill_list")

    def success_text(self) -> str:
        return _("%(bill)s thrown away") % {"bill": self.name}
