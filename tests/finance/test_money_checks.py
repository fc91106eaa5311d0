"""The checks of the books see what is off with open items, allocations and tax lines."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.finance.models import OpenItem
from apps.finance.operations import post_entry
from apps.finance.queries.money_checks import allocations, control_accounts, tax_lines
from apps.finance.rules.drafts import TaxLineDraft
from apps.finance.rules.gst import Tax
from apps.finance.rules.posting import Source, credit, debit
from apps.finance.verify import checks
from apps.organizations.models import Organization
from tests import factories
from tests.finance import money
from tests.finance.factories import party

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def organization() -> Iterator[Organization]:
    made = factories.organization()
    with tenant(made.pk):
        buyer = party("Clocktower")
        money.bill(made, "100.00", who=buyer)
        money.receipt(made, "40.00", who=buyer)
        yield made


def _post_taxed(organization: Organization, *, line_tax: str, number: int = 1) -> None:
    draft = TaxLineDraft(
        direction="out",
        document_kind="INV",
        document_number=f"BK/{number}",
        document_total=D("105.00"),
        hsn="30049099",
        uqc="NOS",
        quantity=D(10),
        rate=D(5),
        tax=Tax(D("100.00"), igst=D(line_tax)),
        place_of_supply="24",
    )
    post_entry(
        lines=[debit("cash", D("105.00")), credit("sales", D("100.00")), credit("output_igst", D("5.00"))],
        source=Source("test.taxed", number, f"BK/{number}"),
        branch=factories.first_branch(organization),
        on_date=timezone.localdate(),
        tax_lines=[draft],
    )


def test_sound_books_have_no_fault(organization: Organization) -> None:
    _post_taxed(organization, line_tax="5.00")
    assert [check().faults for check in (control_accounts, allocations, tax_lines)] == [[], [], []]
    assert control_accounts().looked_at == 2
    assert {"finance.control_accounts", "finance.allocations", "finance.tax_lines"} <= {one.name for one in checks()}


def test_an_open_amount_changed_behind_our_back_is_named(organization: Organization) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE finance_openitem SET open_amount = 10 WHERE kind = 'bill'")
    assert control_accounts().faults == [
        "Receivables of Clocktower: ₹60.00 in the journal, documents of ₹60.00 with ₹10.00 open."
    ]
    number = OpenItem.objects.get(kind="bill").number
    assert allocations().faults == [f"{number} of ₹100.00: ₹10.00 open, though ₹40.00 is settled."]


def test_tax_that_differs_from_its_lines_is_named(organization: Organization) -> None:
    _post_taxed(organization, line_tax="4.99")
    assert tax_lines().faults == ["BK/1: tax lines say ₹4.99 on output_igst, the journal ₹5.00."]


def test_tax_without_lines_is_named_and_a_voucher_by_hand_is_not(organization: Organization) -> None:
    for number, kind in enumerate(("test.bare", "finance.voucher"), 1):
        post_entry(
            lines=[debit("output_igst", D("5.00")), credit("bank", D("5.00"))],
            source=Source(kind, number, f"V/{number}"),
            branch=factories.first_branch(organization),
            on_date=timezone.localdate(),
        )
    assert tax_lines().faults == ["V/1: tax lines say ₹0.00 on output_igst, the journal −₹5.00."]
