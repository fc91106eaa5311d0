"""Statements are put together from summaries, and say what a scan of every line would."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum as DbSum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.tenancy.context import tenant
from apps.finance.models import BalanceDelta, JournalLine, PeriodBalance
from apps.finance.operations import fold_balances, open_year
from apps.finance.queries.balances import balance, sums_before
from apps.finance.queries.statements import Period, Report, balance_sheet, cash_flow, profit_and_loss, trial_balance
from apps.finance.rules.posting import credit, debit
from apps.finance.rules.statements import year_ahead
from apps.organizations.models import Organization
from apps.organizations.operations import add_branch
from tests import factories
from tests.finance.factories import account, post

D = Decimal
pytestmark = pytest.mark.django_db
YEAR = Period(dt.date(2026, 4, 1), dt.date(2027, 3, 31))


@pytest.fixture
def organization(db: None) -> Organization:
    return factories.organization()


def day(month: int, number: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, number)


def figure(report: Report, label: str) -> Decimal:
    """The first figure of the line."""
    return next(line.figures[0] for line in report.lines if line.label == label)


@pytest.fixture
def trade(organization: Organization) -> Organization:
    """Capital, a purchase, two sales, rent, depreciation, interest: every part of every statement."""
    for on, lines in (
        (day(4, 1), [debit("bank", D(100000)), credit("capital", D(100000))]),
        (day(4, 5), [debit("stock", D(40000)), credit("cash", D(40000))]),
        (day(5, 10), [debit("cash", D(30000)), credit("sales", D(30000))]),
        (day(5, 10), [debit("cogs", D(20000)), credit("stock", D(20000))]),
        (day(6, 30), [debit("depreciation", D(1000)), credit("accumulated_depreciation", D(1000))]),
        (day(9, 30), [debit("interest_paid", D(500)), credit("bank", D(500))]),
        (day(10, 2), [debit("income_tax", D(700)), credit("bank", D(700))]),
    ):
        post(organization, lines, on_date=on)
    return organization


def test_the_trial_balance_adds_up(trade: Organization) -> None:
    with tenant(trade.pk):
        found = trial_balance(on=day(5, 31), since=day(5, 1))
        rows = {row.account.name: row for row in found.rows}
        assert found.closing_debit == found.closing_credit == D(140000)
        assert (found.debit, found.credit, found.opening) == (D(50000), D(50000), D(0))
        stock = rows["Stock of goods"]
        assert (stock.opening, stock.debit, stock.credit, stock.closing) == (D(40000), D(0), D(20000), D(20000))
        assert rows["Cash in hand"].closing == D(-10000)
        assert "Depreciation" not in rows


@pytest.mark.parametrize("folded", [False, True])
def test_profit_and_loss_balance_sheet_and_cash_flow_agree(trade: Organization, folded: bool) -> None:
    with tenant(trade.pk):
        if folded:
            assert fold_balances() == 14
            assert not BalanceDelta.objects.exists()
        result = profit_and_loss(periods=[YEAR])
        assert figure(result, "Total income") == D(30000)
        assert figure(result, "Total expenses") == D(21500)
        assert figure(result, "Profit before tax") == D(8500)
        assert figure(result, "Profit for the period") == result.result[0] == D(7800)
        sheet = balance_sheet(days=[YEAR.last, day(4, 30)])
        assert figure(sheet, "Total assets") == figure(sheet, "Total equity and liabilities") == D(107800)
        assert figure(sheet, "Profit not yet carried to reserves") == D(7800)
        assert [line.figures[1] for line in sheet.lines if line.total] == [D(100000), D(100000)]
        flow = cash_flow(periods=[YEAR])
        assert figure(flow, "Cash from financing activities") == D(99500)
        assert figure(flow, "Cash from investing activities") == D(0)
        assert figure(flow, "Change in cash and cash equivalents") == D(88800)
        assert figure(flow, "Cash and cash equivalents at the end") == D(88800)


def test_cash_at_the_end_is_cash_at_the_beginning_and_the_change(trade: Organization) -> None:
    with tenant(trade.pk):
        flow = cash_flow(periods=[Period(day(5, 1), day(9, 30)), Period(day(4, 1), day(4, 30))])
        change, begin, end = (
            next(line.figures for line in flow.lines if line.label.startswith(label))
            for label in (
                "Change in cash and cash eq",
                "Cash and cash equivalents at the b",
                "Cash and cash equivalents at the e",
            )
        )
        assert [a + b for a, b in zip(begin, change, strict=True)] == end
        assert end == [D(89500), D(60000)]


def test_a_new_year_begins_income_and_expenses_at_nothing(trade: Organization) -> None:
    with tenant(trade.pk):
        open_year(day=day(4, 1, 2027))
    post(trade, [debit("cash", D(10)), credit("sales", D(10))], on_date=day(4, 2, 2027))
    with tenant(trade.pk):
        found = trial_balance(on=day(4, 30, 2027), compare_on=day(3, 31, 2027))
        rows = {row.account.name: row for row in found.rows}
        assert (rows["Sales"].opening, rows["Sales"].closing, rows["Sales"].compared) == (D(0), D(-10), D(-30000))
        assert found.unclosed == D(-7800)
        assert found.opening == D(0)
        assert found.closing_debit == found.closing_credit


def test_a_branch_has_statements_of_its_own(trade: Organization) -> None:
    with tenant(trade.pk):
        nagpur = add_branch(name="Nagpur", code="NAG", state_code="27", pin_code="440001", address="1", city="Nagpur")
    post(trade, [debit("cash", D(10)), credit("sales", D(10))], branch=nagpur, on_date=day(5, 11))
    with tenant(trade.pk):
        assert trial_balance(on=day(5, 31), branch_id=nagpur.pk).closing_debit == D(10)
        assert profit_and_loss(periods=[YEAR], branch_id=nagpur.pk).result == [D(10)]
        assert profit_and_loss(periods=[YEAR]).result == [D(7810)]
        assert balance(account("cash").pk, day(5, 31), branch_id=nagpur.pk).net == D(10)
        assert balance(account("cash").pk, day(5, 31)).net == D(-9990)


def test_another_organization_sees_nothing(trade: Organization) -> None:
    with tenant(factories.organization().pk):
        assert trial_balance(on=day(12, 31)).rows == []
        assert fold_balances() == 0


ROLES = ("cash", "bank", "sales", "cogs", "stock", "capital")
postings = st.lists(
    st.tuples(
        st.sampled_from(ROLES),
        st.sampled_from(ROLES),
        st.decimals("0.01", "99999.99", places=2),
        st.dates(dt.date(2026, 4, 1), dt.date(2027, 3, 31)),
        st.booleans(),
    ),
    max_size=12,
)


@given(postings, st.dates(dt.date(2026, 3, 25), dt.date(2027, 4, 5)))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_postings_keep_the_books_even_and_the_summaries_true(db: Any, rows: list[Any], on: dt.date) -> None:
    """Folding at any moment changes nothing that a reader sees."""
    organization = factories.organization()
    for debited, credited, amount, when, fold in rows:
        if debited != credited:
            post(organization, [debit(debited, amount), credit(credited, amount)], on_date=when)
        if fold:
            with tenant(organization.pk):
                fold_balances()
    with tenant(organization.pk):
        (summed,) = sums_before([on + dt.timedelta(days=1)])
        scanned = {
            key: (debited, credited)
            for key, debited, credited in JournalLine.objects.filter(on_date__lte=on)
            .values("account")
            .annotate(debited=DbSum("debit"), credited=DbSum("credit"))
            .values_list("account", "debited", "credited")
        }
        assert {key: (one.debit, one.credit) for key, one in summed.items()} == scanned
        assert sum((one.net for one in summed.values()), D(0)) == 0
        found = trial_balance(on=on)
        assert found.closing_debit == found.closing_credit
        assert found.debit == found.credit
        sheet = balance_sheet(days=[on])
        assert figure(sheet, "Total assets") == figure(sheet, "Total equity and liabilities")
        fold_balances()
        assert not BalanceDelta.objects.exists()
        folded: Any = PeriodBalance.objects.filter(span="d").aggregate(debit=DbSum("debit"), credit=DbSum("credit"))
        assert folded["debit"] == folded["credit"]


@pytest.mark.parametrize(
    ("start", "years", "expected"),
    [
        (dt.date(2026, 4, 1), -1, dt.date(2025, 4, 1)),
        (dt.date(2028, 2, 29), -1, dt.date(2027, 2, 28)),
        (dt.date(2028, 2, 29), 4, dt.date(2032, 2, 29)),
    ],
)
def test_the_same_day_of_another_year(start: dt.date, years: int, expected: dt.date) -> None:
    assert year_ahead(start, years) == expected
