"""The clock of the seals."""

from __future__ import annotations

from apps.core.audit.operations import seal_all
from apps.core.background.tasks import every_minute


@every_minute
def seal() -> None:
    """Close the history of every organization with something new. Each organization is a transaction of its own."""
    seal_all()
