"""The pages of parties as people use them."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch, Membership, Organization
from apps.parties.models import Party, PartyLicence
from tests import factories
from tests.parties.factories import party

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def organization() -> Organization:
    return factories.organization()


@pytest.fixture
def client(organization: Organization) -> Client:
    client = Client()
    client.force_login(factories.owner_of(organization).user)
    return client


class Hidden(HTMLParser):
    """Collects the hidden inputs of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("type") == "hidden":
            self.values[found["name"] or ""] = found["value"] or ""


def signed_in(membership: Membership) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


def address(organization: Organization, name: str, **kwargs: Any) -> str:
    return reverse(f"parties:{name}", kwargs={"organization": organization.slug, **kwargs})


FILLED = {
    "name": "Wishing Well Medicals",
    "registration": "regular",
    "gstin": "27aapfu0939f1zv",
    "is_customer": "on",
    "credit_days": "21",
    "minimum_shelf_life_days": "0",
}


def test_a_gstin_fills_in_state_and_pan(client: Client, organization: Organization) -> None:
    response = client.post(address(organization, "party_create"), FILLED)
    assert response.status_code == 302
    with tenant(organization.pk):
        made = Party.objects.get()
        assert (made.gstin, made.state_code, made.pan) == ("27AAPFU0939F1ZV", "27", "AAPFU0939F")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gstin": "27AAPFU0939F1ZO"}, "The last character should be V, not O"),
        ({"gstin": ""}, "A registered party has a GSTIN"),
        ({"registration": "unregistered"}, "A party with a GSTIN is registered"),
        ({"state_code": "24"}, "The GSTIN is of Maharashtra (27)"),
        ({"pan": "AAPFU0939G"}, "The GSTIN holds the PAN AAPFU0939F"),
        ({"pin_code": "4110"}, "A PIN code has 6 digits"),
        ({"phone": "call me"}, "Type a phone number"),
        ({"credit_limit": "-1"}, "Credit limit"),
        ({"is_customer": ""}, "Say whether you sell to them"),
        ({"name": ""}, "Business name"),
    ],
)
def test_bad_input_is_named_and_nothing_is_lost(
    client: Client, organization: Organization, change: dict[str, str], message: str
) -> None:
    response = client.post(address(organization, "party_create"), {**FILLED, **change})
    assert response.status_code == 422
    text = response.content.decode()
    assert message in text
    assert "There is a problem" in text
    if "name" not in change:
        assert "Wishing Well Medicals" in text
    with tenant(organization.pk):
        assert not Party.objects.exists()


def test_a_sandbox_gstin_passes_only_where_a_branch_allows_it(client: Client, organization: Organization) -> None:
    sandbox = {**FILLED, "gstin": "27AAPFU0939F1ZO"}
    assert client.post(address(organization, "party_create"), sandbox).status_code == 422
    with tenant(organization.pk):
        Branch.objects.update(gstin_sandbox=True)
    assert client.post(address(organization, "party_create"), sandbox).status_code == 302


def test_name_and_email_are_one_partys_own(client: Client, organization: Organization) -> None:
    with tenant(organization.pk):
        party("WISHING WELL medicals", email="shop@example.com")
    text = client.post(address(organization, "party_create"), {**FILLED, "email": "SHOP@example.com"}).content.decode()
    assert "Another party has this name." in text
    assert "Another party has this e-mail address." in text
    other = factories.organization()
    with tenant(other.pk):
        party("Wishing Well Medicals")


def test_a_biller_sees_credit_terms_but_cannot_change_them(organization: Organization) -> None:
    with tenant(organization.pk):
        made = party("Tin Roof", credit_limit=50000, credit_days=21)
    biller = signed_in(factories.member(organization, "biller"))
    page = biller.get(address(organization, "party_edit", pk=made.pk)).content.decode()
    parser = Hidden()
    parser.feed(page)
    response = biller.post(
        address(organization, "party_edit", pk=made.pk),
        {
            **parser.values,
            "name": "Tin Roof Medicals",
            "registration": "unregistered",
            "state_code": "27",
            "is_customer": "on",
            "credit_limit": "9999999",
            "credit_days": "365",
            "minimum_shelf_life_days": "0",
        },
    )
    assert response.status_code == 302
    with tenant(organization.pk):
        made.refresh_from_db()
        assert (made.name, made.credit_limit, made.credit_days) == ("Tin Roof Medicals", Decimal(50000), 21)


def test_the_list_searches_filters_and_exports(client: Client, organization: Organization) -> None:
    with tenant(organization.pk):
        party("Peepal Tree", city="Satara")
        party("Blue Heron", is_customer=False, is_supplier=True)
        party("Old One", active=False)
    url = address(organization, "party_list")
    everybody = client.get(url).content.decode()
    assert "Peepal Tree" in everybody
    assert "Old One" not in everybody
    found = client.get(url, {"q": "satara"}, headers=HTMX).content.decode()
    assert "Peepal Tree" in found
    assert "Blue Heron" not in found
    suppliers = client.get(url, {"is_supplier": "true"}).content.decode()
    assert "Blue Heron" in suppliers
    assert "Peepal Tree" not in suppliers
    lines = client.get(url, {"export": "csv"}).getvalue().decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["Business name", "Blue Heron", "Peepal Tree"]


def test_look_alikes_while_typing(client: Client, organization: Organization) -> None:
    with tenant(organization.pk):
        made = party("Peepal Tree", phone="98765 43210")
    url = address(organization, "look_alikes")
    assert "Peepal Tree" in client.get(url, {"phone": "+91 9876543210"}, headers=HTMX).content.decode()
    assert "Peepal" not in client.get(url, {"phone": "9876543210", "but": str(made.pk)}, headers=HTMX).content.decode()


def test_duplicates_are_listed(client: Client, organization: Organization) -> None:
    with tenant(organization.pk):
        party("First", phone="98765 43210")
        party("Second", phone="9876543210")
    page = client.get(address(organization, "duplicates")).content.decode()
    assert "First" in page
    assert "Second" in page


def test_a_licence_is_added_to_its_party(client: Client, organization: Organization) -> None:
    with tenant(organization.pk):
        made = party("Peepal Tree")
    url = address(organization, "licence_add", party=made.pk)
    data = {"licence_form": "20B", "number": "20b/mh/77", "valid_from": "2026-01-01", "valid_to": "2030-12-31"}
    assert client.post(url, {**data, "valid_to": "2025-12-31"}).status_code == 422
    assert client.post(url, {**data, "number": "21B-MH-77"}).status_code == 422
    assert client.post(url, data).status_code == 302
    with tenant(organization.pk):
        assert PartyLicence.objects.get().party == made
    assert "20B/MH/77" in client.get(address(organization, "party_detail", pk=made.pk)).content.decode()


def test_a_licence_cannot_be_added_to_a_strangers_party(client: Client, organization: Organization) -> None:
    other = factories.organization()
    with tenant(other.pk):
        theirs = party()
    assert client.get(address(organization, "licence_add", party=theirs.pk)).status_code == 404
