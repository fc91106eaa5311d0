"""Collection terms: one row an organization."""

from __future__ import annotations

from apps.finance.models import CollectionTerms


def own_terms() -> CollectionTerms:
    """The organization's row, made with the usual terms where there is none; two who ask at once get the same."""
    found: CollectionTerms | None = CollectionTerms.objects.first()
    if found is None:
        CollectionTerms.objects.bulk_create([CollectionTerms()], ignore_conflicts=True)
        made: CollectionTerms = CollectionTerms.objects.get()
        return made
    return found
