"""Where goods lie: godowns with their racks and bins, and the places of goods that are not for sale."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.inventory.rules.places import SALEABLE
from apps.organizations.models import Branch


class PlaceKind(models.TextChoices):
    """What a place is for. Only goods in a godown, a rack, a bin or a van are sold."""

    GODOWN = "godown", _("Godown")
    RACK = "rack", _("Rack")
    BIN = "bin", _("Bin")
    VAN = "van", _("Van")
    QUARANTINE = "quarantine", _("Quarantine")
    EXPIRED = "expired", _("Expired goods")
    TRANSIT = "transit", _("In transit")


@audited
class Place(BusinessModel):
    """A place of a branch where goods lie."""

    branch = TenantForeignKey(Branch, on_delete=models.PROTECT, related_name="places", verbose_name=_("branch"))
    parent = TenantForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("lies in")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=PlaceKind, default=PlaceKind.GODOWN)
    name = models.CharField(_("place name"), max_length=60)
    code = models.CharField(
        _("scan code"), max_length=30, blank=True, help_text=_("What the label on the shelf says when it is scanned.")
    )
    active = models.BooleanField(_("active"), default=True)
    # While a frozen count goes on: nothing moves in or out.
    frozen = models.BooleanField(_("frozen for a count"), default=False, editable=False)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["branch", Lower("name"), "id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "branch",
                Coalesce("parent", models.Value(0), output_field=models.BigIntegerField()),
                Lower("name"),
                name="inventory_place_name_unique",
                violation_error_message=_("There is a place of this name already."),
            ),
            models.UniqueConstraint(
                "organization",
                Lower("code"),
                condition=~models.Q(code=""),
                name="inventory_place_code_unique",
                violation_error_message=_("Another place has this scan code."),
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="inventory_place_not_in_itself",
                violation_error_message=_("A place cannot lie in itself."),
            ),
        ]
        indexes = [models.Index("organization", "parent", name="inventory_place_by_parent")]

    def __str__(self) -> str:
        return self.name

    @property
    def saleable(self) -> bool:
        """Whether goods that lie here may be sold."""
        return self.kind in SALEABLE
