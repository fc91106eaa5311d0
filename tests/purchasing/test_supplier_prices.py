"""What suppliers ask: by hand and from files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from apps.core.exchange.operations.uploading import ImportRefused
from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from apps.purchasing.imports.supplier_prices import SupplierPriceImporter
from apps.purchasing.models import SupplierPrice
from apps.purchasing.queries.suppliers import offers_for
from tests import factories
from tests.core.exchange.worlds import Importing
from tests.inventory import factories as goods
from tests.organizations.desk import Desk, text_of
from tests.purchasing.desk import supplier

pytestmark = pytest.mark.django_db

GOOD = """Party,Item Name,Packing,Supplier code,P.Rate,Disc %,Sch,Box,W.E.F.
Kestrel Agencies,Azivanta 500,strip of 10 tablets,KA-1,82.0850,2.5,10+1,10,01/11/2026
kestrel agencies,PANTOLUME 40,,KA-2,3.25,,,,01/11/2026
Heron Traders,Azivanta 500,strip of 10 tablets,,80,,,,01/11/2026
"""
BAD = """Party,Item Name,Packing,Supplier code,P.Rate,Disc %,Sch
Nobody,Azivanta 500,strip of 10 tablets,,82,,
Sunrise Medicals,Azivanta 500,strip of 10 tablets,,82,,
Kestrel Agencies,Nothing 5,,,82,,
Kestrel Agencies,Twin 10,,,82,,
Kestrel Agencies,Azivanta 500,strip of 10 tablets,,-1,,
Kestrel Agencies,Azivanta 500,strip of 10 tablets,,82,101,
Kestrel Agencies,Azivanta 500,strip of 10 tablets,,82,,10
Kestrel Agencies,Azivanta 500,strip of 10 tablets,,82,,10+0
"""


@pytest.fixture
def organization() -> Organization:
    return factories.organization()


@pytest.fixture(autouse=True)
def inside(organization: Organization, settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    with tenant(organization.pk):
        supplier("Kestrel Agencies")
        supplier("Heron Traders")
        supplier("Sunrise Medicals", is_customer=True, is_supplier=False)
        goods.product("Azivanta 500")
        goods.product("Pantolume 40")
        for pack in ("strip of 10 tablets", "bottle of 30 tablets"):
            goods.product("Twin 10", pack=pack)
        yield


@pytest.fixture
def importing(organization: Organization) -> Importing:
    return Importing(organization.pk, SupplierPriceImporter())


class TestFromAFile:
    def test_rows_become_prices(self, importing: Importing) -> None:
        job = importing.check(GOOD)
        assert importing.problems(job) == []
        job = importing.take(job)
        assert (job.status, job.created, job.message) == ("done", 3, "")
        price = SupplierPrice.objects.get(supplier_code="KA-1")
        assert (price.rate, price.discount, price.scheme_paid, price.scheme_free, price.multiple) == (
            Decimal("82.0850"),
            Decimal("2.5"),
            10,
            1,
            10,
        )
        assert price.effective_from == dt.date(2026, 11, 1)
        offers = offers_for([price.product_id], dt.date(2026, 11, 21))[price.product_id]
        assert [offer.supplier for offer in offers] == ["Kestrel Agencies", "Heron Traders"]

    def test_the_suppliers_code_finds_the_product_next_time(self, importing: Importing) -> None:
        importing.take(importing.check(GOOD))
        again = "Party,Supplier code,P.Rate,W.E.F.\nKestrel Agencies,ka-1,84,01/12/2026\n"
        job = importing.check(again)
        assert importing.problems(job) == []
        assert importing.take(job).created == 1
        assert set(SupplierPrice.objects.filter(supplier_code__iexact="KA-1").values_list("rate", flat=True)) == {
            Decimal("82.0850"),
            Decimal(84),
        }

    def test_the_same_file_again_changes_nothing_and_can_be_taken_back(self, importing: Importing) -> None:
        importing.take(importing.check(GOOD))
        job = importing.take(importing.check(GOOD))
        assert (job.created, job.updated, job.unchanged) == (0, 0, 3)
        job = importing.take(importing.check(GOOD.replace("82.0850", "83")))
        assert (job.created, job.updated) == (0, 1)
        importing.undo(job)
        assert SupplierPrice.objects.get(supplier_code="KA-1").rate == Decimal("82.0850")

    def test_rows_that_cannot_be_say_why(self, importing: Importing) -> None:
        job = importing.check(BAD)
        found = {row for row, *_rest in importing.problems(job)}
        assert len(found) == 8
        with pytest.raises(ImportRefused, match="No row can be imported"):
            importing.take(job)


class TestByHand:
    @pytest.fixture
    def owner(self, organization: Organization) -> Desk:
        return Desk(organization, factories.owner_of(organization).user)

    def test_a_price_is_added_and_shown(self, owner: Desk) -> None:
        given = {"supplier": "kestrel agencies", "product": "Twin 10 · bottle of 30 tablets", "rate": "12.5"}
        response = owner.post("supplier-prices/new/", **given, scheme_paid="10", scheme_free="1")
        assert response.status_code == 302
        price = SupplierPrice.objects.get()
        assert (price.product.pack, price.scheme_free, price.effective_from) == (
            "bottle of 30 tablets",
            1,
            timezone.localdate(),
        )
        for page in ("supplier-prices/", f"products/{price.product_id}/", f"supplier-prices/{price.pk}/"):
            assert "10+1" in text_of(owner.get(page)), page
        assert "Twin 10 · bottle" in text_of(owner.get("supplier-prices/products/", q="twin"))
        response = owner.post("supplier-prices/new/", **given)
        assert response.status_code == 422
        assert "has a price from that day already" in text_of(response)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"supplier": "Nobody"}, "Nobody is called Nobody"),
            ({"supplier": "Sunrise Medicals"}, "is no supplier"),
            ({"product": "Twin 10"}, "Several products are called Twin 10"),
            ({"product": "Nothing"}, "No product is called Nothing"),
            ({"rate": "-1"}, "greater than or equal to 0"),
            ({"discount": "101"}, "less than or equal to 100"),
            ({"scheme_paid": "10"}, "A scheme says how many are free"),
            ({"multiple": "0"}, "greater than or equal to 1"),
        ],
    )
    def test_prices_that_cannot_be(self, owner: Desk, changes: dict[str, str], words: str) -> None:
        given = {"supplier": "Kestrel Agencies", "product": "Azivanta 500", "rate": "1", **changes}
        response = owner.post("supplier-prices/new/", **given)
        assert response.status_code == 422
        assert words in text_of(response)
        assert not SupplierPrice.objects.exists()
