"""Number series: set up, changed before first use, and numbers taken from them without a gap."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal, Stale
from apps.core.tenancy.context import current_organization_id
from apps.organizations.models import Branch, NumberSeries, Organization
from apps.organizations.operations.sentences import told
from apps.organizations.rules.numbering import (
    MOST_CHARACTERS,
    MOST_DIGITS,
    DocumentKind,
    InvalidSeries,
    check_series,
    clean_prefix,
    default_prefix,
    financial_year,
    following_prefix,
    format_number,
    year_label,
)

DEFAULT_WIDTH = 5


class SeriesRefused(Refusal):
    """A series cannot be set up or changed like that, or has no number left."""


# One statement, so that the row is locked no longer than needed. The condition on the length is part of it: a number
# that would break rule 46 is never taken, not even for a moment.
_TAKE = """
UPDATE organizations_numberseries s SET next_number = s.next_number + 1
FROM organizations_organization o
WHERE o.id = s.organization_id AND s.organization_id = %(organization)s
  AND s.branch_id = %(branch)s AND s.kind = %(kind)s
  AND s.financial_year = extract(year FROM %(day)s::date)
                         - (extract(month FROM %(day)s::date) < o.financial_year_start)::int
  AND length(s.prefix) + greatest(s.width, length(s.next_number::text)) <= %(most)s
  AND length(s.next_number::text) <= %(digits)s
RETURNING s.prefix, s.next_number - 1, s.width
"""


def take_number(*, branch: Branch, kind: DocumentKind, day: dt.date) -> str:
    """The next number of the branch's documents of that kind, in the financial year of `day`.

    Call it as the last write of the transaction that makes the document: the series' row stays locked until that
    transaction ends, and a rollback gives the number back, so there is neither a gap nor a number twice.

    Raises:
        SeriesRefused: there is no series for an earlier year, or the series is full.
    """
    with transaction.atomic():
        number = _take(branch, kind, day)
        if number is None:
            _open_following(branch, kind, day)
            number = _take(branch, kind, day)
    if number is None:
        raise SeriesRefused(
            _("The series for %(kind)s at %(branch)s is full. Set up a new one under Number series.")
            % {"kind": _(kind.caption), "branch": branch.name}
        )
    return number


def _take(branch: Branch, kind: DocumentKind, day: dt.date) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            {
                "organization": current_organization_id(),
                "branch": branch.pk,
                "kind": kind.value,
                "day": day,
                "most": MOST_CHARACTERS,
                "digits": MOST_DIGITS,
            },
        )
        row = cursor.fetchone()
    return format_number(*row) if row else None


def _open_following(branch: Branch, kind: DocumentKind, day: dt.date) -> None:
    """Open the year's series by the pattern of the last one before it; nothing happens when it is there already."""
    start = Organization.objects.values_list("financial_year_start", flat=True).get(pk=current_organization_id())
    year = financial_year(day, start)
    known = list(NumberSeries.objects.filter(branch=branch, kind=kind).order_by("financial_year"))
    if any(series.financial_year == year for series in known):
        return
    earlier = [series for series in known if series.financial_year < year]
    if known and not earlier:
        raise SeriesRefused(
            _("%(branch)s has no number series for %(kind)s in %(year)s. Set one up under Number series.")
            % {"branch": branch.name, "kind": _(kind.caption), "year": year_label(year, start)}
        )
    if earlier:
        last = earlier[-1]
        prefix, width = following_prefix(last.prefix, last.financial_year, year, start), last.width
    else:
        prefix, width = default_prefix(branch.code, year, kind, start), DEFAULT_WIDTH
    # Two documents may both be the first of the year: one inserts, the other waits for it and finds the row.
    NumberSeries.objects.bulk_create(
        [NumberSeries(branch=branch, kind=kind, financial_year=year, prefix=prefix, width=width)],
        ignore_conflicts=True,
    )


def open_year(*, branch: Branch, day: dt.date) -> list[NumberSeries]:
    """Set up a series of every kind for the branch in the financial year of `day`, where there is none yet."""
    with transaction.atomic():
        for kind in DocumentKind:
            _open_following(branch, kind, day)
        start = Organization.objects.values_list("financial_year_start", flat=True).get(pk=current_organization_id())
        return list(NumberSeries.objects.filter(branch=branch, financial_year=financial_year(day, start)))


def set_up_series(
    *, branch: Branch, kind: DocumentKind, year: int, prefix: str, width: int = DEFAULT_WIDTH, first_number: int = 1
) -> NumberSeries:
    """A new series for a branch, a kind of document and the financial year that begins in `year`.

    Raises:
        SeriesRefused: its numbers could break rule 46(b), or another series is in the way.
    """
    series = NumberSeries(
        branch=branch,
        kind=kind.value,
        financial_year=year,
        prefix=_checked(prefix, width, first_number),
        width=width,
        first_number=first_number,
        next_number=first_number,
    )
    _save(series)
    return series


def change_series(
    *, series: NumberSeries, prefix: str, width: int, first_number: int, version: int | None = None
) -> NumberSeries:
    """Change a series that has not given out a number. `version` is the one that was edited.

    Raises:
        Stale: it has another version by now.
        SeriesRefused: it has; or its numbers could break rule 46(b), or another series is in the way.
    """
    with transaction.atomic():
        series = NumberSeries.objects.select_for_update().select_related("branch").get(pk=series.pk)
        if version not in {None, series.version}:
            raise Stale
        if series.is_used:
            raise SeriesRefused(
                _("%(number)s is out already, so this series stays as it is. A new one can start next year.")
                % {"number": format_number(series.prefix, series.next_number - 1, series.width)}
            )
        series.prefix = _checked(prefix, width, first_number)
        series.width = width
        series.first_number = series.next_number = first_number
        series.version += 1
        _save(series)
    return series


def _checked(prefix: str, width: int, first_number: int) -> str:
    prefix = clean_prefix(prefix)
    try:
        check_series(prefix, width, first_number)
    except InvalidSeries as error:
        raise SeriesRefused(told(error), field=error.field) from None
    return prefix


def _save(series: NumberSeries) -> None:
    try:
        with transaction.atomic():
            series.save()
    except IntegrityError as error:
        if "organizations_series_prefix_unique" in str(error):
            raise SeriesRefused(
                _("%(prefix)s begins another series of that year. Each series needs its own prefix.")
                % {"prefix": series.prefix},
                field="prefix",
            ) from None
        if "organizations_series_unique" in str(error):
            raise SeriesRefused(
                _("%(branch)s has a series for %(kind)s in that year already. Change that one.")
                % {"branch": series.branch.name, "kind": _(DocumentKind(series.kind).caption)},
                field="kind",
            ) from None
        raise
