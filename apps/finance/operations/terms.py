"""Collection terms: one row an organization, made when somebody first decides on them."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from apps.finance.models import CollectionTerms


def set_terms(**values: Any) -> CollectionTerms:
    """Write the terms of an organization that has none; of two who do so at once the later one's hold."""
    with transaction.atomic():
        CollectionTerms.objects.bulk_create([CollectionTerms()], ignore_conflicts=True)
        terms: CollectionTerms = CollectionTerms.objects.select_for_update().get()
        for name, value in values.items():
            setattr(terms, name, value)
        terms.version += 1
        terms.save()
        return terms
