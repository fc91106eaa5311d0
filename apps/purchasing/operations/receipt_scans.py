"""Scans at the receiving desk: a pack or carton finds its line and counts it up, or makes one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.models import Product
from apps.inventory.queries.scan import Meaning, meaning_of
from apps.inventory.rules.scan import UnreadableScan
from apps.organizations.operations.sentences import told
from apps.purchasing.models import GoodsReceipt, ReceiptLine
from apps.purchasing.operations.receipt_entry import LineEntry
from apps.purchasing.operations.receipt_lines import entry_of, put_receipt_line, split_receipt_line
from apps.purchasing.operations.receipt_locks import ReceiptRefused, locked_receipt
from apps.purchasing.queries.line_defaults import agreed_for


@dataclass(frozen=True)
class Scanned:
    """What a scan did: which line, what it read, and whether the line is new."""

    line: ReceiptLine
    meaning: Meaning
    made: bool
    counted: int


class CodeUnknown(ReceiptRefused):
    """Nobody has taught this code. It is learned on the scan page, or the product is typed."""


@transaction.atomic
def scan_into_receipt(*, pk: int, code: str) -> Scanned:
    """Read a code and count its goods: on the line of its batch, else on one of its product that has no batch yet, else
    on a new one. A pack that holds several counts as many.

    Raises:
        ReceiptClosed.
        ReceiptRefused: the code is broken, or is that of a place or of several products.
        CodeUnknown: nothing is known by it.
    """
    receipt = locked_receipt(pk)
    try:
        meaning = meaning_of(code)
    except UnreadableScan as broken:
        raise ReceiptRefused(told(broken), field="code") from None
    if meaning.product is None:
        if meaning.known:
            raise ReceiptRefused(_("That code is of no product. Scan a pack or carton."), field="code")
        raise CodeUnknown(
            _("Nothing is known by %(code)s. Type the product once, or teach the code on the scan page.")
            % {"code": meaning.scan.gtin or code[:40]},
            field="code",
        )
    return _counted(receipt, meaning, meaning.product)


def _counted(receipt: GoodsReceipt, meaning: Meaning, product: Product) -> Scanned:
    units = meaning.pack.quantity if meaning.pack else 1
    scan = meaning.scan
    lines = list(ReceiptLine.objects.filter(receipt=receipt, product=product).order_by("position", "id"))
    same = [line for line in lines if scan.batch and line.number.lower() == scan.batch.lower()]
    blank = [line for line in lines if not line.number]
    chosen = (same or blank or ([] if scan.batch else lines) or [None])[0]
    if chosen is None and lines:
        # Another batch of goods that are on the receipt already.
        chosen = split_receipt_line(pk=receipt.pk, line_id=lines[-1].pk)
    if chosen is None:
        agreed = agreed_for(receipt, product.pk)
        entry = LineEntry(
            product_id=product.pk, rate=agreed.rate, discount=agreed.discount, order_line_id=agreed.order_line_id
        )
    else:
        entry = entry_of(chosen)
    entry = replace(
        entry,
        number=entry.number or scan.batch or "",
        expiry=entry.expiry or scan.expiry,
        quantity=(entry.quantity or 0) + units,
    )
    line = put_receipt_line(pk=receipt.pk, entry=entry, line_id=chosen.pk if chosen else None)
    return Scanned(line, meaning, made=chosen is None or not (same or blank), counted=units)
