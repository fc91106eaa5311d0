"""Tables of branches, licences, members, invitations and number series."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.audit.models import Seal
from apps.core.outbox.models import OutboxMessage
from apps.core.outbox.registry import label_of
from apps.core.ui import formats, tables
from apps.core.ui.tables import Badge
from apps.organizations.models import Branch, BranchLicence, Invitation, Membership, NumberSeries
from apps.organizations.rules.invitations import standing
from apps.organizations.rules.numbering import format_number, year_label


class BranchTable(tables.Table):
    name = tables.TextColumn(linkify=True, secondary="city")
    code = tables.CodeColumn()
    gstin = tables.CodeColumn(orderable=False)
    state_code = tables.ChoiceColumn(orderable=False)
    city = tables.TextColumn()
    licence_count = tables.NumberColumn(_("Licences"), orderable=False)
    active = tables.FlagColumn(on=None, off=Badge(_("Archived")), orderable=False)

    default_columns = ("name", "code", "gstin", "state_code", "licence_count", "active")
    phone_end = "code"
    phone_detail = ("gstin", "city")

    class Meta:
        model = Branch


class LicenceTable(tables.Table):
    """Licences of one branch."""

    number = tables.CodeColumn(linkify=True)
    form = tables.ChoiceColumn()
    valid_from = tables.DateColumn()
    valid_to = tables.DateColumn()

    phone_top = "valid_to"
    phone_detail: ClassVar[tuple[str, ...]] = ("form",)
    extra_fields = ("valid_from",)

    class Meta:
        model = BranchLicence

    def render_valid_to(self, value: dt.date, record: Any) -> SafeString:
        """The last day with its heat, and in words how far away it is."""
        return licence_heat(record.valid_from, value, timezone.localdate())


class AllLicencesTable(LicenceTable):
    """Licences of every branch."""

    branch = tables.TextColumn(accessor="branch__name", verbose_name=_("Branch"))

    default_columns = ("number", "form", "branch", "valid_from", "valid_to")
    phone_detail = ("branch", "form")

    class Meta:
        model = BranchLicence


def licence_heat(valid_from: dt.date, valid_to: dt.date, today: dt.date) -> SafeString:
    """When a licence ends, coloured by how soon, or when it begins."""
    if valid_from > today:
        words = _now("begins %(day)s") % {"day": formats.day(valid_from)}
        return format_html('<span class="heat h4">{}<small>{}</small></span>', formats.day(valid_to), words)
    days = (valid_to - today).days
    return format_html(
        '<span class="heat {}">{}<small>{}</small></span>',
        formats.heat(days),
        formats.day(valid_to),
        formats.time_left(days),
    )


class MemberTable(tables.Table):
    name = tables.TextColumn(_("Name"), accessor="user__name", linkify=True, secondary="user__email")
    role = tables.TextColumn(_("Role"), accessor="role__name")
    email = tables.TextColumn(_("E-mail"), accessor="user__email")
    ends_on = tables.DateColumn()
    second_factor = tables.FlagColumn(
        _("Second factor"), on=Badge(_("On"), "ok"), off=Badge(_("None"), "warn"), orderable=False
    )
    last_seen = tables.DateTimeColumn(_("Last seen"), orderable=False)
    active = tables.FlagColumn(_("Status"), on=Badge(_("Active"), "ok"), off=Badge(_("Deactivated")), orderable=False)

    default_columns = ("name", "role", "ends_on", "second_factor", "last_seen", "active")
    phone_top = "role"
    phone_detail = ("email",)
    phone_end = "active"

    class Meta:
        model = Membership


class InvitationTable(tables.Table):
    email = tables.TextColumn(linkify=True)
    role = tables.TextColumn(_("Role"), accessor="role__name")
    invited_by = tables.TextColumn(_("Invited by"), accessor="invited_by__user__name")
    expires_at = tables.DateTimeColumn(_("Status"))

    extra_fields = ("accepted_at", "withdrawn_at")
    phone_top = "role"
    phone_end = "expires_at"
    phone_detail = ("invited_by",)

    class Meta:
        model = Invitation

    def render_expires_at(self, value: dt.datetime, record: Any) -> Badge:
        """Open until when, or what became of it."""
        return invitation_badge(record, value)

    def value_expires_at(self, value: dt.datetime, record: Any) -> str:
        return str(invitation_badge(record, value).text)


def invitation_badge(record: Any, expires_at: dt.datetime) -> Badge:
    """How an invitation stands, as a badge."""
    reason = standing(
        accepted=record.accepted_at is not None,
        withdrawn=record.withdrawn_at is not None,
        replaced=False,
        expired=expires_at <= timezone.now(),
    )
    if reason is None:
        return Badge(_now("Open until %(day)s") % {"day": formats.moment(expires_at)}, "info")
    return {
        "accepted": Badge(_("Accepted"), "ok"),
        "withdrawn": Badge(_("Withdrawn")),
        "expired": Badge(_("Expired"), "warn"),
    }[reason.value]


class BranchSeriesTable(tables.Table):
    """Series of one branch."""

    prefix = tables.CodeColumn(linkify=True)
    kind = tables.ChoiceColumn()
    financial_year = tables.CodeColumn()
    next_number = tables.CodeColumn(_("Next number"), orderable=False)

    extra_fields = ("prefix", "width", "first_number", "organization__financial_year_start")
    phone_top = "next_number"
    phone_detail: ClassVar[tuple[str, ...]] = ("kind",)

    class Meta:
        model = NumberSeries

    def render_financial_year(self, value: int, record: Any) -> str:
        return year_label(value, record.organization__financial_year_start)

    def render_next_number(self, value: int, record: Any) -> str:
        return format_number(record.prefix, value, record.width)

    value_financial_year = render_financial_year
    value_next_number = render_next_number


class SeriesTable(BranchSeriesTable):
    """Series of every branch."""

    branch = tables.TextColumn(_("Branch"), accessor="branch__name")

    default_columns = ("prefix", "kind", "branch", "financial_year", "next_number")
    phone_detail = ("kind", "branch")

    class Meta:
        model = NumberSeries


class SealTable(tables.Table):
    """Seals, with the hashes that somebody outside compares."""

    number = tables.NumberColumn()
    sealed_at = tables.DateTimeColumn(orderable=False)
    count = tables.NumberColumn(orderable=False)
    root = tables.TextColumn(orderable=False, css="addr")
    hash = tables.TextColumn(orderable=False, css="addr")

    phone_top = "sealed_at"
    phone_detail = ("hash",)

    class Meta:
        model = Seal

    def render_root(self, value: str) -> str:
        """Cut in the middle; the whole of it stands in the export."""
        return formats.middle(value, 10, 8)

    render_hash = render_root

    def value_root(self, value: str) -> str:
        return value

    value_hash = value_root


class OutboxTable(tables.Table):
    """Messages of the outbox."""

    handler = tables.TextColumn(_("What"), linkify=True, orderable=False)
    state = tables.ChoiceColumn(badges={"waiting": "info", "done": "ok", "dead": "bad"}, orderable=False)
    attempts = tables.NumberColumn(orderable=False)
    created_at = tables.DateTimeColumn(orderable=False)
    due_at = tables.DateTimeColumn(orderable=False)
    last_error = tables.TextColumn(orderable=False)

    default_columns = ("handler", "state", "attempts", "created_at", "last_error")
    phone_top = "state"
    phone_detail = ("created_at",)

    class Meta:
        model = OutboxMessage

    def render_handler(self, value: str) -> str:
        return label_of(value)

    value_handler = render_handler
