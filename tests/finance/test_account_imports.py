"""The chart and opening balances from files; and the demo's opening."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.finance.demo import make_money, make_opening_balances
from apps.finance.imports.accounts import AccountImporter, OpeningBalanceImporter
from apps.finance.imports.open_items import OpenItemImporter
from apps.finance.models import Account, JournalEntry
from apps.finance.operations import verify_books
from apps.finance.operations.opening_balances import OpeningBalancesDiffer, post_opening_balances
from apps.finance.operations.opening_items import opening_day, opening_difference
from apps.finance.queries.balances import balance
from apps.organizations.demo import Demo
from tests import factories
from tests.core.exchange.worlds import Importing
from tests.finance.factories import account, party

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def inside(settings: Any, tmp_path: Path) -> Iterator[int]:
    settings.DATA_DIR = tmp_path
    organization = factories.organization()
    with tenant(organization.pk):
        yield organization.pk


def held(role: str) -> Decimal:
    return balance(account(role).pk, timezone.localdate()).net


def test_accounts_come_in_and_go_again(inside: int) -> None:
    importing = Importing(inside, AccountImporter())
    job = importing.check("Code,Ledger,Under\n5601,Godown rent,Other expenses\n5602,Security,56\n5600,Rent,57\n")
    assert importing.problems(job) == []
    job = importing.take(job)
    assert (job.status, job.created, job.updated) == ("done", 2, 1)
    assert Account.objects.get(code="5601").group.code == "56"
    assert Account.objects.get(name="Rent").group.code == "57"


def test_what_is_wrong_with_an_account_is_named(inside: int) -> None:
    importing = Importing(inside, AccountImporter())
    job = importing.check("Code,Ledger,Under\n5601,Godown rent,Nowhere\n4100,Turnover,41\n")
    told = str(importing.problems(job))
    assert "There is no such group" in told
    assert "Sales has this code" in told


BALANCES = """Particulars,Debit,Credit
Cash in hand,"10,000.00",
1241,40000,
Receivables from customers,500,
Capital,,"50,500.00"
"""


def test_balances_wait_for_the_open_bills_and_then_tie(inside: int) -> None:
    party("Clocktower Medicals")
    importing = Importing(inside, OpeningBalanceImporter())
    job = importing.check(BALANCES)
    assert importing.problems(job) == []
    job = importing.take(job)
    assert (job.status, job.created) == ("done", 4)
    assert (held("cash"), held("bank"), held("capital"), opening_difference()) == (
        D(10000),
        D(40000),
        D(-50500),
        D(500),
    )
    bills = Importing(inside, OpenItemImporter())
    bills.take(bills.check("Party,Bill number,Amount\nClocktower Medicals,BK/1,500\n"))
    assert opening_difference() == 0
    assert held("receivables") == D(500)
    assert verify_books().fault_count == 0


def test_balances_that_do_not_tie_are_refused_with_the_difference(inside: int) -> None:
    nets = {account("cash").pk: D(500), account("capital").pk: D(-300)}
    given: dict[str, Any] = {"nets": nets, "on_date": opening_day(timezone.localdate()), "narration": "From before"}
    with pytest.raises(OpeningBalancesDiffer, match=r"debits ₹500.00, credits ₹300.00, difference ₹200.00 debit"):
        post_opening_balances(source_id=1, **given)
    assert not JournalEntry.objects.exists()
    post_opening_balances(source_id=1, differ=True, **given)
    assert opening_difference() == D(-200)


def test_what_is_wrong_with_a_balance_is_named(inside: int) -> None:
    importing = Importing(inside, OpeningBalanceImporter())
    job = importing.check("Particulars,Debit,Credit\nNo such thing,5,\nCapital,5,5\n")
    told = str(importing.problems(job))
    assert "There is no such account" in told
    assert "A balance is a debit or a credit" in told


def test_the_demo_opens_with_books_that_tie(inside: int) -> None:
    for number in range(12):
        party(f"Shop {number}")
        party(f"Maker {number}", supplier=True)
    owner = factories.owner_of(_organization(inside))
    demo = Demo(owner.organization, owner, 1, 1, timezone.localdate())
    assert make_money(demo)
    assert make_opening_balances(demo)
    assert make_opening_balances(demo) == ""
    assert opening_difference() == 0
    found = verify_books()
    assert [one for one in found.results if one["faults"]] == []


def _organization(key: int) -> Any:
    from_owner = Account.objects.filter(organization_id=key).select_related("organization").first()
    assert from_owner is not None
    return from_owner.organization
