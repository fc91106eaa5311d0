"""Opening, closing and opening again of financial years."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.core.tenancy.context import current_organization_id
from apps.finance.models import FinancialYear, JournalEntry
from apps.finance.operations.posting import hold_periods_shut, post_entry, reverse_entry
from apps.finance.queries.balances import sums_before
from apps.finance.queries.chart import chart
from apps.finance.rules.posting import PostingLine, Source, credit, debit
from apps.organizations.models import Branch, Organization
from apps.organizations.rules.numbering import financial_year, year_bounds

YEAR = "finance.year"
"""Source kind of closing entries."""

_DAY = dt.timedelta(days=1)


class YearRefused(Refusal):
    """A year cannot be opened or closed like that."""


def open_year(*, day: dt.date) -> FinancialYear:
    """Open the financial year of the day: an earlier one for balances brought forward, or the next one ahead of time.

    Raises:
        YearRefused: it is open already, or it would leave a gap between the years.
    """
    start = Organization.objects.values_list("financial_year_start", flat=True).get(pk=current_organization_id())
    first, last = year_bounds(financial_year(day, start), start)
    with transaction.atomic():
        hold_periods_shut()
        years = list(FinancialYear.objects.order_by("starts_on"))
        if any(year.starts_on <= last and year.ends_on >= first for year in years):
            raise YearRefused(_("The books have that year already."), field="day")
        if years and last + _DAY != years[0].starts_on and first - _DAY != years[-1].ends_on:
            raise YearRefused(
                _("The books go from %(first)s to %(last)s. Open the year just before or just after.")
                % {"first": date_format(years[0].starts_on), "last": date_format(years[-1].ends_on)},
                field="day",
            )
        if first > timezone.localdate() + dt.timedelta(days=366):
            raise YearRefused(_("That year is more than one year away."), field="day")
        made: FinancialYear = FinancialYear.objects.create(starts_on=first, ends_on=last)
    return made


def close_year(*, year: FinancialYear) -> FinancialYear:
    """Carry the year's result to reserves, branch by branch, and take no more entries into it.

    Raises:
        YearRefused: it is closed, not over, or an earlier one is open.
    """
    with transaction.atomic():
        hold_periods_shut()
        year = FinancialYear.objects.select_for_update(no_key=True).get(pk=year.pk)
        if year.state == FinancialYear.State.CLOSED:
            raise YearRefused(_("%(year)s is closed already.") % {"year": year})
        if year.ends_on >= timezone.localdate():
            raise YearRefused(
                _("%(year)s runs until %(day)s. Close it after that.")
                % {"year": year, "day": date_format(year.ends_on)}
            )
        earlier = (
            FinancialYear.objects.filter(starts_on__lt=year.starts_on, state=FinancialYear.State.OPEN)
            .order_by("starts_on")
            .first()
        )
        if earlier is not None:
            raise YearRefused(_("%(year)s is open still. Close it first.") % {"year": earlier})
        year.closings += 1
        for branch in Branch.objects.order_by("pk"):
            lines = _closing_lines(year, branch)
            if lines:
                post_entry(
                    lines=lines,
                    source=Source(YEAR, year.pk, _("Closing %(year)s") % {"year": year}),
                    entry_kind=f"closing {year.closings} of branch {branch.pk}",
                    branch=branch,
                    on_date=year.ends_on,
                    narration=_("Result of %(year)s carried to reserves") % {"year": year},
                    closing=True,
                    over_soft_lock=True,
                )
        year.state = FinancialYear.State.CLOSED
        year.reason = ""
        year.version += 1
        year.save(update_fields=["state", "closings", "reason", "version"])
    return year


def _closing_lines(year: FinancialYear, branch: Branch) -> list[PostingLine]:
    """Every income and expense account brought to nothing, against the surplus."""
    books = chart()
    (sums,) = sums_before([year.ends_on + _DAY], branch_id=branch.pk)
    lines = []
    result = Decimal(0)
    for key in sorted(sums):
        net = sums[key].net
        if net and books.kind(key).of_result:
            lines.append(credit(key, net))
            result += net
    if result:
        lines.append(debit("retained_earnings", result))
    return lines


def reopen_year(*, year: FinancialYear, reason: str) -> FinancialYear:
    """Take the closing entries back and let entries into the year again. The reason stays in its history.

    Raises:
        YearRefused: it is open, a later one is closed, or no reason is given.
    """
    if not reason.strip():
        raise YearRefused(_("Say why the year is opened again."), field="reason")
    with transaction.atomic():
        hold_periods_shut()
        year = FinancialYear.objects.select_for_update(no_key=True).get(pk=year.pk)
        if year.state == FinancialYear.State.OPEN:
            raise YearRefused(_("%(year)s is open.") % {"year": year})
        later = (
            FinancialYear.objects.filter(starts_on__gt=year.starts_on, state=FinancialYear.State.CLOSED)
            .order_by("-starts_on")
            .first()
        )
        if later is not None:
            raise YearRefused(_("%(year)s is closed, and it stands on this one. Open it first.") % {"year": later})
        year.state = FinancialYear.State.OPEN
        year.reason = reason.strip()
        year.version += 1
        year.save(update_fields=["state", "reason", "version"])
        standing = JournalEntry.objects.filter(
            source_kind=YEAR, source_id=year.pk, reverses__isnull=True, reversed_by__isnull=True
        )
        for key in standing.values_list("pk", flat=True):
            reverse_entry(entry_id=key, over_soft_lock=True)
    return year
