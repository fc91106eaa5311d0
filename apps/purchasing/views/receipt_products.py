"""Products for a line of a receipt: with the supplier's last rate and what is due in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import connection
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.ui.formats import money, num
from apps.inventory.queries.catalogue import Choice
from apps.inventory.queries.picker import Offer
from apps.inventory.views.picking import ProductPick
from apps.purchasing.models import GoodsReceipt

_FURTHER = """
SELECT p.id, last.rate, due.quantity FROM unnest(%(products)s::bigint[]) AS p (id)
LEFT JOIN LATERAL (
  SELECT x.rate FROM purchasing_receiptline x
  JOIN purchasing_goodsreceipt r ON r.organization_id = app_org() AND r.id = x.receipt_id
    AND r.supplier_id = %(supplier)s AND r.state = 'posted'
  WHERE x.organization_id = app_org() AND x.product_id = p.id AND x.rate IS NOT NULL ORDER BY x.id DESC LIMIT 1
) last ON true
LEFT JOIN LATERAL (
  SELECT sum(l.due) AS quantity FROM purchasing_orderline l
  WHERE l.organization_id = app_org() AND l.product_id = p.id AND l.due > 0
) due ON true
"""


class ReceiptProducts(ProductPick):
    """The picker of a receipt's lines."""

    right = "purchasing.receipt.view"
    further: ClassVar[Sequence[str | Promise]] = (_("Last rate"), _("Due in"))

    def prepare(self) -> None:
        self.receipt = get_object_or_404(GoodsReceipt, pk=self.kwargs["pk"])

    def say_further(self, found: Sequence[Choice]) -> dict[int, Sequence[Any]]:
        with connection.cursor() as cursor:
            cursor.execute(_FURTHER, {"products": [one.id for one in found], "supplier": self.receipt.supplier_id})
            rows = cursor.fetchall()
        return {key: (money(rate) if rate is not None else "", num(int(due)) if due else "") for key, rate, due in rows}

    def fill(self, choice: Choice, offer: Offer) -> dict[str, str]:  # noqa: ARG002
        """What the line shows at once: nothing, for batch and MRP are read off the pack."""
        return {}
