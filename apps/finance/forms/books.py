"""Forms of accounts, groups, years, locks and vouchers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.widgets import CodeInput, DateInput, MoneyInput
from apps.finance.models import Account, AccountGroup, PeriodLock
from apps.finance.rules.chart import GROUPS
from apps.organizations.models import Branch

_STANDARD = frozenset(seed.code for seed in GROUPS)


class AccountForm(forms.ModelForm[Account]):
    class Meta:
        model = Account
        fields = ("code", "name", "group", "nature", "branch")
        widgets = {"code": CodeInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.role:
            # Code finds the account by its role and relies on what it is used for.
            self.fields["nature"].disabled = True
            self.fields["nature"].help_text = _("The product posts into this account, so its use stays.")


class AccountGroupForm(forms.ModelForm[AccountGroup]):
    class Meta:
        model = AccountGroup
        fields = ("code", "name", "parent")
        widgets = {"code": CodeInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].required = True
        if self.instance.code in _STANDARD:
            for name in ("code", "parent"):
                self.fields[name].disabled = True
                self.fields[name].required = False

    def clean_parent(self) -> AccountGroup | None:
        """Not itself and nothing below it: the statements walk upwards."""
        parent: AccountGroup | None = self.cleaned_data["parent"]
        above = parent
        while above is not None:
            if above.pk == self.instance.pk:
                raise forms.ValidationError(_("A group cannot stand below itself."))
            above = above.parent
        return parent

    def clean(self) -> dict[str, Any]:
        """A group is of the kind of the group above it."""
        cleaned: dict[str, Any] = super().clean() or {}
        if parent := cleaned.get("parent"):
            self.instance.kind = parent.kind
        return cleaned


class BookSettingsForm(forms.Form):
    approval_limit = forms.DecimalField(
        label=gettext_lazy("Approval above"),
        max_digits=14,
        decimal_places=2,
        min_value=Decimal(0),
        required=False,
        widget=MoneyInput(attrs={"prefix": "₹"}),
        help_text=gettext_lazy("Vouchers over this amount wait for somebody who may approve them. Empty for none."),
    )


class YearForm(forms.Form):
    day = forms.DateField(
        label=gettext_lazy("A day of the year"),
        widget=DateInput(),
        help_text=gettext_lazy("The financial year that it lies in is opened."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class ReverseForm(forms.Form):
    on_date = forms.DateField(label=gettext_lazy("Date of the reversal"), widget=DateInput())
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class PeriodLockForm(forms.Form):
    module = forms.ChoiceField(label=gettext_lazy("Part of the books"), choices=PeriodLock.Module.choices)
    branch = forms.ModelChoiceField(
        label=gettext_lazy("Branch"),
        queryset=Branch.objects.all(),
        required=False,
        empty_label=gettext_lazy("All branches"),
    )
    locked_to = forms.DateField(
        label=gettext_lazy("Locked up to"), widget=DateInput(), help_text=gettext_lazy("This day and all before it.")
    )
    hard = forms.BooleanField(
        label=gettext_lazy("Hard lock"),
        required=False,
        help_text=gettext_lazy("Nobody posts before the lock is moved. Without it, whoever may lock may still post."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, help_text=gettext_lazy("Shown to whoever is refused.")
    )


class VoucherForm(forms.Form):
    """The head of a voucher. Its lines are read by `forms.lines`, because they may be half typed."""

    on_date = forms.DateField(label=gettext_lazy("Date"), widget=DateInput())
    branch = forms.ModelChoiceField(label=gettext_lazy("Branch"), queryset=Branch.objects.none())
    reference = forms.CharField(label=gettext_lazy("Reference"), max_length=40, required=False)
    narration = forms.CharField(
        label=gettext_lazy("Narration"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"list": "narrations", "span": "c12"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branches = Branch.objects.filter(active=True).order_by("name")
        self.fields["branch"].queryset = branches  # type: ignore[attr-defined]
        self.fields["branch"].empty_label = None  # type: ignore[attr-defined]
        self.fields["on_date"].initial = timezone.localdate
