"""Cards on pages of other apps: a party's balance and dues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.ui.links import Link
from apps.core.ui.pages import PanelView
from apps.finance.queries.exposure import exposure


class BalancePanel(PanelView):
    """What a party owes, is owed, and how much of its credit is used."""

    title = _("Balance and dues")
    right = "finance.party_ledger.view"
    template_name = "finance/balance_panel.html"
    width = 6

    def context(self) -> Mapping[str, Any]:
        owed = exposure(self.instance.pk)
        limit = self.instance.credit_limit
        return {"owed": owed, "limit": limit, "left": None if limit is None else limit - owed.used}

    def actions(self) -> Sequence[Link | None]:
        key = self.instance.pk
        return [
            self.link(_("Ledger"), "finance:party_ledger", "list-details", pk=key),
            self.link(_("Statement"), "finance:party_statement", "printer", pk=key),
        ]
