"""What may be done with the books, and by whom."""

from __future__ import annotations

from apps.organizations.rights import Right

RIGHTS: tuple[Right, ...] = ()
