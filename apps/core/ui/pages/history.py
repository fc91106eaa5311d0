"""Who changed what on a record: the last panel of every audited one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.audit.queries import history_of
from apps.core.ui.pages.panels import PanelView


class HistoryPanel(PanelView):
    """Every change with field, before, after, who and when, newest first."""

    title = _("History")
    # Named here because the machinery offers it on every page; the organizations app declares it.
    right = "organizations.audit.view"
    template_name = "core/history.html"
    width = 12

    def context(self) -> Mapping[str, Any] | None:
        try:
            return {"changes": history_of(self.instance)}
        except LookupError:
            return None
