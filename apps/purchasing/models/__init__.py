"""What is bought: orders, and what came of them."""

from apps.purchasing.models.order import OPEN_STATES, OrderLine, OrderSettings, PurchaseOrder

__all__ = ["OPEN_STATES", "OrderLine", "OrderSettings", "PurchaseOrder"]
