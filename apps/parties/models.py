"""Who the organization trades with. A customer and a supplier are one kind of row, because a stockist is both."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Func
from django.db.models.functions import Concat, Lower, Right, Upper
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.organizations.models.branch import LICENCE_FORMS
from apps.organizations.rules.licences import licence_name
from apps.organizations.rules.states import STATE_CHOICES, STATES, state_label
from apps.parties.querysets import PartyManager


@audited
class Route(BusinessModel):
    """A delivery round; bills and vans are grouped by it."""

    name = models.CharField(_("route name"), max_length=60)

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        ordering = [Lower("name"), "id"]
        constraints = [models.UniqueConstraint("organization", Lower("name"), name="parties_route_name_unique")]

    def __str__(self) -> str:
        return self.name


@audited
class PriceGroup(BusinessModel):
    """Customers who buy at the same rates."""

    name = models.CharField(_("price group name"), max_length=60)

    class Meta:
        verbose_name = _("price group")
        verbose_name_plural = _("price groups")
        ordering = [Lower("name"), "id"]
        constraints = [models.UniqueConstraint("organization", Lower("name"), name="parties_pricegroup_name_unique")]

    def __str__(self) -> str:
        return self.name


# A party may be abroad, which a branch cannot.
PARTY_STATES = [(code, state_label(code)) for code in STATES]


class Registration(models.TextChoices):
    """How a party stands under GST; it decides which tax a bill carries and which return section it lands in."""

    REGULAR = "regular", _("Registered, regular")
    COMPOSITION = "composition", _("Registered, composition")
    SEZ = "sez", _("SEZ unit or developer")
    UNREGISTERED = "unregistered", _("Unregistered")
    OVERSEAS = "overseas", _("Overseas")


@audited(exclude=["search_text", "phone_key"])
class Party(BusinessModel):
    """A customer, a supplier, or both."""

    name = models.CharField(_("business name"), max_length=120)
    is_customer = models.BooleanField(_("customer"), default=True)
    is_supplier = models.BooleanField(_("supplier"), default=False)
    registration = models.CharField(
        _("GST registration"), max_length=12, choices=Registration, default=Registration.UNREGISTERED
    )
    gstin = models.CharField(_("GSTIN"), max_length=15, blank=True)
    pan = models.CharField(_("PAN"), max_length=10, blank=True)
    state_code = models.CharField(_("State"), max_length=2, choices=PARTY_STATES)
    address = models.TextField(_("address"), max_length=300, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    pin_code = models.CharField(_("PIN code"), max_length=6, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    route = TenantForeignKey(
        Route, on_delete=models.PROTECT, null=True, blank=True, related_name="parties", verbose_name=_("route")
    )
    price_group = TenantForeignKey(
        PriceGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parties",
        verbose_name=_("price group"),
    )
    credit_limit = models.DecimalField(
        _("credit limit"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("In rupees. Leave empty for no limit, 0 for cash only."),
    )
    credit_days = models.PositiveSmallIntegerField(
        _("credit days"), default=0, validators=[MaxValueValidator(365)], help_text=_("0 means due on the bill's date.")
    )
    minimum_shelf_life_days = models.PositiveSmallIntegerField(
        _("minimum shelf life"),
        default=0,
        validators=[MaxValueValidator(1825)],
        help_text=_("Days that must remain when goods are billed; 0 accepts anything unexpired."),
    )
    active = models.BooleanField(_("active"), default=True)
    # What people type into a search box, in one column so that one trigram index serves them all.
    search_text = models.GeneratedField(
        expression=Lower(
            Concat(
                "name",
                models.Value(" "),
                "city",
                models.Value(" "),
                "gstin",
                models.Value(" "),
                "phone",
                models.Value(" "),
                "email",
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
    )
    # The last ten digits, so that one number written in three ways is found to be one: see rules.phone_key.
    phone_key = models.GeneratedField(
        # All but digits, found by taking the digits away: a pattern would cost an import a twentieth of its time.
        expression=Right(
            Func(
                "phone",
                Func(
                    "phone",
                    models.Value("0123456789"),
                    models.Value(""),
                    function="translate",
                    output_field=models.TextField(),
                ),
                models.Value(""),
                function="translate",
                output_field=models.TextField(),
            ),
            10,
        ),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
    )

    objects: ClassVar[PartyManager] = PartyManager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = [Lower("name"), "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("name"),
                name="parties_party_name_unique",
                violation_error_message=_("Another party has this name."),
            ),
            models.UniqueConstraint(
                "organization",
                Lower("email"),
                condition=~models.Q(email=""),
                name="parties_party_email_unique",
                violation_error_message=_("Another party has this e-mail address."),
            ),
            models.CheckConstraint(
                condition=models.Q(is_customer=True) | models.Q(is_supplier=True),
                name="parties_party_some_kind",
                violation_error_message=_("Say whether you sell to them, buy from them, or both."),
            ),
            models.CheckConstraint(
                condition=models.Q(credit_limit__isnull=True) | models.Q(credit_limit__gte=0),
                name="parties_party_credit_limit",
            ),
        ]
        indexes = [
            # The list's default order; its other sorts walk an index of their own.
            models.Index("organization", Lower("name"), "id", name="parties_party_by_name"),
            models.Index("organization", Lower("city"), "id", name="parties_party_by_city"),
            models.Index("organization", "credit_limit", "id", name="parties_party_by_limit"),
            # What the list counts: everything that is not archived.
            models.Index("organization", "active", name="parties_party_by_active"),
            models.Index("organization", "gstin", name="parties_party_gstin", condition=~models.Q(gstin="")),
            models.Index("organization", "pan", name="parties_party_pan", condition=~models.Q(pan="")),
            models.Index("organization", "phone_key", name="parties_party_phone", condition=~models.Q(phone="")),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="parties_party_search"),
        ]

    def __str__(self) -> str:
        return self.name


@audited
class PartyAddress(BusinessModel):
    """A further place of a party: where goods go when not to the main address."""

    party = TenantForeignKey(Party, on_delete=models.CASCADE, related_name="addresses", verbose_name=_("party"))
    name = models.CharField(_("called"), max_length=60, help_text=_("Such as “Main Road shop” or “Godown 2”."))
    address = models.TextField(_("address"), max_length=300)
    city = models.CharField(_("city"), max_length=60)
    pin_code = models.CharField(_("PIN code"), max_length=6)
    state_code = models.CharField(_("State"), max_length=2, choices=STATE_CHOICES)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["party", Lower("name")]
        constraints = [
            models.UniqueConstraint("organization", "party", Lower("name"), name="parties_address_name_unique")
        ]

    def __str__(self) -> str:
        return self.name


@audited
class PartyContact(BusinessModel):
    """A person at a party."""

    party = TenantForeignKey(Party, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("party"))
    name = models.CharField(_("name"), max_length=80)
    position = models.CharField(_("position"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["party", Lower("name")]

    def __str__(self) -> str:
        return self.name


@audited
class PartyLicence(BusinessModel):
    """A drug licence of a party (Drugs Rules 1945). A scheduled drug is sold only against one that covers it."""

    party = TenantForeignKey(Party, on_delete=models.CASCADE, related_name="licences", verbose_name=_("party"))
    form = models.CharField(_("form"), max_length=4, choices=LICENCE_FORMS)
    number = models.CharField(_("licence number"), max_length=40)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))

    class Meta:
        verbose_name = _("drug licence")
        verbose_name_plural = _("drug licences")
        ordering = ["party", "form", "number"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "party",
                "form",
                Upper("number"),
                name="parties_licence_number_unique",
                violation_error_message=_("This licence is entered already."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")),
                name="parties_licence_dates",
                violation_error_message=_("A licence ends on or after the day it begins."),
            ),
        ]
        indexes = [models.Index("organization", "valid_to", name="parties_licence_by_end")]

    def __str__(self) -> str:
        return licence_name(self.form, self.number)
