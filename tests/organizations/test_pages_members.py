"""Pages of members, invitations and roles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.organizations.models import Invitation, Membership, Organization, Role
from apps.organizations.operations import create_role
from tests.organizations.desk import Desk, text_of
from tests.organizations.factories import add_member, make_user, owner_of, role_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
NEXT_YEAR = TODAY + dt.timedelta(days=365)


def test_the_last_owner_is_told_on_the_page(shop: Organization, owner: Desk) -> None:
    me = owner_of(shop)
    with tenant(shop.pk):
        manager = role_of("manager")
    sentence = "Anaya Kolhe is the last owner. Make somebody else an owner first."
    for response in (
        owner.post(f"members/{me.pk}/edit/", role=manager.pk),
        owner.post(f"members/{me.pk}/deactivate/"),
    ):
        assert response.status_code == 422
        assert sentence in text_of(response)


def test_an_auditor_without_a_last_day_is_refused_beside_the_field(shop: Organization, owner: Desk) -> None:
    member = add_member(shop)
    with tenant(shop.pk):
        auditor = role_of("auditor")
    refused = owner.post(f"members/{member.pk}/edit/", role=auditor.pk)
    assert refused.status_code == 422
    assert "Last day: every auditor has a last day. Enter it" in text_of(refused)
    assert owner.post(f"members/{member.pk}/edit/", role=auditor.pk, ends_on=NEXT_YEAR.isoformat()).status_code == 302


def test_a_deactivated_member_is_out_at_once_even_with_a_page_open(shop: Organization, owner: Desk) -> None:
    member = add_member(shop, "manager", make_user("Devraj Pinto"))
    theirs = Desk(shop, member.user)
    assert theirs.get("branches/").status_code == 200
    response = owner.post(f"members/{member.pk}/deactivate/")
    assert response.status_code == 302
    page = theirs.get("branches/")
    assert page.status_code == 302
    assert page["Location"].startswith("/accounts/login/")
    fragment = theirs.client.get(theirs.base + "branches/", headers={"HX-Request": "true"})
    assert fragment.status_code == 401
    assert fragment["HX-Redirect"].startswith("/accounts/login/")
    # Signing in again opens other organizations, but not this one.
    again = Desk(shop, member.user)
    assert again.get("branches/").status_code == 403
    assert owner.post(f"members/{member.pk}/reactivate/").status_code == 302
    assert again.get("branches/").status_code == 200


def test_members_show_role_second_factor_and_last_visit(shop: Organization, owner: Desk) -> None:
    add_member(shop, "auditor", make_user("Leela Venkat"), ends_on=dt.date(2031, 3, 31))
    shown = owner.fragment("members/")
    for words in ("Anaya Kolhe", "Leela Venkat", "Auditor", "31 Mar 2031", "None"):
        assert words in shown
    assert "Leela" not in owner.fragment("members/", q="anaya")


def test_an_invitation_from_the_page_to_the_member(
    shop: Organization, owner: Desk, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with tenant(shop.pk):
        buyer = role_of("buyer")
    with django_capture_on_commit_callbacks(execute=True):
        response = owner.post("invitations/new/", email="Ira@Example.test", role=buyer.pk)
    assert response.status_code == 302
    (message,) = mailoutbox
    assert message.to == ["ira@example.test"]
    with tenant(shop.pk):
        invitation = Invitation.objects.get()
    page = text_of(owner.get(f"invitations/{invitation.pk}/"))
    link = values_of_link(page)
    assert link in message.body
    again = owner.post("invitations/new/", email="ira@example.test", role=buyer.pk)
    assert again.status_code == 422
    assert "has an open invitation. Send that one again, or withdraw it first." in text_of(again)
    assert owner.post(f"invitations/{invitation.pk}/resend/").status_code == 302
    assert owner.post(f"invitations/{invitation.pk}/withdraw/").status_code == 302
    assert "ira@example.test" in owner.fragment("invitations/", state="withdrawn")
    assert "ira@example.test" not in owner.fragment("invitations/", state="open")
    assert "/invitations/" + link.split("/invitations/")[1] not in text_of(owner.get(f"invitations/{invitation.pk}/"))


def values_of_link(page: str) -> str:
    """The address in the field to copy from."""
    return page.split('id="link"')[1].split('value="')[1].split('"', maxsplit=1)[0]


def test_who_may_only_look_gets_no_link(shop: Organization, owner: Desk, as_role: Callable[[str], Desk]) -> None:
    """The link lets somebody in, so it is shown to those who may invite."""
    with tenant(shop.pk):
        picker = role_of("picker")
    owner.post("invitations/new/", email="ira@example.test", role=picker.pk)
    with tenant(shop.pk):
        invitation = Invitation.objects.get()
    page = as_role("auditor").get(f"invitations/{invitation.pk}/")
    assert page.status_code == 200
    assert 'id="link"' not in page.content.decode()


def test_custom_roles_open_and_close_pages(shop: Organization, owner: Desk) -> None:
    response = owner.post("roles/new/", name="Desk", description="Front desk", rights=["organizations.branch.view"])
    assert response.status_code == 302
    with tenant(shop.pk):
        role = Role.objects.get(name="Desk")
        member = add_member(shop, user=make_user())
        Membership.objects.filter(pk=member.pk).update(role=role)
    desk = Desk(shop, member.user)
    assert desk.get("branches/").status_code == 200
    assert desk.get("series/").status_code == 403
    path = f"roles/{role.pk}/edit/"
    assert owner.form(path)["rights"] == ["organizations.branch.view"]
    assert owner.post(path, rights=["organizations.series.view"]).status_code == 302
    assert desk.get("branches/").status_code == 403
    assert desk.get("series/").status_code == 200
    refused = owner.post(f"roles/{role.pk}/delete/")
    assert refused.status_code == 422


def test_a_role_without_rights_is_refused(owner: Desk) -> None:
    response = owner.post("roles/new/", name="Nobody")
    assert response.status_code == 422
    assert "Tick what the role may do, at least one thing" in text_of(response)


def test_the_matrix_shows_every_right_and_role(shop: Organization, owner: Desk) -> None:
    with tenant(shop.pk):
        create_role(actor=owner_of(shop), name="Front desk", rights=["organizations.branch.view"])
    shown = text_of(owner.get("roles/"))
    for words in ("Owner", "Auditor", "Front desk", "Set up number series", "Make and change custom roles"):
        assert words in shown


def test_rights_are_refused_on_the_server_and_hidden_on_the_page(
    shop: Organization, as_role: Callable[[str], Desk]
) -> None:
    biller = as_role("biller")
    page = text_of(biller.get("branches/"))
    assert "New branch" not in page
    assert f"/o/{shop.slug}/members/" not in page
    for path in ("members/", "branches/new/", "settings/", "roles/", "series/"):
        assert biller.get(path).status_code == 403
