"""Pages of open items, and of what settles them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.amounts import inr
from apps.core.ui.links import Link, page_url
from apps.core.ui.pages import (
    ActionPage,
    Badge,
    Card,
    DetailPage,
    Empty,
    ListPage,
    TablePanel,
    View,
)
from apps.finance.filters.payments import OpenItemFilter
from apps.finance.forms.payments import (
    SettleForm,
    WriteOffForm,
)
from apps.finance.models import (
    Allocation,
    OpenItem,
    Payment,
)
from apps.finance.operations.items import settle_oldest_first, settle_shares, undo_allocations
from apps.finance.operations.write_offs import write_off
from apps.finance.queries.party_ledger import open_items
from apps.finance.rules.drafts import Side
from apps.finance.tables.payments import AllocationTable, OpenItemTable

SEE, EDIT = "finance.payment.view", "finance.payment.edit"


class SettledPanel(TablePanel):
    """What an open item settles, or is settled by."""

    title = gettext_lazy("Settled")
    right = SEE
    table_class = AllocationTable
    empty = gettext_lazy("Nothing is settled with it yet.")

    def item_id(self) -> int | None:
        return self.instance.item_id if isinstance(self.instance, Payment) else self.instance.pk

    def get_queryset(self) -> QuerySet[Any]:
        key = self.item_id()
        return Allocation.objects.filter(models.Q(debit_id=key) | models.Q(credit_id=key)).order_by("-id")


class OpenItemList(ListPage[OpenItem]):
    model = OpenItem
    right = "finance.party_ledger.view"
    table_class = OpenItemTable
    filterset_class = OpenItemFilter
    search_fields = ("number", "party__name")
    search_hint = gettext_lazy("Number, party")
    default_filters = "state=open"
    views = (
        View(gettext_lazy("To receive"), "side=receivable"),
        View(gettext_lazy("To pay"), "side=payable"),
        View(gettext_lazy("Overdue from customers"), "side=receivable&state=overdue"),
        View(gettext_lazy("Overdue to suppliers"), "side=payable&state=overdue"),
        View(gettext_lazy("On account"), "state=on_account"),
    )
    empty = Empty(
        gettext_lazy("Nothing is open"),
        gettext_lazy("Bills that wait for money, and money that waits for bills."),
    )


class OpenItemDetail(DetailPage[OpenItem]):
    model = OpenItem
    right = "finance.party_ledger.view"
    cards = (
        Card(
            gettext_lazy("Document"),
            ("kind", "number", "party", "side", "document_on", "due_on", "on_date", "branch", "entry"),
        ),
        Card(gettext_lazy("Amount"), ("amount", "open_amount")),
    )
    panels = (SettledPanel,)

    def badges(self) -> list[Badge]:
        return [Badge(_("Open"), "warn") if self.instance.open_amount else Badge(_("Settled"), "ok")]

    def actions(self) -> list[Link | None]:
        ledger = self.link("finance:party_ledger", _("Ledger"), "list-details", pk=self.instance.party_id)
        pages = (
            ("settle", _("Settle"), "arrows-exchange"),
            ("settle_oldest", _("Settle oldest first"), "arrows-exchange"),
            ("unsettle", _("Open again"), "arrow-back-up"),
            ("write_off", _("Write off"), "trash"),
        )
        return [
            Link(ledger.label, f"{ledger.url}?side={self.instance.side}", ledger.icon) if ledger else None,
            *(
                Link(label, url, icon)
                for kind, label, icon in pages
                if (url := page_url(self.request, self.instance, kind))
            ),
        ]


class _ItemAction(ActionPage[OpenItem]):
    model = OpenItem
    right = EDIT

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return bool(getattr(instance, "open_amount", 0))


class OpenItemSettle(_ItemAction):
    """By hand: what of it goes to which document of the other sign. So an advance is adjusted."""

    title = gettext_lazy("Settle by hand")
    form_class: ClassVar[type[forms.Form]] = SettleForm
    submit_label = gettext_lazy("Settle")

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = open_items(self.instance.party_id, Side(self.instance.side))
        return {"items": [row for row in rows if row.amount * self.instance.amount < 0]}

    def question(self) -> str:
        return _("%(amount)s of %(number)s is open.") % {
            "amount": inr(abs(self.instance.open_amount)),
            "number": self.name,
        }

    def perform(self, form: SettleForm) -> None:
        settle_shares(
            item=self.instance,
            shares=form.shares,
            on_date=timezone.localdate(),
            person_id=self.request.member.user_id,
        )

    def success_text(self) -> str:
        return _("%(number)s settled") % {"number": self.name}


class OpenItemSettleOldest(_ItemAction):
    title = gettext_lazy("Settle oldest first")

    def question(self) -> str:
        return _("%(amount)s of %(number)s goes to the oldest documents.") % {
            "amount": inr(abs(self.instance.open_amount)),
            "number": self.name,
        }

    def perform(self, form: Any) -> None:  # noqa: ARG002
        settle_oldest_first(
            item_id=self.instance.pk, on_date=timezone.localdate(), person_id=self.request.member.user_id
        )

    def success_text(self) -> str:
        return _("%(number)s settled, oldest first") % {"number": self.name}


class OpenItemUnsettle(_ItemAction):
    title = gettext_lazy("Open again")
    tone = "del"

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return isinstance(instance, OpenItem) and instance.open_amount != instance.amount

    def question(self) -> str:
        return _("Whatever %(number)s settled, or was settled by, is open again.") % {"number": self.name}

    def perform(self, form: Any) -> None:  # noqa: ARG002
        undo_allocations(item_id=self.instance.pk, person_id=self.request.member.user_id)

    def success_text(self) -> str:
        return _("%(number)s is open again") % {"number": self.name}


class OpenItemWriteOff(_ItemAction):
    title = gettext_lazy("Write off")
    right = "finance.writeoff.grant"
    form_class = WriteOffForm
    tone = "del"

    def get_initial(self) -> dict[str, Any]:
        return {"amount": abs(self.instance.open_amount), "on_date": timezone.localdate()}

    def question(self) -> str:
        return _("The rest goes to bad debts, or, where we owe it, to balances written back.")

    def perform(self, form: Any) -> None:
        write_off(item=self.instance, person_id=self.request.member.user_id, **form.cleaned_data)

    def success_text(self) -> str:
        return _("%(number)s: rest written off") % {"number": self.name}
