"""The desk asks, the owner answers, and the bill goes on."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from apps.sales.models import Bill, BillApproval
from tests import factories
from tests.sales.shop import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return factories.organization()


@pytest.fixture
def bill(organization: Organization) -> Bill:
    """Of 840 rupees, to somebody who may owe 100."""
    with tenant(organization.pk):
        desk = Desk(organization)
        desk.stocked(100)
        draft = desk.draft(desk.chemist("Late Chemist", credit_limit=100))
        desk.line(draft, 10)
        return draft


def do(client: Client, organization: Organization, bill: Bill, step: str) -> int:
    return client.post(f"/o/{organization.slug}/bills/{bill.pk}/write/", {"do": step}).status_code


@pytest.mark.parametrize(("answer", "posted"), [("allow", 302), ("refuse", 422)])
def test_a_bill_over_its_limit_is_asked_about(
    client: Client, organization: Organization, bill: Bill, answer: str, posted: int
) -> None:
    biller, owner = factories.member(organization, "biller"), factories.owner_of(organization)
    home, questions = f"/o/{organization.slug}/", f"/o/{organization.slug}/bill-questions/"
    factories.sign_in(client, biller.user)
    assert do(client, organization, bill, "post") == 422
    assert do(client, organization, bill, "ask") == 302
    assert client.get(questions).status_code == 403

    factories.sign_in(client, owner.user)
    assert "1 question about a bill waits for you" in client.get(home).content.decode()
    page = client.get(questions).content.decode()
    assert "Late Chemist" in page
    assert "would owe" in page
    with tenant(organization.pk):
        asked = BillApproval.objects.get()
    assert client.post(f"{questions}{asked.pk}/{answer}/", {"note": "this once"}).status_code == 302
    assert "question about a bill" not in client.get(home).content.decode()

    factories.sign_in(client, biller.user)
    assert do(client, organization, bill, "post") == posted


def test_what_needs_no_word_is_not_asked(client: Client, organization: Organization) -> None:
    with tenant(organization.pk):
        desk = Desk(organization)
        desk.stocked(100)
        fine = desk.draft()
        desk.line(fine, 10)
    factories.sign_in(client, factories.member(organization, "biller").user)
    assert do(client, organization, fine, "ask") == 422
