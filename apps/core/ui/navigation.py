"""What the machinery itself adds to the frame."""

from django.utils.translation import gettext_lazy as _

from apps.core.ui import registry
from apps.core.ui.registry import NavEntry


def register() -> None:
    """Home, above every group."""
    registry.add(NavEntry("", _("Home"), "layout-dashboard", "ui:home", keys="g h", order=0, phone=_("Home")))
