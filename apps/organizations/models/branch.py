"""Branches, and the drug licences that let them trade."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower, Upper
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.organizations.rules.licences import LicenceForm, licence_name
from apps.organizations.rules.states import STATE_CHOICES

LICENCE_FORMS = [(form.value, format_lazy("{} · {}", form.value, _(form.caption))) for form in LicenceForm]


@audited
class Branch(BusinessModel):
    """A place of business with its own State, and with its own GSTIN where it is registered."""

    name = models.CharField(_("branch name"), max_length=80)
    code = models.CharField(
        _("short code"), max_length=4, help_text=_("Up to 4 letters or digits; begins the branch's document numbers.")
    )
    gstin = models.CharField(_("GSTIN"), max_length=15, blank=True, help_text=_("Leave empty if unregistered."))
    gstin_sandbox = models.BooleanField(
        _("sandbox GSTIN"),
        default=False,
        help_text=_("Accept the tax portal's test numbers, which fail the check character. For trials only."),
    )
    state_code = models.CharField(_("State"), max_length=2, choices=STATE_CHOICES)
    address = models.TextField(_("address"), max_length=300)
    city = models.CharField(_("city"), max_length=60)
    pin_code = models.CharField(_("PIN code"), max_length=6)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    # Section 10, CGST Act: the branch may collect no tax, so that its bills are bills of supply.
    composition = models.BooleanField(
        _("composition scheme"),
        default=False,
        help_text=_("The branch pays tax on its turnover and collects none: its bills are bills of supply."),
    )
    fssai = models.CharField(_("food licence (FSSAI)"), max_length=14, blank=True)
    bank_name = models.CharField(_("bank"), max_length=80, blank=True, help_text=_("As it is to stand on bills."))
    bank_account = models.CharField(_("account number"), max_length=18, blank=True)
    bank_ifsc = models.CharField(_("IFSC"), max_length=11, blank=True)
    signatory = models.CharField(
        _("signed by"), max_length=60, blank=True, help_text=_("Under the signature; empty is “Authorised signatory”.")
    )
    bill_terms = models.TextField(
        _("terms on bills"), max_length=600, blank=True, help_text=_("Printed at the foot of every bill.")
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = [Lower("name"), "id"]
        constraints = [
            models.UniqueConstraint("organization", Lower("name"), name="organizations_branch_name_unique"),
            models.UniqueConstraint("organization", Upper("code"), name="organizations_branch_code_unique"),
        ]

    def __str__(self) -> str:
        return self.name


@audited
class BranchLicence(BusinessModel):
    """A drug licence of a branch (Drugs Rules 1945, forms 20 to 21BB)."""

    branch = TenantForeignKey(Branch, on_delete=models.CASCADE, related_name="licences", verbose_name=_("branch"))
    form = models.CharField(_("form"), max_length=4, choices=LICENCE_FORMS)
    number = models.CharField(_("licence number"), max_length=40)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))

    class Meta:
        verbose_name = _("drug licence")
        verbose_name_plural = _("drug licences")
        ordering = ["form", "number"]
        constraints = [
            models.UniqueConstraint(
                "organization", "form", Upper("number"), name="organizations_branchlicence_number_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name="organizations_branchlicence_dates"
            ),
        ]

    def __str__(self) -> str:
        return licence_name(self.form, self.number)
