"""Pages of bills: found, opened, and taken back by whoever may."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from apps.sales.models import Bill
from apps.sales.operations import complete_bill, hold
from tests import factories
from tests.sales.shop import SOON, Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return factories.organization()


@pytest.fixture
def bill(organization: Organization) -> Bill:
    with tenant(organization.pk):
        desk = Desk(organization)
        desk.stocked(6, SOON, number="AZ0001")
        desk.stocked(100, number="AZ0002")
        held = desk.draft()
        desk.line(held, 1)
        hold(bill_id=held.pk)
        draft = desk.draft()
        desk.line(draft, 10)
        return complete_bill(bill_id=draft.pk, actor=desk.biller).bill


def text(client: Client, organization: Organization, path: str) -> str:
    answer = client.get(f"/o/{organization.slug}/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_bill_is_found_by_number_and_customer(client: Client, organization: Organization, bill: Bill) -> None:
    factories.sign_in(client, factories.owner_of(organization).user)
    for query in ("", "?q=lotus", f"?q={bill.number[:6].lower()}"):
        page = text(client, organization, f"bills/{query}")
        assert bill.number in page
        assert "840.00" in page
    assert bill.number not in text(client, organization, "bills/?q=nobody")
    open_bills = text(client, organization, "bills/?state=held&state=draft")
    assert bill.number not in open_bills
    assert "Draft " in open_bills
    assert bill.number in text(client, organization, f"parties/{bill.customer_id}/")


def test_the_page_has_batches_tax_and_ways_on(client: Client, organization: Organization, bill: Bill) -> None:
    factories.sign_in(client, factories.owner_of(organization).user)
    page = text(client, organization, f"bills/{bill.pk}/")
    assert f"/bills/{bill.pk}/print/" in page
    for words in ("AZ0001", "AZ0002", "₹840.00", "Section 10(1)(ca), IGST Act", "25.00% margin", "₹840.00 open"):
        assert words in page, words
    assert "Journal entry" in page
    assert f"bills/{bill.pk}/cancel/" in page


def test_margin_and_cancelling_are_not_for_everybody(client: Client, organization: Organization, bill: Bill) -> None:
    factories.sign_in(client, factories.member(organization, "biller").user)
    page = text(client, organization, f"bills/{bill.pk}/")
    assert "margin" not in page
    assert f"bills/{bill.pk}/cancel/" not in page
    assert client.post(f"/o/{organization.slug}/bills/{bill.pk}/cancel/", {"reason": "x"}).status_code == 403


def test_cancelled_and_corrected_by_a_page(client: Client, organization: Organization, bill: Bill) -> None:
    factories.sign_in(client, factories.owner_of(organization).user)
    pages = f"/o/{organization.slug}/bills/{bill.pk}"
    assert client.post(f"{pages}/correct/", {"reason": " "}).status_code == 422
    answer = client.post(f"{pages}/correct/", {"reason": "Wrong quantity"}, follow=True)
    assert "Draft" in answer.content.decode()
    with tenant(organization.pk):
        bill.refresh_from_db()
        draft = Bill.objects.get(replaces=bill)
        assert (bill.state, draft.total) == ("cancelled", Decimal(840))
    # Sent again, it changes nothing.
    assert client.post(f"{pages}/cancel/", {"reason": "Once more"}).status_code == 302
    assert client.post(f"/o/{organization.slug}/bills/{draft.pk}/discard/").status_code == 302
    with tenant(organization.pk):
        assert not Bill.objects.filter(pk=draft.pk).exists()
