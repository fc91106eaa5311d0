"""Where imports appear in the menu and the palette: for whoever may import something."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.exchange.views.news import unread_imports
from apps.core.ui import registry
from apps.core.ui.registry import Command, NavEntry, Work


def register() -> None:
    """Add the entries to the frame."""
    registry.add(
        NavEntry(
            "organization",
            _("Import and export"),
            icon="table-import",
            route="exchange:import_start",
            order=80,
        ),
        Work(unread_imports),
        Command(_("Import a file"), icon="file-upload", route="exchange:import_start", keys="n i"),
    )
