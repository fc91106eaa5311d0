"""Lists of payments, cheques, open items and what settled them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.core.ui import formats, tables
from apps.core.ui.tables import Badge
from apps.finance.models import Allocation, Cheque, OpenItem, Payment


class PaymentTable(tables.Table):
    number = tables.TextColumn(linkify=True, css="code", orderable=False)
    on_date = tables.DateColumn()
    kind = tables.ChoiceColumn(orderable=False)
    party = tables.TextColumn(accessor="party__name", verbose_name=_("Party"), orderable=False)
    mode = tables.ChoiceColumn(orderable=False)
    reference = tables.CodeColumn(orderable=False)
    account = tables.TextColumn(accessor="account__name", verbose_name=_("Account"), orderable=False)
    branch = tables.TextColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    amount = tables.MoneyColumn(strong=True)
    discount = tables.MoneyColumn(orderable=False)
    left = tables.MoneyColumn(accessor="item__open_amount", verbose_name=_("On account"), orderable=False)
    state = tables.ChoiceColumn(
        badges={"waiting": "info", "bounced": "bad", "undone": "line", "posted": "ok"}, orderable=False
    )
    narration = tables.TextColumn(orderable=False)

    default_columns = ("number", "on_date", "kind", "party", "mode", "reference", "amount", "left", "state")
    phone_top = "amount"
    phone_detail = ("party", "mode")
    phone_end = "on_date"

    class Meta:
        model = Payment

    def render_left(self, value: Decimal, record: Any) -> str:  # noqa: ARG002
        """What is not settled yet; nothing when all is."""
        return formats.money(abs(value)) if value else formats.EMPTY

    def value_left(self, value: Decimal, record: Any) -> Decimal:  # noqa: ARG002
        return abs(value)


class ChequeTable(tables.Table):
    number = tables.TextColumn(linkify=True, css="code", orderable=False)
    cheque_on = tables.DateColumn()
    kind = tables.ChoiceColumn(orderable=False)
    party = tables.TextColumn(accessor="party__name", verbose_name=_("Party"), orderable=False)
    bank = tables.TextColumn(orderable=False)
    amount = tables.MoneyColumn(strong=True, orderable=False)
    state = tables.ChoiceColumn(
        badges={"waiting": "info", "held": "warn", "presented": "info", "cleared": "ok", "bounced": "bad"},
        orderable=False,
    )
    payment = tables.CodeColumn(accessor="payment__number", verbose_name=_("Payment"), orderable=False)
    presented_on = tables.DateColumn(orderable=False)
    cleared_on = tables.DateColumn(orderable=False)
    bounced_on = tables.DateColumn(orderable=False)
    bounce_reason = tables.TextColumn(orderable=False)

    default_columns = ("number", "cheque_on", "kind", "party", "bank", "amount", "state", "payment", "presented_on")
    phone_top = "amount"
    phone_detail = ("party", "bank")
    phone_end = "cheque_on"

    class Meta:
        model = Cheque


class OpenItemTable(tables.Table):
    number = tables.TextColumn(linkify=True, css="code", orderable=False)
    party = tables.TextColumn(accessor="party__name", verbose_name=_("Party"), orderable=False)
    side = tables.ChoiceColumn(orderable=False)
    kind = tables.ChoiceColumn(orderable=False)
    document_on = tables.DateColumn(orderable=False)
    on_date = tables.DateColumn(verbose_name=_("Posted"), orderable=False)
    due_on = tables.DateColumn()
    late = tables.TextColumn(accessor="due_on", verbose_name=_("Late"), orderable=False)
    branch = tables.TextColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    amount = tables.MoneyColumn(orderable=False)
    open_amount = tables.MoneyColumn(strong=True, orderable=False)

    default_columns = ("number", "party", "side", "kind", "document_on", "due_on", "late", "amount", "open_amount")
    phone_top = "open_amount"
    phone_detail = ("party",)
    phone_end = "due_on"

    class Meta:
        model = OpenItem

    def render_late(self, value: Any, record: Any) -> SafeString | str:
        """How late it is, where something is still open and waits for money."""
        words = formats.late(value, timezone.localdate())
        awaits = record.open_amount > 0 if record.side == "receivable" else record.open_amount < 0
        return SafeString(Badge(words, "bad")) if words and awaits else ""

    def value_late(self, value: Any, record: Any) -> int:
        return max((timezone.localdate() - value).days, 0) if record.open_amount else 0


class AllocationTable(tables.Table):
    """What settles an item, seen from either side."""

    debit = tables.CodeColumn(accessor="debit__number", verbose_name=_("Debit"), orderable=False)
    credit = tables.CodeColumn(accessor="credit__number", verbose_name=_("Credit"), orderable=False)
    amount = tables.MoneyColumn(orderable=False)
    on_date = tables.DateColumn(orderable=False)
    moment = tables.DateTimeColumn(orderable=False)
    undone = tables.FlagColumn(
        accessor="undoes_id", verbose_name=_("Undo"), on=Badge(_("Undone"), "line"), orderable=False
    )

    default_columns = ("debit", "credit", "amount", "on_date", "moment", "undone")
    phone_top = "amount"

    class Meta:
        model = Allocation
