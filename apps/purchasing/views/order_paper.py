"""Purchase orders on paper."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from apps.core.ui import formats
from apps.core.ui.pages import PrintPage
from apps.purchasing.models import OrderLine, PurchaseOrder
from apps.purchasing.queries.orders import supplier_codes
from apps.purchasing.views.orders import SEE


class OrderPrint(PrintPage[PurchaseOrder]):
    """What the supplier gets: quantities, rates, and where the goods go. Tax is the supplier's to add."""

    model = PurchaseOrder
    right = SEE
    template_name = "purchasing/order_print.html"
    papers = ("a4", "a5")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return bool(getattr(instance, "number", ""))

    @classmethod
    def sheet(cls, instance: PurchaseOrder, paper: str) -> dict[str, Any]:  # noqa: ARG003
        branch = instance.branch
        lines = list(OrderLine.objects.filter(order=instance).select_related("product").order_by("id"))
        codes = supplier_codes(instance.supplier_id, [line.product_id for line in lines])
        facts = [(_("Date"), formats.day(instance.on_date))]
        if instance.expected_on:
            facts.append((_("Expected"), formats.day(instance.expected_on)))
        licences = [str(one) for one in branch.licences.order_by("form", "number")]
        return {
            "letterhead": {
                "name": instance.organization.name,
                "lines": [
                    f"{branch.address}, {branch.city} {branch.pin_code}",
                    *([_("GSTIN %(gstin)s") % {"gstin": branch.gstin}] if branch.gstin else []),
                    *([", ".join(licences)] if licences else []),
                    *([branch.phone] if branch.phone else []),
                ],
            },
            "document": {"title": _("Purchase order"), "number": str(instance), "facts": facts},
            "party": instance.supplier,
            "branch": branch,
            "lines": [(line, codes.get(line.product_id, "")) for line in lines],
            "total": sum((line.amount for line in lines), Decimal(0)),
            "approved_by": instance.approved_by,
            "cancelled": instance.state == PurchaseOrder.State.CANCELLED,
        }
