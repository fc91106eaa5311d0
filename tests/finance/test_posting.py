"""Entries go into the journal whole, balanced and once, or not at all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.finance.models import Account, AccountGroup, BalanceDelta, FinancialYear, JournalEntry, JournalLine
from apps.finance.operations import ensure_chart, post_entry, reverse_entry
from apps.finance.refusals import (
    AlreadyPosted,
    ArchivedAccount,
    EmptyEntry,
    ForeignBranch,
    NoSuchYear,
    NotReversible,
    PartyMissing,
    PostingRefused,
    Unbalanced,
    UnknownAccount,
)
from apps.finance.rules.chart import ACCOUNTS, GROUPS, ROLES
from apps.finance.rules.posting import PostingLine, Source, credit, debit
from apps.organizations.models import Organization
from apps.organizations.operations import add_branch
from tests import factories
from tests.finance.factories import TODAY, account, party, post, sale

D = Decimal
pytestmark = pytest.mark.django_db


@pytest.fixture
def organization(db: None) -> Organization:
    return factories.organization()


def test_a_new_organization_has_a_chart_and_a_year(organization: Organization) -> None:
    with tenant(organization.pk):
        assert Account.objects.count() == len(ACCOUNTS)
        assert AccountGroup.objects.count() == len(GROUPS)
        assert set(Account.objects.exclude(role="").values_list("role", flat=True)) == ROLES
        year = FinancialYear.objects.get()
        assert year.starts_on <= timezone.localdate() <= year.ends_on
        assert ensure_chart() == 0


def test_the_chart_is_sound() -> None:
    assert len({seed.code for seed in ACCOUNTS}) == len({seed.name.lower() for seed in ACCOUNTS}) == len(ACCOUNTS)
    groups = {seed.code: seed for seed in GROUPS}
    assert all(seed.group in groups for seed in ACCOUNTS)
    assert all(groups[seed.parent].kind == seed.kind for seed in GROUPS if seed.parent)


def test_an_entry_is_kept_with_its_lines(organization: Organization) -> None:
    with tenant(organization.pk):
        buyer = party()
        posted = post_entry(
            lines=[
                debit("receivables", D("1050.00"), narration="Bill"),
                credit("sales", D("1000.00")),
                credit("output_cgst", D("25.00")),
                credit("output_sgst", D("25.00")),
                debit("round_off", D("0.00")),
            ],
            source=Source("test.bill", 7, "PUN/2627/00007"),
            branch=factories.first_branch(organization),
            on_date=TODAY,
            narration="Goods sold",
            party_id=buyer.pk,
        )
        entry = JournalEntry.objects.get(pk=posted.entry_id)
        assert (posted.created, entry.amount, entry.line_count, entry.number) == (True, D(1050), 4, "PUN/2627/00007")
        lines = list(entry.lines.order_by("position").values_list("account__role", "debit", "credit", "party"))
        assert lines == [
            ("receivables", D(1050), D(0), buyer.pk),
            ("sales", D(0), D(1000), buyer.pk),
            ("output_cgst", D(0), D(25), buyer.pk),
            ("output_sgst", D(0), D(25), buyer.pk),
        ]
        assert BalanceDelta.objects.count() == 4


def test_the_same_document_is_posted_once(organization: Organization) -> None:
    first, again = post(organization, number=5), post(organization, number=5)
    assert first.created
    assert (again.created, again.entry_id) == (False, first.entry_id)
    with tenant(organization.pk):
        assert JournalEntry.objects.count() == 1
        assert JournalLine.objects.count() == 2
        assert BalanceDelta.objects.count() == 2
    with pytest.raises(AlreadyPosted, match=r"T/5 is in the books already, with ₹1,000.00"):
        post(organization, sale("999.00"), number=5)


@pytest.mark.parametrize(
    ("lines", "refusal", "words"),
    [
        ([], EmptyEntry, "no amounts"),
        ([debit("cash", D(0)), credit("sales", D(0))], EmptyEntry, "no amounts"),
        ([debit("cash", D(5)), credit("sales", D(3))], Unbalanced, "₹2.00 credit is missing"),
        ([debit("cash", D(3)), credit("sales", D(5))], Unbalanced, "₹2.00 debit is missing"),
        ([debit("cash", D(3))], Unbalanced, "₹3.00 credit"),
        ([debit("cash", D("1.005")), credit("sales", D("1.005"))], PostingRefused, "fractions of a paisa"),
        ([debit("no_such_role", D(3)), credit("sales", D(3))], UnknownAccount, "no_such_role"),
        ([debit(987654321, D(3)), credit("sales", D(3))], UnknownAccount, "987654321"),
        ([debit("receivables", D(3)), credit("sales", D(3))], PartyMissing, "kept by party"),
    ],
)
def test_what_is_off_is_named(
    organization: Organization, lines: list[PostingLine], refusal: type[Exception], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        post(organization, lines)
    with tenant(organization.pk):
        assert not JournalEntry.objects.exists()
        assert not BalanceDelta.objects.exists()


def test_negative_amounts_change_sides(organization: Organization) -> None:
    post(organization, [debit("cash", D(-4)), credit("sales", D(-4))])
    with tenant(organization.pk):
        assert list(JournalLine.objects.order_by("position").values_list("account__role", "debit", "credit")) == [
            ("cash", D(0), D(4)),
            ("sales", D(4), D(0)),
        ]


def test_an_archived_or_foreign_account_takes_nothing(organization: Organization) -> None:
    with tenant(organization.pk):
        other = add_branch(name="Nagpur", code="NAG", state_code="27", pin_code="440001", address="1", city="Nagpur")
        Account.objects.filter(role="cash").update(branch=other)
        Account.objects.filter(role="bank").update(active=False)
    with pytest.raises(ForeignBranch, match="Cash in hand is only for Nagpur, and this is an entry of Pune"):
        post(organization)
    with pytest.raises(ArchivedAccount, match="Bank account is archived"):
        post(organization, sale(role="bank"))
    post(organization, branch=other)


@pytest.mark.parametrize("day", [dt.date(2001, 5, 5), dt.date(2090, 1, 1)])
def test_a_day_without_a_year_is_refused(organization: Organization, day: dt.date) -> None:
    with pytest.raises(NoSuchYear, match=str(day.year)):
        post(organization, on_date=day)


def test_another_organizations_account_is_unknown(organization: Organization) -> None:
    with tenant(factories.organization().pk):
        theirs = account("cash").pk
    with pytest.raises(UnknownAccount):
        post(organization, [debit(theirs, D(3)), credit("sales", D(3))])


def test_a_reversal_mirrors_the_entry_and_comes_once(organization: Organization) -> None:
    posted = post(organization)
    with tenant(organization.pk):
        one = reverse_entry(entry_id=posted.entry_id)
        two = reverse_entry(entry_id=posted.entry_id)
        assert (one.created, two.created, one.entry_id) == (True, False, two.entry_id)
        assert JournalEntry.objects.get(pk=one.entry_id).reverses_id == posted.entry_id
        assert list(
            JournalLine.objects.filter(entry_id=one.entry_id)
            .order_by("position")
            .values_list("account__role", "debit", "credit")
        ) == [("cash", D(0), D(1000)), ("sales", D(1000), D(0))]
        with pytest.raises(NotReversible, match="is a reversal"):
            reverse_entry(entry_id=one.entry_id)
        with pytest.raises(NotReversible, match="before the entry"):
            reverse_entry(entry_id=posted.entry_id, on_date=TODAY - dt.timedelta(days=1))


# ---- what the database holds by itself ----


def _insert_entry(organization: Organization, amount: int, line_count: int) -> JournalEntry:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (txid,) = cursor.fetchone()
    made: JournalEntry = JournalEntry.objects.create(
        branch=factories.first_branch(organization),
        on_date=TODAY,
        financial_year=FinancialYear.objects.get(),
        source_kind="by.hand",
        source_id=1,
        amount=amount,
        line_count=line_count,
        txid=txid,
    )
    return made


def _insert_line(entry: JournalEntry, position: int, role: str, **amounts: int) -> None:
    JournalLine.objects.create(
        entry=entry,
        position=position,
        account=account(role),
        branch_id=entry.branch_id,
        on_date=entry.on_date,
        **amounts,
    )


def _write(organization: Organization, *, count: int, credited: int) -> None:
    """An entry of ₹100 and two lines, past the operation."""
    entry = _insert_entry(organization, 100, count)
    _insert_line(entry, 1, "cash", debit=100)
    _insert_line(entry, 2, "sales", credit=credited)
    _commit()


def _commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(("credited", "count"), [(90, 2), (100, 3)])
def test_the_database_refuses_what_does_not_balance(organization: Organization, credited: int, count: int) -> None:
    with tenant(organization.pk), pytest.raises(IntegrityError, match="is not balanced"), transaction.atomic():
        _write(organization, count=count, credited=credited)


def test_the_database_refuses_an_empty_entry(organization: Organization) -> None:
    with tenant(organization.pk), pytest.raises(IntegrityError, match="finance_journalentry_not_empty"):
        _insert_entry(organization, 0, 0)


def test_the_database_takes_what_balances(organization: Organization) -> None:
    with tenant(organization.pk):
        _write(organization, count=2, credited=100)
        assert JournalEntry.objects.get().amount == 100


def test_entries_and_lines_are_never_changed(organization: Organization) -> None:
    post(organization)
    for model in (JournalEntry, JournalLine):
        table = model._meta.db_table
        for change in (f"UPDATE {table} SET on_date = on_date", f"DELETE FROM {table}"):
            with (
                tenant(organization.pk),
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(change)


@pytest.mark.django_db(transaction=True)
def test_lines_are_not_added_to_an_entry_that_stands(transactional_db: None) -> None:
    organization = factories.organization()
    posted = post(organization)
    with tenant(organization.pk):
        entry = JournalEntry.objects.get(pk=posted.entry_id)
        with pytest.raises(IntegrityError, match="never added to one that stands"):
            _insert_line(entry, 3, "cash", debit=1)
        transaction.set_rollback(True)
