"""What is bought: orders, what suppliers ask for it, and what came of it."""

from apps.purchasing.models.order import OPEN_STATES, OrderLine, OrderSettings, PurchaseOrder
from apps.purchasing.models.price import SupplierPrice

__all__ = ["OPEN_STATES", "OrderLine", "OrderSettings", "PurchaseOrder", "SupplierPrice"]
