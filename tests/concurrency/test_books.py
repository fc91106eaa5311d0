"""Many people post at once, and some die while they do."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.finance.models import BalanceDelta, FinancialYear, JournalEntry, Voucher
from apps.finance.operations import (
    close_year,
    fold_balances,
    lock_period,
    open_year,
    post_entry,
    post_voucher,
    verify_books,
)
from apps.finance.operations import posting as postings
from apps.finance.queries.statements import trial_balance
from apps.finance.refusals import PeriodLocked, PostingRefused, YearClosed
from apps.finance.rules.posting import Source, credit, debit
from apps.organizations.models import NumberSeries, Organization
from apps.organizations.rules.numbering import financial_year
from tests import factories, processes
from tests.concurrency.conftest import Together
from tests.finance.factories import TODAY, account, post, sale, voucher

pytestmark = [pytest.mark.concurrency, pytest.mark.database, pytest.mark.django_db(transaction=True)]

D = Decimal
EACH = 12
CLERKS = 8


@pytest.fixture
def organization(transactional_db: None) -> Organization:
    return factories.organization()


def _whole(organization: Organization) -> None:
    """Nothing is off, before the balances are folded and after."""
    with tenant(organization.pk):
        found = verify_books()
        assert found.fault_count == 0, found.results
        while fold_balances():
            pass
        assert not BalanceDelta.objects.exists()
        found = verify_books()
        assert found.fault_count == 0, found.results


def test_postings_at_once_never_wait_for_one_row(organization: Organization, together: Together) -> None:
    """All on the same accounts, in opposite orders: a running total would deadlock here, or stand in a queue."""

    def clerk(number: int) -> int:
        pair = ("cash", "sales") if number % 2 else ("sales", "cash")
        for turn in range(EACH):
            post(
                organization,
                [debit(pair[0], D(turn + 1)), credit(pair[1], D(turn + 1))],
                number=(number + 1) * 1000 + turn,
            )
            if number == 0:
                with tenant(organization.pk):
                    fold_balances()
        return number

    together([partial(clerk, number) for number in range(CLERKS)])
    with tenant(organization.pk):
        assert JournalEntry.objects.count() == CLERKS * EACH
        assert trial_balance(on=TODAY).closing_debit == trial_balance(on=TODAY).closing_credit
    _whole(organization)


def test_the_same_document_posted_by_many_is_posted_once(organization: Organization, together: Together) -> None:
    made = together([partial(post, organization, number=7) for _clerk in range(CLERKS)])
    assert sum(one.created for one in made) == 1
    assert len({one.entry_id for one in made}) == 1
    _whole(organization)


def test_vouchers_at_once_have_numbers_without_gap(organization: Organization, together: Together) -> None:
    owner = factories.owner_of(organization)
    drafts = [voucher(organization) for _number in range(CLERKS)]

    def clerk(draft: Voucher) -> str:
        with tenant(organization.pk):
            return post_voucher(voucher=draft, actor=owner).number

    numbers = sorted(together([partial(clerk, draft) for draft in drafts]))
    assert [number[-5:] for number in numbers] == [f"{number:05d}" for number in range(1, CLERKS + 1)]
    _whole(organization)


def _lock_against_posting(organization: Organization, together: Together) -> tuple[str, bool]:
    """Somebody locks the period while an entry is under way; what the lock found, and whether the entry is in."""
    under_way, locked = threading.Event(), threading.Event()
    seen: list[bool] = []

    def clerk() -> None:
        with tenant(organization.pk):
            post_entry(
                lines=sale(),
                source=Source("test.document", 1, "T/1"),
                branch=factories.first_branch(organization),
                on_date=TODAY,
            )
            under_way.set()
            locked.wait(timeout=0.5)

    def keeper() -> None:
        under_way.wait(timeout=20)
        with tenant(organization.pk):
            lock_period(module="all", locked_to=TODAY, reason="Filed")
            seen.append(JournalEntry.objects.exists())
        locked.set()

    together([clerk, keeper])
    try:
        post(organization, number=2)
    except PeriodLocked as refusal:
        return str(refusal), seen[0]
    return "", seen[0]


def test_a_lock_waits_for_entries_under_way(
    organization: Organization, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: TODAY)
    told, seen = _lock_against_posting(organization, together)
    assert "Filed" in told
    assert seen  # whoever locks sees everything that is in the period


def test_control_without_the_shared_lock_an_entry_slips_in_behind(
    organization: Organization, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: TODAY)
    monkeypatch.setattr(postings, "_SHARE", "SELECT %s")
    _told, seen = _lock_against_posting(organization, together)
    assert not seen


def test_a_year_closes_with_all_that_was_posted(organization: Organization, together: Together) -> None:
    last = dt.date(2026, 3, 31)
    with tenant(organization.pk):
        open_year(day=last)
        year = FinancialYear.objects.earliest("starts_on")

    def clerk(number: int) -> int:
        try:
            post(organization, sale("10"), on_date=last, number=number)
        except YearClosed:
            return 0
        return 1

    def keeper() -> int:
        with tenant(organization.pk):
            close_year(year=year)
        return 0

    jobs: list[Callable[[], int]] = [keeper, *(partial(clerk, number) for number in range(1, CLERKS))]
    taken = sum(together(jobs))
    with tenant(organization.pk):
        closed = {row.account.name: row.closing for row in trial_balance(on=dt.date(2026, 4, 30)).rows}
        assert closed.get("Cash in hand", D(0)) == D(10) * taken
        assert closed.get("Surplus in the statement of profit and loss", D(0)) == D(-10) * taken
        assert "Sales" not in closed
    _whole(organization)


_CLERK = """
import sys, datetime as dt
from decimal import Decimal
from apps.core.tenancy.context import tenant
from apps.finance.models import Account
from apps.finance.operations import fold_balances, post_voucher, save_voucher
from apps.finance.operations.vouchers import DraftLine
from apps.organizations.models import Branch, Membership, Organization

key = int(sys.argv[1])
with tenant(key):
    owner = Membership.objects.select_related("role", "user").get(role__key="owner")
    branch = Branch.objects.get()
    rent, cash = Account.objects.get(code="5600").pk, Account.objects.get(role="cash").pk
print("ready", flush=True)
while True:
    with tenant(key):
        made = save_voucher(
            kind="payment", branch=branch, on_date=dt.date.today(), actor=owner,
            lines=[DraftLine(rent, debit=Decimal(5)), DraftLine(cash, credit=Decimal(5))],
        )
        post_voucher(voucher=made, actor=owner)
    with tenant(key):
        fold_balances()
"""


def test_killed_in_the_middle_of_postings_the_books_are_whole(organization: Organization) -> None:
    """kill -9 again and again: no entry half there, no number lost or doubled."""
    clerks = [processes.start(_CLERK, str(organization.pk)) for _clerk in range(3)]
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with tenant(organization.pk):
                if JournalEntry.objects.count() >= 15:
                    break
            assert all(clerk.poll() is None for clerk in clerks)
            threading.Event().wait(0.05)
    finally:
        for clerk in clerks:
            clerk.kill()
            clerk.wait()
    with tenant(organization.pk):
        entries = JournalEntry.objects.count()
        assert entries >= 15
        # A dead process's transaction ends when the server notices; until then its series row is locked.
        series = NumberSeries.objects.select_for_update().get(kind="payment", financial_year=_year())
        assert series.next_number - series.first_number == JournalEntry.objects.count()
        numbers = list(JournalEntry.objects.values_list("number", flat=True))
        assert len(set(numbers)) == len(numbers)
    _whole(organization)
    made = voucher(organization, state="posted")
    assert made.number[-5:] == f"{len(numbers) + 1:05d}"


def _year() -> int:
    return financial_year(timezone.localdate())


def test_a_refusal_leaves_nothing_behind(organization: Organization) -> None:
    with pytest.raises(PostingRefused):
        post(organization, [debit("cash", D(2)), credit("sales", D(1))])
    with tenant(organization.pk):
        assert not JournalEntry.objects.exists()
        assert not BalanceDelta.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
            assert cursor.fetchone()[0] == 0
        assert account("cash").active
