"""The desk of cheques."""

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

from apps.core.refusals import Refusal
from apps.core.ui.links import Link, page_url
from apps.core.ui.pages import (
    ActionPage,
    Badge,
    BulkAction,
    BulkResult,
    Card,
    DetailPage,
    Empty,
    ListPage,
    Refused,
    View,
)
from apps.finance.filters.payments import ChequeFilter
from apps.finance.forms.payments import (
    BounceForm,
    BulkDayForm,
    DayForm,
)
from apps.finance.models import (
    Cheque,
    ChequeState,
    PaymentKind,
)
from apps.finance.operations.cheques import bounce_cheque, clear_cheque, deposit_cheque
from apps.finance.tables.payments import ChequeTable

SEE, EDIT = "finance.payment.view", "finance.payment.edit"


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
