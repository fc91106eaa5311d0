"""The demo's buying ties to stock and books."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from apps.core.tenancy.context import tenant
from apps.inventory.models import ProductPrice
from apps.organizations.demo import Demo
from apps.purchasing.demo.receipts import make_receipts
from apps.purchasing.models import GoodsReceipt, SupplierBill
from tests.inventory import factories as goods
from tests.purchasing.delivery import Delivery, delivery

__all__ = ["delivery"]


def test_six_months_of_buying_tie_to_stock_and_books(delivery: Delivery) -> None:
    demo = Demo(delivery.organization, delivery.owner, 7, 1, delivery.today)
    with tenant(delivery.organization.pk):
        assert make_receipts(demo) == ""
        for number in range(20):
            product = goods.product(f"Product {number}", hsn="30049099", storage="cold" if number % 9 == 0 else "room")
            ProductPrice.objects.create(product=product, effective_from=dt.date(2026, 1, 1), mrp=Decimal(80 + number))
        assert make_receipts(demo) == "36 goods receipts, 3 at the desk"
        assert make_receipts(demo) == ""
        assert GoodsReceipt.objects.filter(state="posted", unbilled__gt=0).exists()
        assert SupplierBill.objects.filter(state="posted").count() > 25
        assert GoodsReceipt.objects.exclude(state="posted").count() == 3
        delivery.whole()
