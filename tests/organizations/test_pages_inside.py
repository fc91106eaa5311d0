"""Pages under /o/<organization>/: what they show, refuse and do."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch, BranchLicence, Invitation, Membership, NumberSeries, Organization, Role
from apps.organizations.operations import add_branch, create_role, take_number
from apps.organizations.rules.numbering import DocumentKind
from tests import factories
from tests.organizations.factories import add_member, make_organization, make_user, only_branch, owner_of, role_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
NEXT_YEAR = TODAY + dt.timedelta(days=365)


class Desk:
    """A member at the pages of their organization."""

    def __init__(self, organization: Organization, user: User) -> None:
        self.base = f"/o/{organization.slug}/"
        self.client = Client()
        factories.sign_in(self.client, user)

    def get(self, path: str, **data: Any) -> Any:
        return self.client.get(self.base + path, data)

    def fragment(self, path: str, **data: Any) -> str:
        """What htmx gets."""
        response = self.client.get(self.base + path, data, headers={"HX-Request": "true"})
        assert response.status_code == 200
        return text_of(response)

    def form(self, path: str) -> dict[str, Any]:
        """The values of a form as the page offers them, hidden ones included."""
        response = self.get(path)
        assert response.status_code == 200, response.status_code
        return values_of(response.content.decode())

    def post(self, path: str, **changes: Any) -> Any:
        """Open the page, change some fields, send the form."""
        return self.client.post(self.base + path, {**self.form(path), **changes})


def values_of(body: str) -> dict[str, Any]:
    """Names and values of the inputs, ticked boxes, chosen options and text areas of the page's form."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.inside = False
            self.values: dict[str, Any] = {}
            self.select = self.area = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            if tag == "form":
                self.inside = given.get("id") == "form"
            if not self.inside:
                return
            name = given.get("name") or ""
            if tag == "input" and name and (given.get("type") not in {"checkbox", "radio"} or "checked" in given):
                if given.get("type") == "checkbox":
                    self.values.setdefault(name, []).append(given.get("value") or "on")
                else:
                    self.values[name] = given.get("value") or ""
            elif tag == "select":
                self.select = name
            elif tag == "option" and self.select and "selected" in given:
                self.values[self.select] = given.get("value") or ""
            elif tag == "textarea":
                self.area = name
                self.values[name] = ""

        def handle_endtag(self, tag: str) -> None:
            if tag == "select":
                self.select = ""
            elif tag == "textarea":
                self.area = ""

        def handle_data(self, data: str) -> None:
            if self.area:
                self.values[self.area] = (self.values[self.area] + data).lstrip("\n")

    reader = Reader()
    reader.feed(body)
    return reader.values


def text_of(response: Any) -> str:
    """The page with its blanks run together and its entities written out."""
    return " ".join(html.unescape(response.content.decode()).split())


@pytest.fixture
def organization() -> Organization:
    return make_organization(make_user("Anaya Kolhe"))


@pytest.fixture
def owner(organization: Organization) -> Desk:
    return Desk(organization, owner_of(organization).user)


@pytest.fixture
def as_role(organization: Organization) -> Callable[[str], Desk]:
    def enter(key: str) -> Desk:
        ends_on = NEXT_YEAR if key == "auditor" else None
        return Desk(organization, add_member(organization, key, ends_on=ends_on).user)

    return enter


def _branch(organization: Organization) -> Branch:
    with tenant(organization.pk):
        return only_branch()


# ---- branches and licences ----


def test_a_branch_is_added_with_its_series(organization: Organization, owner: Desk) -> None:
    response = owner.post(
        "branches/new/",
        name="Surat",
        code="sr",
        gstin="24aaqca8719h1zc",
        state_code="",
        address="3 Lantern Wharf",
        city="Surat",
        pin_code="395 001",
    )
    assert response.status_code == 302
    with tenant(organization.pk):
        branch = Branch.objects.get(name="Surat")
        assert (branch.code, branch.state_code, branch.pin_code) == ("SR", "24", "395001")
        assert branch.series.count() == len(DocumentKind)


def test_every_mistake_is_named_beside_its_field(owner: Desk) -> None:
    response = owner.post(
        "branches/new/",
        name="Pune",
        code="0",
        gstin="27ZZZFW4410K1Z1",
        state_code="27",
        address="1",
        city="Pune",
        pin_code="411",
    )
    assert response.status_code == 422
    text = text_of(response)
    for sentence in (
        "GSTIN: the last character should be E, not 1",
        "PIN code: a PIN code has 6 digits, such as 411001",
        "Start with a letter: document numbers must not start with 0",
    ):
        assert sentence in text
    assert 'value="27ZZZFW4410K1Z1"' in text


def test_a_branch_with_a_taken_name_is_refused(owner: Desk) -> None:
    response = owner.post(
        "branches/new/", name="PUNE", code="X", state_code="27", address="1", city="Pune", pin_code="411001"
    )
    assert response.status_code == 422
    assert "Another branch has this branch name" in text_of(response)


def test_an_edit_keeps_to_the_version_that_was_opened(organization: Organization, owner: Desk) -> None:
    path = f"branches/{_branch(organization).pk}/edit/"
    mine = owner.form(path)
    assert owner.post(path, phone="020 1").status_code == 302
    stale = owner.client.post(owner.base + path, {**mine, "phone": "020 2"})
    assert stale.status_code == 409
    assert "020 1" in text_of(stale)
    assert "020 2" in text_of(stale)


def test_the_last_open_branch_says_why_it_stays(organization: Organization, owner: Desk) -> None:
    response = owner.post(f"branches/{_branch(organization).pk}/archive/")
    assert response.status_code == 422
    assert "Pune is the only open branch. Add another one first." in text_of(response)


def test_a_branch_is_archived_and_restored(organization: Organization, owner: Desk) -> None:
    with tenant(organization.pk):
        branch = add_branch(name="Nagpur", code="NG", state_code="27", pin_code="440001", address="1", city="Nagpur")
    assert owner.post(f"branches/{branch.pk}/archive/").status_code == 302
    assert "Nagpur" not in owner.fragment("branches/")
    assert owner.post(f"branches/{branch.pk}/restore/").status_code == 302
    assert "Nagpur" in owner.fragment("branches/")


def test_licences_are_kept_on_the_branch_with_their_heat(organization: Organization, owner: Desk) -> None:
    branch = _branch(organization)
    path = f"branches/{branch.pk}/add-licence/"
    assert "No licence yet" in text_of(owner.get(f"branches/{branch.pk}/"))
    first, last = TODAY - dt.timedelta(days=900), TODAY + dt.timedelta(days=20)
    response = owner.post(path, number="20b-mh-123456", valid_from=first.isoformat(), valid_to=last.isoformat())
    assert response.status_code == 302
    shown = text_of(owner.get(f"branches/{branch.pk}/"))
    assert "20B-MH-123456" in shown
    assert "20 d left" in shown
    assert "Licence 20B of Pune ends in 20 days" in text_of(owner.get(""))
    with tenant(organization.pk):
        licence = BranchLicence.objects.get()
    assert owner.post(f"licences/{licence.pk}/edit/", number="21B-MH-1").status_code == 422
    assert owner.post(f"licences/{licence.pk}/edit/", number="21B-MH-1", form="").status_code == 302
    assert owner.post(f"licences/{licence.pk}/delete/").status_code == 302
    with tenant(organization.pk):
        assert not BranchLicence.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"number": "MH-1"}, "The form is missing: begin with it, such as 20B-"),
        ({"number": "20B-1", "form": "21B"}, "The number says form 20B, the form chosen is 21B"),
        ({"number": "20B-1", "valid_to": "2020-01-01"}, "The last day lies before the first. Enter a later date"),
        ({"number": "20B-" + "1" * 60}, "A licence number has at most 40 characters"),
    ],
)
def test_a_licence_that_cannot_be_says_why(
    organization: Organization, owner: Desk, given: dict[str, str], sentence: str
) -> None:
    path = f"branches/{_branch(organization).pk}/add-licence/"
    response = owner.post(path, **{"valid_from": "2024-01-01", "valid_to": "2028-12-31", **given})
    assert response.status_code == 422
    assert sentence in text_of(response)


def test_the_list_of_licences_filters_by_standing(organization: Organization, owner: Desk) -> None:
    with tenant(organization.pk):
        branch = only_branch()
        for number, begins, ends in (("A1", -500, 400), ("B1", -500, 40), ("C1", -500, -1), ("D1", 5, 900)):
            BranchLicence(
                branch=branch,
                form="20B",
                number=f"20B-{number}",
                valid_from=TODAY + dt.timedelta(days=begins),
                valid_to=TODAY + dt.timedelta(days=ends),
            ).save()
    for standing, number in (("valid", "A1"), ("ending", "B1"), ("ended", "C1"), ("not_yet", "D1")):
        shown = owner.fragment("licences/", standing=standing)
        assert [one for one in ("A1", "B1", "C1", "D1") if f"20B-{one}" in shown] == [number]


# ---- number series ----


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"prefix": "pn/", "width": "4", "first_number": "7"}, "PN/0007"),
        ({"prefix": "0PN/", "width": "4", "first_number": "1"}, "A document number does not start with 0"),
        ({"prefix": "PUNE/2026-27/X/", "width": "5", "first_number": "1"}, "rule 46 allows 16"),
        ({"prefix": "PN/", "width": "x", "first_number": "1"}, "Digits and first number are whole numbers"),
        ({"prefix": "PN/", "width": "9" * 30, "first_number": "²"}, "Digits and first number are whole numbers"),
    ],
)
def test_the_preview_shows_the_numbers_or_the_reason(owner: Desk, given: dict[str, str], words: str) -> None:
    assert words in owner.fragment("series/preview/", **given)


def test_the_preview_suggests_the_usual_prefix(organization: Organization, owner: Desk) -> None:
    given = {"branch": _branch(organization).pk, "kind": "credit_note", "financial_year": "2026"}
    assert "PN/C2627/" in owner.fragment("series/preview/", **given)
    assert "PN/" not in owner.fragment("series/preview/", **{**given, "branch": "9" * 9, "kind": "nonsense"})


def test_a_series_is_set_up_and_stays_once_used(organization: Organization, owner: Desk) -> None:
    branch = _branch(organization)
    path = "series/new/"
    year = int(owner.form(path)["financial_year"]) if "financial_year" in owner.form(path) else TODAY.year
    given = {"branch": branch.pk, "kind": "invoice", "financial_year": year + 1, "width": "5", "first_number": "1"}
    refused = owner.post(path, **given, prefix="PUNE/2026-27/X/")
    assert refused.status_code == 422
    assert "PUNE/2026-27/X/99999 has 20 characters and rule 46 allows 16" in text_of(refused)
    assert owner.post(path, **given, prefix="next-").status_code == 302
    with tenant(organization.pk):
        series = NumberSeries.objects.get(prefix="NEXT-")
    assert owner.post(f"series/{series.pk}/edit/", first_number="40").status_code == 302
    with tenant(organization.pk):
        number = take_number(branch=branch, kind=DocumentKind.INVOICE, day=dt.date(year + 1, 6, 1))
        assert number == "NEXT-00040"
    detail = text_of(owner.get(f"series/{series.pk}/"))
    assert "NEXT-00041" in detail
    assert f'href="{owner.base}series/{series.pk}/edit/"' not in detail
    late = owner.post(f"series/{series.pk}/edit/", prefix="OTHER-")
    assert late.status_code == 422
    assert "NEXT-00040 is out already, so this series stays as it is" in text_of(late)


# ---- members, invitations, roles ----


def test_the_last_owner_is_told_on_the_page(organization: Organization, owner: Desk) -> None:
    me = owner_of(organization)
    with tenant(organization.pk):
        manager = role_of("manager")
    sentence = "Anaya Kolhe is the last owner. Make somebody else an owner first."
    for response in (
        owner.post(f"members/{me.pk}/edit/", role=manager.pk),
        owner.post(f"members/{me.pk}/deactivate/"),
    ):
        assert response.status_code == 422
        assert sentence in text_of(response)


def test_an_auditor_without_a_last_day_is_refused_beside_the_field(organization: Organization, owner: Desk) -> None:
    member = add_member(organization)
    with tenant(organization.pk):
        auditor = role_of("auditor")
    refused = owner.post(f"members/{member.pk}/edit/", role=auditor.pk)
    assert refused.status_code == 422
    assert "Last day: every auditor has a last day. Enter it" in text_of(refused)
    assert owner.post(f"members/{member.pk}/edit/", role=auditor.pk, ends_on=NEXT_YEAR.isoformat()).status_code == 302


def test_a_deactivated_member_is_out_at_once_even_with_a_page_open(organization: Organization, owner: Desk) -> None:
    member = add_member(organization, "manager", make_user("Devraj Pinto"))
    theirs = Desk(organization, member.user)
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
    again = Desk(organization, member.user)
    assert again.get("branches/").status_code == 403
    assert owner.post(f"members/{member.pk}/reactivate/").status_code == 302
    assert again.get("branches/").status_code == 200


def test_members_show_role_second_factor_and_last_visit(organization: Organization, owner: Desk) -> None:
    add_member(organization, "auditor", make_user("Leela Venkat"), ends_on=dt.date(2031, 3, 31))
    shown = owner.fragment("members/")
    for words in ("Anaya Kolhe", "Leela Venkat", "Auditor", "31 Mar 2031", "None"):
        assert words in shown
    assert "Leela" not in owner.fragment("members/", q="anaya")


def test_an_invitation_from_the_page_to_the_member(
    organization: Organization, owner: Desk, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with tenant(organization.pk):
        buyer = role_of("buyer")
    with django_capture_on_commit_callbacks(execute=True):
        response = owner.post("invitations/new/", email="Ira@Example.test", role=buyer.pk)
    assert response.status_code == 302
    (message,) = mailoutbox
    assert message.to == ["ira@example.test"]
    with tenant(organization.pk):
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


def test_who_may_only_look_gets_no_link(
    organization: Organization, owner: Desk, as_role: Callable[[str], Desk]
) -> None:
    """The link lets somebody in, so it is shown to those who may invite."""
    with tenant(organization.pk):
        picker = role_of("picker")
    owner.post("invitations/new/", email="ira@example.test", role=picker.pk)
    with tenant(organization.pk):
        invitation = Invitation.objects.get()
    page = as_role("auditor").get(f"invitations/{invitation.pk}/")
    assert page.status_code == 200
    assert 'id="link"' not in page.content.decode()


def test_custom_roles_open_and_close_pages(organization: Organization, owner: Desk) -> None:
    response = owner.post("roles/new/", name="Desk", description="Front desk", rights=["organizations.branch.view"])
    assert response.status_code == 302
    with tenant(organization.pk):
        role = Role.objects.get(name="Desk")
        member = add_member(organization, user=make_user())
        Membership.objects.filter(pk=member.pk).update(role=role)
    desk = Desk(organization, member.user)
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


def test_the_matrix_shows_every_right_and_role(organization: Organization, owner: Desk) -> None:
    with tenant(organization.pk):
        create_role(actor=owner_of(organization), name="Front desk", rights=["organizations.branch.view"])
    shown = text_of(owner.get("roles/"))
    for words in ("Owner", "Auditor", "Front desk", "Set up number series", "Make and change custom roles"):
        assert words in shown


def test_rights_are_refused_on_the_server_and_hidden_on_the_page(
    organization: Organization, as_role: Callable[[str], Desk]
) -> None:
    biller = as_role("biller")
    page = text_of(biller.get("branches/"))
    assert "New branch" not in page
    assert f"/o/{organization.slug}/members/" not in page
    for path in ("members/", "branches/new/", "settings/", "roles/", "series/"):
        assert biller.get(path).status_code == 403


# ---- settings, home, search ----


def test_requiring_a_second_factor_holds_from_the_next_page(
    organization: Organization, owner: Desk, as_role: Callable[[str], Desk]
) -> None:
    biller = as_role("biller")
    assert owner.post("settings/edit/", require_second_factor="on").status_code == 302
    page = biller.get("branches/")
    assert page.status_code == 302
    assert page["Location"].startswith("/accounts/2fa/")


def test_the_year_start_stays_once_a_number_is_out(organization: Organization, owner: Desk) -> None:
    with tenant(organization.pk):
        take_number(branch=only_branch(), kind=DocumentKind.INVOICE, day=TODAY)
    response = owner.post("settings/edit/", financial_year_start="1")
    assert response.status_code == 422
    assert "so its start stays" in text_of(response)
    assert owner.post("settings/edit/", name="Kite & Co").status_code == 302
    assert "Kite & Co" in text_of(owner.get("settings/"))


def test_the_set_up_list_says_what_is_missing_and_goes_when_nothing_is(organization: Organization, owner: Desk) -> None:
    fresh = text_of(owner.get(""))
    assert "Without one a branch cannot sell: Pune" in fresh
    assert "You work here alone so far" in fresh
    with tenant(organization.pk):
        branch = only_branch()
        BranchLicence(branch=branch, form="20B", number="20B-1", valid_from=TODAY, valid_to=NEXT_YEAR).save()
    add_member(organization)
    Organization.objects.filter(pk=organization.pk)
    with tenant(organization.pk):
        Organization.objects.filter(pk=organization.pk).update(require_second_factor=True)
        Organization.objects.filter(pk=organization.pk).update(require_second_factor=False)
    partly = text_of(owner.get(""))
    assert "Every branch has one that is valid" in partly
    assert "2 members, 0 invited" in partly
    assert "2 members have no second factor. You can require one" in partly


def test_the_palette_finds_branches_and_members(organization: Organization, owner: Desk) -> None:
    add_member(organization, "picker", make_user("Joy Mendes"))
    assert f"/o/{organization.slug}/branches/" in owner.fragment("palette/", q="pun")
    assert "Mendes" in owner.fragment("palette/", q="joy")


def test_the_frame_names_place_year_role_and_other_organizations(organization: Organization, owner: Desk) -> None:
    user = owner_of(organization).user
    other = make_organization(make_user(), name="Second Home")
    add_member(other, "buyer", user)
    text = text_of(owner.get("branches/"))
    assert "Pune · FY" in text
    assert f"/o/{other.slug}/" in text
    assert "Owner" in text
