"""Looking at the whole of the books, and keeping what was found."""

from __future__ import annotations

from django.utils import timezone

from apps.finance.models import BooksCheck
from apps.finance.verify import checks

KEPT = 30
"""So many results are kept; the oldest go."""


def verify_books() -> BooksCheck:
    """Run every registered check on the current organization, in the caller's transaction, and keep the result."""
    started = timezone.now()
    results = []
    for check in checks():
        finding = check.run()
        results.append({"name": check.name, "looked_at": finding.looked_at, "faults": finding.faults})
    made: BooksCheck = BooksCheck.objects.create(
        started_at=started,
        finished_at=timezone.now(),
        results=results,
        fault_count=sum(len(result["faults"]) for result in results),  # type: ignore[arg-type, misc]
    )
    keep = BooksCheck.objects.order_by("-id").values("pk")[:KEPT]
    BooksCheck.objects.exclude(pk__in=keep).delete()
    return made
