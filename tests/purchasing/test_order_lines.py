"""The grid of a purchase order: what a request of a line does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.inventory.models import Product
from apps.organizations.models import Organization
from apps.purchasing.models import OrderLine, PurchaseOrder, SupplierPrice
from apps.purchasing.operations import orders
from apps.purchasing.operations.orders import Terms
from tests import factories
from tests.inventory import factories as goods
from tests.organizations.desk import Desk, text_of
from tests.purchasing.desk import State
from tests.purchasing.order_objects import make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return factories.organization()


@pytest.fixture(autouse=True)
def inside(organization: Organization) -> Iterator[None]:
    with tenant(organization.pk):
        yield


@pytest.fixture
def owner(organization: Organization) -> Desk:
    return Desk(organization, factories.owner_of(organization).user)


@pytest.fixture
def order(organization: Organization) -> PurchaseOrder:
    return make_order(organization)


@pytest.fixture
def product() -> Product:
    return goods.product("Azivanta 500")


def send(desk: Desk, order: PurchaseOrder, **data: Any) -> Any:
    """A request of the grid."""
    order.refresh_from_db()
    return desk.client.post(
        f"{desk.base}purchase-orders/{order.pk}/lines/",
        {"version": str(order.version), "do": "line", **data},
        headers={"HX-Request": "true"},
    )


def test_a_line_takes_the_suppliers_own_terms_where_none_are_typed(
    owner: Desk, order: PurchaseOrder, product: Product
) -> None:
    SupplierPrice.objects.create(
        supplier=order.supplier,
        product=product,
        effective_from=timezone.localdate() - dt.timedelta(days=1),
        rate=Decimal("82.085"),
        discount=Decimal("2.5"),
        scheme_paid=10,
        scheme_free=1,
    )
    response = send(owner, order, product="Azivanta 500", product_id=str(product.pk), quantity="25", token="t1")
    assert response.status_code == 200, text_of(response)
    line = OrderLine.objects.get(product=product)
    assert (line.quantity, line.free, line.rate, line.discount) == (25, 2, Decimal("82.085"), Decimal("2.5"))
    assert line.amount == Decimal("2000.82")
    assert "₹2,125.82" in text_of(response), "totals come with the line"
    # Sent again because its answer was lost, it is one line.
    assert send(owner, order, product_id=str(product.pk), quantity="25", token="t1").status_code == 200
    assert OrderLine.objects.filter(product=product).count() == 1


def test_what_is_typed_holds(owner: Desk, order: PurchaseOrder, product: Product) -> None:
    response = send(
        owner,
        order,
        product_id=str(product.pk),
        product="Azivanta 500",
        quantity="1,000",
        free="0",
        rate="7.5",
        discount="1%",
    )
    assert response.status_code == 200
    line = OrderLine.objects.get(product=product)
    assert (line.quantity, line.rate, line.discount) == (1000, Decimal("7.5"), Decimal(1))
    response = send(
        owner, order, line=str(line.pk), product=product.name, product_id=str(product.pk), quantity="20", rate=""
    )
    line.refresh_from_db()
    assert (line.quantity, line.rate, line.version) == (20, 0, 2)
    assert "The rate is not known" in text_of(response)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"quantity": "0"}, "1 or more"),
        ({"quantity": "ten"}, "Type a whole number"),
        ({"quantity": ""}, "Type a quantity"),
        ({"quantity": "8901234567890"}, "more than a line can hold"),
        ({"free": "-1"}, "Type a whole number"),
        ({"rate": "1.23456"}, "at most 4 places"),
        ({"discount": "101"}, "0 to 100"),
        ({"product": "Nothing", "product_id": ""}, "Choose a product"),
    ],
)
def test_a_line_that_cannot_be_stays_as_typed(
    owner: Desk, order: PurchaseOrder, product: Product, typed: dict[str, str], words: str
) -> None:
    given = {"product": product.name, "product_id": str(product.pk), "quantity": "5", "token": "t2", **typed}
    response = send(owner, order, **given)
    assert response.status_code == 422
    assert words in text_of(response)
    assert OrderLine.objects.filter(order=order).count() == 1


def test_a_discontinued_product_is_refused(owner: Desk, order: PurchaseOrder) -> None:
    gone = goods.product("Gone 10", active=False)
    response = send(owner, order, product="Gone 10", product_id=str(gone.pk), quantity="5")
    assert response.status_code == 422
    assert "Gone 10 is discontinued" in text_of(response)


def test_a_line_that_two_people_change_is_shown_to_the_second(
    owner: Desk, order: PurchaseOrder, product: Product
) -> None:
    line = orders.put_line(pk=order.pk, terms=Terms(product.pk, 5, rate=Decimal(2)))
    orders.put_line(pk=order.pk, line_id=line.pk, terms=Terms(product.pk, 6, rate=Decimal(2)))
    response = send(
        owner,
        order,
        line=str(line.pk),
        product=product.name,
        product_id=str(product.pk),
        quantity="7",
        **{"was-quantity": "5"},
    )
    assert response.status_code == 409
    line.refresh_from_db()
    assert line.quantity == 6


def test_nothing_is_added_to_an_order_that_was_approved_meanwhile(
    organization: Organization, owner: Desk, order: PurchaseOrder, product: Product
) -> None:
    orders.submit_order(pk=order.pk, actor=factories.owner_of(organization))
    response = send(owner, order, product=product.name, product_id=str(product.pk), quantity="7")
    assert response.status_code == 409
    assert "is approved by now" in text_of(response)


def test_a_removed_line_comes_back_by_its_toast(owner: Desk, order: PurchaseOrder) -> None:
    line = OrderLine.objects.get(order=order)
    response = send(owner, order, do="remove", line=str(line.pk))
    assert response.status_code == 200
    assert "removed" in response.headers["HX-Trigger"]
    assert not OrderLine.objects.filter(order=order).exists()
    assert send(owner, order, do="approve").status_code == 422


def test_the_order_is_approved_from_its_lines(owner: Desk, order: PurchaseOrder) -> None:
    assert send(owner, order, do="approve").status_code in (200, 302)
    order.refresh_from_db()
    assert order.state == State.APPROVED


def test_the_picker_says_what_is_still_to_come(organization: Organization, owner: Desk) -> None:
    approved = make_order(organization, state=State.APPROVED)
    line = OrderLine.objects.get(order=approved)
    page = text_of(owner.get("purchase-orders/products/", q=line.product.name))
    assert "On order" in page
    assert line.product.name.split()[-1] in page


def test_a_line_costs_the_same_however_long_the_order(owner: Desk, order: PurchaseOrder, count_queries: Any) -> None:
    products = [goods.product(f"More {number}") for number in range(32)]

    def add(number: int) -> None:
        one = products[number]
        response = send(owner, order, product=one.name, product_id=str(one.pk), quantity="1", token=f"n{number}")
        assert response.status_code == 200

    add(0)
    with count_queries("line of a purchase order: first"):
        add(1)
    for one in products[2:31]:
        orders.put_line(pk=order.pk, terms=Terms(one.pk, 1))
    with count_queries("line of a purchase order: thirtieth"):
        add(31)
