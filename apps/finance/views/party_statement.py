"""Statements of account on paper and by e-mail, reminders, and the QR code for paying."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.amounts import inr
from apps.core.paper.codes import qr_code
from apps.core.tenancy.context import current_organization_id
from apps.core.ui import formats
from apps.core.ui.crispy import C6, C12, Card
from apps.core.ui.pages import ActionPage, PrintPage
from apps.finance.operations.reminders import send_reminder, send_statement
from apps.finance.queries.ageing import collection_terms
from apps.finance.queries.party_ledger import open_items, party_ledger
from apps.finance.rules.ageing import days_late
from apps.finance.rules.drafts import Side
from apps.finance.rules.upi import upi_link
from apps.finance.rules.words import rupees
from apps.finance.rules.years import financial_year, year_bounds
from apps.finance.views.party_ledger import SEE, dr_cr, particulars
from apps.organizations.models import Branch, Organization
from apps.parties.models import Party

MOST_ROWS = 2_000


def letterhead() -> dict[str, Any]:
    """Name and first place of the organization, for paper."""
    organization = Organization.objects.get(pk=current_organization_id())
    branch = Branch.objects.filter(active=True).order_by("pk").first()
    lines = []
    if branch:
        lines = [f"{branch.address}, {branch.city} {branch.pin_code}"]
        lines += [_("GSTIN %(gstin)s") % {"gstin": branch.gstin}] if branch.gstin else []
        lines += [branch.phone] if branch.phone else []
    return {"name": organization.name, "lines": lines, "logo": False}


def upi_qr(amount: Decimal, note: str) -> SafeString:
    """The QR code by which a UPI app pays the amount; empty when no UPI ID is set or nothing is due."""
    upi_id = collection_terms().upi_id
    if not upi_id or amount <= 0:
        return SafeString("")
    name = Organization.objects.values_list("name", flat=True).get(pk=current_organization_id())
    return qr_code(upi_link(upi_id, name, amount, note))


class PartyStatement(PrintPage[Party]):
    """The account of the financial year with its running balance, and what is open at the end."""

    model = Party
    right = SEE
    template_name = "finance/party_statement.html"

    def get_title(self) -> str:
        return _("Statement of account: %(party)s") % {"party": self.name}

    @classmethod
    def sheet(cls, instance: Party, paper: str) -> dict[str, Any]:  # noqa: ARG003
        today = timezone.localdate()
        side = Side.RECEIVABLE if instance.is_customer else Side.PAYABLE
        start = Organization.objects.values_list("financial_year_start", flat=True).get(pk=current_organization_id())
        first, _last = year_bounds(financial_year(today, start), start)
        ledger = party_ledger(instance.pk, side, first=first, last=today, limit=MOST_ROWS)
        sign = 1 if side is Side.RECEIVABLE else -1
        items = [item for item in open_items(instance.pk, side) if item.open_amount * sign > 0]
        due = ledger.closing * sign
        return {
            "letterhead": letterhead(),
            "document": {
                "title": _("Statement of account"),
                "facts": ((_("From"), formats.day(first)), (_("To"), formats.day(today))),
            },
            "party": instance,
            "ledger": ledger,
            "lines": [(row, particulars(row), dr_cr(row.balance)) for row in ledger.rows],
            "opening": dr_cr(ledger.opening),
            "closing": dr_cr(ledger.closing),
            "items": [(item, abs(item.open_amount), days_late(item.due_on, today)) for item in items],
            "open_total": sum((abs(item.open_amount) for item in items), Decimal(0)),
            "due": due,
            "due_words": rupees(due) if due > 0 else "",
            "qr": upi_qr(due, instance.name) if side is Side.RECEIVABLE else "",
            "printed_at": timezone.now(),
        }


class StatementForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("To"))
    text = forms.CharField(
        label=gettext_lazy("Text"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )

    layout: ClassVar[Layout] = Layout(Card(gettext_lazy("E-mail"), C6("email"), C12("text")))


class StatementSend(ActionPage[Party]):
    model = Party
    right = "finance.payment.edit"
    form_class = StatementForm
    title = gettext_lazy("Send statement")
    submit_label = gettext_lazy("Send statement")

    def get_initial(self) -> dict[str, Any]:
        return {"email": self.instance.email}

    def question(self) -> str:
        return _("The statement of this financial year goes out as PDF. Without a text the usual one is sent.")

    def perform(self, form: Any) -> None:
        self.sent_to = send_statement(party=self.instance, **form.cleaned_data)

    def success_text(self) -> str:
        return _("Statement on its way to %(email)s") % {"email": self.sent_to}

    def success_url(self) -> str:
        return self.url("finance:party_ledger", pk=self.instance.pk)

    def cancel_url(self) -> str:
        return self.success_url()


class ReminderForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("To"))

    layout: ClassVar[Layout] = Layout(Card(gettext_lazy("E-mail"), C6("email")))


class ReminderSend(ActionPage[Party]):
    model = Party
    right = "finance.payment.edit"
    form_class = ReminderForm
    title = gettext_lazy("Send reminder")
    submit_label = gettext_lazy("Send reminder")

    def get_initial(self) -> dict[str, Any]:
        return {"email": self.instance.email}

    def question(self) -> str:
        return _("What is overdue goes out in words, with the statement as PDF.")

    def perform(self, form: Any) -> None:
        self.reminder = send_reminder(
            party=self.instance,
            on_date=timezone.localdate(),
            person_id=self.request.member.user_id,
            **form.cleaned_data,
        )

    def success_text(self) -> str:
        return _("Reminder of %(amount)s on its way to %(email)s") % {
            "amount": inr(self.reminder.overdue),
            "email": self.reminder.email,
        }

    def success_url(self) -> str:
        return self.url("finance:reminders")

    def cancel_url(self) -> str:
        return self.success_url()
