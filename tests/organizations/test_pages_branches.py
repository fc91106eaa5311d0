"""Pages of branches, licences and number series."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch, BranchLicence, NumberSeries, Organization
from apps.organizations.operations import add_branch, take_number
from apps.organizations.rules.numbering import DocumentKind
from tests.organizations.desk import Desk, branch_of, text_of
from tests.organizations.factories import only_branch

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
NEXT_YEAR = TODAY + dt.timedelta(days=365)


def test_a_branch_is_added_with_its_series(shop: Organization, owner: Desk) -> None:
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
    with tenant(shop.pk):
        branch = Branch.objects.get(name="Surat")
        assert (branch.code, branch.state_code, branch.pin_code) == ("SR", "24", "395001")
        assert branch.series.count() == len(DocumentKind)


LETTERHEAD = {
    "bank_name": "Sample Bank of Paper, Pune",
    "bank_account": "0000 0000-4127",
    "bank_ifsc": "zzzz 0000001",
    "signatory": "Partner",
    "fssai": "1151 5000 0001 23",
    "bill_terms": "Returns within 90 days of expiry.",
}


def test_what_stands_on_its_bills_is_kept_in_its_written_form_and_shown(shop: Organization, owner: Desk) -> None:
    branch = branch_of(shop)
    place = {"name": "Pune", "code": "PN", "state_code": "27", "address": "1", "city": "Pune", "pin_code": "411001"}
    response = owner.post(f"branches/{branch.pk}/edit/", **place, **LETTERHEAD, composition="on", version=1)
    assert response.status_code == 302
    with tenant(shop.pk):
        kept = Branch.objects.get(pk=branch.pk)
    assert (kept.bank_account, kept.bank_ifsc, kept.fssai) == ("000000004127", "ZZZZ0000001", "11515000000123")
    assert kept.composition
    text = text_of(owner.get(f"branches/{branch.pk}/"))
    for words in ("Sample Bank of Paper, Pune", "000000004127", "ZZZZ0000001", "Partner", "Returns within 90 days"):
        assert words in text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("bank_ifsc", "HDFC1001234", "An IFSC has 4 letters, a 0 and 6 more"),
        ("bank_account", "12345", "An account number has 6 to 18 digits"),
        ("bank_account", "12345678901234567890", "An account number has 6 to 18 digits"),
        ("fssai", "123", "A food licence has 14 digits"),
    ],
)
def test_a_number_of_the_letterhead_that_cannot_be_is_named(owner: Desk, field: str, typed: str, words: str) -> None:
    response = owner.post("branches/new/", name="Surat", **{field: typed})
    assert response.status_code == 422
    assert words in text_of(response)


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


def test_an_edit_keeps_to_the_version_that_was_opened(shop: Organization, owner: Desk) -> None:
    path = f"branches/{branch_of(shop).pk}/edit/"
    mine = owner.form(path)
    assert owner.post(path, phone="020 1").status_code == 302
    stale = owner.client.post(owner.base + path, {**mine, "phone": "020 2"})
    assert stale.status_code == 409
    assert "020 1" in text_of(stale)
    assert "020 2" in text_of(stale)


def test_the_last_open_branch_says_why_it_stays(shop: Organization, owner: Desk) -> None:
    response = owner.post(f"branches/{branch_of(shop).pk}/archive/")
    assert response.status_code == 422
    assert "Pune is the only open branch. Add another one first." in text_of(response)


def test_a_branch_is_archived_and_restored(shop: Organization, owner: Desk) -> None:
    with tenant(shop.pk):
        branch = add_branch(name="Nagpur", code="NG", state_code="27", pin_code="440001", address="1", city="Nagpur")
    assert owner.post(f"branches/{branch.pk}/archive/").status_code == 302
    assert "Nagpur" not in owner.fragment("branches/")
    assert owner.post(f"branches/{branch.pk}/restore/").status_code == 302
    assert "Nagpur" in owner.fragment("branches/")


def test_licences_are_kept_on_the_branch_with_their_heat(shop: Organization, owner: Desk) -> None:
    branch = branch_of(shop)
    path = f"branches/{branch.pk}/add-licence/"
    assert "No licence yet" in text_of(owner.get(f"branches/{branch.pk}/"))
    first, last = TODAY - dt.timedelta(days=900), TODAY + dt.timedelta(days=20)
    response = owner.post(path, number="20b-mh-123456", valid_from=first.isoformat(), valid_to=last.isoformat())
    assert response.status_code == 302
    shown = text_of(owner.get(f"branches/{branch.pk}/"))
    assert "20B-MH-123456" in shown
    assert "20 d left" in shown
    assert "Licence 20B of Pune ends in 20 days" in text_of(owner.get(""))
    with tenant(shop.pk):
        licence = BranchLicence.objects.get()
    assert owner.post(f"licences/{licence.pk}/edit/", number="21B-MH-1").status_code == 422
    assert owner.post(f"licences/{licence.pk}/edit/", number="21B-MH-1", licence_form="").status_code == 302
    assert owner.post(f"licences/{licence.pk}/delete/").status_code == 302
    with tenant(shop.pk):
        assert not BranchLicence.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"number": "MH-1"}, "The form is missing: begin with it, such as 20B-"),
        ({"number": "20B-1", "licence_form": "21B"}, "The number says form 20B, the form chosen is 21B"),
        ({"number": "20B-1", "valid_to": "2020-01-01"}, "The last day lies before the first. Enter a later date"),
        ({"number": "20B-" + "1" * 60}, "A licence number has at most 40 characters"),
    ],
)
def test_a_licence_that_cannot_be_says_why(
    shop: Organization, owner: Desk, given: dict[str, str], sentence: str
) -> None:
    path = f"branches/{branch_of(shop).pk}/add-licence/"
    response = owner.post(path, **{"valid_from": "2024-01-01", "valid_to": "2028-12-31", **given})
    assert response.status_code == 422
    assert sentence in text_of(response)


def test_the_list_of_licences_filters_by_standing(shop: Organization, owner: Desk) -> None:
    with tenant(shop.pk):
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


def test_the_preview_suggests_the_usual_prefix(shop: Organization, owner: Desk) -> None:
    given = {"branch": branch_of(shop).pk, "kind": "credit_note", "financial_year": "2026"}
    assert "PN/C2627/" in owner.fragment("series/preview/", **given)
    assert "PN/" not in owner.fragment("series/preview/", **{**given, "branch": "9" * 9, "kind": "nonsense"})


def test_a_series_is_set_up_and_stays_once_used(shop: Organization, owner: Desk) -> None:
    branch = branch_of(shop)
    path = "series/new/"
    year = int(owner.form(path)["financial_year"]) if "financial_year" in owner.form(path) else TODAY.year
    given = {"branch": branch.pk, "kind": "invoice", "financial_year": year + 1, "width": "5", "first_number": "1"}
    refused = owner.post(path, **given, prefix="PUNE/2026-27/X/")
    assert refused.status_code == 422
    assert "PUNE/2026-27/X/99999 has 20 characters and rule 46 allows 16" in text_of(refused)
    assert owner.post(path, **given, prefix="next-").status_code == 302
    with tenant(shop.pk):
        series = NumberSeries.objects.get(prefix="NEXT-")
    assert owner.post(f"series/{series.pk}/edit/", first_number="40").status_code == 302
    with tenant(shop.pk):
        number = take_number(branch=branch, kind=DocumentKind.INVOICE, day=dt.date(year + 1, 6, 1))
        assert number == "NEXT-00040"
    detail = text_of(owner.get(f"series/{series.pk}/"))
    assert "NEXT-00041" in detail
    assert f'href="{owner.base}series/{series.pk}/edit/"' not in detail
    late = owner.post(f"series/{series.pk}/edit/", prefix="OTHER-")
    assert late.status_code == 422
    assert "NEXT-00040 is out already, so this series stays as it is" in text_of(late)
