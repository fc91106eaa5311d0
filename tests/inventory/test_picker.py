"""Products and parties by letters, for cells of a document grid."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.inventory.models import Barcode, PlaceKind, ProductPrice
from apps.inventory.queries.picker import offers
from apps.organizations.models import Organization
from tests import factories
from tests.inventory.factories import place, product, stocked
from tests.inventory.test_stock_pages import month_end
from tests.parties.factories import party
from tests.query_counts import CountQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return factories.organization()


def owner(organization: Organization) -> Client:
    client = Client()
    client.force_login(factories.owner_of(organization).user)
    return client


def asked(organization: Organization, path: str, client: Client | None = None, **params: Any) -> str:
    response = (client or owner(organization)).get(
        f"/o/{organization.slug}/{path}", params, headers={"HX-Request": "true"}
    )
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_batch_that_leaves_first_tells_expiry_and_price(organization: Organization) -> None:
    with tenant(organization.pk):
        today = timezone.localdate()
        one, none = product("Cefquill 200"), product("Cefpovira 200")
        rack, held = place("A-1"), place("Q", kind=PlaceKind.QUARANTINE)
        stocked(9, product=one, place=held, number="HELD", expiry=month_end(20))
        stocked(5, product=one, place=rack, number="OLD", expiry=month_end(-40))
        stocked(5, product=one, place=rack, number="LATER", expiry=month_end(400), mrp=Decimal(120))
        stocked(
            5, product=one, place=rack, number="NEXT", expiry=month_end(100), mrp=Decimal("109.20"), ptr=Decimal("83.2")
        )
        ProductPrice.objects.create(product=none, effective_from=today - dt.timedelta(days=9), mrp=142, ptr=108)
        found = offers([one.pk, none.pk], on=today)
    assert (found[one.pk].batch, found[one.pk].mrp, found[one.pk].ptr) == ("NEXT", Decimal("109.20"), Decimal("83.2"))
    assert (found[none.pk].expiry, found[none.pk].mrp, found[none.pk].ptr) == (None, Decimal(142), Decimal(108))


def test_letters_a_salt_or_a_barcode_find_a_product(organization: Organization, count_queries: CountQueries) -> None:
    with tenant(organization.pk):
        one = product("Cefquill 200", composition="Cefixime 200 mg", schedule="H1")
        Barcode.objects.create(product=one, code="08901234567890")
        stocked(88, product=one, place=place("A-1"), number="CQ2", expiry=month_end(100), mrp=Decimal("109.20"))
        key = one.pk
    text = asked(organization, "products/pick/", q="cef")
    assert f'data-key="{key}" data-name="Cefquill 200"' in text
    assert "<mark>Cef</mark>quill 200" in text
    assert 'data-fill-mrp="109.20"' in text
    assert 'data-fill-batch="CQ2"' in text
    assert ">88<" in text
    for said in ("cefixime", "8901234567890", "]d201089012345678901728083110CQ2"):
        assert f'data-key="{key}"' in asked(organization, "products/pick/", q=said)
    assert "No product has" in asked(organization, "products/pick/", q="qqq")
    assert "data-key" not in asked(organization, "products/pick/", q="")
    browser = owner(organization)
    asked(organization, "products/pick/", browser, q="cef")
    # Signing in is no part of it.
    with count_queries("inventory: product picker"):
        asked(organization, "products/pick/", browser, q="cef")


def test_names_are_no_markup(organization: Organization) -> None:
    with tenant(organization.pk):
        product('<b>"Cef')
    text = asked(organization, "products/pick/", q="<b>")
    assert "<b>" not in text.replace("</b>", "")


def test_customers_and_suppliers(organization: Organization) -> None:
    with tenant(organization.pk):
        party("Clocktower Medicals", city="Pune")
        party("Old Clock Remedies", is_customer=False, is_supplier=True)
        party("Clock Archived", active=False)
    customers = asked(organization, "parties/pick/", q="clock", kind="customer")
    assert "<mark>Clock</mark>tower" in customers
    assert "Remedies" not in customers
    assert "Archived" not in customers
    suppliers = asked(organization, "parties/pick/", q="clock", kind="supplier")
    assert "Remedies" in suppliers
    assert "Nobody is found" in asked(organization, "parties/pick/", q="zzzz")
