"""The page that sets off what a party owes against what it is owed."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.amounts import inr
from apps.core.ui.crispy import C4, C12, Card
from apps.core.ui.fields import MoneyField
from apps.core.ui.pages import ActionPage
from apps.core.ui.widgets import DateInput
from apps.finance.models import Voucher
from apps.finance.operations.set_off import most_to_set_off, set_off
from apps.organizations.models import Branch
from apps.parties.models import Party


class SetOffForm(forms.Form):
    amount = MoneyField(label=gettext_lazy("Amount"))
    on_date = forms.DateField(label=gettext_lazy("Date"), widget=DateInput())
    narration = forms.CharField(label=gettext_lazy("Narration"), max_length=200, required=False)

    layout: ClassVar[Layout] = Layout(Card(gettext_lazy("Set-off"), C4("amount"), C4("on_date"), C12("narration")))


class PartySetOff(ActionPage[Party]):
    """One voucher between a party's two accounts; the oldest documents of both are settled with it."""

    model = Party
    right = "finance.voucher.edit"
    form_class = SetOffForm
    title = gettext_lazy("Set off")
    submit_label = gettext_lazy("Set off")

    def get_initial(self) -> dict[str, Any]:
        return {"amount": most_to_set_off(self.instance.pk) or None, "on_date": timezone.localdate()}

    def question(self) -> str:
        return _("%(amount)s of what %(party)s owes can be taken off what it is owed.") % {
            "amount": inr(most_to_set_off(self.instance.pk)),
            "party": self.name,
        }

    def perform(self, form: Any) -> None:
        self.voucher = set_off(
            party=self.instance,
            branch=Branch.objects.filter(active=True).earliest("id"),
            actor=self.request.member,
            **form.cleaned_data,
        )

    def success_text(self) -> str:
        if self.voucher.state == Voucher.State.WAITING:
            return _("%(voucher)s waits for approval") % {"voucher": self.voucher}
        return _("%(voucher)s: %(amount)s set off") % {"voucher": self.voucher, "amount": inr(self.voucher.amount)}

    def success_url(self) -> str:
        return self.url("finance:voucher_detail", pk=self.voucher.pk)

    def cancel_url(self) -> str:
        return self.url("finance:party_ledger", pk=self.instance.pk)
