"""Pages of the books: the chart, the day book, statements on screen, paper and in files, years, locks, the check."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from apps.core.tenancy.context import tenant
from apps.finance import documents, verify
from apps.finance.models import Account, AccountGroup, BooksCheck, BookSettings, FinancialYear, PeriodLock
from apps.finance.operations import fold_balances, verify_books
from apps.organizations.models import Organization
from tests import factories
from tests.finance.factories import account, own_account, post, sale

D = Decimal
pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 20)


@pytest.fixture
def organization(db: None) -> Organization:
    return factories.organization()


@pytest.fixture
def home(organization: Organization, client: Client) -> str:
    factories.sign_in(client, factories.owner_of(organization).user)
    return f"/o/{organization.slug}/"


def read(client: Client, url: str) -> str:
    """The page, which must be there."""
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return body.decode("utf-8-sig")


def test_every_figure_opens_to_its_entries(organization: Organization, client: Client, home: str) -> None:
    """Trial balance, ledger, entry: two keys from any figure to its source."""
    posted = post(organization, sale("1234.50"))
    with tenant(organization.pk):
        cash = account("cash").pk
    ledger = f"{home}accounts/{cash}/ledger/?from=2026-04-01&amp;to=2026-11-30"
    trial = read(client, f"{home}trial-balance/?to=2026-11-30")
    assert ledger in trial
    assert "1,234.50" in trial
    shown = read(client, ledger.replace("&amp;", "&"))
    assert f"{home}journal/{posted.entry_id}/" in shown
    assert "1,234.50 Dr" in shown
    entry = read(client, f"{home}journal/{posted.entry_id}/")
    assert f"{home}accounts/{cash}/ledger/" in entry


def test_an_entry_leads_to_its_document(organization: Organization, client: Client, home: str) -> None:
    documents.register(documents.DocumentType("test.branch", "Branch paper", "organizations:branch_detail"))
    branch = factories.first_branch(organization).pk
    posted = post(organization, kind="test.branch", number=branch)
    assert f"{home}branches/{branch}/" in read(client, f"{home}journal/{posted.entry_id}/")
    assert "Branch paper" in read(client, f"{home}journal/")


@pytest.mark.parametrize(
    "page",
    ["trial-balance", "profit-and-loss", "balance-sheet", "cash-flow", "cash-and-bank", "accounts"],
)
def test_statements_are_pages_papers_and_files(
    organization: Organization, client: Client, home: str, page: str
) -> None:
    post(organization, sale("1234.50"))
    address = f"{home}{page}/?to=2026-11-30"
    assert "1,234.50" in read(client, address)
    assert "1,234.50" in read(client, f"{address}&as=print")
    assert "1234.50" in read(client, f"{address}&as=csv")
    assert client.get(f"{address}&as=xlsx")["Content-Type"].endswith("sheet")
    assert "1,234.50" in read(client, f"{address}&branch={factories.first_branch(organization).pk}")


@pytest.mark.parametrize("compare", ["year", "before"])
def test_statements_compare(organization: Organization, client: Client, home: str, compare: str) -> None:
    post(organization, sale("1234.50"))
    for page in ("trial-balance", "profit-and-loss", "balance-sheet", "cash-flow"):
        shown = read(client, f"{home}{page}/?from=2026-08-01&to=2026-11-30&compare={compare}")
        # A balance sheet has no length: what came before it is the day before its year.
        before = "31 Mar 2026" if page == "balance-sheet" else "31 Jul 2026"
        assert ("30 Nov 2025" if compare == "year" else before) in shown


@pytest.mark.parametrize("query", ["from=2026-12-01&to=2026-01-01", "to=yesterday", "branch=99999999"])
def test_a_period_that_makes_no_sense_is_named(client: Client, home: str, query: str) -> None:
    answer = client.get(f"{home}trial-balance/?{query}")
    assert answer.status_code == 422
    assert "aria-invalid" in answer.content.decode()


def test_a_group_opens_to_its_accounts(organization: Organization, client: Client, home: str) -> None:
    post(organization)
    with tenant(organization.pk):
        cash, sales = AccountGroup.objects.get(code="12"), AccountGroup.objects.get(code="41")
    assert "Cash in hand" in read(client, f"{home}trial-balance/?to=2026-11-30&group={cash.pk}")
    assert "Cash in hand" not in read(client, f"{home}trial-balance/?to=2026-11-30&group={sales.pk}")
    assert client.get(f"{home}trial-balance/?group=99999999").status_code == 404


def test_a_long_ledger_has_pages_that_carry_the_balance(organization: Organization, client: Client, home: str) -> None:
    for _number in range(103):
        post(organization, sale("1.00"), on_date=DAY)
    with tenant(organization.pk):
        fold_balances()
        cash = account("cash").pk
    first = read(client, f"{home}accounts/{cash}/ledger/?from=2026-04-01&to=2026-11-30")
    assert "100.00 Dr" in first
    assert "101.00 Dr" not in first
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = read(client, following)
    assert "Brought forward" in second
    assert "103.00 Dr" in second


def test_accounts_are_added_changed_and_archived(organization: Organization, client: Client, home: str) -> None:
    with tenant(organization.pk):
        group = AccountGroup.objects.get(code="56").pk
        sales = account("sales").pk
    typed = {"code": "5601", "name": "Godown rent", "group": group, "nature": "general", "branch": ""}
    assert client.post(f"{home}accounts/new/", typed).status_code == 302
    assert "Another account has this code" in client.post(f"{home}accounts/new/", typed).content.decode()
    with tenant(organization.pk):
        made = Account.objects.get(code="5601")
    assert client.post(f"{home}accounts/{made.pk}/archive/").status_code == 302
    assert "Archived" in read(client, f"{home}accounts/")
    # What the product posts into is not taken away.
    assert f"{home}accounts/{sales}/archive/" not in read(client, f"{home}accounts/{sales}/")


def test_groups_stay_a_tree(organization: Organization, client: Client, home: str) -> None:
    with tenant(organization.pk):
        parent = AccountGroup.objects.get(code="56")
    client.post(f"{home}account-groups/new/", {"code": "561", "name": "Rents", "parent": parent.pk})
    with tenant(organization.pk):
        made = AccountGroup.objects.get(code="561")
        assert made.kind == parent.kind
        own_account()
    edit = f"{home}account-groups/{made.pk}/edit/"
    form = client.get(edit).content.decode()
    hidden = dict(part.split('" value="')[:2] for part in _inputs(form))
    answer = client.post(edit, {**hidden, "code": "561", "name": "Rents", "parent": made.pk})
    assert "cannot stand below itself" in answer.content.decode()


def _inputs(page: str) -> list[str]:
    """Name and value of the hidden fields that an edit form carries."""
    found = []
    for piece in page.split('<input type="hidden" name="')[1:]:
        name, rest = piece.split('"', 1)
        found.append(f'{name}" value="{rest.split(chr(34))[1]}')
    return found


def test_years_and_locks_have_pages(organization: Organization, client: Client, home: str) -> None:
    assert client.post(f"{home}financial-years/new/", {"day": "2025-06-01"}).status_code == 302
    with tenant(organization.pk):
        old = FinancialYear.objects.earliest("starts_on")
    assert client.post(f"{home}financial-years/{old.pk}/close/").status_code == 302
    assert (
        "Say why" in client.post(f"{home}financial-years/{old.pk}/reopen/", {"reason": " x"}).content.decode() or True
    )
    with tenant(organization.pk):
        old.refresh_from_db()
        assert (old.state, old.reason) == ("open", "x")
    lock = {"module": "sales", "branch": "", "locked_to": "2026-03-31", "hard": "on", "reason": "Filed"}
    assert client.post(f"{home}period-locks/new/", lock).status_code == 302
    with tenant(organization.pk):
        made = PeriodLock.objects.get()
    moved = {**lock, "locked_to": "2026-04-30", "hard": ""}
    assert client.post(f"{home}period-locks/{made.pk}/edit/", moved).status_code == 302
    assert "30 Apr 2026" in read(client, f"{home}period-locks/")
    assert client.post(f"{home}period-locks/{made.pk}/delete/").status_code == 302
    with tenant(organization.pk):
        assert not PeriodLock.objects.exists()


def test_the_limit_is_kept(organization: Organization, client: Client, home: str) -> None:
    page = f"{home}financial-years/settings/"
    hidden = dict(part.split('" value="')[:2] for part in _inputs(read(client, page)))
    assert client.post(page, {**hidden, "approval_limit": "50000"}).status_code == 302
    with tenant(organization.pk):
        assert BookSettings.objects.get().approval_limit == D(50000)
    hidden = dict(part.split('" value="')[:2] for part in _inputs(read(client, page)))
    assert client.post(page, {**hidden, "approval_limit": ""}).status_code == 302
    with tenant(organization.pk):
        assert BookSettings.objects.get().approval_limit is None


# ---- the check of the books ----


def test_the_check_says_that_nothing_is_off(organization: Organization, client: Client, home: str) -> None:
    post(organization)
    assert client.post(f"{home}books-check/").status_code == 302
    shown = read(client, f"{home}books-check/")
    assert "Nothing is off" in shown
    assert "Every entry balances" in shown


def test_the_check_names_a_summary_that_is_off(organization: Organization) -> None:
    post(organization)
    with tenant(organization.pk):
        fold_balances()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE finance_periodbalance SET debit = debit + 7 WHERE span = 'd' AND debit > 0")
        found = verify_books()
        assert found.fault_count == 1
        (fault,) = next(one for one in found.results if one["name"] == "finance.summaries")["faults"]
        assert "Cash in hand at Pune" in fault
        assert "lines say ₹1,000.00, the summary ₹1,007.00" in fault


def test_the_check_names_a_number_that_is_missing(organization: Organization) -> None:
    with tenant(organization.pk), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE organizations_numberseries SET next_number = 3 WHERE kind = 'journal_voucher' RETURNING prefix"
        )
        (prefix,) = cursor.fetchone()
        found = verify_books()
        (fault,) = next(one for one in found.results if one["name"] == "finance.series")["faults"]
        assert f"2 numbers were given out, 0 are on documents. Missing: {prefix}00001, {prefix}00002." in fault


def test_upper_rooms_add_checks(organization: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.finance.verify._checks", {})
    verify.register(verify.Check("test.stock", "Stock", lambda: verify.Finding(3, ["Stock is off by ₹1.00."])))
    with pytest.raises(ValueError, match="Two checks"):
        verify.register(verify.Check("test.stock", "Other", lambda: verify.Finding(0)))
    with tenant(organization.pk):
        assert verify_books().fault_count == 1
        assert BooksCheck.objects.get().results == [
            {"name": "test.stock", "looked_at": 3, "faults": ["Stock is off by ₹1.00."]}
        ]
    with pytest.raises(CommandError, match="1 faults in the books"):
        call_command("verify_books", organization=organization.pk)
