"""The chart of accounts: given to new organizations, and completed when a version brings another role."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from apps.core.tenancy.context import current_organization_id
from apps.finance.models import Account, AccountGroup, FinancialYear
from apps.finance.rules.chart import ACCOUNTS, GROUPS
from apps.organizations.models import Organization
from apps.organizations.rules.numbering import financial_year, year_bounds


def found_books() -> None:
    """Give the current organization its chart and the financial year of today, where it has none."""
    with transaction.atomic():
        ensure_chart()
        ensure_year(timezone.localdate())


def ensure_chart() -> int:
    """Make the groups and accounts that are missing; returns how many accounts were made.

    Accounts without a role are only given to an organization that has none at all: later their absence is a choice.
    """
    with transaction.atomic():
        known = list(Account.objects.values_list("role", "code", "name"))
        roles, codes = {role for role, _code, _name in known}, {code for _role, code, _name in known}
        names = {name.lower() for _role, _code, name in known}
        wanted = [seed for seed in ACCOUNTS if (seed.role not in roles if seed.role else not known)]
        if not wanted:
            return 0
        groups = _groups()
        made = []
        for seed in wanted:
            code = _free_code(seed.code, codes)
            name = seed.name if seed.name.lower() not in names else f"{seed.name} ({code})"
            codes.add(code)
            names.add(name.lower())
            made.append(
                Account(code=code, name=name, group=groups[seed.group], role=seed.role, nature=seed.nature.value)
            )
        # Two requests may both complete the chart: one makes the accounts, the other finds them.
        Account.objects.bulk_create(made, ignore_conflicts=True)
        return len(made)


def _groups() -> dict[str, AccountGroup]:
    """The standard groups by code, made where missing: one statement for each depth of the tree."""
    known = {group.code: group for group in AccountGroup.objects.all()}
    for depth in sorted({len(seed.code) for seed in GROUPS}):
        missing = [seed for seed in GROUPS if len(seed.code) == depth and seed.code not in known]
        if missing:
            AccountGroup.objects.bulk_create(
                (
                    AccountGroup(code=seed.code, name=seed.name, kind=seed.kind.value, parent=known.get(seed.parent))
                    for seed in missing
                ),
                ignore_conflicts=True,
            )
            codes = [seed.code for seed in missing]
            known |= {group.code: group for group in AccountGroup.objects.filter(code__in=codes)}
    return known


def _free_code(code: str, taken: set[str]) -> str:
    if code not in taken:
        return code
    return next(text for number in range(1, 1000) if (text := f"{code}-{number}") not in taken)


def ensure_year(day: dt.date) -> FinancialYear | None:
    """The financial year of the day, opened where the books may: from their first year up to today's.

    None for a day before the first year or in a year that has not begun; a person opens those (`operations.years`).
    """
    start = Organization.objects.values_list("financial_year_start", flat=True).get(pk=current_organization_id())
    if (found := _year_of(day)) is not None:
        return found
    first, last = year_bounds(financial_year(day, start), start)
    earliest = FinancialYear.objects.order_by("starts_on").values_list("starts_on", flat=True).first()
    if first > timezone.localdate() or (earliest is not None and first < earliest):
        return None
    FinancialYear.objects.bulk_create([FinancialYear(starts_on=first, ends_on=last)], ignore_conflicts=True)
    return _year_of(day)


def _year_of(day: dt.date) -> FinancialYear | None:
    found: FinancialYear | None = FinancialYear.objects.filter(starts_on__lte=day, ends_on__gte=day).first()
    return found
