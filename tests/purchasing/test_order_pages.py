"""Purchase orders as a buyer uses them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from apps.core.outbox.models import OutboxMessage
from apps.core.outbox.operations import dispatch
from apps.core.tenancy.context import tenant
from apps.inventory.models import Product
from apps.organizations.models import Organization
from apps.organizations.rights import BUYER
from apps.purchasing.models import OrderLine, OrderSettings, PurchaseOrder, SupplierPrice
from apps.purchasing.operations import Taken, orders, take_receipt
from apps.purchasing.operations.orders import Terms
from tests import factories
from tests.inventory import factories as goods
from tests.organizations.desk import Desk, text_of
from tests.purchasing.desk import State, supplier
from tests.purchasing.order_objects import make_order

pytestmark = pytest.mark.django_db
ORDERS = "purchase-orders/"


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
def buyer(organization: Organization) -> Desk:
    return Desk(organization, factories.member(organization, BUYER).user)


def low_product(name: str, **prices: Any) -> Product:
    product = goods.product(name, reorder_level=10, reorder_quantity=50)
    if prices:
        SupplierPrice.objects.create(
            product=product, effective_from=timezone.localdate() - dt.timedelta(days=9), **prices
        )
    return product


class TestReorder:
    def test_ordering_all_makes_a_draft_for_each_supplier(self, buyer: Desk) -> None:
        kestrel, heron = supplier("Kestrel Agencies"), supplier("Heron Traders")
        one = low_product("Azivanta 500", supplier=kestrel, rate=Decimal(8), scheme_paid=10, scheme_free=1)
        other = low_product("Pantolume 40", supplier=heron, rate=Decimal("3.25"), discount=Decimal(2))
        low_product("Orphan 10")

        page = text_of(buyer.get("purchase-orders/low/"))
        assert "Order all from 2 suppliers" in page
        assert "Reorder level 10" in page
        assert "There: 0 free, 0 on order, 0 in drafts: 0" in page
        assert "Reorder quantity 50" in page
        assert "Nobody is known to sell these" in page

        # What nobody sells is not ticked; a free form input keeps what the buyer typed.
        given = buyer.form("purchase-orders/low/")
        assert given["product"] == [str(other.pk)] or sorted(given["product"]) == sorted([str(one.pk), str(other.pk)])
        response = buyer.client.post(buyer.base + "purchase-orders/low/", {**given, f"quantity-{one.pk}": "60"})
        assert response.status_code == 302
        assert response["Location"].endswith("purchase-orders/?state=draft")
        first, second = PurchaseOrder.objects.order_by("supplier__name")
        assert (first.supplier, first.amount, first.line_count) == (heron, Decimal("159.25"), 1)
        assert second.lines.values_list("product", "quantity", "free", "rate").get() == (one.pk, 60, 6, Decimal(8))
        assert second.expected_on == timezone.localdate() + dt.timedelta(days=7)

    def test_a_double_click_orders_once(self, buyer: Desk) -> None:
        low_product("Azivanta 500", supplier=supplier(), rate=Decimal(8))
        given = buyer.form("purchase-orders/low/")
        first = buyer.client.post(buyer.base + "purchase-orders/low/", given)
        again = buyer.client.post(buyer.base + "purchase-orders/low/", given)
        assert first["Location"] == again["Location"]
        assert PurchaseOrder.objects.count() == 1
        assert "Nothing needs to be ordered" in text_of(buyer.get("purchase-orders/low/"))

    def test_only_one_supplier(self, buyer: Desk) -> None:
        kestrel = supplier("Kestrel Agencies")
        low_product("Azivanta 500", supplier=kestrel, rate=Decimal(8))
        low_product("Pantolume 40", supplier=supplier("Heron Traders"), rate=Decimal(3))
        response = buyer.post("purchase-orders/low/", only=str(kestrel.pk))
        order = PurchaseOrder.objects.get()
        assert order.supplier == kestrel
        assert response["Location"].endswith(f"purchase-orders/{order.pk}/")

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("quantity", "0", "Order 1 or more"),
            ("quantity", "ten", "Type a whole number"),
            ("quantity", "", "Type a whole number"),
            ("free", "-1", "Type a whole number"),
            ("rate", "cheap", "Type a number"),
            ("rate", "NaN", "Type a number"),
            ("rate", "-1", "A rate is 0 or more"),
            ("discount", "101", "A discount is 0 to 100"),
            ("supplier", "", "Choose a supplier"),
            ("supplier", "999999", "Choose a supplier"),
        ],
    )
    def test_a_row_that_cannot_be_stays_as_typed(self, buyer: Desk, field: str, typed: str, words: str) -> None:
        product = low_product("Azivanta 500", supplier=supplier(), rate=Decimal(8))
        response = buyer.post("purchase-orders/low/", **{f"{field}-{product.pk}": typed})
        assert response.status_code == 422
        assert words in text_of(response)
        if field != "supplier" and typed:
            assert f'value="{typed}"' in response.content.decode()
        assert not PurchaseOrder.objects.exists()

    def test_nothing_chosen(self, buyer: Desk) -> None:
        low_product("Azivanta 500", supplier=supplier(), rate=Decimal(8))
        response = buyer.post("purchase-orders/low/", product=[])
        assert response.status_code == 422
        assert "Nothing is chosen" in text_of(response)

    def test_the_button_stands_on_the_pages_of_low_stock(self, buyer: Desk, owner: Desk) -> None:
        assert "Order all" not in text_of(owner.get(""))
        low_product("Azivanta 500", supplier=supplier(), rate=Decimal(8))
        for page in ("", "alerts/", "stock/low/"):
            assert "Order all from 1 supplier" in text_of(owner.get(page)), page
        biller = factories.member(Organization.objects.get(), "biller")
        assert "Order all" not in text_of(Desk(Organization.objects.get(), biller.user).get("stock/low/"))


class TestWriting:
    def test_a_new_order_has_a_heading_first(self, buyer: Desk) -> None:
        kestrel = supplier("Kestrel Agencies")
        response = buyer.post(f"{ORDERS}new/", supplier="kestrel agencies", note="Cold box")
        order = PurchaseOrder.objects.get()
        assert response.status_code == 302
        assert (order.supplier, order.note, order.on_date) == (kestrel, "Cold box", timezone.localdate())
        assert str(kestrel) in text_of(buyer.get("suppliers/names/", q="kest"))

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"supplier": ""}, "required"),
            ({"supplier": "Nobody"}, "Nobody is called Nobody"),
            ({"supplier": "Sunrise Medicals"}, "Sunrise Medicals is no supplier"),
            ({"supplier": "Gone Agencies"}, "Gone Agencies is archived"),
            ({"expected_on": "2020-01-01"}, "on or after the day of the order"),
        ],
    )
    def test_headings_that_cannot_be(self, buyer: Desk, changes: dict[str, str], words: str) -> None:
        supplier("Kestrel Agencies")
        supplier("Sunrise Medicals", is_customer=True, is_supplier=False)
        supplier("Gone Agencies", active=False)
        response = buyer.post(f"{ORDERS}new/", **{"supplier": "Kestrel Agencies", **changes})
        assert response.status_code == 422
        assert words in text_of(response)
        assert not PurchaseOrder.objects.exists()

    def test_two_people_at_one_heading_see_both(self, organization: Organization, buyer: Desk, owner: Desk) -> None:
        order = make_order(organization)
        mine, theirs = (desk.form(f"{ORDERS}{order.pk}/edit/") for desk in (buyer, owner))
        address = f"{buyer.base}{ORDERS}{order.pk}/edit/"
        assert owner.client.post(address, {**theirs, "note": "By road"}).status_code == 302
        response = buyer.client.post(address, {**mine, "note": "By air"})
        assert response.status_code == 409
        assert "By road" in text_of(response)
        assert "By air" in text_of(response)
        order.refresh_from_db()
        assert order.note == "By road"


class TestLines:
    def test_a_line_takes_the_suppliers_own_terms(self, organization: Organization, buyer: Desk) -> None:
        order = make_order(organization)
        product = goods.product("Azivanta 500")
        SupplierPrice.objects.create(
            supplier=order.supplier,
            product=product,
            effective_from=order.on_date,
            rate=Decimal("82.085"),
            scheme_paid=10,
            scheme_free=1,
        )
        add = f"{ORDERS}{order.pk}/lines/new/"
        given = buyer.form(add) | {"product": "azivanta 500", "quantity": "25"}
        for _click in range(2):
            assert buyer.client.post(buyer.base + add, given).status_code == 302
        line = OrderLine.objects.get(order=order, product=product)
        assert (line.quantity, line.free, line.rate) == (25, 2, Decimal("82.085"))

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"quantity": "0"}, "Order 1 or more"),
            ({"quantity": "-3"}, "Order 1 or more"),
            ({"product": "Nothing"}, "No product is called Nothing"),
            ({"product": "Gone 10"}, "Gone 10 is discontinued"),
            ({"free": "-1"}, "0 or more"),
            ({"rate": "-1"}, "0 or more"),
            ({"discount": "101"}, "0 to 100"),
        ],
    )
    def test_a_line_that_cannot_be(
        self, organization: Organization, buyer: Desk, changes: dict[str, str], words: str
    ) -> None:
        order = make_order(organization)
        goods.product("Azivanta 500")
        goods.product("Gone 10", active=False)
        given = {"product": "Azivanta 500", "quantity": "5", **changes}
        response = buyer.post(f"{ORDERS}{order.pk}/lines/new/", **given)
        assert response.status_code == 422
        assert words in text_of(response)
        assert OrderLine.objects.filter(order=order).count() == 1

    def test_two_people_at_one_line_see_both(self, organization: Organization, buyer: Desk, owner: Desk) -> None:
        line = OrderLine.objects.get(order=make_order(organization))
        address = f"order-lines/{line.pk}/edit/"
        mine, theirs = (desk.form(address) for desk in (buyer, owner))
        assert owner.client.post(owner.base + address, {**theirs, "quantity": "20"}).status_code == 302
        response = buyer.client.post(buyer.base + address, {**mine, "quantity": "30"})
        assert response.status_code == 409
        line.refresh_from_db()
        assert line.quantity == 20

    def test_nothing_changes_on_an_order_that_was_approved_meanwhile(
        self, organization: Organization, buyer: Desk
    ) -> None:
        order = make_order(organization)
        line = OrderLine.objects.get(order=order)
        goods.product("Azivanta 500")
        add, edit = buyer.form(f"{ORDERS}{order.pk}/lines/new/"), buyer.form(f"order-lines/{line.pk}/edit/")
        orders.submit_order(pk=order.pk, actor=factories.owner_of(organization))
        answers = [
            buyer.client.post(
                f"{buyer.base}{ORDERS}{order.pk}/lines/new/", {**add, "product": "Azivanta 500", "quantity": "1"}
            ),
            buyer.client.post(f"{buyer.base}order-lines/{line.pk}/edit/", {**edit, "quantity": "30"}),
            buyer.client.post(f"{buyer.base}order-lines/{line.pk}/remove/"),
        ]
        for response in answers:
            assert response.status_code == 422
            assert "is approved already" in text_of(response)

    def test_a_line_is_removed(self, organization: Organization, buyer: Desk) -> None:
        order = make_order(organization)
        line = OrderLine.objects.get(order=order)
        assert "Add line" in text_of(buyer.get(f"{ORDERS}{order.pk}/"))
        assert buyer.client.post(f"{buyer.base}order-lines/{line.pk}/remove/").status_code == 302
        assert not OrderLine.objects.exists()


class TestTheWay:
    def test_from_draft_to_sent_with_the_pdf(self, organization: Organization, buyer: Desk) -> None:
        order = make_order(organization)
        order.supplier.email = "sales@larkspur.example"
        order.supplier.save(update_fields=["email"])
        assert buyer.post(f"{ORDERS}{order.pk}/submit/").status_code == 302
        page = text_of(buyer.get(f"{ORDERS}{order.pk}/"))
        assert "Approved" in page
        assert "PUN/O" in page
        assert buyer.post(f"{ORDERS}{order.pk}/send/").status_code == 302
        order.refresh_from_db()
        assert (order.state, order.sent_to) == (State.SENT, "sales@larkspur.example")
        for key in OutboxMessage.objects.values_list("pk", flat=True):
            dispatch(organization_id=organization.pk, key=key)
        (message,) = mail.outbox
        assert message.to == ["sales@larkspur.example"]
        assert order.number in message.subject
        name, content, kind = message.attachments[0]
        assert (name, kind) == (f"{order.number.replace('/', '-')}.pdf", "application/pdf")
        assert bytes(content).startswith(b"%PDF")

    def test_over_the_limit_the_owner_is_asked(self, organization: Organization, buyer: Desk, owner: Desk) -> None:
        OrderSettings.objects.create(approval_limit=Decimal(100))
        order = make_order(organization)
        assert "over the limit of ₹100.00" in text_of(buyer.get(f"{ORDERS}{order.pk}/submit/"))
        assert buyer.post(f"{ORDERS}{order.pk}/submit/").status_code == 302
        assert buyer.get(f"{ORDERS}{order.pk}/approve/").status_code == 403
        assert "1 purchase order waits for approval" in text_of(owner.get(""))
        form = owner.form(f"{ORDERS}{order.pk}/approve/")
        orders.expect_order(pk=order.pk, expected_on=timezone.localdate())
        response = owner.client.post(f"{owner.base}{ORDERS}{order.pk}/approve/", form)
        assert response.status_code == 422
        assert "Somebody changed" in text_of(response)
        assert owner.post(f"{ORDERS}{order.pk}/approve/").status_code == 302
        order.refresh_from_db()
        assert order.state == State.APPROVED

    def test_a_second_click_is_told_what_is_so(self, organization: Organization, buyer: Desk) -> None:
        order = make_order(organization)
        assert buyer.post(f"{ORDERS}{order.pk}/submit/").status_code == 302
        response = buyer.client.post(f"{buyer.base}{ORDERS}{order.pk}/submit/")
        assert response.status_code == 422
        assert "is approved already" in text_of(response)

    def test_cancelling_and_closing_ask_why(self, organization: Organization, buyer: Desk) -> None:
        order = make_order(organization, state=State.APPROVED)
        assert buyer.post(f"{ORDERS}{order.pk}/cancel/").status_code == 422
        assert buyer.post(f"{ORDERS}{order.pk}/cancel/", reason="Dearer than Heron").status_code == 302
        assert "Dearer than Heron" in text_of(buyer.get(f"{ORDERS}{order.pk}/"))
        part = make_order(organization, state=State.PART_RECEIVED)
        assert buyer.post(f"{ORDERS}{part.pk}/close/", reason="Discontinued").status_code == 302
        part.refresh_from_db()
        assert part.state == State.CLOSED

    def test_what_is_late_is_said(self, organization: Organization, owner: Desk) -> None:
        order = make_order(organization, state=State.APPROVED)
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        PurchaseOrder.objects.filter(pk=order.pk).update(on_date=yesterday, expected_on=yesterday)
        assert "1 purchase order is late" in text_of(owner.get(""))
        assert order.number in text_of(owner.get(ORDERS, expected="late"))
        take_receipt(taken=[Taken(OrderLine.objects.get(order=order).pk, 10)], supplier_id=order.supplier_id)
        assert order.number not in text_of(owner.get(ORDERS, expected="late"))

    def test_settings(self, owner: Desk) -> None:
        response = owner.post(f"{ORDERS}settings/", approval_limit="50000", over_receipt_percent="5", lead_days="4")
        assert response.status_code == 302
        kept = OrderSettings.objects.get()
        assert (kept.approval_limit, kept.over_receipt_percent, kept.lead_days, kept.cover_days) == (50000, 5, 4, 15)
        owner.post(f"{ORDERS}settings/", approval_limit="")
        assert OrderSettings.objects.get().approval_limit is None
        assert owner.post(f"{ORDERS}settings/", over_receipt_percent="101").status_code == 422


class TestTheList:
    def test_is_found_by_number_and_supplier(self, organization: Organization, buyer: Desk) -> None:
        one = make_order(organization, state=State.APPROVED)
        other = make_order(organization, state=State.APPROVED)
        for text in (one.number, one.number.lower(), str(one.supplier)):
            page = text_of(buyer.get(ORDERS, q=text))
            assert one.number in page
            assert other.number not in page
        assert "Larkspur" in buyer.get(ORDERS, export="csv").getvalue().decode()

    def test_party_and_product_show_their_orders(self, organization: Organization, owner: Desk) -> None:
        order = make_order(organization, state=State.APPROVED)
        line = OrderLine.objects.get(order=order)
        assert order.number in text_of(owner.get(f"parties/{order.supplier_id}/"))
        assert order.number in text_of(owner.get(f"products/{line.product_id}/"))

    def test_the_paper_says_what_the_supplier_needs(self, organization: Organization, buyer: Desk) -> None:
        order = make_order(organization, state=State.APPROVED)
        line = OrderLine.objects.get(order=order)
        SupplierPrice.objects.create(
            supplier=order.supplier, product=line.product, effective_from=order.on_date, rate=1, supplier_code="LK-77"
        )
        page = text_of(buyer.get(f"{ORDERS}{order.pk}/print/"))
        for words in (order.number, str(order.supplier), str(line.product), "LK-77", "12.5", "₹125.00"):
            assert words in page


def test_an_order_costs_the_same_however_long(organization: Organization, owner: Desk, count_queries: Any) -> None:
    order = make_order(organization)
    with count_queries("purchase order of 1 line"):
        owner.get(f"{ORDERS}{order.pk}/")
    for number in range(30):
        orders.put_line(pk=order.pk, terms=Terms(goods.product(f"More {number}").pk, 1))
    with count_queries("purchase order of 31 lines"):
        owner.get(f"{ORDERS}{order.pk}/")
