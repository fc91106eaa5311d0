"""How an organization orders and takes goods in, and the terms of its suppliers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.core.tenancy.models import BusinessModel
from apps.parties.models import Party
from apps.purchasing.models import OrderSettings, ReceivingSettings, SupplierTerms

M = TypeVar("M", bound=BusinessModel)


def _kept(model: type[M], values: Mapping[str, Any], **key: Any) -> M:
    """The one row of the key with these values, made where there is none; its version tells that it changed."""
    found: M
    found, made = model._default_manager.select_for_update().get_or_create(**key, defaults=values)
    if not made:
        for name, value in values.items():
            setattr(found, name, value)
        found.version += 1
        found.save(update_fields=[*values, "version"])
    return found


@transaction.atomic
def set_ordering(
    *, approval_limit: Decimal | None, over_receipt_percent: Decimal, lead_days: int, cover_days: int
) -> OrderSettings:
    """From now on orders follow these; what is approved stays so."""
    values = {
        "approval_limit": approval_limit,
        "over_receipt_percent": over_receipt_percent,
        "lead_days": lead_days,
        "cover_days": cover_days,
    }
    return _kept(OrderSettings, values)


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
    return _kept(ReceivingSettings, values)


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
    return _kept(SupplierTerms, values, supplier=supplier)
