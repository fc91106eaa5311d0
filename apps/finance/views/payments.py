"""Lists and pages of payments, cheques and open items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.amounts import inr
from apps.core.refusals import Refusal
from apps.core.ui.links import Link, page_url
from apps.core.ui.pages import (
    ActionPage,
    Badge,
    BulkAction,
    BulkResult,
    Card,
    DetailPage,
    EditPage,
    Empty,
    Fact,
    ListPage,
    Refused,
    TablePanel,
    View,
)
from apps.finance.filters.payments import ChequeFilter, OpenItemFilter, PaymentFilter
from apps.finance.forms.payments import (
    BounceForm,
    BulkDayForm,
    CollectionTermsForm,
    DayForm,
    ReasonForm,
    SettleForm,
    WriteOffForm,
)
from apps.finance.models import (
    Allocation,
    Cheque,
    ChequeState,
    CollectionTerms,
    OpenItem,
    Payment,
    PaymentKind,
    PaymentState,
)
from apps.finance.operations.cheques import bounce_cheque, clear_cheque, deposit_cheque
from apps.finance.operations.items import settle_oldest_first, settle_shares, undo_allocations
from apps.finance.operations.payments import undo_payment
from apps.finance.operations.terms import set_terms
from apps.finance.operations.write_offs import write_off
from apps.finance.queries.ageing import collection_terms
from apps.finance.queries.party_ledger import open_items
from apps.finance.rules.drafts import Side
from apps.finance.tables.payments import AllocationTable, ChequeTable, OpenItemTable, PaymentTable

SEE, EDIT = "finance.payment.view", "finance.payment.edit"
STATES = {"waiting": "info", "posted": "ok", "bounced": "bad", "undone": "line"}


class _Entries:
    """Ways to new receipts and payments, for the heads of lists."""

    request: Any

    def actions(self) -> list[Link]:
        link = self.link  # type: ignore[attr-defined]
        found = [
            link("finance:receipt_create", _("New receipt"), "plus"),
            link("finance:payment_create", _("New payment"), "plus"),
        ]
        return [one for one in found if one]


class PaymentList(_Entries, ListPage[Payment]):
    model = Payment
    right = SEE
    table_class = PaymentTable
    filterset_class = PaymentFilter
    search_fields = ("number", "reference", "party__name")
    search_hint = gettext_lazy("Number, reference, party")
    title = gettext_lazy("Receipts and payments")
    views = (
        View(gettext_lazy("Receipts"), "kind=receipt"),
        View(gettext_lazy("Payments"), "kind=payment"),
        View(gettext_lazy("On account"), "on_account=true"),
        View(gettext_lazy("Post-dated"), "state=waiting"),
    )
    empty = Empty(
        gettext_lazy("No money has moved yet"),
        gettext_lazy("Receipts from customers and payments to suppliers stand here, newest first."),
    )


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


class PaymentDetail(DetailPage[Payment]):
    model = Payment
    right = SEE
    cards = (
        Card(
            gettext_lazy("Money"),
            ("kind", "party", "on_date", "mode", "account", "amount", "discount", "reference", "branch"),
        ),
        Card(
            gettext_lazy("Books"),
            (
                "entry",
                Fact(
                    gettext_lazy("On account"),
                    lambda payment: inr(abs(payment.item.open_amount)) if payment.item else "",
                ),
                "narration",
                "person",
            ),
        ),
    )
    panels = (SettledPanel,)

    def badges(self) -> list[Badge]:
        return [Badge(PaymentState(self.instance.state).label, STATES[self.instance.state])]

    def actions(self) -> list[Link | None]:
        ledger = self.link("finance:party_ledger", _("Ledger"), "list-details", pk=self.instance.party_id)
        return [
            Link(ledger.label, f"{ledger.url}?side={self.instance.side}", ledger.icon) if ledger else None,
            self._page("settle", _("Settle bills"), "arrows-exchange"),
            self._page("unsettle", _("Open again"), "arrow-back-up"),
            *(
                self.link("finance:cheque_detail", _("Cheque"), "file-invoice", pk=cheque.pk)
                for cheque in self.cheques()
            ),
            self._page("undo", _("Undo"), "arrow-back-up"),
        ]

    def cheques(self) -> list[Cheque]:
        return list(self.instance.cheques.all())

    def _page(self, kind: str, label: str, icon: str) -> Link | None:
        if kind in {"settle", "unsettle"}:
            item = self.instance.item
            url = page_url(self.request, item, kind) if item else None
        else:
            url = page_url(self.request, self.instance, kind)
        return Link(label, url, icon) if url else None


class PaymentUndo(ActionPage[Payment]):
    model = Payment
    right = EDIT
    form_class = ReasonForm
    tone = "del"

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") in {PaymentState.POSTED, PaymentState.WAITING}

    def get_title(self) -> str:
        return _("Undo %(payment)s") % {"payment": self.name}

    def get_initial(self) -> dict[str, Any]:
        return {"on_date": timezone.localdate()}

    def question(self) -> str:
        return _("What it settled is open again, and a reversal stands beside its entry. The number is not used again.")

    def perform(self, form: Any) -> None:
        undo_payment(payment=self.instance, person_id=self.request.member.user_id, **form.cleaned_data)

    def success_text(self) -> str:
        return _("%(payment)s undone") % {"payment": self.name}


def _each(rows: QuerySet[Cheque], deed: Callable[[Cheque], object]) -> BulkResult:
    """The deed to each cheque by itself: one that cannot go is named, the others go."""
    done, refused = 0, []
    for cheque in rows.order_by("payment_id"):
        try:
            deed(cheque)
            done += 1
        except Refusal as refusal:
            refused.append(Refused(cheque.number, str(refusal)))
    return BulkResult(done, refused)


def deposit_all(*, rows: QuerySet[Cheque], actor: Any, on_date: dt.date) -> BulkResult:
    """Hand the ticked cheques to the bank."""
    return _each(rows, lambda cheque: deposit_cheque(cheque=cheque, on_date=on_date, person_id=actor.user_id))


def clear_all(*, rows: QuerySet[Cheque], actor: Any, on_date: dt.date) -> BulkResult:  # noqa: ARG001
    """The bank has paid the ticked cheques."""
    return _each(rows, lambda cheque: clear_cheque(cheque=cheque, on_date=on_date))


class ChequeList(ListPage[Cheque]):
    model = Cheque
    right = SEE
    table_class = ChequeTable
    filterset_class = ChequeFilter
    search_fields = ("number", "party__name", "payment__number")
    search_hint = gettext_lazy("Cheque number, party")
    views = (
        View(gettext_lazy("To deposit"), "due=true&kind=receipt", counted=True),
        View(gettext_lazy("Post-dated"), "state=waiting"),
        View(gettext_lazy("At the bank"), "state=presented", counted=True),
        View(gettext_lazy("Bounced"), "state=bounced"),
        View(gettext_lazy("Cleared"), "state=cleared"),
    )
    bulk_actions = (
        BulkAction(
            "deposit",
            gettext_lazy("Deposit"),
            deposit_all,
            EDIT,
            icon="building-bank",
            question=gettext_lazy("%(count)s cheques go to the bank."),
            done=gettext_lazy("%(count)s cheques deposited"),
            form_class=BulkDayForm,
        ),
        BulkAction(
            "clear",
            gettext_lazy("Cleared"),
            clear_all,
            EDIT,
            icon="circle-check",
            question=gettext_lazy("The bank has paid %(count)s cheques."),
            done=gettext_lazy("%(count)s cheques cleared"),
            form_class=BulkDayForm,
        ),
    )
    empty = Empty(
        gettext_lazy("No cheques"),
        gettext_lazy("Cheques of receipts and payments stand here until the bank has paid them."),
    )


class ChequeDetail(DetailPage[Cheque]):
    model = Cheque
    right = SEE
    cards = (
        Card(gettext_lazy("Cheque"), ("kind", "party", "number", "bank", "cheque_on", "amount", "payment")),
        Card(
            gettext_lazy("Where it is"),
            ("state", "presentations", "presented_on", "cleared_on", "bounced_on", "bounce_reason"),
        ),
    )

    def badges(self) -> list[Badge]:
        tones = {"waiting": "info", "held": "warn", "presented": "info", "cleared": "ok", "bounced": "bad"}
        return [Badge(ChequeState(self.instance.state).label, tones.get(self.instance.state, "line"))]

    def actions(self) -> list[Link | None]:
        pages = (
            ("deposit", _("Deposit"), "building-bank"),
            ("clear", _("Cleared"), "circle-check"),
            ("bounce", _("Bounced"), "alert-triangle"),
        )
        return [
            *(
                Link(label, url, icon)
                for kind, label, icon in pages
                if (url := page_url(self.request, self.instance, kind))
            ),
            self.link("finance:payment_detail", _("Payment"), "cash", pk=self.instance.payment_id),
        ]


class _ChequeAction(ActionPage[Cheque]):
    model = Cheque
    right = EDIT
    form_class: ClassVar[type[forms.Form]] = DayForm
    states: frozenset[str] = frozenset()

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") in cls.states

    def get_initial(self) -> dict[str, Any]:
        return {"on_date": timezone.localdate()}


class ChequeDeposit(_ChequeAction):
    title = gettext_lazy("Deposit cheque")
    states = frozenset({ChequeState.WAITING, ChequeState.HELD, ChequeState.BOUNCED})

    def question(self) -> str:
        if self.instance.kind == PaymentKind.PAYMENT:
            return _("Our post-dated cheque is paid out of the bank account.")
        return _("The cheque goes to the bank. A post-dated one then settles the oldest bills.")

    def perform(self, form: Any) -> None:
        deposit_cheque(cheque=self.instance, person_id=self.request.member.user_id, **form.cleaned_data)

    def success_text(self) -> str:
        return _("Cheque %(number)s deposited") % {"number": self.name}


class ChequeClear(_ChequeAction):
    title = gettext_lazy("Cheque cleared")
    states = frozenset({ChequeState.PRESENTED})

    def question(self) -> str:
        return _("The bank has paid it.")

    def perform(self, form: Any) -> None:
        clear_cheque(cheque=self.instance, **form.cleaned_data)

    def success_text(self) -> str:
        return _("Cheque %(number)s cleared") % {"number": self.name}


class ChequeBounce(_ChequeAction):
    title = gettext_lazy("Cheque bounced")
    states = frozenset({ChequeState.PRESENTED, ChequeState.CLEARED})
    form_class: ClassVar[type[forms.Form]] = BounceForm
    tone = "del"

    def question(self) -> str:
        return _("The bills it settled are open again. The cheque can be deposited once more.")

    def perform(self, form: Any) -> None:
        data = form.cleaned_data | {"charges": form.cleaned_data["charges"] or 0}
        bounce_cheque(cheque=self.instance, person_id=self.request.member.user_id, **data)

    def success_text(self) -> str:
        return _("Cheque %(number)s bounced; its bills are open again") % {"number": self.name}


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
        Card(gettext_lazy("Document"), ("kind", "number", "party", "side", "on_date", "due_on", "branch", "entry")),
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


class TermsEdit(EditPage[CollectionTerms]):
    """The organization's one row of terms."""

    model = CollectionTerms
    right = "finance.payment.edit"
    form_class = CollectionTermsForm
    title = gettext_lazy("Collection terms")

    def load(self) -> CollectionTerms:
        return collection_terms()

    def save(self, form: Any, before: dict[str, Any]) -> bool:
        """The first time the row is made; from then on it is edited as any other."""
        if form.instance.pk is None:
            set_terms(**form.cleaned_data)
            return True
        return super().save(form, before)

    def crumbs(self) -> list[Link]:
        link = self.link("finance:ageing", _("Ageing"))
        return [link] if link else []

    def detail_url(self) -> str:
        return self.url("finance:ageing")

    def cancel_url(self) -> str:
        return self.url("finance:ageing")

    def success_url(self, instance: CollectionTerms) -> str:  # noqa: ARG002
        return self.url("finance:ageing")

    def success_text(self, instance: CollectionTerms) -> str:  # noqa: ARG002
        return _("Collection terms saved")
