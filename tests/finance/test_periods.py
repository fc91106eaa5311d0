"""Years are opened, closed and opened again; locks keep entries out and say why."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from apps.core.tenancy.context import tenant
from apps.finance import documents
from apps.finance.models import FinancialYear, JournalEntry, PeriodLock
from apps.finance.operations import close_year, lock_period, open_year, post_entry, reopen_year, unlock_period
from apps.finance.operations.locks import LockRefused
from apps.finance.operations.years import YearRefused
from apps.finance.queries.statements import Period, balance_sheet, profit_and_loss, trial_balance
from apps.finance.refusals import PeriodLocked, YearClosed
from apps.finance.rules.posting import Source, credit, debit
from apps.organizations.models import Organization
from apps.organizations.operations import add_branch
from tests import factories
from tests.finance.factories import account, post, sale

D = Decimal
pytestmark = pytest.mark.django_db
LAST = dt.date(2026, 3, 31)
FIRST = dt.date(2025, 4, 1)


@pytest.fixture
def organization(db: None) -> Organization:
    """With the year before this one, in which there was a profit of ₹600 at Pune and a loss of ₹50 at Nagpur."""
    organization = factories.organization()
    with tenant(organization.pk):
        open_year(day=LAST)
        nagpur = add_branch(name="Nagpur", code="NAG", state_code="27", pin_code="440001", address="1", city="Nagpur")
    post(organization, sale("1000"), on_date=LAST)
    post(organization, [debit("cogs", D(400)), credit("stock", D(400))], on_date=LAST)
    post(organization, [debit("freight_outward", D(50)), credit("cash", D(50))], on_date=LAST, branch=nagpur)
    return organization


def year(start: int = 2025) -> FinancialYear:
    found: FinancialYear = FinancialYear.objects.get(starts_on=dt.date(start, 4, 1))
    return found


def test_closing_carries_the_result_to_reserves(organization: Organization) -> None:
    with tenant(organization.pk):
        close_year(year=year())
        entries = JournalEntry.objects.filter(closing=True)
        assert sorted(entries.values_list("amount", flat=True)) == [D(50), D(1000)]
        # The statements of the closed year still show its result; the next year begins with it in reserves.
        assert profit_and_loss(periods=[Period(FIRST, LAST)]).result == [D(550)]
        closed = {row.account.name: row.closing for row in trial_balance(on=LAST).rows}
        assert (closed["Sales"], closed.get("Surplus in the statement of profit and loss")) == (D(-1000), None)
        after = trial_balance(on=dt.date(2026, 4, 30))
        rows = {row.account.name: row.closing for row in after.rows}
        assert after.unclosed == 0
        assert rows["Surplus in the statement of profit and loss"] == D(-550)
        assert "Sales" not in rows
        assert balance_sheet(days=[LAST]).result == [D(0)]


def test_a_closed_year_takes_nothing(organization: Organization) -> None:
    with tenant(organization.pk):
        close_year(year=year())
    with pytest.raises(YearClosed, match="2025-26 is closed"):
        post(organization, on_date=LAST)


def test_a_second_try_after_the_close_is_harmless(organization: Organization) -> None:
    first = post(organization, sale("5"), on_date=LAST, number=77)
    with tenant(organization.pk):
        close_year(year=year())
    again = post(organization, sale("5"), on_date=LAST, number=77)
    assert (again.created, again.entry_id) == (False, first.entry_id)


def test_opening_again_takes_the_closing_back(organization: Organization) -> None:
    with tenant(organization.pk):
        close_year(year=year())
        with pytest.raises(YearRefused, match="Say why"):
            reopen_year(year=year(), reason="  ")
        reopened = reopen_year(year=year(), reason="Auditor's adjustment")
        assert (reopened.state, reopened.reason) == ("open", "Auditor's adjustment")
        assert profit_and_loss(periods=[Period(FIRST, LAST)]).result == [D(550)]
        assert balance_sheet(days=[LAST]).result == [D(550)]
    post(organization, sale("100"), on_date=LAST)
    with tenant(organization.pk):
        close_year(year=year())
        assert {row.account.name: row.closing for row in trial_balance(on=dt.date(2026, 4, 30)).rows}[
            "Surplus in the statement of profit and loss"
        ] == D(-650)


@pytest.mark.parametrize(
    ("start", "words"), [(2026, "runs until"), (2025, "is closed already")], ids=["not over", "twice"]
)
def test_what_cannot_be_closed(organization: Organization, start: int, words: str) -> None:
    with tenant(organization.pk):
        close_year(year=year())
        with pytest.raises(YearRefused, match=words):
            close_year(year=year(start))


def test_years_close_and_open_in_order(organization: Organization) -> None:
    with tenant(organization.pk):
        open_year(day=dt.date(2024, 5, 1))
        with pytest.raises(YearRefused, match="2024-25 is open still"):
            close_year(year=year())
        close_year(year=year(2024))
        close_year(year=year())
        with pytest.raises(YearRefused, match="2025-26 is closed, and it stands"):
            reopen_year(year=year(2024), reason="Forgotten bill")
        with pytest.raises(YearRefused, match="2026-27 is open"):
            reopen_year(year=year(2026), reason="Why not")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 5, 1), "have that year already"),
        (dt.date(2020, 5, 1), "just before or just after"),
        (dt.date(2040, 5, 1), "just before or just after"),
    ],
)
def test_years_leave_no_gap(organization: Organization, day: dt.date, words: str) -> None:
    with tenant(organization.pk), pytest.raises(YearRefused, match=words):
        open_year(day=day)


# ---- locks ----

AUGUST = dt.date(2026, 8, 31)
documents.register(documents.DocumentType("test.bill", "Bill", module="sales"))


def test_a_lock_says_up_to_when_and_why(organization: Organization) -> None:
    with tenant(organization.pk):
        lock_period(module="all", locked_to=AUGUST, reason="GSTR-3B filed")
    with pytest.raises(PeriodLocked, match=r"locked up to .*2026 \(GSTR-3B filed\)") as caught:
        post(organization, on_date=AUGUST)
    assert not caught.value.hard
    post(organization, on_date=AUGUST + dt.timedelta(days=1))


def test_a_lock_binds_its_module_and_branch_only(organization: Organization) -> None:
    with tenant(organization.pk):
        pune = factories.first_branch(organization)
        lock_period(module="sales", locked_to=AUGUST, reason="Return filed", branch=pune)
    post(organization, on_date=AUGUST)  # a document of another module
    with tenant(organization.pk):
        nagpur = pune.__class__.objects.get(code="NAG")
    post(organization, on_date=AUGUST, kind="test.bill", branch=nagpur)
    with pytest.raises(PeriodLocked, match="Sales: locked"):
        post(organization, on_date=AUGUST, kind="test.bill")


@pytest.mark.parametrize("hard", [False, True])
def test_who_may_lock_posts_over_a_soft_lock_only(organization: Organization, hard: bool) -> None:
    with tenant(organization.pk):
        lock_period(module="all", locked_to=AUGUST, reason="Audit", hard=hard)
        given: dict[str, Any] = {
            "lines": sale(),
            "source": Source("test.document", 900001, "X"),
            "branch": factories.first_branch(organization),
            "on_date": AUGUST,
            "over_soft_lock": True,
        }
        if hard:
            with pytest.raises(PeriodLocked) as caught:
                post_entry(**given)
            assert caught.value.hard
        else:
            posted = post_entry(**given)
            assert JournalEntry.objects.get(pk=posted.entry_id).over_lock


def test_a_lock_is_moved_and_taken_away(organization: Organization) -> None:
    with tenant(organization.pk):
        lock_period(module="all", locked_to=AUGUST, reason="Audit")
        lock = lock_period(module="all", locked_to=LAST, reason="Year end", hard=True)
        assert PeriodLock.objects.get() == lock
        assert (lock.locked_to, lock.hard, lock.version) == (LAST, True, 2)
        unlock_period(lock=lock)
        assert not PeriodLock.objects.exists()
        with pytest.raises(LockRefused, match="Say why"):
            lock_period(module="all", locked_to=AUGUST, reason=" ")
        with pytest.raises(LockRefused, match="still to come"):
            lock_period(module="all", locked_to=dt.date(2090, 1, 1), reason="Typing slip")
        assert account("cash").active
