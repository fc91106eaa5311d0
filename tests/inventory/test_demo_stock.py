"""The demo's stock: every band of expiry, and moves that tie out."""

from __future__ import annotations

import pytest
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.inventory.demo.stock import COUNT, make_stock
from apps.inventory.models import Batch, Move, Stock
from apps.inventory.operations import expire
from apps.inventory.operations.verifying import verify_stock
from apps.inventory.queries.valuation import stock_account_check
from apps.inventory.rules.bands import STRIP, band_of
from apps.organizations.demo import Demo
from tests import factories
from tests.inventory import factories as goods
from tests.parties.factories import party


@pytest.mark.django_db
def test_six_months_of_moves_explain_every_unit() -> None:
    organization = factories.organization()
    with tenant(organization.pk):
        owner = factories.owner_of(organization)
        demo = Demo(organization, owner, 7, 1, timezone.localdate())
        assert make_stock(demo) == ""
        for number in range(40):
            goods.product(f"Product {number}", storage="cold" if number % 9 == 0 else "room")
        party("Supplier", is_supplier=True, is_customer=False)
        party("Chemist")
        told = make_stock(demo)
        assert told == f"{COUNT} batches, {Move.objects.count()} moves"
        assert make_stock(demo) == ""
        assert {band_of(expiry, demo.today) for expiry in Batch.objects.values_list("expiry", flat=True)} == set(STRIP)
        assert not Move.objects.filter(moment__gt=timezone.now()).exists()
        assert verify_stock().clean
        assert stock_account_check().faults == []
        # Nothing that has expired is left for sale.
        assert expire(on=demo.today) == 0
        assert Stock.objects.filter(in_stock=True, place__kind="expired").exists()
