"""Rates of tax by date, and tax lines kept at posting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.tenancy.context import tenant
from apps.finance.models import TaxLine, TaxRate
from apps.finance.operations import post_entry, remove_tax_rate, seed_tax_rates, set_tax_rate
from apps.finance.operations.tax_rates import TaxRateRefused
from apps.finance.queries.taxes import tax_rates
from apps.finance.rules.drafts import TaxLineDraft
from apps.finance.rules.gst import Tax
from apps.finance.rules.posting import Source, credit, debit
from apps.organizations.models import Organization
from tests import factories
from tests.finance.factories import party

pytestmark = pytest.mark.django_db

D = Decimal
BEFORE, AFTER = dt.date(2025, 9, 21), dt.date(2025, 9, 22)


@pytest.fixture
def organization() -> Iterator[Organization]:
    made = factories.organization()
    with tenant(made.pk):
        yield made


@pytest.mark.parametrize(
    ("hsn", "before", "after"),
    [
        ("30049099", 12, 5),
        ("30041010", 12, 5),
        ("3001", 12, 5),
        ("30024111", 5, 5),
        ("30021290", 12, 5),
        ("30066010", 0, 0),
        ("90189099", 12, 5),
        ("90251110", 18, 5),
        ("38220011", 12, 5),
        ("40151200", 12, 5),
    ],
)
def test_a_new_organization_knows_medicines_and_devices(
    organization: Organization, hsn: str, before: int, after: int
) -> None:
    assert tax_rates([hsn], BEFORE) == {hsn: D(before)}
    assert tax_rates([hsn], AFTER) == {hsn: D(after)}


def test_every_seeded_rate_names_its_source(organization: Organization) -> None:
    assert TaxRate.objects.count() > 30
    assert not TaxRate.objects.exclude(source__contains="Notification").exists()
    assert seed_tax_rates() == 0


def test_what_has_no_rate_is_none(organization: Organization) -> None:
    assert tax_rates(["8471", "30049099"], AFTER) == {"8471": None, "30049099": D(5)}
    assert tax_rates(["30049099"], dt.date(2017, 6, 30)) == {"30049099": None}


def test_many_codes_are_one_read(organization: Organization) -> None:
    with CaptureQueriesContext(connection) as queries:
        tax_rates([f"3004{number:04d}" for number in range(200)], AFTER)
    assert len(queries) == 1


def test_a_new_rate_ends_the_one_before(organization: Organization) -> None:
    day = dt.date(2027, 4, 1)
    set_tax_rate(hsn_prefix="3004", valid_from=day, rate=D(6), source="Notification 1/2027")
    assert tax_rates(["30049099"], day - dt.timedelta(days=1)) == {"30049099": D(5)}
    assert tax_rates(["30049099"], day) == {"30049099": D(6)}
    with pytest.raises(TaxRateRefused, match="from 1 Apr 2027 already"):
        set_tax_rate(hsn_prefix="3004", valid_from=day, rate=D(7), source="x")


def test_a_rate_between_two_ends_where_the_next_begins(organization: Organization) -> None:
    set_tax_rate(hsn_prefix="3004", valid_from=dt.date(2024, 1, 1), rate=D(9), source="Notification")
    assert [tax_rates(["3004"], day)["3004"] for day in (dt.date(2023, 12, 31), BEFORE, AFTER)] == [D(12), D(9), D(5)]


def test_a_removed_rate_gives_its_days_back(organization: Organization) -> None:
    day = dt.date(2027, 4, 1)
    made = set_tax_rate(hsn_prefix="3004", valid_from=day, rate=D(6), source="Notification 1/2027")
    remove_tax_rate(pk=made.pk)
    assert tax_rates(["3004"], day) == {"3004": D(5)}


def test_tax_lines_are_kept_with_their_entry(organization: Organization) -> None:
    branch, buyer = factories.first_branch(organization), party("Clocktower")
    draft = TaxLineDraft(
        direction="out",
        document_kind="INV",
        document_number="BK/2627/00001",
        document_total=D("105.00"),
        hsn="30049099",
        uqc="NOS",
        quantity=D(10),
        rate=D(5),
        tax=Tax(D("100.00"), cgst=D("2.50"), sgst=D("2.50")),
        place_of_supply="27",
        party_id=buyer.pk,
        party_gstin="27AAPFU0939F1ZV",
        registration="regular",
    )
    lines = [
        debit("receivables", D("105.00"), party_id=buyer.pk),
        credit("sales", D("100.00")),
        credit("output_cgst", D("2.50")),
        credit("output_sgst", D("2.50")),
    ]
    for _try in range(2):
        posted = post_entry(
            lines=lines,
            source=Source("test.bill", 1, "BK/2627/00001"),
            branch=branch,
            on_date=dt.date(2026, 11, 20),
            tax_lines=[draft],
        )
    kept = TaxLine.objects.get()
    assert (kept.entry_id, kept.document_on, kept.cgst, kept.igst, kept.direction) == (
        posted.entry_id,
        dt.date(2026, 11, 20),
        D("2.50"),
        D("0.00"),
        "out",
    )
