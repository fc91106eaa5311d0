"""Revising MRP and rates of many products: drawing up, applying, taking back; set-based and in one transaction each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.core.tenancy.context import current_organization_id
from apps.inventory.models import RateRevision, RateRevisionLine, RevisionState


class RevisionUsed(Refusal):
    """Batches came in at the new prices."""


class RevisionNotOpen(Refusal):
    """The revision is not in the state that this takes."""


@dataclass(frozen=True)
class Change:
    """What is to happen to a price: so many percent, or a new figure for every product chosen."""

    percent: Decimal | None = None
    mrp: Decimal | None = None


# PTR and PTS move with the MRP where they are set; where they are not they follow from it by the margins anyway.
_DRAW_UP = """
INSERT INTO inventory_raterevisionline
    (organization_id, revision_id, product_id, old_mrp, new_mrp, old_ptr, new_ptr, old_pts, new_pts, replaced)
SELECT %(organization)s, %(revision)s, p.id, o.mrp, n.mrp, o.ptr, round(o.ptr * n.mrp / o.mrp, 4),
       o.pts, round(o.pts * n.mrp / o.mrp, 4), o.effective_from = %(day)s
FROM inventory_product p
JOIN LATERAL (
    SELECT mrp, ptr, pts, effective_from FROM inventory_productprice r
    WHERE r.organization_id = %(organization)s AND r.product_id = p.id AND r.effective_from <= %(day)s
    ORDER BY r.effective_from DESC LIMIT 1
) o ON true
CROSS JOIN LATERAL (SELECT coalesce(%(mrp)s::numeric, round(o.mrp * (1 + %(percent)s::numeric / 100), 2)) AS mrp) n
WHERE p.organization_id = %(organization)s AND p.id = ANY (%(products)s::bigint[]) AND n.mrp > 0 AND n.mrp <> o.mrp
"""


@transaction.atomic
def draw_up_revision(*, name: str, effective_from: dt.date, products: Sequence[int], change: Change) -> RateRevision:
    """Keep a preview of the new prices of these products. Nothing holds before it is applied.

    Products without a price on that day, and those whose MRP stays as it is, are left out.

    Raises:
        Refusal: no product's price would change.
    """
    revision: RateRevision = RateRevision.objects.create(name=name, effective_from=effective_from)
    count = _run(
        _DRAW_UP,
        {
            "revision": revision.pk,
            "day": effective_from,
            "mrp": change.mrp,
            "percent": change.percent or Decimal(0),
            "products": list(products),
        },
    )
    if not count:
        raise Refusal(_("No price would change: none of the products chosen has an MRP on that day that differs."))
    RateRevision.objects.filter(pk=revision.pk).update(lines_count=count)
    revision.lines_count = count
    return revision


_APPLY = """
INSERT INTO inventory_productprice (organization_id, product_id, effective_from, mrp, ptr, pts)
SELECT %(organization)s, l.product_id, %(day)s, l.new_mrp, l.new_ptr, l.new_pts
FROM inventory_raterevisionline l WHERE l.organization_id = %(organization)s AND l.revision_id = %(revision)s
ORDER BY l.product_id
ON CONFLICT (organization_id, product_id, effective_from)
DO UPDATE SET mrp = excluded.mrp, ptr = excluded.ptr, pts = excluded.pts
"""
# Somebody may have set a price from the very day since the preview was drawn up: that one is put back by undo.
_REMEMBER = """
UPDATE inventory_raterevisionline l SET replaced = true, old_mrp = r.mrp, old_ptr = r.ptr, old_pts = r.pts
FROM inventory_productprice r
WHERE l.organization_id = %(organization)s AND l.revision_id = %(revision)s AND r.organization_id = %(organization)s
  AND r.product_id = l.product_id AND r.effective_from = %(day)s
"""


@transaction.atomic
def apply_revision(*, revision: RateRevision) -> RateRevision:
    """Let the new prices hold from their day on. Batches that came in before keep theirs.

    Raises:
        RevisionNotOpen: it was applied already.
    """
    held = _locked(revision, RevisionState.DRAFT, _("This revision was applied already."))
    given = {"revision": held.pk, "day": held.effective_from}
    _run(_REMEMBER, given)
    _run(_APPLY, given)
    return _moved(held, RevisionState.APPLIED, timezone.now())


_USED = """
SELECT count(*), min(p.name) FROM inventory_raterevisionline l
JOIN inventory_batch b ON b.organization_id = %(organization)s AND b.product_id = l.product_id AND b.mrp = l.new_mrp
  AND b.created_at >= %(applied)s
JOIN inventory_product p ON p.organization_id = %(organization)s AND p.id = l.product_id
WHERE l.organization_id = %(organization)s AND l.revision_id = %(revision)s
"""
_CHANGED = """
SELECT count(*), min(p.name) FROM inventory_raterevisionline l
JOIN inventory_product p ON p.organization_id = %(organization)s AND p.id = l.product_id
LEFT JOIN inventory_productprice r ON r.organization_id = %(organization)s AND r.product_id = l.product_id
  AND r.effective_from = %(day)s
WHERE l.organization_id = %(organization)s AND l.revision_id = %(revision)s AND r.mrp IS DISTINCT FROM l.new_mrp
"""
_GIVE_BACK = """
UPDATE inventory_productprice r SET mrp = l.old_mrp, ptr = l.old_ptr, pts = l.old_pts
FROM inventory_raterevisionline l
WHERE l.organization_id = %(organization)s AND l.revision_id = %(revision)s AND l.replaced
  AND r.organization_id = %(organization)s AND r.product_id = l.product_id AND r.effective_from = %(day)s
"""
_TAKE_AWAY = """
DELETE FROM inventory_productprice r USING inventory_raterevisionline l
WHERE l.organization_id = %(organization)s AND l.revision_id = %(revision)s AND NOT l.replaced
  AND r.organization_id = %(organization)s AND r.product_id = l.product_id AND r.effective_from = %(day)s
"""


@transaction.atomic
def undo_revision(*, revision: RateRevision) -> RateRevision:
    """Take the new prices back; what held before holds again.

    Raises:
        RevisionNotOpen: it is not applied.
        RevisionUsed: batches came in at the new prices, or somebody changed one of them.
    """
    held = _locked(revision, RevisionState.APPLIED, _("This revision is not applied, so there is nothing to undo."))
    given = {"revision": held.pk, "day": held.effective_from, "applied": held.applied_at}
    count, name = _row(_USED, given)
    if count:
        raise RevisionUsed(
            _("%(count)s batches came in at the new prices, the first of %(product)s. Make a new revision instead.")
            % {"count": count, "product": name}
        )
    count, name = _row(_CHANGED, given)
    if count:
        raise RevisionUsed(
            _("%(count)s of the prices were changed since, the first of %(product)s. Make a new revision instead.")
            % {"count": count, "product": name}
        )
    _run(_GIVE_BACK, given)
    _run(_TAKE_AWAY, given)
    return _moved(held, RevisionState.UNDONE, held.applied_at)


@transaction.atomic
def discard_revision(*, revision: RateRevision) -> None:
    """Throw a preview away.

    Raises:
        RevisionNotOpen: it was applied.
    """
    held = _locked(revision, RevisionState.DRAFT, _("This revision was applied. Undo it instead."))
    RateRevisionLine.objects.filter(revision=held).delete()
    held.delete()


def _locked(revision: RateRevision, state: str, otherwise: str) -> RateRevision:
    held: RateRevision = RateRevision.objects.select_for_update().get(pk=revision.pk)
    if held.state != state:
        raise RevisionNotOpen(otherwise)
    return held


def _moved(held: RateRevision, state: str, applied_at: dt.datetime | None) -> RateRevision:
    RateRevision.objects.filter(pk=held.pk).update(state=state, applied_at=applied_at, version=F("version") + 1)
    held.state, held.applied_at = state, applied_at
    return held


def _run(statement: str, given: Mapping[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": current_organization_id(), **given})
        return int(cursor.rowcount)


def _row(statement: str, given: Mapping[str, Any]) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": current_organization_id(), **given})
        count, name = cursor.fetchone()
        return count, name or ""


_OF_FILE = """
INSERT INTO inventory_raterevisionline
    (organization_id, revision_id, product_id, old_mrp, new_mrp, old_ptr, new_ptr, old_pts, new_pts, replaced)
SELECT DISTINCT ON (f.product) %(organization)s, %(revision)s, f.product, o.mrp, f.mrp, o.ptr, f.ptr, o.pts, f.pts,
       coalesce(o.effective_from = %(day)s, false)
FROM (SELECT b.row, b.mrp, b.ptr, b.pts, {product} AS product FROM import_batch b) f
LEFT JOIN LATERAL (
    SELECT mrp, ptr, pts, effective_from FROM inventory_productprice r
    WHERE r.organization_id = %(organization)s AND r.product_id = f.product AND r.effective_from <= %(day)s
    ORDER BY r.effective_from DESC LIMIT 1
) o ON true
WHERE f.product IS NOT NULL ORDER BY f.product, f.row
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def add_lines_of_file(*, job_number: int, product: str) -> int:
    """Add the rows of an import's batch to the preview that its file becomes; returns how many were added.

    Args:
        product: SQL over `import_batch b` that finds a row's product.
    """
    revision: RateRevision | None = RateRevision.objects.filter(job_number=job_number).first()
    if revision is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT min(effective_from) FROM import_batch")
            (day,) = cursor.fetchone()
        name = _("Price list of import %(number)s") % {"number": job_number}
        revision = RateRevision.objects.create(
            name=name, effective_from=day or timezone.localdate(), job_number=job_number
        )
    count = _run(_OF_FILE.format(product=product), {"revision": revision.pk, "day": revision.effective_from})
    RateRevision.objects.filter(pk=revision.pk).update(lines_count=F("lines_count") + count)
    return count


@transaction.atomic
def drop_revision_of_file(*, job_number: int) -> None:
    """Throw away the preview that an import's file became.

    Raises:
        RevisionNotOpen: it was applied.
    """
    for revision in RateRevision.objects.filter(job_number=job_number):
        discard_revision(revision=revision)
