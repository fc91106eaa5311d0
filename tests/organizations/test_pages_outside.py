"""Pages before an organization is entered."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.core.tenancy.context import tenant
from apps.organizations import queries
from apps.organizations.models import Invitation, Membership, Organization
from apps.organizations.operations import invite_member, resend_invitation, withdraw_invitation
from apps.organizations.tokens import Offer, make_token
from tests import factories
from tests.organizations.desk import text_of
from tests.organizations.factories import add_member, make_organization, make_user, owner_of, role_of

pytestmark = pytest.mark.django_db

NEW = {
    "name": "Sundar Medico",
    "slug": "",
    "gstin": "29AABCR1718E1ZL",
    "state_code": "",
    "financial_year_start": "4",
    "branch_name": "Main",
    "address": "9 Fort Steps",
    "city": "Belagavi",
    "pin_code": "590001",
}


@pytest.fixture
def user() -> User:
    return make_user("Ira Sane", email="ira@example.test")


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    factories.sign_in(client, user)
    return client


# ---- home ----


def test_home_leads_to_where_there_is_something_to_do(client: Client, user: User) -> None:
    assert Client().get("/")["Location"] == "/accounts/login/"
    assert client.get("/")["Location"] == "/organizations/new/"
    first = make_organization(user, name="First")
    assert client.get("/")["Location"] == f"/o/{first.slug}/"
    second = make_organization(name="Second")
    member = add_member(second, "buyer", user)
    assert client.get("/")["Location"] == "/organizations/"
    shown = text_of(client.get("/organizations/"))
    assert "First" in shown
    assert f"/o/{second.slug}/" in shown
    with tenant(second.pk):
        Membership.objects.filter(pk=member.pk).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert client.get("/")["Location"] == f"/o/{first.slug}/"


def test_a_closed_organization_is_gone(client: Client, user: User) -> None:
    organization = make_organization(user)
    with tenant(organization.pk):
        Organization.objects.filter(pk=organization.pk).update(active=False)
    assert client.get(f"/o/{organization.slug}/").status_code == 404
    assert client.get("/")["Location"] == "/organizations/new/"


# ---- set up ----


def test_an_organization_is_set_up_in_one_page(client: Client, user: User) -> None:
    assert client.get("/organizations/new/").status_code == 200
    response = client.post("/organizations/new/", NEW)
    assert response.status_code == 302
    assert response["Location"] == "/o/sundar-medico/"
    (membership,) = queries.memberships_of(user.pk)
    assert membership.organization.name == "Sundar Medico"
    page = text_of(client.get("/o/sundar-medico/"))
    assert "Sundar Medico is set up." in page
    assert "Belagavi · FY" in page


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"slug": "admin"}, "Web address: admin is kept for the product itself. admin-belagavi is free."),
        ({"slug": "taken"}, "Web address: taken is taken. taken-belagavi is free."),
        ({"slug": "No Way"}, "Use small letters, digits and single hyphens, such as no-way."),
        ({"gstin": "29AABCR1718E1Z1"}, "GSTIN: the last character should be L, not 1"),
        ({"gstin": "", "state_code": ""}, "State: choose the State; an unregistered branch needs it too"),
        ({"state_code": "27"}, "The GSTIN belongs to Karnataka (29), the branch lies in Maharashtra (27)."),
        ({"pin_code": "5900"}, "PIN code: a PIN code has 6 digits, such as 411001"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_typed_is_lost(
    client: Client, user: User, given: dict[str, str], sentence: str
) -> None:
    make_organization(slug="taken")
    response = client.post("/organizations/new/", {**NEW, **given})
    assert response.status_code == 422
    text = text_of(response)
    assert sentence in text
    assert 'value="Sundar Medico"' in text
    assert queries.memberships_of(user.pk) == []


def test_unregistered_businesses_name_their_state(client: Client) -> None:
    assert client.post("/organizations/new/", {**NEW, "gstin": "", "state_code": "30"}).status_code == 302


# ---- checks while typing ----


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"gstin": "27AAPFU0939F1ZV"}, "Firm or limited liability partnership, Maharashtra"),
        ({"gstin": "27ZZZFW4410K1Z1"}, "The last character should be E, not 1"),
        ({"gstin": "27ZZZ"}, "5 of 15 characters"),
        ({"gstin": "27AAPFU0939F1ZO", "gstin_sandbox": "on"}, "Maharashtra"),
        ({"gstin": "28AAPFU0939F1ZT"}, "Andhra Pradesh (before 2014)"),
    ],
)
def test_a_gstin_is_checked_while_it_is_typed(client: Client, given: dict[str, str], words: str) -> None:
    assert words in text_of(client.get("/organizations/gstin/", given))


def test_the_state_is_filled_in_from_the_gstin(client: Client) -> None:
    text = text_of(client.get("/organizations/gstin/", {"gstin": "29AABCR1718E1ZL"}))
    assert '<option value="29" selected>' in text
    assert 'hx-target="#div_id_state_code"' in text


@pytest.mark.parametrize("given", [{}, {"gstin": ""}, {"gstin": "   "}])
def test_nothing_typed_says_nothing(client: Client, given: dict[str, str]) -> None:
    assert text_of(client.get("/organizations/gstin/", given)) == ""


def test_a_web_address_is_suggested(client: Client) -> None:
    make_organization(slug="sundar-medico")
    asked = client.get("/organizations/new/address/", {"name": "Sundar Medico"})
    assert "/o/sundar-medico-2/ is free" in text_of(asked)
    assert "Made from the name" in text_of(client.get("/organizations/new/address/"))


# ---- the page behind an invitation's link ----


@pytest.fixture
def invitation() -> Invitation:
    organization = make_organization(make_user("Anaya Kolhe"), name="Kite & Co", slug="kite")
    with tenant(organization.pk):
        invitation = invite_member(
            actor=owner_of(organization), email="ira@example.test", role=role_of("buyer"), origin="https://erp.example"
        )
    # Outside the organization its row could not be read.
    invitation.organization = organization
    return invitation


def _path(invitation: Invitation) -> str:
    offer = Offer(invitation.organization.pk, invitation.pk, invitation.link_number)
    return f"/invitations/{make_token(offer)}/"


def test_the_invited_person_joins(client: Client, user: User, invitation: Invitation) -> None:
    path = _path(invitation)
    page = text_of(client.get(path))
    assert "Join Kite & Co" in page
    assert "Anaya Kolhe invites you as Buyer." in page
    response = client.post(path)
    assert response["Location"] == "/o/kite/"
    assert "Welcome to Kite & Co." in text_of(client.get("/o/kite/"))
    again = client.get(path)
    assert again.status_code == 410
    assert "This invitation has been used." in text_of(again)
    assert client.post(path).status_code == 409


def test_somebody_not_signed_in_is_led_there_and_back(invitation: Invitation) -> None:
    path = _path(invitation)
    page = text_of(Client().get(path))
    assert "The invitation is for <b>ira@example.test</b>" in page
    assert f'href="/accounts/login/?next={path}"'.replace(":", "%3A") in page
    assert Client().post(path)["Location"] == path


def test_another_person_is_told_and_can_sign_out(invitation: Invitation) -> None:
    other = Client()
    factories.sign_in(other, make_user(email="other@example.test"))
    page = text_of(other.get(_path(invitation)))
    assert "This invitation is for ira@example.test, and you are signed in as other@example.test." in page
    assert "/accounts/logout/?next=" in page
    refused = other.post(_path(invitation))
    assert refused.status_code == 409
    assert "Sign in with the other address." in text_of(refused)


def _expire(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())


def _withdraw(invitation: Invitation) -> None:
    withdraw_invitation(invitation=invitation)


def _replace(invitation: Invitation) -> None:
    resend_invitation(actor=owner_of(invitation.organization), invitation=invitation, origin="https://erp.example")


@pytest.mark.parametrize(
    ("happened", "sentence"),
    [
        (_expire, "This invitation has expired. Ask whoever invited you to send it again."),
        (_withdraw, "This invitation was withdrawn. Ask whoever invited you."),
        (_replace, "A newer link was sent. Use the one in the latest e-mail."),
    ],
)
def test_a_dead_link_says_why(client: Client, invitation: Invitation, happened: Any, sentence: str) -> None:
    path = _path(invitation)
    with tenant(invitation.organization.pk):
        happened(invitation)
    for visitor in (client, Client()):
        response = visitor.get(path)
        assert response.status_code == 410
        assert sentence in text_of(response)
    assert client.post(path).status_code == 409


def test_a_link_that_was_cut_short_tells_nothing(client: Client, invitation: Invitation) -> None:
    response = client.get(_path(invitation)[:-3] + "/")
    assert response.status_code == 410
    assert "This link is not complete." in text_of(response)
    assert "Kite" not in text_of(response)
