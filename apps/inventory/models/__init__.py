"""What is traded, where it lies, and every movement of it."""

from apps.inventory.models.alert import AlertDigest, AlertSubscription, NearExpiry
from apps.inventory.models.batch import Batch, BatchState
from apps.inventory.models.godown import (
    AdjustmentItem,
    CountItem,
    CountState,
    StockAdjustment,
    StockCount,
    Transfer,
    TransferItem,
    TransferState,
    WriteKind,
    WriteState,
)
from apps.inventory.models.manufacturer import Manufacturer, PriceConvention
from apps.inventory.models.move import Move, MoveKind, MoveReason
from apps.inventory.models.photo import ProductPhoto
from apps.inventory.models.place import Place, PlaceKind
from apps.inventory.models.product import (
    Barcode,
    DosageForm,
    LicenceClass,
    PackUnit,
    Product,
    ProductPrice,
    Schedule,
    Storage,
)
from apps.inventory.models.reorder import ReorderLevel
from apps.inventory.models.revision import RateRevision, RateRevisionLine, RevisionState
from apps.inventory.models.salt import ProductSalt, Salt
from apps.inventory.models.stock import FigureKind, ProductStock, Reservation, Stock, StockFigure
from apps.inventory.models.verification import StockVerification

__all__ = [
    "AdjustmentItem",
    "AlertDigest",
    "AlertSubscription",
    "Barcode",
    "Batch",
    "BatchState",
    "CountItem",
    "CountState",
    "DosageForm",
    "FigureKind",
    "LicenceClass",
    "Manufacturer",
    "Move",
    "MoveKind",
    "MoveReason",
    "NearExpiry",
    "PackUnit",
    "Place",
    "PlaceKind",
    "PriceConvention",
    "Product",
    "ProductPhoto",
    "ProductPrice",
    "ProductSalt",
    "ProductStock",
    "RateRevision",
    "RateRevisionLine",
    "ReorderLevel",
    "Reservation",
    "RevisionState",
    "Salt",
    "Schedule",
    "Stock",
    "StockAdjustment",
    "StockCount",
    "StockFigure",
    "StockVerification",
    "Storage",
    "Transfer",
    "TransferItem",
    "TransferState",
    "WriteKind",
    "WriteState",
]
