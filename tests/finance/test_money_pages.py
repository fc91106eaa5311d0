"""Pages of payments, ledgers, ageing, cheques and tax rates."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.finance.models import CollectionTerms, OpenItem, Payment, Reminder, TaxRate
from apps.organizations.models import Organization
from apps.parties.models import Party
from tests import factories
from tests.finance import money

pytestmark = pytest.mark.django_db


class Desk:
    """An owner at a browser, and a customer."""

    def __init__(self, client: Client) -> None:
        self.organization: Organization = factories.organization()
        self.client = client
        factories.sign_in(client, factories.owner_of(self.organization).user)
        with tenant(self.organization.pk):
            self.customer = Party.objects.create(
                name="Clocktower Medicals", state_code="27", city="Pune", email="clocktower@example.com"
            )
            self.branch = factories.first_branch(self.organization)

    def path(self, rest: str) -> str:
        return f"/o/{self.organization.slug}/{rest}"

    def text(self, rest: str) -> str:
        answer = self.client.get(self.path(rest))
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    def receive(self, **changes: Any) -> Any:
        data = {
            "party": self.customer.pk,
            "amount": "1,00,000.00",
            "on_date": timezone.localdate().isoformat(),
            "mode": "upi",
            "branch": self.branch.pk,
            "reference": "632400001142",
            "allocate": "oldest",
            "idempotency_key": "k1",
        }
        return self.client.post(self.path("receipts/new/"), data | changes)

    def open_amounts(self) -> list[Decimal]:
        with tenant(self.organization.pk):
            return list(OpenItem.objects.filter(kind="bill").order_by("pk").values_list("open_amount", flat=True))


@pytest.fixture
def desk(client: Client) -> Desk:
    return Desk(client)


def test_the_ledger_has_a_running_balance_and_the_age_of_what_is_open(desk: Desk) -> None:
    money.bill(desk.organization, "62480.00", days=27, who=desk.customer)
    money.bill(desk.organization, "55760.00", days=10, who=desk.customer)
    money.receipt(desk.organization, "20000.00", who=desk.customer)
    page = desk.text(f"parties/{desk.customer.pk}/ledger/")
    for words in ("98,240.00 Dr", "1,18,240.00 Dr", "27 days late", "16–30 days late", "₹42,480.00"):
        assert words in page
    # The fields come after the ledger, on their own.
    form = re.search(r'hx-get="([^"]*receipts/new/[^"]*)"', page)
    assert form
    part = desk.client.get(html.unescape(form[1]), headers={"HX-Request": "true"}).content.decode()
    assert "Settle now" in part
    assert "<html" not in part
    assert desk.client.get(desk.path(f"parties/{desk.customer.pk}/ledger/?from=nonsense")).status_code == 400
    answer = desk.client.get(desk.path(f"parties/{desk.customer.pk}/ledger/?export=csv"))
    rows = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert rows[-1].endswith("98240.00")


def test_a_receipt_by_keyboard(desk: Desk) -> None:
    money.bill(desk.organization, "60000.00", days=9, who=desk.customer)
    money.bill(desk.organization, "55000.00", who=desk.customer)
    assert "Clocktower Medicals" in desk.text("receipts/new/?q=clock")
    assert "Record a receipt" in desk.text(f"receipts/new/?party={desk.customer.pk}")
    answer = desk.receive()
    assert answer.status_code == 302
    assert answer["Location"] == desk.path("receipts/new/")
    assert desk.open_amounts() == [Decimal(0), Decimal(15000)]
    # The same submission once more.
    desk.receive()
    with tenant(desk.organization.pk):
        assert Payment.objects.count() == 1
    assert "saved: ₹1,00,000.00, Clocktower Medicals" in desk.text("receipts/new/")


def test_what_would_be_settled_is_shown_before_saving(desk: Desk) -> None:
    first = money.bill(desk.organization, "600.00", days=9, who=desk.customer)
    second = money.bill(desk.organization, "500.00", who=desk.customer)
    page = desk.receive(amount="700", preview="1").content.decode()
    assert 'value="600.00"' in page
    assert 'value="100.00"' in page
    page = desk.receive(
        amount="700", preview="1", by_hand="1", **{f"share_{first.pk}": "600.01", f"share_{second.pk}": "50"}
    ).content.decode()
    assert "Only ₹600.00 of" in page
    with tenant(desk.organization.pk):
        assert not Payment.objects.exists()


def test_bad_input_keeps_what_was_typed_beside_a_clear_message(desk: Desk) -> None:
    bill = money.bill(desk.organization, "100.00", who=desk.customer)
    answer = desk.receive(amount="12,34", note="x")
    assert answer.status_code == 422
    assert "Type an amount in rupees" in answer.content.decode()
    assert 'value="12,34"' in answer.content.decode()
    answer = desk.receive(mode="cheque", cheque_number="12", cheque_on="")
    assert "A cheque number has 6 digits." in answer.content.decode()
    answer = desk.receive(amount="10", allocate="hand", **{f"share_{bill.pk}": "20"})
    assert answer.status_code == 422
    assert "₹10.00 too little" in answer.content.decode()
    assert desk.receive(amount="10").status_code == 302
    answer = desk.receive(amount="11", idempotency_key="k2")
    assert "632400001142 is entered already" in answer.content.decode()


def test_a_biller_grants_no_discount(desk: Desk, client: Client) -> None:
    biller = factories.member(desk.organization, "biller")
    other = Client()
    factories.sign_in(other, biller.user)
    page = other.get(desk.path(f"receipts/new/?party={desk.customer.pk}")).content.decode()
    assert 'name="discount"' not in page
    desk.client = other
    desk.receive(amount="90", discount="10")
    with tenant(desk.organization.pk):
        assert Payment.objects.get().discount == 0


def test_ageing_opens_every_figure(desk: Desk) -> None:
    money.bill(desk.organization, "100.00", days=20, who=desk.customer)
    money.bill(desk.organization, "40.00", who=desk.customer)
    page = desk.text("ageing/")
    assert "140.00" in page
    assert f"party={desk.customer.pk}&amp;state=open&amp;due_to=" in page
    answer = desk.client.get(desk.path("ageing/?export=csv"))
    rows = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert rows[1] == "Clocktower Medicals,40.00,0.00,100.00,0.00,0.00,0.00,0.00,140.00"
    assert "100.00" in desk.text("open-items/?side=receivable&state=overdue")


def test_cheques_are_deposited_together(desk: Desk) -> None:
    cheque = money.cheque(desk.organization)
    assert "1 cheques to deposit" in desk.text("")
    assert cheque.number in desk.text("cheques/?due=true&kind=receipt")
    answer = desk.client.post(
        desk.path("cheques/"), {"action": "deposit", "row": [cheque.pk], "ids": [cheque.pk], "confirmed": "1"}
    )
    assert answer.status_code in {200, 302}
    answer = desk.client.post(desk.path(f"cheques/{cheque.pk}/deposit/"), {"on_date": timezone.localdate().isoformat()})
    assert answer.status_code == 302
    answer = desk.client.post(
        desk.path(f"cheques/{cheque.pk}/bounce/"),
        {"on_date": timezone.localdate().isoformat(), "reason": "Funds insufficient", "charges": "59"},
    )
    assert answer.status_code == 302
    assert "Funds insufficient" in desk.text(f"cheques/{cheque.pk}/")


def test_balance_and_dues_stand_on_the_party_and_at_home(desk: Desk) -> None:
    money.bill(desk.organization, "1250.00", days=3, who=desk.customer)
    page = desk.text(f"parties/{desk.customer.pk}/")
    assert "Balance and dues" in page
    assert "₹1,250.00" in page
    home = desk.text("")
    assert "To receive" in home
    assert "₹1,250 overdue" in home


@pytest.mark.django_db(transaction=True)
def test_a_reminder_goes_out_once_a_day_with_the_statement(desk: Desk) -> None:
    money.bill(desk.organization, "500.00", days=30, who=desk.customer)
    assert "Clocktower Medicals" in desk.text("reminders/")
    send = desk.path(f"parties/{desk.customer.pk}/remind/")
    assert desk.client.post(send, {"email": "dues@example.com"}).status_code == 302
    again = desk.client.post(send, {"email": "dues@example.com"})
    assert "was reminded today already" in again.content.decode()
    assert "Nobody to remind" in desk.text("reminders/")
    with tenant(desk.organization.pk):
        assert Reminder.objects.get().overdue == Decimal(500)
    assert [message.to for message in mail.outbox] == [["dues@example.com"]]
    assert "₹500.00 is overdue" in mail.outbox[0].body
    assert mail.outbox[0].attachments[0][0].endswith(".pdf")


def test_the_statement_on_paper_carries_a_code_to_pay(desk: Desk) -> None:
    money.bill(desk.organization, "500.00", days=30, who=desk.customer)
    page = desk.text(f"parties/{desk.customer.pk}/statement/")
    assert "Rupees five hundred only" in page
    assert "Pay ₹500.00 by UPI" not in page
    with tenant(desk.organization.pk):
        CollectionTerms.objects.create(upi_id="banyan@upi")
    page = desk.text(f"parties/{desk.customer.pk}/statement/")
    assert "Pay ₹500.00 by UPI" in page
    assert page.count("<svg") > 1


def test_interest_follows_the_terms(desk: Desk) -> None:
    money.bill(desk.organization, "36500.00", days=10, who=desk.customer)
    assert "No rate is set" in desk.text("interest/")
    page = desk.text("collection-terms/")
    assert "Days late" in page
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    terms = {
        "interest_rate": "18",
        "grace_days": "0",
        "reminder_days": "7",
        "first_bucket": "15",
        "second_bucket": "30",
        "third_bucket": "20",
        "fourth_bucket": "90",
    }
    answer = desk.client.post(desk.path("collection-terms/"), hidden | terms)
    assert answer.status_code == 422
    assert "The steps must rise" in answer.content.decode()
    answer = desk.client.post(desk.path("collection-terms/"), hidden | terms | {"third_bucket": "60"})
    assert answer.status_code == 302
    with tenant(desk.organization.pk):
        assert CollectionTerms.objects.get().interest_rate == 18
    assert "180.00" in desk.text("interest/")


def test_a_tax_rate_from_a_day_on(desk: Desk) -> None:
    data = {
        "hsn_prefix": "3004",
        "valid_from": "2027-04-01",
        "certainty": "checked",
        "rate": "6",
        "cess_rate": "0",
        "source": "Notification 1/2027",
    }
    answer = desk.client.post(desk.path("tax-rates/new/"), data)
    assert answer.status_code == 302
    again = desk.client.post(desk.path("tax-rates/new/"), data)
    assert again.status_code == 422
    with tenant(desk.organization.pk):
        rows = list(TaxRate.objects.filter(hsn_prefix="3004").order_by("valid_from").values_list("valid_to", flat=True))
    assert [str(day) for day in rows] == ["2025-09-21", "2027-03-31", "None"]
    assert "3004" in desk.text("tax-rates/?on=2027-05-01")


def test_settling_by_hand_and_opening_again(desk: Desk) -> None:
    payment = money.receipt(desk.organization, "70.00", who=desk.customer)
    bill = money.bill(desk.organization, "100.00", who=desk.customer)
    settle = desk.path(f"open-items/{payment.item_id}/settle/")
    assert desk.client.post(settle, {}).status_code == 422
    assert desk.client.post(settle, {f"share_{bill.pk}": "50"}).status_code == 302
    assert desk.open_amounts() == [Decimal(50)]
    assert desk.client.post(desk.path(f"open-items/{bill.pk}/unsettle/")).status_code == 302
    assert desk.open_amounts() == [Decimal(100)]
    answer = desk.client.post(
        desk.path(f"payments/{payment.pk}/undo/"),
        {"reason": "wrong party", "on_date": timezone.localdate().isoformat()},
    )
    assert answer.status_code == 302
    assert "Undone" in desk.text(f"payments/{payment.pk}/")
