"""The seals of the organization's history."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from apps.core.audit.models import Seal
from apps.core.ui.pages.listbase import Count, Empty
from apps.core.ui.pages.listing import ListPage
from apps.organizations.tables import SealTable


class SealList(ListPage[Seal]):
    """Every seal, newest first: what somebody compares with a copy they kept or with a public network."""

    model = Seal
    right = "organizations.audit.view"
    title = _("Sealed history")
    table_class = SealTable
    ordering = ("-number",)
    search_fields = ("root", "hash")
    search_hint = _("Root or seal, from its first sign")
    empty = Empty(
        _("Nothing is sealed yet"),
        _("Every minute the changes of that minute are closed with a seal. A change made behind iNEAT breaks it."),
    )

    def meta(self, count: Count) -> Sequence[str]:
        return [*super().meta(count), str(_("each names the one before it"))]
