"""Forms of receipts, payments, cheques and what settles open items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.amounts import inr
from apps.core.ui.crispy import C4, C6, C12, Card
from apps.core.ui.fields import MoneyField
from apps.core.ui.widgets import CodeInput, DateInput
from apps.finance.models import Account, CollectionTerms, Mode, OpenItem
from apps.finance.operations.payments import ChequeDraft, TdsTaken
from apps.finance.queries.tds import tds_rates
from apps.finance.rules.allocation import Open, Share, oldest_first
from apps.organizations.models import Branch

OLDEST, BY_HAND, ON_ACCOUNT = "oldest", "hand", "account"
WAYS = (
    (OLDEST, gettext_lazy("Oldest first")),
    (BY_HAND, gettext_lazy("By hand")),
    (ON_ACCOUNT, gettext_lazy("On account")),
)
SHARE = "share_"


class PaymentForm(forms.Form):
    """Money received or paid, and what it settles."""

    amount = MoneyField(label=gettext_lazy("Amount"), min_value=Decimal("0.01"))
    on_date = forms.DateField(label=gettext_lazy("Date"), widget=DateInput())
    mode = forms.ChoiceField(label=gettext_lazy("Paid by"), choices=Mode.choices)
    account = forms.ModelChoiceField(
        label=gettext_lazy("Cash or bank account"),
        queryset=Account.objects.none(),
        empty_label=gettext_lazy("The usual one"),
        required=False,
    )
    branch = forms.ModelChoiceField(label=gettext_lazy("Branch"), queryset=Branch.objects.none(), empty_label=None)
    reference = forms.CharField(
        label=gettext_lazy("Reference"), max_length=40, required=False, widget=CodeInput(), help_text=""
    )
    cheque_number = forms.RegexField(
        r"^\d{6}$",
        label=gettext_lazy("Cheque number"),
        required=False,
        widget=CodeInput(attrs={"inputmode": "numeric", "maxlength": "6"}),
        error_messages={"invalid": gettext_lazy("A cheque number has 6 digits.")},
    )
    cheque_bank = forms.CharField(label=gettext_lazy("Bank on the cheque"), max_length=60, required=False)
    cheque_on = forms.DateField(label=gettext_lazy("Cheque date"), required=False, widget=DateInput())
    discount = MoneyField(label=gettext_lazy("Discount"), required=False, min_value=Decimal(0))
    tds = MoneyField(label=gettext_lazy("TDS deducted"), required=False, min_value=Decimal(0))
    tds_code = forms.ChoiceField(label=gettext_lazy("TDS on"), required=False)
    over_cash_limit = forms.BooleanField(
        label=gettext_lazy("Pay in cash all the same"), required=False, widget=forms.HiddenInput()
    )
    narration = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)
    allocate = forms.ChoiceField(label=gettext_lazy("Settle"), choices=WAYS, required=False)

    def __init__(
        self, *args: Any, items: Sequence[OpenItem] = (), may_discount: bool, preview_url: str, **kwargs: Any
    ) -> None:
        """Args:
        items: open documents that the money may settle, oldest first.
        may_discount: whether the member may grant a discount.
        preview_url: where what would be settled is asked for while an amount is typed.
        """
        super().__init__(*args, **kwargs)
        self.items = items
        if not may_discount:
            del self.fields["discount"]
        natures = tds_rates(timezone.localdate()).values()
        self.fields["tds_code"].choices = [  # type: ignore[attr-defined]
            ("", _("No TDS")),
            *((rate.code, f"{rate.description} · {rate.section}") for rate in natures),
        ]
        self.fields["branch"].queryset = Branch.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["account"].queryset = Account.objects.filter(  # type: ignore[attr-defined]
            Q(nature__in=["cash", "bank"]) | Q(role__in=["upi_clearing", "card_clearing"]), active=True
        ).order_by("code")
        for item in items:
            self.fields[f"{SHARE}{item.pk}"] = MoneyField(required=False, min_value=Decimal(0))
        for name in {"amount", "discount", "tds"} & self.fields.keys():
            self.fields[name].widget.attrs |= {
                "hx-post": preview_url,
                "hx-vals": '{"preview": "1"}',
                "hx-target": "#settle",
                "hx-swap": "outerHTML settle:0",
                "hx-trigger": "input changed delay:250ms",
                "hx-sync": "#payment:replace",
            }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        mode = cleaned.get("mode")
        if mode == Mode.CHEQUE:
            for name in ("cheque_number", "cheque_on"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("A cheque needs its number and its date."))
        if mode and not cleaned.get("account") and "account" not in self.errors:
            role = "cash" if mode == Mode.CASH else "bank"
            cleaned["account"] = Account.objects.filter(role=role, active=True).first()
            if cleaned["account"] is None:
                self.add_error("account", _("Choose the account that the money went to."))
        if cleaned.get("tds") and not cleaned.get("tds_code"):
            self.add_error("tds_code", _("Say what kind of payment the TDS is for."))
        self._check_shares(cleaned)
        return cleaned

    def ask_about_cash(self) -> None:
        """Show the box that confirms a warning about cash."""
        self.fields["over_cash_limit"].widget = forms.CheckboxInput()

    @property
    def tds_taken(self) -> TdsTaken | None:
        """What was deducted at source, when anything was."""
        data = self.cleaned_data
        return TdsTaken(data["tds_code"], data["tds"]) if data.get("tds") else None

    def _check_shares(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("allocate") != BY_HAND:
            return
        for item in self.items:
            share = cleaned.get(f"{SHARE}{item.pk}") or Decimal(0)
            if share > abs(item.open_amount):
                self.add_error(
                    f"{SHARE}{item.pk}",
                    _("Only %(open)s of %(number)s is open.")
                    % {"open": inr(abs(item.open_amount)), "number": item.number},
                )

    @property
    def cheque(self) -> ChequeDraft | None:
        """What stands on the cheque, when one was given."""
        data = self.cleaned_data
        if data["mode"] != Mode.CHEQUE:
            return None
        return ChequeDraft(data["cheque_number"], data["cheque_on"], data["cheque_bank"])

    @property
    def shares(self) -> list[Share] | None:
        """What settles what: None for the oldest first."""
        way = self.cleaned_data.get("allocate") or OLDEST
        if way == OLDEST:
            return None
        return self.typed_shares(self.cleaned_data) if way == BY_HAND else []

    def typed_shares(self, data: dict[str, Any]) -> list[Share]:
        """Shares in the order of the documents."""
        return [Share(item.pk, amount) for item in self.items if (amount := data.get(f"{SHARE}{item.pk}"))]


class ShareRow:
    """A document of the list "settle", with what would go to it."""

    def __init__(self, item: OpenItem, share: str, today: dt.date, error: str = "") -> None:
        self.item = item
        self.name = f"{SHARE}{item.pk}"
        self.open = abs(item.open_amount)
        self.share = share
        self.error = error
        self.tone = "red" if item.due_on < today else "amb" if item.due_on == today else ""


class Preview:
    """What a payment would settle, before it is saved. Takes whatever was typed, right or wrong."""

    def __init__(self, form: PaymentForm) -> None:
        form.is_valid()
        data = form.cleaned_data
        self.amount = data.get("amount") or Decimal(0)
        self.discount = data.get("discount") or Decimal(0)
        self.tds = data.get("tds") or Decimal(0)
        self.way = data.get("allocate") or OLDEST
        total = self.amount + self.discount + self.tds
        if self.way == BY_HAND:
            shares = {share.key: share.amount for share in form.typed_shares(data)}
        elif self.way == OLDEST:
            plan = oldest_first(total, [Open(item.pk, item.due_on, abs(item.open_amount)) for item in form.items])
            shares = {share.key: share.amount for share in plan.shares}
        else:
            shares = {}
        today = timezone.localdate()
        typed = form.data if self.way == BY_HAND else {}
        self.rows = [
            ShareRow(
                item,
                typed.get(f"{SHARE}{item.pk}", "") or _shown(shares.get(item.pk)),
                today,
                " ".join(map(str, form.errors.get(f"{SHARE}{item.pk}") or [])),
            )
            for item in form.items
        ]
        self.settled = sum(shares.values(), Decimal(0))
        self.count = len([share for share in shares.values() if share])
        self.rest = total - self.settled
        self.open = sum((abs(item.open_amount) for item in form.items), Decimal(0))
        self.still_overdue = sum(
            (abs(item.open_amount) - shares.get(item.pk, Decimal(0)) for item in form.items if item.due_on < today),
            Decimal(0),
        )


def _shown(amount: Decimal | None) -> str:
    return inr(amount).removeprefix("₹") if amount else ""


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=120)
    on_date = forms.DateField(label=gettext_lazy("Date"), widget=DateInput())

    layout: ClassVar[Layout] = Layout(Card(gettext_lazy("Undo"), C6("reason"), C6("on_date")))


class DayForm(forms.Form):
    on_date = forms.DateField(label=gettext_lazy("Date"), widget=DateInput())


class BulkDayForm(forms.Form):
    """The day of a deed to many records; today unless told."""

    on_date = forms.DateField(label=gettext_lazy("Date"), widget=DateInput(), initial=timezone.localdate)


class BounceForm(forms.Form):
    on_date = forms.DateField(label=gettext_lazy("Date"), widget=DateInput())
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=120, help_text=gettext_lazy("As the bank's memo gives it.")
    )
    charges = MoneyField(label=gettext_lazy("Bank's charges"), required=False, min_value=Decimal(0))
    recover = forms.BooleanField(label=gettext_lazy("The party owes the charges"), required=False)

    layout: ClassVar[Layout] = Layout(
        Card(gettext_lazy("Bounced"), C6("on_date"), C6("reason"), C6("charges"), C6("recover"))
    )


class WriteOffForm(forms.Form):
    amount = MoneyField(label=gettext_lazy("Amount"), min_value=Decimal("0.01"))
    on_date = forms.DateField(label=gettext_lazy("Date"), widget=DateInput())
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    layout: ClassVar[Layout] = Layout(Card(gettext_lazy("Write off"), C4("amount"), C4("on_date"), C12("reason")))


class SettleForm(forms.Form):
    """Settle an item by hand against those of the other sign."""

    def __init__(self, *args: Any, items: Sequence[OpenItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"{SHARE}{item.pk}"] = MoneyField(
                label=f"{item.number} · {inr(abs(item.open_amount))}", required=False, min_value=Decimal(0)
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(_("Type what is settled beside at least one document."))
        return cleaned

    @property
    def shares(self) -> list[Share]:
        """What was typed."""
        return [Share(item.pk, amount) for item in self.items if (amount := self.cleaned_data.get(f"{SHARE}{item.pk}"))]


class CollectionTermsForm(forms.ModelForm[CollectionTerms]):
    layout: ClassVar[Layout] = Layout(
        Card(gettext_lazy("Interest and reminders"), C4("interest_rate"), C4("grace_days"), C4("reminder_days")),
        Card(
            gettext_lazy("Steps of ageing"),
            C4("first_bucket"),
            C4("second_bucket"),
            C4("third_bucket"),
            C4("fourth_bucket"),
            hint=gettext_lazy("Days late"),
        ),
        Card(gettext_lazy("UPI"), C6("upi_id")),
    )

    class Meta:
        model = CollectionTerms
        fields = (
            "interest_rate",
            "grace_days",
            "reminder_days",
            "first_bucket",
            "second_bucket",
            "third_bucket",
            "fourth_bucket",
            "upi_id",
        )
