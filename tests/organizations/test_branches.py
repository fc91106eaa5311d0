"""Branches and their licences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch, Organization
from apps.organizations.operations import (
    BranchRefused,
    add_branch,
    check_licence,
    deactivate_branch,
    reactivate_branch,
)
from apps.organizations.rules.licences import LicenceForm
from tests.organizations.factories import make_organization, only_branch

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Iterator[Organization]:
    organization = make_organization()
    with tenant(organization.pk):
        yield organization


def _nagpur(**given: str) -> Branch:
    values = {"name": "Nagpur", "code": "NG", "state_code": "27", "pin_code": "440 001", "address": "1", "city": "N"}
    return add_branch(**{**values, **given})


def test_a_branch_is_kept_in_its_written_form(organization: Organization) -> None:
    branch = _nagpur(code="ng", gstin=" 27aapfu 0939f1zv ")
    branch.refresh_from_db()
    assert (branch.code, branch.gstin, branch.pin_code) == ("NG", "27AAPFU0939F1ZV", "440001")


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"name": "PUNE"}, "name", "Another branch is called PUNE"),
        ({"code": "pn"}, "code", "Another branch has the code PN"),
    ],
)
def test_names_and_codes_differ(organization: Organization, given: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(BranchRefused, match=words) as caught:
        _nagpur(**given)
    assert caught.value.field == field


def test_a_sandbox_number_passes_only_where_the_branch_allows_it(organization: Organization) -> None:
    with pytest.raises(BranchRefused):
        _nagpur(gstin="27AAPFU0939F1ZO")
    branch = add_branch(
        name="Trial",
        code="TR",
        state_code="27",
        pin_code="411001",
        gstin="27AAPFU0939F1ZO",
        gstin_sandbox=True,
        address="1",
        city="Pune",
    )
    assert branch.gstin == "27AAPFU0939F1ZO"


def test_a_former_state_counts_for_its_successor(organization: Organization) -> None:
    assert _nagpur(state_code="28").state_code == "37"


def test_the_only_open_branch_stays_open(organization: Organization) -> None:
    pune = only_branch()
    with pytest.raises(BranchRefused, match=r"Pune is the only open branch. Add another one first."):
        deactivate_branch(branch=pune)
    nagpur = _nagpur()
    assert deactivate_branch(branch=pune).active is False
    with pytest.raises(BranchRefused):
        deactivate_branch(branch=nagpur)
    assert reactivate_branch(branch=pune).active is True
    assert Branch.objects.filter(active=True).count() == 2


def test_a_licence_is_read_and_its_days_compared() -> None:
    first, last = dt.date(2024, 1, 1), dt.date(2028, 12, 31)
    found = check_licence(form="", number="20b-mh-1", valid_from=first, valid_to=last)
    assert (found.form, found.number) == (LicenceForm.F20B, "20B-MH-1")


@pytest.mark.parametrize(
    ("form", "number", "valid_to", "field"),
    [
        ("21B", "20B-MH-1", dt.date(2028, 1, 1), "number"),
        ("", "none", dt.date(2028, 1, 1), "number"),
        ("", "20B-MH-1", dt.date(2023, 1, 1), "valid_to"),
    ],
)
def test_a_licence_that_cannot_be_is_refused(form: str, number: str, valid_to: dt.date, field: str) -> None:
    with pytest.raises(BranchRefused) as caught:
        check_licence(form=form, number=number, valid_from=dt.date(2024, 1, 1), valid_to=valid_to)
    assert caught.value.field == field
