"""Where products and stock appear in the menu, the palette and on the home page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.ui import registry
from apps.core.ui.registry import Command, NavEntry, NavGroup


def register() -> None:
    """Add the entries to the frame."""
    registry.add(
        NavGroup("stock", _("Stock"), order=10),
        NavEntry("stock", _("Places"), icon="building-warehouse", route="inventory:place_list", order=60),
        Command(_("New place"), icon="plus", route="inventory:place_create"),
    )
