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
    template_name = "ui/history_panel.html"
    width = 12
    few, many = 20, 500

    def context(self) -> Mapping[str, Any] | None:
        """The latest changes; `?changes=all` shows more of them."""
        limit = self.many if self.request.GET.get("changes") == "all" else self.few
        try:
            changes = history_of(self.instance, limit=limit + 1)
        except LookupError:
            return None
        more = f"{self.request.path}?changes=all#history" if len(changes) > limit and limit == self.few else ""
        return {"changes": changes[:limit], "more_url": more}
