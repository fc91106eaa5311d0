"""What somebody keeps about a list."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from apps.core.tenancy.context import current_organization_id
from apps.core.ui.models import SavedView


@dataclass(frozen=True)
class KeptView:
    """A view of a list as its tab needs it."""

    pk: int
    name: str
    query: str


@dataclass(frozen=True)
class Kept:
    """What a person keeps about a list: columns, or None for the usual ones, and views, oldest first."""

    columns: list[str] | None
    views: list[KeptView]


# One round trip, and written out: every list asks this, and building it twice from models costs more than running it.
_KEPT = """
SELECT 0 AS kind, 0 AS id, '' AS name, '' AS query, columns FROM ui_columnchoice
WHERE organization_id = %(organization)s AND user_id = %(user)s AND page = %(page)s
UNION ALL
SELECT 1, id, name, query, NULL FROM ui_savedview
WHERE organization_id = %(organization)s AND user_id = %(user)s AND page = %(page)s
ORDER BY 1, 2
"""


def kept_of(*, user_id: int, page: str) -> Kept:
    """Columns and views of the person for a list."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, {"organization": current_organization_id(), "user": user_id, "page": page})
        rows = cursor.fetchall()
    columns = next((list(row[4]) for row in rows if row[0] == 0), None)
    return Kept(columns, [KeptView(row[1], row[2], row[3]) for row in rows if row[0] == 1])


def view_of(*, user_id: int, page: str, view_id: int) -> SavedView | None:
    """One view of the person, or None."""
    found: SavedView | None = SavedView.objects.filter(user_id=user_id, page=page, pk=view_id).first()
    return found
