"""Recording money: on a page of its own, and beside a party's ledger."""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.amounts import inr
from apps.core.refusals import Refusal
from apps.core.ui.links import Link, may_open, org_url
from apps.core.ui.pages import Page
from apps.finance.forms.payments import BY_HAND, ON_ACCOUNT, WAYS, PaymentForm, Preview
from apps.finance.models import Mode, OpenItem, Payment, PaymentKind
from apps.finance.operations.cash_limits import CONFIRM
from apps.finance.operations.payments import record_payment
from apps.finance.operations.reminders import send_statement
from apps.finance.queries.party_ledger import open_items
from apps.finance.rules.drafts import Side
from apps.organizations.models import Branch
from apps.parties.models import Party

SEE, EDIT = "finance.payment.view", "finance.payment.edit"
DISCOUNT = "finance.discount.grant"
MOST_FOUND = 8


class PaymentDesk:
    """What pages that record money share: the form of one party, its preview, and saving it."""

    request: Any
    kind: PaymentKind
    party: Party
    takes_focus = False

    @property
    def side(self) -> Side:
        return Side.RECEIVABLE if self.kind == PaymentKind.RECEIPT else Side.PAYABLE

    def settleable(self) -> list[OpenItem]:
        """Documents that money of this kind settles: bills of a customer, bills of a supplier."""
        sign = 1 if self.side is Side.RECEIVABLE else -1
        return [item for item in open_items(self.party.pk, self.side) if item.open_amount * sign > 0]

    def payment_form(self, data: Any = None) -> PaymentForm:
        """The form for the party, bound to what was typed."""
        branch = Branch.objects.filter(active=True).order_by("pk").first()
        initial = {"on_date": timezone.localdate(), "mode": Mode.UPI, "branch": branch, "allocate": "oldest"}
        form = PaymentForm(
            data,
            items=self.settleable(),
            may_discount=self.request.member.may(DISCOUNT),
            preview_url=self.entry_url(),
            initial=initial,
        )
        if self.takes_focus:
            form.fields["amount"].widget.attrs["data-focus"] = True
        return form

    def entry_url(self) -> str:
        """Where the form is posted."""
        name = "finance:receipt_create" if self.kind == PaymentKind.RECEIPT else "finance:payment_create"
        return org_url(self.request, name)

    def desk_context(self, form: PaymentForm, key: str) -> dict[str, Any]:
        """What `finance/payment_form.html` finds."""
        bound = form if form.is_bound else self.payment_form({"allocate": "oldest"})
        data = form.data if form.is_bound else {}
        return {
            "form": form,
            "entry_url": self.entry_url(),
            "party": self.party,
            "kind": self.kind,
            "receipt": self.kind == PaymentKind.RECEIPT,
            "modes": Mode.choices,
            "mode": data.get("mode") or form.initial["mode"],
            "ways": WAYS,
            "preview": Preview(bound),
            "key": key,
        }

    def save_payment(self, form: PaymentForm, key: str) -> Payment | None:
        """The payment, or None when the form now says what is off."""
        if not form.is_valid():
            return None
        data = form.cleaned_data
        try:
            return record_payment(
                kind=self.kind,
                party=self.party,
                branch=data["branch"],
                on_date=data["on_date"],
                mode=Mode(data["mode"]),
                account=data["account"],
                amount=data["amount"],
                discount=data.get("discount") or Decimal(0),
                tds=form.tds_taken,
                over_cash_limit=data["over_cash_limit"],
                shares=form.shares if data.get("allocate") != ON_ACCOUNT else [],
                reference=data["reference"],
                narration=data["narration"],
                cheque=form.cheque,
                key=key,
                person_id=self.request.member.user_id,
            )
        except Refusal as refusal:
            field = refusal.field if refusal.field in form.fields else None
            if field == CONFIRM:
                form.ask_about_cash()
            form.add_error(field, str(refusal))
            return None

    def saved_text(self, payment: Payment) -> str:
        """What happened, for the toast."""
        if payment.entry_id is None:
            return _("%(number)s: cheque of %(amount)s from %(party)s, in hand until %(day)s") % {
                "number": payment.number,
                "amount": inr(payment.amount),
                "party": payment.party,
                "day": date_format(payment.cheques.get().cheque_on, "j M Y"),
            }
        return _("%(number)s saved: %(amount)s, %(party)s") % {
            "number": payment.number,
            "amount": inr(payment.amount),
            "party": payment.party,
        }


class _Entry(PaymentDesk, Page):
    """Party, amount, mode, Enter: one payment after the other without leaving the page."""

    right = EDIT
    template_name = "finance/payment_entry.html"
    takes_focus = True

    def crumbs(self) -> list[Link]:
        link = self.link("finance:payment_list", _("Receipts and payments"))
        return [link] if link else []

    def found(self, text: str) -> list[Party]:
        parties = Party.objects.filter(active=True)
        parties = (
            parties.filter(is_customer=True) if self.kind == PaymentKind.RECEIPT else parties.filter(is_supplier=True)
        )
        return list(parties.matching(text).order_by("name", "id")[:MOST_FOUND]) if text else []

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:100]
        key = request.GET.get("party", "")
        if not key.isdecimal():
            if self.wants_fragment:
                return self.draw("finance/party_hits.html", self.get_context(found=self.found(text), text=text))
            return self.render(self.get_context(found=self.found(text), text=text, party=None))
        self.party = get_object_or_404(Party.objects.all(), pk=int(key))
        back = "ledger" if request.GET.get("back") == "ledger" else ""
        # Beside a ledger the fields come after it and leave the focus where it is.
        self.takes_focus = not self.wants_fragment
        context = self.get_context(**self.desk_context(self.payment_form(), self.new_key()), back=back)
        if self.wants_fragment:
            return self.draw("finance/payment_form.html", context)
        return self.render(context)

    def previewed(self) -> dict[str, Any]:
        """What would be settled by what is typed now; a share typed by hand changes the way to "by hand"."""
        typed = self.request.POST.copy()
        if "by_hand" in typed:
            typed["allocate"] = BY_HAND
        return self.desk_context(self.payment_form(typed), "")

    def new_key(self) -> str:
        return secrets.token_urlsafe(18)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        key = request.POST.get("party", "")
        self.party = get_object_or_404(Party.objects.all(), pk=int(key) if key.isdecimal() else 0)
        if "preview" in request.POST:
            return self.draw("finance/settle.html", self.get_context(**self.previewed()))
        form = self.payment_form(request.POST)
        token = request.POST.get("idempotency_key", "")[:64]
        payment = self.save_payment(form, token)
        if payment is None:
            back = request.POST.get("back", "")
            return self.render(self.get_context(**self.desk_context(form, token), back=back), status=422)
        self.toast(self.saved_text(payment))
        if "send" in request.POST:
            self.send(payment)
        back = request.POST.get("back", "")
        if back == "ledger" and may_open(self.request, "finance:party_ledger"):
            return self.go(self.url("finance:party_ledger", pk=self.party.pk))
        return self.go(self.request.path)

    def send(self, payment: Payment) -> None:
        """The statement, with this money in it, goes to the party; the payment stands without an address too."""
        try:
            address = send_statement(party=payment.party)
        except Refusal as refusal:
            self.toast(str(refusal), tone="bad")
        else:
            self.toast(_("Statement on its way to %(email)s") % {"email": address})


class ReceiptEntry(_Entry):
    kind = PaymentKind.RECEIPT
    title = gettext_lazy("New receipt")


class PaymentEntry(_Entry):
    kind = PaymentKind.PAYMENT
    title = gettext_lazy("New payment")
