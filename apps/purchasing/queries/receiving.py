"""What is known of a line of goods received: rules, last figures, what the order still expects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Q

from apps.core.tenancy.context import current_organization_id
from apps.purchasing.models import (
    GoodsReceipt,
    OrderSettings,
    ReceiptLine,
    ReceivingSettings,
    StatutoryFigure,
)
from apps.purchasing.rules.dues import SmallSupplierDays, Withholding
from apps.purchasing.rules.line_checks import Finding, Known, Typed, findings_of

_Kind = StatutoryFigure.Kind


def receiving_settings() -> ReceivingSettings:
    """The organization's settings; the defaults where nobody has chosen."""
    return ReceivingSettings.objects.first() or ReceivingSettings()


def figures_on(on: dt.date) -> dict[str, Decimal]:
    """The figures of the law that hold on the day, by kind."""
    rows = StatutoryFigure.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)
    return dict(rows.order_by("valid_from").values_list("kind", "value"))


def small_supplier_days(figures: dict[str, Decimal]) -> SmallSupplierDays | None:
    """Days of section 15 of the MSMED Act; None where no row says them."""
    if not {_Kind.MSME_AGREED_DAYS, _Kind.MSME_DAYS} <= figures.keys():
        return None
    return SmallSupplierDays(int(figures[_Kind.MSME_AGREED_DAYS]), int(figures[_Kind.MSME_DAYS]))


def withholding(figures: dict[str, Decimal]) -> Withholding | None:
    """Tax held back on purchases of goods; None where no row says it."""
    needed = (_Kind.TDS_RATE, _Kind.TDS_THRESHOLD, _Kind.TDS_WITHOUT_PAN)
    if any(kind not in figures for kind in needed):
        return None
    return Withholding(*(figures[kind] for kind in needed))


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is known about a line, and what the page shows beside it.

    `ordered` is what the order still expects of the product, over all lines of the receipt that name its line.
    """

    known: Known
    product: str
    pack: str
    cold: bool
    scheduled: bool
    ordered: int | None


# The newest batch and the newest bill of the supplier are each one row of an index.
_FACTS = """
SELECT l.id, p.name, p.pack, p.active, p.storage IN ('cold', 'frozen'), p.schedule <> '',
       coalesce(rule.minimum_days, %(minimum)s), newest.mrp, last.rate,
       CASE WHEN o.id IS NOT NULL THEN greatest(o.quantity - o.received, 0) END,
       CASE WHEN o.id IS NOT NULL THEN coalesce(other.quantity, 0) END,
       o.rate * (100 - o.discount) / 100, same.expiry
FROM purchasing_receiptline l
JOIN inventory_product p ON p.organization_id = %(organization)s AND p.id = l.product_id
LEFT JOIN purchasing_orderline o ON o.organization_id = %(organization)s AND o.id = l.order_line_id
LEFT JOIN LATERAL (
  SELECT sum(x.quantity) AS quantity FROM purchasing_receiptline x
  WHERE o.id IS NOT NULL AND x.organization_id = %(organization)s AND x.receipt_id = %(receipt)s
    AND x.order_line_id = o.id AND x.id <> l.id AND NOT x.rejected
) other ON true
LEFT JOIN LATERAL (
  SELECT r.minimum_days FROM purchasing_shelfliferule r
  WHERE r.organization_id = %(organization)s AND (r.supplier_id = %(supplier)s OR r.supplier_id IS NULL)
    AND (r.product_id = l.product_id OR r.product_id IS NULL)
  ORDER BY (r.product_id IS NOT NULL)::int + (r.supplier_id IS NOT NULL)::int DESC, r.product_id NULLS LAST LIMIT 1
) rule ON true
LEFT JOIN LATERAL (
  SELECT b.mrp FROM inventory_batch b WHERE b.organization_id = %(organization)s AND b.product_id = l.product_id
  ORDER BY b.received_on DESC, b.id DESC LIMIT 1
) newest ON true
LEFT JOIN LATERAL (
  SELECT x.rate FROM purchasing_receiptline x
  JOIN purchasing_goodsreceipt r ON r.organization_id = %(organization)s AND r.id = x.receipt_id
    AND r.supplier_id = %(supplier)s AND r.state = 'posted'
  WHERE x.organization_id = %(organization)s AND x.product_id = l.product_id AND x.rate IS NOT NULL
  ORDER BY x.id DESC LIMIT 1
) last ON true
LEFT JOIN inventory_batch same ON same.organization_id = %(organization)s AND same.product_id = l.product_id
  AND lower(same.number) = lower(l.number) AND same.mrp = l.mrp
WHERE l.organization_id = %(organization)s AND l.receipt_id = %(receipt)s
  AND (%(lines)s::bigint[] IS NULL OR l.id = ANY (%(lines)s::bigint[]))
"""


def facts_of(receipt: GoodsReceipt, line_ids: Iterable[int] | None = None) -> dict[int, LineFacts]:
    """Facts by line: of all lines of the receipt, or of these."""
    tolerance = OrderSettings.objects.values_list("over_receipt_percent", flat=True).first() or Decimal(0)
    values = {
        "organization": current_organization_id(),
        "receipt": receipt.pk,
        "supplier": receipt.supplier_id,
        "minimum": receiving_settings().minimum_days,
        "lines": None if line_ids is None else list(line_ids),
    }
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, values)
        for row in cursor.fetchall():
            key, name, pack, active, cold, scheduled, days, mrp, rate, ordered, others, order_rate, expiry = row
            known = Known(
                active=active,
                minimum_days=days,
                tolerance=tolerance,
                last_mrp=mrp,
                last_rate=rate,
                ordered=None if ordered is None else max(ordered - others, 0),
                order_rate=None if order_rate is None else round(order_rate, 4),
                batch_expiry=expiry,
            )
            found[key] = LineFacts(known, name, pack, cold, scheduled, ordered)
    return found


def typed_of(line: ReceiptLine) -> Typed:
    """The line as the rules look at it."""
    return Typed(
        number=line.number,
        expiry=line.expiry,
        made=line.manufactured,
        mrp=line.mrp,
        quantity=line.quantity,
        free=line.free,
        rate=None if line.rate is None else line.rate,
        discount=line.discount,
        tax_rate=line.tax_rate,
        billed=line.billed,
        decided=bool(line.decision),
        allowed=line.allowed_by_id is not None,
        rejected=line.rejected,
    )


def look_at(lines: Sequence[ReceiptLine], facts: dict[int, LineFacts], on: dt.date) -> dict[int, tuple[Finding, ...]]:
    """What is odd about each line."""
    return {line.pk: findings_of(typed_of(line), facts[line.pk].known, on=on) for line in lines}
