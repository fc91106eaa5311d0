"""Making a bill on its screen: begun for a customer, typed line by line, held, taken up again, posted once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apps.core.tenancy.context import tenant
from apps.inventory.models import Stock
from apps.organizations.models import Organization
from apps.sales.models import Bill, BillLine
from tests import factories
from tests.sales.shop import SOON, Desk

pytestmark = pytest.mark.django_db


class Screen:
    """Somebody at the screen of one organization."""

    def __init__(self, client: Client, organization: Organization) -> None:
        self.client, self.organization = client, organization
        factories.sign_in(client, factories.owner_of(organization).user)

    def path(self, inside: str) -> str:
        return f"/o/{self.organization.slug}/{inside}"

    def begin(self, desk: Desk) -> Bill:
        # The day of the desk's stock, so that nothing here depends on when the test runs.
        form = {"party": desk.customer.pk, "branch": desk.branch.pk, "on_date": "2026-11-21"}
        answer = self.client.post(self.path("bills/new/"), form)
        assert answer.status_code == 302, answer.content.decode()
        with tenant(self.organization.pk):
            bill: Bill = Bill.objects.latest("pk")
        assert answer.headers["Location"] == self.path(f"bills/{bill.pk}/write/")
        return bill

    def line(self, bill: Bill, *, do: str = "line", **values: Any) -> Any:
        return self.client.post(self.path(f"bills/{bill.pk}/write/?do={do}"), values, headers={"HX-Request": "true"})

    def step(self, bill: Bill, do: str) -> Any:
        return self.client.post(self.path(f"bills/{bill.pk}/write/"), {"do": do})


@pytest.fixture
def organization() -> Organization:
    return factories.organization()


@pytest.fixture
def desk(organization: Organization) -> Desk:
    with tenant(organization.pk):
        made = Desk(organization)
        made.stocked(6, SOON, number="AZ0001")
        made.stocked(100, number="AZ0002")
        return made


@pytest.fixture
def screen(client: Client, organization: Organization) -> Screen:
    return Screen(client, organization)


def lines(organization: Organization) -> list[BillLine]:
    with tenant(organization.pk):
        return list(BillLine.objects.order_by("position"))


def test_the_customer_is_found_by_letters(screen: Screen, desk: Desk) -> None:
    page = screen.client.get(screen.path("bills/new/?q=lot")).content.decode()
    assert f"?party={desk.customer.pk}" in page
    assert "Lotus Medicals" in page
    assert screen.client.get(screen.path("bills/new/?party=999999")).status_code == 404


def test_a_line_takes_batches_rate_and_tax_by_itself(screen: Screen, desk: Desk, organization: Organization) -> None:
    bill = screen.begin(desk)
    answer = screen.line(bill, product="Azivanta 500", product_id=desk.product.pk, quantity="10")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "AZ0001" in text
    assert "AZ0002" in text, "the next batch of the same line"
    assert "₹840.00" in text
    [line] = lines(organization)
    assert (line.quantity, line.rate, line.rate_typed) == (10, Decimal("80.0000"), False)


def test_what_nobody_typed_follows_the_list(screen: Screen, desk: Desk, organization: Organization) -> None:
    bill = screen.begin(desk)
    cells: dict[str, Any] = {"product": "Azivanta 500", "product_id": desk.product.pk}
    screen.line(bill, quantity="10", **cells)
    [line] = lines(organization)
    screen.line(bill, line=line.pk, quantity="20", rate="80.00", discount="", free="", **cells)
    [line] = lines(organization)
    assert (line.quantity, line.rate_typed) == (20, False)
    screen.line(bill, line=line.pk, quantity="20", rate="75", discount="2", free="", **cells)
    [line] = lines(organization)
    assert (line.rate, line.rate_typed, line.discount) == (Decimal("75.0000"), True, Decimal("2.00"))
    for quantity in ("20", "30"):
        screen.line(bill, line=line.pk, quantity=quantity, rate="75", discount="2", free="0", **cells)
        assert lines(organization)[0].free_typed, "a typed 0 refuses the scheme"
    assert (
        f'name="free" form="f-{line.pk}" value="0"'
        in screen.client.get(screen.path(f"bills/{bill.pk}/write/")).content.decode()
    )


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"quantity": "10"}, "Choose a product from the list."),
        ({"product": "Azivanta 500", "quantity": "0"}, "1 or more"),
        ({"product": "Azivanta 500", "quantity": "10", "rate": "-1"}, "Rate"),
        ({"product": "Azivanta 500", "quantity": "10", "discount": "101"}, "100"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_cell(
    screen: Screen, desk: Desk, organization: Organization, typed: dict[str, str], says: str
) -> None:
    bill = screen.begin(desk)
    answer = screen.line(bill, **typed)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert lines(organization) == []


def test_more_than_there_is_stands_in_the_way_and_a_button_mends_it(
    screen: Screen, desk: Desk, organization: Organization
) -> None:
    bill = screen.begin(desk)
    cells: dict[str, Any] = {"product": "Azivanta 500", "product_id": desk.product.pk}
    text = screen.line(bill, quantity="500", **cells).content.decode()
    assert "106" in text
    assert "quantity=106" in text
    refused = screen.step(bill, "post")
    assert refused.status_code == 422
    [line] = lines(organization)
    screen.line(bill, do="set:quantity=106", line=line.pk, quantity="500", **cells)
    assert [line.quantity for line in lines(organization)] == [106]
    assert screen.line(bill, do="set:note=1", line=line.pk, quantity="1", **cells).status_code == 404


def test_a_bill_is_posted_once_and_leads_to_its_paper(screen: Screen, desk: Desk, organization: Organization) -> None:
    bill = screen.begin(desk)
    screen.line(bill, product="Azivanta 500", product_id=desk.product.pk, quantity="10")
    done = screen.step(bill, "post")
    assert done.status_code == 302
    assert done.headers["Location"] == screen.path(f"bills/{bill.pk}/print/")
    again = screen.step(bill, "post")
    assert again.status_code == 302, "the page of a posted bill"
    with tenant(organization.pk):
        bill.refresh_from_db()
        assert (bill.state, bill.total) == ("posted", Decimal("840.00"))
        assert sum(Stock.objects.values_list("on_hand", flat=True)) == 96


def test_what_stands_beside_follows_the_product(screen: Screen, desk: Desk, organization: Organization) -> None:
    sold = screen.begin(desk)
    cells: dict[str, Any] = {"product": "Azivanta 500", "product_id": desk.product.pk, "quantity": "7"}
    screen.line(sold, rate="76", **cells)
    bill = screen.begin(desk)
    ask = screen.path(f"bills/{bill.pk}/write/?part=follow&product_id={desk.product.pk}")
    before = screen.client.get(ask, headers={"HX-Request": "true"}).content.decode()
    assert before.index("AZ0001") < before.index("AZ0002"), "first expiry first"
    assert "Never." in before
    picker = screen.path(f"bills/{bill.pk}/products/?q=aziv")
    assert "76.00 · 21 Nov" not in screen.client.get(picker).content.decode()
    screen.step(sold, "post")
    after = screen.client.get(ask, headers={"HX-Request": "true"}).content.decode()
    assert "AZ0001" not in after, "those six left"
    assert "76.00" in after
    assert "76.00 · 21 Nov" in screen.client.get(picker).content.decode()
    nothing = screen.client.get(screen.path(f"bills/{bill.pk}/write/?part=follow"), headers={"HX-Request": "true"})
    assert "AZ0002" not in nothing.content.decode()


def test_begun_twice_it_is_one_bill(screen: Screen, desk: Desk, organization: Organization) -> None:
    form = {"party": desk.customer.pk, "branch": desk.branch.pk, "on_date": "2026-11-21", "idempotency_key": "k" * 20}
    first, second = (screen.client.post(screen.path("bills/new/"), form) for _time in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    with tenant(organization.pk):
        assert Bill.objects.count() == 1


@pytest.mark.parametrize("do", ["post", "hold"])
def test_a_line_from_another_window_is_seen_before_the_bill_moves_on(
    screen: Screen, desk: Desk, organization: Organization, do: str
) -> None:
    bill = screen.begin(desk)
    cells: dict[str, Any] = {"product": "Azivanta 500", "product_id": desk.product.pk, "quantity": "1"}
    screen.line(bill, **cells)
    with tenant(organization.pk):
        bill.refresh_from_db()
        seen = bill.version
        desk.line(bill, 5)
    refused = screen.line(bill, do=do, version=seen)
    assert refused.status_code == 422
    assert "Somebody else changed this meanwhile." in refused.content.decode()
    with tenant(organization.pk):
        bill.refresh_from_db()
        assert bill.state == "draft"
    screen.line(bill, do=do, version=bill.version)
    with tenant(organization.pk):
        bill.refresh_from_db()
        assert bill.state == {"post": "posted", "hold": "held"}[do]


def test_an_empty_bill_is_not_posted(screen: Screen, desk: Desk, organization: Organization) -> None:
    bill = screen.begin(desk)
    assert screen.step(bill, "post").status_code == 422
    with tenant(organization.pk):
        bill.refresh_from_db()
        assert bill.state == "draft"


def test_a_held_bill_is_taken_up_again(screen: Screen, desk: Desk, organization: Organization) -> None:
    bill = screen.begin(desk)
    screen.line(bill, product="Azivanta 500", product_id=desk.product.pk, quantity="10")
    assert screen.step(bill, "hold").status_code == 302
    page = screen.client.get(screen.path(f"bills/{bill.pk}/")).content.decode()
    assert "Take up again" in page
    done = screen.client.post(screen.path(f"bills/{bill.pk}/recall/"))
    assert done.headers["Location"] == screen.path(f"bills/{bill.pk}/write/")
    with tenant(organization.pk):
        bill.refresh_from_db()
        assert bill.state == "draft"


def test_a_line_is_taken_off_and_put_back(screen: Screen, desk: Desk, organization: Organization) -> None:
    bill = screen.begin(desk)
    screen.line(bill, product="Azivanta 500", product_id=desk.product.pk, quantity="10")
    [line] = lines(organization)
    answer = screen.line(bill, do="remove", line=line.pk)
    assert answer.status_code == 200
    assert "Azivanta 500 removed" in answer.headers["HX-Trigger"]
    assert lines(organization) == []


def test_a_line_costs_the_same_on_a_long_bill(
    screen: Screen, desk: Desk, organization: Organization, count_queries: Any
) -> None:
    bill = screen.begin(desk)
    with tenant(organization.pk):
        others = [desk.drug(f"Filler {number}") for number in range(30)]
        for other in others:
            desk.stocked(100, product=other)
    cells: dict[str, Any] = {"product": "Azivanta 500", "product_id": desk.product.pk, "quantity": "1"}
    with count_queries("line of a bill: first"):
        assert screen.line(bill, **cells).status_code == 200
    with tenant(organization.pk):
        for other in others:
            desk.line(bill, 1, product_id=other.pk)
    with count_queries("line of a bill: thirty-second"):
        assert screen.line(bill, **cells).status_code == 200
