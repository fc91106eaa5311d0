"""A line of goods received as somebody typed it, and what cannot be."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.inventory.models import Place, PlaceKind, Product
from apps.organizations.models import Branch
from apps.parties.models import Party
from apps.purchasing.models import GoodsReceipt, OrderLine, PurchaseOrder
from apps.purchasing.operations.receipt_locks import ReceiptRefused
from apps.purchasing.rules.orders import TAKES

ZERO = Decimal("0.00")
MOST = 2_147_483_647
MOST_LINES = 2_000
_MOST_RATE = Decimal(10) ** 8


@dataclass(frozen=True, slots=True)
class LineEntry:
    """A line as typed. Anything but the product may still be missing.

    Quantities are base units, `rate` rupees for one of them before tax, `discount` and `tax_rate` per cent, `scheme`
    rupees off the line. `billed` is given where the bill says another quantity than what came.
    """

    product_id: int
    number: str = ""
    expiry: dt.date | None = None
    mrp: Decimal | None = None
    quantity: int | None = None
    free: int = 0
    rate: Decimal | None = None
    discount: Decimal = Decimal(0)
    scheme: Decimal = ZERO
    tax_rate: Decimal | None = None
    place_id: int | None = None
    manufactured: dt.date | None = None
    billed: int | None = None
    order_line_id: int | None = None


def check_supplier(supplier: Party) -> None:
    """Refuse a party that nothing is bought from."""
    if not supplier.is_supplier:
        raise ReceiptRefused(
            _("%(party)s is no supplier. Mark it as one on its page, or choose another.") % {"party": supplier},
            field="supplier",
        )
    if not supplier.active:
        raise ReceiptRefused(
            _("%(party)s is archived. Restore it, or choose another supplier.") % {"party": supplier}, field="supplier"
        )


def check_place(place: Place, branch: Branch) -> None:
    """Refuse a place that goods of the branch are not put into."""
    if place.branch_id != branch.pk:
        raise ReceiptRefused(_("%(place)s is a place of another branch.") % {"place": place}, field="place")
    if not place.active or place.kind == PlaceKind.TRANSIT:
        raise ReceiptRefused(_("Nothing is received into %(place)s.") % {"place": place}, field="place")


def check_order(order: PurchaseOrder, supplier: Party, branch: Branch) -> None:
    """Refuse an order that expects nothing of this supplier in this branch."""
    if order.supplier_id != supplier.pk:
        raise ReceiptRefused(_("%(order)s is an order to somebody else.") % {"order": order}, field="order")
    if order.branch_id != branch.pk:
        raise ReceiptRefused(_("%(order)s is for another branch.") % {"order": order}, field="order")
    if order.state not in TAKES:
        raise ReceiptRefused(
            _("%(order)s is %(state)s: nothing is expected of it. Receive the goods without an order.")
            % {"order": order, "state": order.get_state_display().lower()},
            field="order",
        )


def check_entry(entry: LineEntry, receipt: GoodsReceipt) -> Product:
    """The product of a line that can be; refuse one that cannot, naming the field."""
    for name in ("quantity", "free", "billed"):
        value = getattr(entry, name)
        if value is not None and not 0 <= value <= MOST:
            raise ReceiptRefused(
                _("That is more than a line can hold. Was a barcode scanned into the quantity?")
                if value > 0
                else _("Type 0 or more."),
                field=name,
            )
    for name in ("rate", "mrp", "scheme"):
        value = getattr(entry, name)
        if value is not None and not 0 <= value < _MOST_RATE:
            raise ReceiptRefused(_("Type 0 or more, in rupees."), field=name)
    for name in ("discount", "tax_rate"):
        value = getattr(entry, name)
        if value is not None and not 0 <= value <= 100:
            raise ReceiptRefused(_("Type 0 to 100 per cent."), field=name)
    if len(entry.number.strip()) > 30:
        raise ReceiptRefused(_("A batch number has at most 30 characters."), field="number")
    product = Product.objects.filter(pk=entry.product_id).first()
    if product is None:
        raise ReceiptRefused(_("Choose a product from the list."), field="product")
    if entry.place_id is not None:
        place = Place.objects.filter(pk=entry.place_id).first()
        if place is None:
            raise ReceiptRefused(_("That place is not there any more. Choose another."), field="place")
        check_place(place, receipt.branch)
    if entry.order_line_id is not None:
        fits = OrderLine.objects.filter(
            pk=entry.order_line_id, product=product, order__supplier=receipt.supplier_id
        ).exists()
        if not fits:
            raise ReceiptRefused(_("That line of the order is of other goods."), field="product")
    found: Product = product
    return found
