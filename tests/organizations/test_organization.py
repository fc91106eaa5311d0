"""Setting up an organization, and its settings."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from apps.core.tenancy.context import tenant
from apps.organizations import queries
from apps.organizations.models import Branch, Membership, NumberSeries, Organization, Role
from apps.organizations.operations import (
    BranchRefused,
    OrganizationRefused,
    change_organization,
    create_organization,
    take_number,
)
from apps.organizations.rights import BUILT_IN
from apps.organizations.rules.numbering import DocumentKind
from apps.organizations.rules.slugs import RESERVED, is_well_formed, slug_from
from tests.organizations.factories import make_organization, make_user, only_branch

pytestmark = pytest.mark.django_db


def test_a_new_organization_is_ready_to_work() -> None:
    user = make_user("Anaya Kolhe")
    organization = make_organization(user, name="Banyan & Kite Distributors", gstin="27AAPFU0939F1ZV", state_code="")
    assert organization.slug == "banyan-kite-distributors"
    with tenant(organization.pk):
        assert list(Role.objects.order_by("id").values_list("key", flat=True)) == list(BUILT_IN)
        member = Membership.objects.select_related("role").get()
        assert (member.user_id, member.role.key, member.ends_on) == (user.pk, "owner", None)
        branch = only_branch()
        assert (branch.code, branch.gstin, branch.state_code) == ("PN", "27AAPFU0939F1ZV", "27")
        assert NumberSeries.objects.filter(branch=branch).count() == len(DocumentKind)
    assert queries.membership_in(organization.slug, user.pk) == member


def test_a_stranger_is_no_member() -> None:
    organization = make_organization()
    stranger = make_user()
    assert queries.membership_in(organization.slug, stranger.pk) is None
    assert queries.memberships_of(stranger.pk) == []


def test_a_taken_address_is_refused_with_a_free_one() -> None:
    make_organization(slug="banyan-kite")
    with pytest.raises(OrganizationRefused, match=r"banyan-kite is taken. banyan-kite-pune is free.") as caught:
        make_organization(slug="banyan-kite")
    assert caught.value.field == "slug"
    make_organization(slug="banyan-kite-pune")
    with pytest.raises(OrganizationRefused, match=r"banyan-kite-2 is free"):
        make_organization(slug="banyan-kite")


def test_two_of_the_same_name_get_different_addresses() -> None:
    slugs = {make_organization(name="Sundar Medico").slug for _ in range(3)}
    assert slugs == {"sundar-medico", "sundar-medico-pune", "sundar-medico-2"}


@pytest.mark.parametrize("slug", [*sorted(RESERVED)[:3], "admin", "api"])
def test_a_reserved_address_is_refused(slug: str) -> None:
    with pytest.raises(OrganizationRefused, match=rf"{slug} is kept for the product itself. {slug}-pune is free."):
        make_organization(slug=slug)


@pytest.mark.parametrize("slug", ["Banyan", "a b", "-x", "x-", "a--b", "x" * 41, "ü"])
def test_a_malformed_address_is_refused(slug: str) -> None:
    with pytest.raises(OrganizationRefused, match=r"Use small letters, digits and single hyphens"):
        make_organization(slug=slug)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Banyan & Kite Distributors", "banyan-kite-distributors"),
        ("Śrī Gaṇeśa Agencies", "sri-ganesa-agencies"),
        ("बनयान", "organization"),
        ("A" * 60, "a" * 40),
        ("Aa " * 30, "aa-aa-aa-aa-aa-aa-aa-aa-aa-aa-aa-aa-aa"),
    ],
)
def test_an_address_is_made_of_the_name(name: str, slug: str) -> None:
    assert slug_from(name) == slug
    assert is_well_formed(slug)


def test_a_name_without_latin_letters_gets_a_numbered_address() -> None:
    assert make_organization(name="बनयान").slug == "organization-pune"


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"gstin": "27AAPFU0939F1ZO"}, "gstin", "The last character should be V, not O"),
        ({"gstin": "29AABCR1718E1ZL"}, "gstin", "belongs to Karnataka .29., the branch lies in Maharashtra .27."),
        ({"gstin": "9917SGP29003OSP"}, "gstin", "number of another kind: Online services"),
        ({"state_code": ""}, "state_code", "Choose the State"),
        ({"pin_code": "4110"}, "pin_code", "6 digits"),
        ({"pin_code": "011001"}, "pin_code", "No PIN code starts with 0"),
        ({"branch_code": "PUNE1"}, "code", "1 to 4 letters or digits"),
        ({"branch_code": "0A"}, "code", "must not start with 0"),
    ],
)
def test_a_branch_that_cannot_be_is_refused_and_nothing_is_made(given: dict[str, str], field: str, words: str) -> None:
    user = make_user()
    with pytest.raises(BranchRefused, match=words) as caught:
        make_organization(user, **given)
    assert caught.value.field == field
    assert queries.memberships_of(user.pk) == []


def test_the_sentence_is_told_in_the_field_of_the_problem_for_an_empty_name_of_the_branch_code() -> None:
    organization = make_organization(branch_code="", branch_name="Pune main godown")
    with tenant(organization.pk):
        assert only_branch().code == "PMG"


def test_settings_change_and_count_as_a_version() -> None:
    organization = make_organization()
    with tenant(organization.pk):
        changed = change_organization(
            organization=organization,
            name="Kite & Co",
            financial_year_start=1,
            time_zone="Asia/Dubai",
            require_second_factor=True,
        )
        assert (changed.name, changed.version) == ("Kite & Co", 2)
        assert Organization.objects.get(pk=organization.pk).require_second_factor


def test_the_start_of_the_year_stays_once_a_number_is_out() -> None:
    organization = make_organization()
    with tenant(organization.pk):
        take_number(branch=only_branch(), kind=DocumentKind.INVOICE, day=dt.date(2026, 11, 20))
        with pytest.raises(OrganizationRefused, match=r"so its start stays") as caught:
            change_organization(
                organization=organization,
                name="Kite",
                financial_year_start=1,
                time_zone="Asia/Kolkata",
                require_second_factor=False,
            )
    assert caught.value.field == "financial_year_start"


def test_the_owner_of_the_table_answers_only_yes_or_no_about_an_address() -> None:
    """The function runs with the owner's rights, so what it tells must be no more than whether a name is free."""
    make_organization(slug="banyan-kite")
    with connection.cursor() as cursor:
        cursor.execute("SELECT organizations_slug_is_taken('banyan-kite'), organizations_slug_is_taken('%')")
        assert cursor.fetchone() == (True, False)
        cursor.execute("SELECT count(*) FROM organizations_organization")
        assert cursor.fetchone() == (0,)


def test_each_organization_has_its_own_branches() -> None:
    one, two = make_organization(), make_organization()
    with tenant(one.pk):
        assert Branch.objects.count() == 1
    with tenant(two.pk):
        assert Branch.objects.count() == 1


def test_creating_is_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the branch fails at the end, neither organization nor membership remains."""
    user = make_user()
    monkeypatch.setattr("apps.organizations.operations.branch.open_year", _fail)
    with pytest.raises(ZeroDivisionError):
        create_organization(
            user=user, name="X", branch_name="Pune", address="1", city="Pune", pin_code="411001", state_code="27"
        )
    assert queries.memberships_of(user.pk) == []


def _fail(**_given: object) -> None:
    raise ZeroDivisionError
