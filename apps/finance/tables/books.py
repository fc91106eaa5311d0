"""Lists of groups, entries, vouchers, years and locks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.ui import tables
from apps.core.ui.tables import Badge
from apps.finance.documents import document_type
from apps.finance.models import AccountGroup, FinancialYear, JournalEntry, PeriodLock, Voucher


class AccountGroupTable(tables.Table):
    code = tables.CodeColumn()
    name = tables.TextColumn(linkify=True)
    kind = tables.ChoiceColumn()
    parent = tables.TextColumn(accessor="parent__name", verbose_name=_("Under"), orderable=False)

    default_columns = ("code", "name", "kind", "parent")
    phone_top = "code"

    class Meta:
        model = AccountGroup


class JournalEntryTable(tables.Table):
    on_date = tables.DateColumn()
    number = tables.TextColumn(linkify=True, orderable=False, empty_values=())
    source_kind = tables.TextColumn(verbose_name=_("Document"), orderable=False)
    party = tables.TextColumn(accessor="party__name", verbose_name=_("Party"), orderable=False)
    narration = tables.TextColumn(orderable=False)
    branch = tables.TextColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    amount = tables.MoneyColumn(orderable=False)
    person = tables.TextColumn(accessor="person__name", verbose_name=_("Posted by"), orderable=False)
    moment = tables.DateTimeColumn(orderable=False)

    default_columns = ("on_date", "number", "source_kind", "party", "narration", "amount")
    phone_top = "on_date"
    phone_detail = ("source_kind", "party")
    phone_end = "amount"
    extra_fields = ("id",)

    class Meta:
        model = JournalEntry

    def render_source_kind(self, value: str) -> str:
        """What people call the document."""
        return str(document_type(value).label)

    def value_source_kind(self, value: str) -> str:
        """The same in a file."""
        return str(document_type(value).label)

    def render_number(self, value: str, record: Any) -> str:
        """An entry without a document number shows its own."""
        return value or f"#{record.id}"


class VoucherTable(tables.Table):
    on_date = tables.DateColumn()
    number = tables.TextColumn(linkify=True, orderable=False, empty_values=())
    kind = tables.ChoiceColumn(orderable=False)
    narration = tables.TextColumn(orderable=False)
    branch = tables.TextColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    amount = tables.MoneyColumn(orderable=False)
    state = tables.ChoiceColumn(
        badges={"draft": "line", "waiting": "warn", "posted": "ok", "reversed": "bad"}, orderable=False
    )
    made_by = tables.TextColumn(accessor="made_by__name", verbose_name=_("Made by"), orderable=False)

    default_columns = ("on_date", "number", "kind", "narration", "amount", "state")
    phone_top = "on_date"
    phone_detail = ("kind", "narration")
    phone_end = "amount"
    extra_fields = ("id",)

    class Meta:
        model = Voucher

    def render_number(self, value: str, record: Any) -> str:
        """A draft has no number yet."""
        return value or str(_("Draft %(id)s") % {"id": record.id})


class FinancialYearTable(tables.Table):
    starts_on = tables.DateColumn(linkify=True)
    ends_on = tables.DateColumn()
    state = tables.ChoiceColumn(badges={"open": "ok", "closed": "line"})
    reason = tables.TextColumn(verbose_name=_("Opened again because"))

    default_columns = ("starts_on", "ends_on", "state", "reason")

    class Meta:
        model = FinancialYear


class PeriodLockTable(tables.Table):
    module = tables.ChoiceColumn(linkify=True)
    branch = tables.TextColumn(accessor="branch__name", verbose_name=_("Branch"), orderable=False)
    locked_to = tables.DateColumn()
    hard = tables.FlagColumn(on=Badge(_("Hard"), "bad"), off=Badge(_("Soft"), "warn"))
    reason = tables.TextColumn(orderable=False)

    default_columns = ("module", "branch", "locked_to", "hard", "reason")

    class Meta:
        model = PeriodLock
