"""What somebody keeps about a list."""

from __future__ import annotations

from apps.core.ui.models import ColumnChoice, SavedView


def views_of(*, user_id: int, page: str) -> list[SavedView]:
    """The person's own views of a list, oldest first."""
    return list(SavedView.objects.filter(user_id=user_id, page=page).order_by("id"))


def view_of(*, user_id: int, page: str, view_id: int) -> SavedView | None:
    """One view of the person, or None."""
    found: SavedView | None = SavedView.objects.filter(user_id=user_id, page=page, pk=view_id).first()
    return found


def columns_of(*, user_id: int, page: str) -> list[str] | None:
    """The columns the person chose, or None."""
    return ColumnChoice.objects.filter(user_id=user_id, page=page).values_list("columns", flat=True).first()
