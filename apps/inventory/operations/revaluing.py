"""What goods cost becomes known later: freight billed afterwards, a bill at other rates than the receipt's."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import connection, transaction

from apps.core.tenancy.context import current_organization_id
from apps.inventory.models import Batch
from apps.inventory.operations.ledger import lock_products
from apps.inventory.queries.batch_lookup import worth_by_branch

_REVALUE = """
UPDATE inventory_batch b
SET cost = greatest(round(b.cost + v.value / h.on_hand, 4), 0), version = b.version + 1
FROM unnest(%(batches)s::bigint[], %(values)s::numeric[]) AS v (batch, value)
JOIN (
  SELECT batch_id, sum(on_hand) AS on_hand FROM inventory_stock
  WHERE organization_id = %(organization)s AND batch_id = ANY (%(batches)s) AND on_hand > 0 GROUP BY 1
) h ON h.batch_id = v.batch
WHERE b.organization_id = %(organization)s AND b.id = v.batch
"""


@transaction.atomic
def revalue(*, values: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Make batches dearer or cheaper by rupees spread over what is on hand of each; one that is gone stays as it is.

    The lock on their products comes first, as for every change of stock.

    Returns:
        By branch what its stock became worth more, or less: what the books have to say, to four places.
    """
    changes = {batch: value for batch, value in values.items() if value}
    if not changes:
        return {}
    lock_products(Batch.objects.filter(pk__in=changes).values_list("product_id", flat=True))
    before = worth_by_branch(changes)
    with connection.cursor() as cursor:
        cursor.execute(
            _REVALUE,
            {
                "organization": current_organization_id(),
                "batches": list(changes),
                "values": list(changes.values()),
            },
        )
    after = worth_by_branch(changes)
    return {branch: worth - before.get(branch, Decimal(0)) for branch, worth in after.items()}
