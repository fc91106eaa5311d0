"""Ageing and exposure: every rupee in one bucket, both sides, in one read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.finance.models import OpenItem
from apps.finance.operations import post_entry
from apps.finance.queries.ageing import Aged, aged_total, ageing, open_totals
from apps.finance.queries.exposure import _unbilled as sources
from apps.finance.queries.exposure import exposure, register_unbilled
from apps.finance.rules import ageing as rules
from apps.finance.rules.drafts import ItemKind, OpenItemDraft, Side
from apps.finance.rules.posting import Source, credit, debit
from tests import factories
from tests.finance import money
from tests.finance.factories import party

pytestmark = pytest.mark.django_db

D = Decimal


def test_both_sides_age_as_the_rule_says() -> None:
    organization = factories.organization()
    today = timezone.localdate()
    with tenant(organization.pk):
        customer, supplier = party(), party(supplier=True)
        for days in (0, 1, 15, 16, 60, 61, 91, 400):
            money.bill(organization, "10.00", days=days, who=customer)
        money.receipt(organization, "5.00", who=party("Advance"))
        for number, days in enumerate((-3, 20), 1):
            due = today - dt.timedelta(days=days)
            post_entry(
                lines=[debit("purchases", D(7)), credit("payables", D(7), party_id=supplier.pk)],
                source=Source("test.supply", number, f"S/{number}"),
                branch=factories.first_branch(organization),
                on_date=today,
                open_items=[OpenItemDraft(supplier.pk, Side.PAYABLE, ItemKind.BILL, f"S/{number}", due, D(-7))],
            )
        with CaptureQueriesContext(connection) as queries:
            rows = ageing(Side.RECEIVABLE, today)
        assert len(queries) == 1
        items = OpenItem.objects.filter(party=customer).values_list("due_on", "open_amount")
        found = next(row for row in rows if row.party_id == customer.pk)
        assert (found.buckets, found.on_account) == (tuple(rules.age(list(items), today)), D(0))
        total = aged_total(rows)
        assert (sum(total.buckets), total.on_account, total.total) == (D("80.00"), D("5.00"), D("75.00"))
        assert ageing(Side.PAYABLE, today) == [Aged(supplier.pk, (700, 0, 700, 0, 0, 0), 0)]
        totals = open_totals(Side.PAYABLE, today)
        assert (totals.due, totals.overdue, totals.on_account) == (D("14.00"), D("7.00"), D(0))


def test_exposure_is_one_read_and_one_more_for_each_room_above() -> None:
    organization = factories.organization()
    with tenant(organization.pk):
        customer = party()
        money.bill(organization, "100.00", days=4, who=customer)
        with CaptureQueriesContext(connection) as queries:
            owed = exposure(customer.pk)
        assert len(queries) == 1
        assert (owed.due, owed.overdue, owed.used) == (D("100.00"), D("100.00"), D("100.00"))

        def unbilled(party_id: int) -> Decimal:
            return D("12.50") if party_id == customer.pk else D(0)

        register_unbilled(unbilled)
        try:
            assert exposure(customer.pk).used == D("112.50")
        finally:
            sources.remove(unbilled)
