"""The list of vouchers, and what becomes of one."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui import formats
from apps.core.ui.links import Link, may_open, org_url, page_url
from apps.core.ui.pages import (
    ActionPage,
    Badge,
    Card,
    DetailPage,
    Empty,
    ListPage,
    PanelView,
    PrintPage,
    View,
)
from apps.finance.filters.books import VoucherFilter
from apps.finance.forms.books import ReverseForm
from apps.finance.models import JournalEntry, Voucher
from apps.finance.operations import delete_draft, post_voucher, reverse_voucher, send_back_voucher
from apps.finance.operations.vouchers import VOUCHER
from apps.finance.tables.books import VoucherTable

SEE, EDIT, APPROVE = "finance.entry.view", "finance.voucher.edit", "finance.voucher.approve"
_DRAFTS = (Voucher.State.DRAFT, Voucher.State.WAITING)
_ROWS = 4
_FOUND = 8


class VoucherList(ListPage[Voucher]):
    model = Voucher
    right = SEE
    table_class = VoucherTable
    filterset_class = VoucherFilter
    search_fields = ("number", "narration", "reference")
    views = (
        View(gettext_lazy("Drafts"), "state=draft", counted=True),
        View(gettext_lazy("Waiting for approval"), "state=waiting", counted=True),
        View(gettext_lazy("Posted"), "state=posted"),
    )
    empty = Empty(
        gettext_lazy("No vouchers yet"),
        gettext_lazy("What no bill, payment or stock document says is entered here: rent, salaries, transfers."),
    )


class VoucherLinesPanel(PanelView):
    """The voucher's lines."""

    title = gettext_lazy("Lines")
    right = SEE
    template_name = "finance/entry_lines.html"
    width = 12

    def context(self) -> dict[str, Any]:
        opens = may_open(self.request, "finance:account_ledger")
        rows = [
            (
                line,
                org_url(self.request, "finance:account_ledger", pk=line.account_id)
                if opens and line.account_id
                else "",
            )
            for line in self.instance.lines.select_related("account", "party").order_by("position")
        ]
        return {"rows": rows, "total": self.instance.amount}


_TONES = {"draft": "line", "waiting": "warn", "posted": "ok", "reversed": "bad"}


class VoucherDetail(DetailPage[Voucher]):
    model = Voucher
    right = SEE
    cards = (
        Card(gettext_lazy("Voucher"), ("kind", "on_date", "branch", "reference", "narration")),
        Card(gettext_lazy("Made and approved"), ("made_by", "approved_by", "created_at")),
    )
    panels = (VoucherLinesPanel,)

    def get_queryset(self) -> models.QuerySet[Voucher]:
        return super().get_queryset().select_related("branch", "made_by", "approved_by")

    def badges(self) -> list[Badge]:
        return [Badge(self.instance.get_state_display(), _TONES[self.instance.state])]

    def actions(self) -> list[Link | None]:
        entry = JournalEntry.objects.filter(source_kind=VOUCHER, source_id=self.instance.pk, entry_kind="main").first()
        entry_url = page_url(self.request, entry, "detail") if entry else None
        return [
            self._to("approve", _("Approve"), "check", primary=True),
            self._to("send_back", _("Send back"), "arrow-back-up"),
            self._to("reverse", _("Reverse"), "arrow-back-up"),
            self._to("print", _("Print"), "printer"),
            Link(_("Journal entry"), entry_url, "file-text") if entry_url else None,
        ]

    def _to(self, kind: str, label: str, icon: str, *, primary: bool = False) -> Link | None:
        url = page_url(self.request, self.instance, kind)
        return Link(label, url, icon, primary=primary) if url else None


class VoucherApprove(ActionPage[Voucher]):
    model = Voucher
    right = APPROVE
    submit_label = gettext_lazy("Approve and post")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == Voucher.State.WAITING

    def get_title(self) -> str:
        return _("Approve %(voucher)s") % {"voucher": self.name}

    def question(self) -> str:
        return _("%(amount)s is posted in your name.") % {"amount": formats.inr(self.instance.amount)}

    def perform(self, form: Any) -> None:  # noqa: ARG002
        self.instance = post_voucher(voucher=self.instance, actor=self.request.member)

    def success_text(self) -> str:
        return _("%(voucher)s posted") % {"voucher": self.instance}


class VoucherSendBack(ActionPage[Voucher]):
    model = Voucher
    right = APPROVE
    submit_label = gettext_lazy("Send back")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == Voucher.State.WAITING

    def get_title(self) -> str:
        return _("Send %(voucher)s back") % {"voucher": self.name}

    def question(self) -> str:
        return _("It becomes a draft again, for whoever made it.")

    def perform(self, form: Any) -> None:  # noqa: ARG002
        send_back_voucher(voucher=self.instance)


class VoucherReverse(ActionPage[Voucher]):
    model = Voucher
    right = EDIT
    form_class = ReverseForm
    submit_label = gettext_lazy("Reverse")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == Voucher.State.POSTED

    def get_title(self) -> str:
        return _("Reverse %(voucher)s") % {"voucher": self.name}

    def question(self) -> str:
        return _("A second entry takes the first one back. The voucher keeps its number, and both stay in the journal.")

    def get_initial(self) -> dict[str, Any]:
        return {"on_date": self.instance.on_date}

    def perform(self, form: Any) -> None:
        reverse_voucher(voucher=self.instance, actor=self.request.member, **form.cleaned_data)


class VoucherDelete(ActionPage[Voucher]):
    model = Voucher
    right = EDIT
    tone = "del"
    submit_label = gettext_lazy("Delete draft")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") in _DRAFTS

    def get_title(self) -> str:
        return _("Delete %(voucher)s") % {"voucher": self.name}

    def question(self) -> str:
        return _("The draft goes; it never had a number.")

    def perform(self, form: Any) -> None:  # noqa: ARG002
        delete_draft(voucher=self.instance)

    def success_text(self) -> str:
        return _("%(voucher)s deleted") % {"voucher": self.name}

    def success_url(self) -> str:
        return self.url("finance:voucher_list")


class VoucherPrint(PrintPage[Voucher]):
    model = Voucher
    right = SEE
    template_name = "finance/voucher_print.html"
    papers = ("a4", "a5")

    @classmethod
    def sheet(cls, instance: Voucher, paper: str) -> dict[str, Any]:  # noqa: ARG003
        branch = instance.branch
        return {
            "letterhead": {
                "name": instance.organization.name,
                "lines": [branch.address, f"{branch.city} {branch.pin_code}", branch.gstin],
            },
            "document": {
                "title": _("%(kind)s voucher") % {"kind": instance.get_kind_display()},
                "number": str(instance),
                "facts": [(_("Date"), formats.day(instance.on_date)), (_("Branch"), branch.name)],
            },
            "columns": [
                {"label": _("Account")},
                {"label": _("Debit"), "number": True},
                {"label": _("Credit"), "number": True},
            ],
            "lines": list(instance.lines.select_related("account", "party").order_by("position")),
            "total": instance.amount,
        }
