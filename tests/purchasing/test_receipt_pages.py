"""The receiving desk over HTTP: lines, scans, the bill, and adding to stock."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from apps.core.tenancy.context import tenant
from apps.inventory.models import Barcode, Batch
from apps.organizations.rights import PICKER
from apps.purchasing.models import GoodsReceipt, ReceiptLine, SupplierBill
from tests import factories
from tests.purchasing.delivery import Delivery

HTMX = {"HX-Request": "true"}


class Screen:
    """A signed-in member at the desk of one receipt."""

    def __init__(self, client: Client) -> None:
        organization = factories.organization()
        self.client = client
        with tenant(organization.pk):
            self.delivery = Delivery(organization)
            self.receipt = self.delivery.receipt()
        factories.sign_in(client, self.delivery.owner.user)
        self.base = f"/o/{organization.slug}"
        self.path = f"{self.base}/goods-receipts/{self.receipt.pk}/receive/"
        self.organization = organization

    def post(self, do: str, *, plain: bool = False, **data: Any) -> Any:
        headers = None if plain else HTMX
        return self.client.post(self.path, {"do": do, **data}, headers=headers)

    def line(self, **given: Any) -> dict[str, Any]:
        """What the cells of a new line hold."""
        return {
            "line": "", "token": "t1", "product": "Azivanta 500", "product_id": str(self.delivery.product.pk),
            "number": "AZ9", "expiry": "0829", "mrp": "20", "quantity": "50", "free": "5", "rate": "8", "discount": "",
            "tax_rate": "", "place": "", **given,
        }  # fmt: skip

    def lines(self) -> list[ReceiptLine]:
        with tenant(self.organization.pk):
            return list(ReceiptLine.objects.filter(receipt=self.receipt).order_by("position", "id"))

    def reread(self) -> GoodsReceipt:
        with tenant(self.organization.pk):
            found: GoodsReceipt = GoodsReceipt.objects.get(pk=self.receipt.pk)
            return found


@pytest.fixture
def screen(client: Client, db: None) -> Screen:
    return Screen(client)


def test_the_page_shows_lines_bill_and_what_is_in_the_way(screen: Screen) -> None:
    page = screen.client.get(screen.path).content.decode()
    for words in ("Receive from Kestrel Agencies", "AZ4410", "08/2029", "Three-way match", "Add to stock", "F3"):
        assert words in page


def test_a_line_is_added_and_sent_again_is_one(screen: Screen) -> None:
    for _turn in range(2):
        answer = screen.post("line", **screen.line())
        assert answer.status_code == 200
    lines = screen.lines()
    assert [(line.number, line.quantity, line.free) for line in lines] == [("AZ4410", 100, 10), ("AZ9", 50, 5)]
    assert f"{lines[1].expiry:%m/%Y}" == "08/2029"
    text = answer.content.decode()
    assert 'id="match"' in text
    assert "AZ4410" not in text  # only the line that was sent comes back


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"expiry": "1399"}, "expiry"),
        ({"quantity": "many"}, "quantity"),
        ({"quantity": "8901234567890"}, "quantity"),
        ({"mrp": "-1"}, "mrp"),
        ({"discount": "101"}, "discount"),
        ({"place": "Nowhere"}, "place"),
        ({"product": "Nobody knows", "product_id": ""}, "product"),
    ],
)
def test_what_cannot_be_is_said_in_its_cell(screen: Screen, given: dict[str, str], field: str) -> None:
    answer = screen.post("line", **screen.line(**given))
    assert answer.status_code == 422
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', answer.content.decode())
    assert len(screen.lines()) == 1


def test_a_warning_carries_its_buttons(screen: Screen) -> None:
    soon = screen.delivery.today.replace(day=1)
    answer = screen.post("line", **screen.line(expiry=f"{soon:%m%y}"))
    line = screen.lines()[1]
    assert line.findings == "short_dated"
    text = answer.content.decode()
    assert "Reject the line, or ask the owner" in text
    assert 'value="reject:short_dated"' in text
    assert 'value="allow"' in text
    answer = screen.post("allow", line=str(line.pk), product="x")
    assert answer.status_code == 200
    assert screen.lines()[1].findings == ""
    screen.post("reject:expired", line=str(line.pk))
    assert screen.lines()[1].reason == "Expired on arrival"


def test_somebody_else_changed_the_line(screen: Screen) -> None:
    line = screen.lines()[0]
    with tenant(screen.organization.pk):
        ReceiptLine.objects.filter(pk=line.pk).update(quantity=90)
    answer = screen.post(
        "line", **screen.line(line=str(line.pk), number="AZ4410", quantity="80", **{"was-quantity": "100"})
    )
    assert answer.status_code == 409
    assert screen.lines()[0].quantity == 90


def test_scanning_counts_up(screen: Screen) -> None:
    with tenant(screen.organization.pk):
        Barcode.objects.create(product=screen.delivery.product, code="08901234567890")
    answer = screen.post("scan", code="(01)08901234567890(17)290831(10)AZ77")
    assert answer.status_code == 200
    lines = screen.lines()
    assert [(line.number, line.quantity) for line in lines] == [("AZ4410", 100), ("AZ77", 1)]
    screen.post("scan", code="(01)08901234567890(17)290831(10)AZ77")
    assert screen.lines()[1].quantity == 2
    answer = screen.post("scan", code="08900000000011")
    assert "Nothing is known by" in answer.content.decode()
    assert screen.post("scan", code="08900000000011", plain=True).status_code == 422


def test_the_bill_is_matched_and_posted_once(screen: Screen) -> None:
    today = f"{screen.delivery.today:%Y-%m-%d}"
    answer = screen.post("head", part="bill", bill_number="KA/5", bill_date=today, printed_total="900")
    assert "Not explained" in answer.content.decode()
    assert "60.00" in answer.content.decode()
    assert screen.post("post").status_code == 422
    answer = screen.post("head", part="bill", bill_number="KA/5", bill_date=today, printed_total="840")
    assert "All explained" in answer.content.decode()
    for _turn in range(2):
        answer = screen.post("post", plain=True)
    assert screen.reread().state == "posted"
    with tenant(screen.organization.pk):
        assert SupplierBill.objects.get().state == "posted"
        assert Batch.objects.get().number == "AZ4410"
    detail = screen.client.get(f"{screen.base}/goods-receipts/{screen.receipt.pk}/").content.decode()
    assert "In stock" in detail
    assert "KA/5" in detail


def test_a_duplicate_number_is_said_beside_the_bill(screen: Screen) -> None:
    with tenant(screen.organization.pk):
        other = screen.delivery.receipt()
        screen.delivery.bill(other, "KA/5")
    answer = screen.post("head", part="bill", bill_number="ka/5", bill_date="", printed_total="")
    assert answer.status_code == 422
    assert "is entered already" in answer.content.decode()


def test_a_bad_head_is_refused(screen: Screen) -> None:
    assert screen.post("head", part="bill", bill_number="K", bill_date="2026-02-31").status_code == 422
    assert screen.post("head", part="delivery", place="0").status_code == 422
    place = screen.delivery.godown.pk
    assert screen.post("head", part="delivery", place=str(place), temperature="warm").status_code == 422
    assert screen.post("head", part="delivery", place=str(place), temperature="4.5").status_code == 200
    assert str(screen.reread().temperature) == "4.5"


def test_who_counts_does_not_add_to_stock(screen: Screen) -> None:
    picker = factories.member(screen.organization, PICKER)
    factories.sign_in(screen.client, picker.user)
    assert screen.post("line", **screen.line()).status_code == 200
    assert screen.post("post").status_code in (403, 404, 422)
    assert screen.reread().state == "draft"


def test_parked_and_taken_up_again(screen: Screen) -> None:
    assert screen.post("park", plain=True).status_code == 302
    assert screen.reread().state == "parked"
    screen.post("resume", plain=True)
    assert screen.reread().state == "draft"


def test_a_receipt_that_went_into_stock_meanwhile(screen: Screen) -> None:
    with tenant(screen.organization.pk):
        screen.delivery.post(screen.receipt)
    answer = screen.post("line", **screen.line())
    assert answer.status_code in (404, 409)
    assert len(screen.lines()) == 1


def test_receiving_begins_with_supplier_and_place(screen: Screen) -> None:
    new = f"{screen.base}/goods-receipts/new/"
    given = {
        "supplier": "kestrel agencies",
        "place": screen.delivery.godown.pk,
        "on_date": f"{screen.delivery.today:%Y-%m-%d}",
    }
    answer = screen.client.post(new, given)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/receive/")
    answer = screen.client.post(new, {**given, "supplier": ""})
    assert "Type who sends the goods" in answer.content.decode()


def test_a_later_bill_and_a_receipt_taken_back(screen: Screen) -> None:
    with tenant(screen.organization.pk):
        screen.delivery.post(screen.receipt)
    page = f"{screen.base}/goods-receipts/{screen.receipt.pk}/"
    today = f"{screen.delivery.today:%Y-%m-%d}"
    assert "Waits for its bill" in screen.client.get(page).content.decode()
    given = {"bill_number": "KA/8", "bill_date": today, "printed_total": "900", "on_date": today}
    answer = screen.client.post(f"{page}bill/", given)
    assert "is not explained" in answer.content.decode()
    with tenant(screen.organization.pk):
        assert not SupplierBill.objects.exists()
    assert screen.client.post(f"{page}bill/", {**given, "printed_total": "840"}).status_code == 302
    for path in ("goods-receipts/", "supplier-bills/", "goods-receipts/register/"):
        assert "Kestrel Agencies" in screen.client.get(f"{screen.base}/{path}").content.decode()
    answer = screen.client.post(f"{page}cancel/", {"reason": "Entered twice", "on_date": today})
    assert answer.status_code == 302
    assert screen.reread().state == "cancelled"
