"""Taking an imported opening stock back."""

from __future__ import annotations

from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.tenancy.context import current_organization_id
from apps.inventory.models import Move
from apps.inventory.operations.books import post_stock_value
from apps.inventory.operations.ledger import Document, lock_products
from apps.inventory.operations.refusals import StockRefused

DOCUMENT_KIND: Final = "inventory.opening"
TAKEN_BACK: Final = "inventory.opening.undone"
_PATIENCE = 120_000
_NAMED = 3


class OpeningInUse(StockRefused):
    """Goods of the opening stock have left, are held, or were counted since."""


_GONE = """
SELECT p.name, b.number, m.quantity, coalesce(s.on_hand - s.reserved, 0), count(*) OVER ()
FROM (
  SELECT batch_id, place_id, sum(quantity) AS quantity FROM inventory_move
  WHERE organization_id = %(organization)s AND document_kind = %(kind)s AND document_id = %(job)s GROUP BY 1, 2
) m
JOIN inventory_batch b ON b.organization_id = %(organization)s AND b.id = m.batch_id
JOIN inventory_product p ON p.organization_id = %(organization)s AND p.id = b.product_id
LEFT JOIN inventory_stock s
  ON s.organization_id = %(organization)s AND s.batch_id = m.batch_id AND s.place_id = m.place_id
WHERE coalesce(s.on_hand - s.reserved, 0) < m.quantity
ORDER BY 1, 2 LIMIT %(named)s
"""
_BACK = """
INSERT INTO inventory_move
  (organization_id, batch_id, place_id, product_id, kind, quantity, cost, document_kind, document_id, document_number,
   line, party_id, reason, note, person_id, moment, on_date)
SELECT organization_id, batch_id, place_id, product_id, kind, -quantity, cost, %(undone)s, document_id, document_number,
       line, NULL, '', '', NULL, %(moment)s, %(on)s
FROM inventory_move
WHERE organization_id = %(organization)s AND document_kind = %(kind)s AND document_id = %(job)s
ORDER BY product_id, batch_id
"""


@transaction.atomic
def take_back(*, job_number: int) -> None:
    """Answer every move of an imported opening stock by its opposite. Moves are never deleted, so the batches and
    products that came with it stay, empty.

    Raises:
        OpeningInUse: some of the goods are not there any more, or held; it names a few.
    """
    moves = Move.objects.filter(document_kind=DOCUMENT_KIND, document_id=job_number)
    lock_products(set(moves.values_list("product_id", flat=True)), patience=_PATIENCE)
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "kind": DOCUMENT_KIND,
        "undone": TAKEN_BACK,
        "job": job_number,
        "named": _NAMED,
        "moment": timezone.now(),
        "on": timezone.localdate(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_GONE, values)
        gone = cursor.fetchall()
        if gone:
            names = ", ".join(f"{product} {number}" for product, number, *_rest in gone)
            raise OpeningInUse(
                _("Goods of %(count)d batches have left or are held since: %(names)s. The opening stock stays.")
                % {"count": gone[0][4], "names": names}
            )
        cursor.execute(_BACK, values)
    post_stock_value(document=Document(TAKEN_BACK, job_number), on=timezone.localdate())
