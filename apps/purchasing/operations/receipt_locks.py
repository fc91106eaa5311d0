"""What every change of receipts and bills begins with: the lock, and the state asked for after it.

A receipt is locked before its bill, receipts in the order of their keys; orders, products and the number series come
after them.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal, Stale
from apps.core.tenancy.context import current_organization_id
from apps.purchasing.models import GoodsReceipt, ReceiptState, SupplierBill
from apps.purchasing.rules.receipt_states import OPEN

OPEN_STATES = tuple(ReceiptState(state.value) for state in OPEN)


class ReceiptRefused(Refusal):
    """The receipt does not allow it."""


class ReceiptClosed(ReceiptRefused):
    """The receipt is past the step that was asked for."""


class BillRefused(Refusal):
    """The bill does not allow it."""


class DuplicateBill(BillRefused):
    """The supplier's bill of this number is entered already."""


def locked_receipt(
    pk: int, states: Collection[ReceiptState] = OPEN_STATES, *, version: int | None = None
) -> GoodsReceipt:
    """The receipt, if it is in one of the states and, where a version is given, as the person saw it.

    Raises:
        ReceiptClosed: it is not.
        Stale: somebody changed its heading meanwhile.
    """
    found: GoodsReceipt = (
        GoodsReceipt.objects.select_for_update(no_key=True, of=("self",))
        .select_related("supplier", "branch", "place", "order")
        .get(pk=pk)
    )
    if found.state not in states:
        raise ReceiptClosed(
            _("%(receipt)s is %(state)s already.") % {"receipt": found, "state": found.get_state_display().lower()}
        )
    if version is not None and version != found.version:
        raise Stale
    return found


def locked_bill(pk: int) -> SupplierBill:
    """The bill, locked."""
    found: SupplierBill = (
        SupplierBill.objects.select_for_update(no_key=True, of=("self",))
        .select_related("supplier", "branch")
        .get(pk=pk)
    )
    return found


_SUM = """
UPDATE purchasing_goodsreceipt r
SET line_count = l.lines, units = l.units, amount = l.amount, version = r.version + 1,
    state = CASE WHEN r.state IN ('checked', 'parked') THEN 'draft' ELSE r.state END
FROM (
  SELECT count(*) AS lines, coalesce(sum(coalesce(quantity, 0) + free) FILTER (WHERE NOT rejected), 0) AS units,
         coalesce(sum(round(round(coalesce(quantity, 0) * coalesce(rate, 0), 2) * (100 - discount) / 100, 2) - scheme)
                  FILTER (WHERE NOT rejected AND quantity > 0), 0) AS amount
  FROM purchasing_receiptline WHERE organization_id = %(organization)s AND receipt_id = %(receipt)s
) l
WHERE r.organization_id = %(organization)s AND r.id = %(receipt)s
"""


def sum_up_receipt(receipt_id: int) -> None:
    """Write the sums of the lines into an open receipt. One that was checked or parked is being checked again."""
    with connection.cursor() as cursor:
        cursor.execute(_SUM, {"organization": current_organization_id(), "receipt": receipt_id})
