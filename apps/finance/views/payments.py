"""Pages of receipts and payments."""

from __future__ import annotations

from typing import Any

from django.db import models
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
    EditPage,
    Empty,
    Fact,
    ListPage,
    View,
)
from apps.core.ui.pages.saving import save_changes
from apps.finance.filters.payments import PaymentFilter
from apps.finance.forms.payments import (
    CollectionTermsForm,
    ReasonForm,
)
from apps.finance.models import (
    Cheque,
    CollectionTerms,
    Payment,
    PaymentState,
)
from apps.finance.operations.payments import undo_payment
from apps.finance.operations.terms import set_terms
from apps.finance.queries.ageing import collection_terms
from apps.finance.tables.payments import PaymentTable
from apps.finance.views.items import SettledPanel

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


class PaymentDetail(DetailPage[Payment]):
    model = Payment
    right = SEE
    cards = (
        Card(
            gettext_lazy("Money"),
            ("kind", "party", "on_date", "mode", "account", "amount", "discount", "tds", "reference", "branch"),
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
        return save_changes(form.instance, before)

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
