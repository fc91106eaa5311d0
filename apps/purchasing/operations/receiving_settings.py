"""How an organization takes goods in, and the terms of its suppliers."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.parties.models import Party
from apps.purchasing.models import ReceivingSettings, SupplierTerms


@transaction.atomic
def set_receiving(
    *, minimum_days: int, rounding_limit: Decimal, spread_by: str, withholds_tax: bool
) -> ReceivingSettings:
    """From now on receipts follow these; what is posted stays so."""
    values = {
        "minimum_days": minimum_days,
        "rounding_limit": rounding_limit,
        "spread_by": spread_by,
        "withholds_tax": withholds_tax,
    }
    found: ReceivingSettings
    found, made = ReceivingSettings.objects.select_for_update().get_or_create(defaults=values)
    if not made:
        for name, value in values.items():
            setattr(found, name, value)
        found.version += 1
        found.save(update_fields=[*values, "version"])
    return found


@transaction.atomic
def set_supplier_terms(
    *, supplier: Party, enterprise: str, udyam: str, written_agreement: bool, agreed_days: int
) -> SupplierTerms:
    """Say what kind of enterprise a supplier is, and within how many days it is agreed to pay it.

    Raises:
        Refusal: the party is no supplier, or a micro or small enterprise has no Udyam number.
    """
    if not supplier.is_supplier:
        raise Refusal(_("%(party)s is no supplier.") % {"party": supplier})
    if enterprise and not udyam.strip():
        raise Refusal(_("Type the Udyam number: only registered enterprises come under the Act."), field="udyam")
    values = {
        "enterprise": enterprise,
        "udyam": udyam.strip().upper(),
        "written_agreement": written_agreement,
        "agreed_days": agreed_days,
    }
    found: SupplierTerms
    found, made = SupplierTerms.objects.select_for_update().get_or_create(supplier=supplier, defaults=values)
    if not made:
        for name, value in values.items():
            setattr(found, name, value)
        found.version += 1
        found.save(update_fields=[*values, "version"])
    return found
