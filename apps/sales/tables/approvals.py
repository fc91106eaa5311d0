"""The list of questions to the owner."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.ui import tables
from apps.sales.models import BillApproval

ANSWERS = {"waiting": "warn", "allowed": "ok", "refused": "bad"}


class ApprovalTable(tables.Table):
    question = tables.TextColumn(linkify=True, orderable=False)
    customer = tables.TextColumn(accessor="bill__customer__name", verbose_name=_("Customer"), orderable=False)
    total = tables.MoneyColumn(accessor="bill__total", verbose_name=_("Bill comes to"), orderable=False)
    asked_by = tables.TextColumn(accessor="asked_by__user__name", verbose_name=_("Asked by"), orderable=False)
    created_at = tables.DateTimeColumn(verbose_name=_("When"), orderable=False)
    state = tables.ChoiceColumn(badges=ANSWERS, orderable=False)

    phone_top = "state"
    phone_detail = ("customer", "asked_by")
    phone_end = "total"

    class Meta:
        model = BillApproval
