"""Products for a line of a bill: with what the customer paid the last time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.ui.formats import day_month, money
from apps.inventory.queries.catalogue import Choice
from apps.inventory.views.picking import ProductPick
from apps.sales.models import Bill
from apps.sales.queries.history import last_rates


class BillProducts(ProductPick):
    """The picker of a bill's lines."""

    right = "sales.bill.view"
    further: ClassVar[Sequence[str | Promise]] = (_("Last to them"),)

    def prepare(self) -> None:
        self.bill = get_object_or_404(Bill, pk=self.kwargs["pk"])

    def say_further(self, found: Sequence[Choice]) -> dict[int, Sequence[Any]]:
        if self.bill.customer_id is None:
            return {}
        last = last_rates(product_ids=[one.id for one in found], party_id=self.bill.customer_id)
        return {key: (f"{money(one.rate)} · {day_month(one.on_date)}",) for key, one in last.items()}
