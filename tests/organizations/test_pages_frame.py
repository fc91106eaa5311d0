"""Settings, home, palette and frame of an organization."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from apps.core.audit.operations import seal_organization
from apps.core.tenancy.context import tenant
from apps.organizations.models import BranchLicence, Organization
from apps.organizations.operations import take_number
from apps.organizations.rules.numbering import DocumentKind
from tests.organizations.desk import Desk, text_of
from tests.organizations.factories import add_member, make_organization, make_user, only_branch, owner_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
NEXT_YEAR = TODAY + dt.timedelta(days=365)


def test_requiring_a_second_factor_holds_from_the_next_page(
    shop: Organization, owner: Desk, as_role: Callable[[str], Desk]
) -> None:
    biller = as_role("biller")
    assert owner.post("settings/edit/", require_second_factor="on").status_code == 302
    page = biller.get("branches/")
    assert page.status_code == 302
    assert page["Location"].startswith("/accounts/2fa/")


def test_the_year_start_stays_once_a_number_is_out(shop: Organization, owner: Desk) -> None:
    with tenant(shop.pk):
        take_number(branch=only_branch(), kind=DocumentKind.INVOICE, day=TODAY)
    response = owner.post("settings/edit/", financial_year_start="1")
    assert response.status_code == 422
    assert "so its start stays" in text_of(response)
    assert owner.post("settings/edit/", name="Kite & Co").status_code == 302
    assert "Kite & Co" in text_of(owner.get("settings/"))


def test_the_set_up_list_says_what_is_missing_and_goes_when_nothing_is(shop: Organization, owner: Desk) -> None:
    fresh = text_of(owner.get(""))
    assert "Without one a branch cannot sell: Pune" in fresh
    assert "You work here alone so far" in fresh
    with tenant(shop.pk):
        branch = only_branch()
        BranchLicence(branch=branch, form="20B", number="20B-1", valid_from=TODAY, valid_to=NEXT_YEAR).save()
    add_member(shop)
    Organization.objects.filter(pk=shop.pk)
    with tenant(shop.pk):
        Organization.objects.filter(pk=shop.pk).update(require_second_factor=True)
        Organization.objects.filter(pk=shop.pk).update(require_second_factor=False)
    partly = text_of(owner.get(""))
    assert "Every branch has one that is valid" in partly
    assert "2 members, 0 invited" in partly
    assert "2 members have no second factor. You can require one" in partly


def test_the_seals_are_listed_for_those_who_may_see_the_history(
    shop: Organization, owner: Desk, as_role: Callable[[str], Desk], transactional_db: None
) -> None:
    assert "Nothing is sealed yet" in owner.fragment("settings/seals/")
    (seal,) = seal_organization(shop.pk)
    shown = owner.fragment("settings/seals/")
    assert f"{seal.root[:10]}…{seal.root[-8:]}" in shown
    assert seal.hash in owner.get("settings/seals/", export="csv").getvalue().decode()
    assert as_role("biller").get("settings/seals/").status_code == 403


def test_the_palette_finds_branches_and_members(shop: Organization, owner: Desk) -> None:
    add_member(shop, "picker", make_user("Joy Mendes"))
    assert f"/o/{shop.slug}/branches/" in owner.fragment("palette/", q="pun")
    assert "Mendes" in owner.fragment("palette/", q="joy")


def test_the_frame_names_place_year_role_and_other_organizations(shop: Organization, owner: Desk) -> None:
    user = owner_of(shop).user
    other = make_organization(make_user(), name="Second Home")
    add_member(other, "buyer", user)
    text = text_of(owner.get("branches/"))
    assert "Pune · FY" in text
    assert f"/o/{other.slug}/" in text
    assert "Owner" in text
