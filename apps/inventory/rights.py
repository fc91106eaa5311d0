"""What may be done with products and stock, and by whom."""

from __future__ import annotations

from apps.organizations.rights import Right

RIGHTS: tuple[Right, ...] = ()
