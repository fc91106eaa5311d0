"""Customers and suppliers from files, through every step of the import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch
from apps.parties.imports import PartyImporter
from apps.parties.models import Party, PartyContact, PartyLicence, PriceGroup, Route
from tests import factories
from tests.core.exchange.worlds import Importing
from tests.parties.factories import party

pytestmark = pytest.mark.django_db


@pytest.fixture
def importing(settings: Any, tmp_path: Path) -> Iterator[Importing]:
    settings.DATA_DIR = tmp_path
    organization = factories.organization()
    with tenant(organization.pk):
        yield Importing(organization.pk, PartyImporter())


GOOD = """Party Name,GST No,Mobile No,Station,Beat,Cr Limit,Days,DL No 1,DL No 2,DL valid upto
Peepal Tree Chemists,27aapfu0939f1zv,98765 43210,Pune,Camp,"1,00,000",21,20B-MH-1,21B-MH-1,31/12/2028
Clocktower Medicals,24AAQCA8719H1ZC,,Surat,camp,,0,,,
"""


def test_headings_of_other_software_are_understood(importing: Importing) -> None:
    job = importing.check(GOOD)
    assert importing.problems(job) == []
    job = importing.take(job)
    assert (job.status, job.created) == ("done", 2)
    first = Party.objects.get(name="Peepal Tree Chemists")
    assert (first.gstin, first.state_code, first.pan, first.registration) == (
        "27AAPFU0939F1ZV",
        "27",
        "AAPFU0939F",
        "regular",
    )
    assert (first.credit_limit, first.credit_days, first.city) == (100_000, 21, "Pune")
    assert first.route == Route.objects.get(name="Camp")
    assert [str(licence) for licence in first.licences.order_by("form")] == ["20B-MH-1", "21B-MH-1"]
    assert first.licences.get(form="20B").valid_to == dt.date(2028, 12, 31)
    second = Party.objects.get(name="Clocktower Medicals")
    assert (second.state_code, second.credit_limit, second.route) == ("24", None, first.route)


def test_every_bad_cell_is_named(importing: Importing) -> None:
    party("Taken", email="shop@example.com")
    job = importing.check(
        "Name,GSTIN,PAN,State,PIN,Email,DL No 1,DL valid upto,Credit limit\n"
        "One,27AAPFU0939F1ZO,,,,,,,\n"
        "Two,,,,,,,,\n"
        "Three,27AAPFU0939F1ZV,AAPFU0939G,,,,,,\n"
        "Four,27AAPFU0939F1ZV,,Gujarat,,,,,\n"
        "Five,,,Goa,12,,,,\n"
        "Six,,,Goa,,SHOP@example.com,,,\n"
        "Seven,,,Goa,,,20B-MH-1,,\n"
        "Eight,,,Goa,,,nonsense,31/12/2028,\n"
        "Nine,,,Atlantis,,,,,\n"
        "Ten,,,Goa,,,,,plenty\n"
    )
    found = {(row, column): (message, fix) for row, column, message, fix in importing.problems(job)}
    assert found[2, "gstin"][0] == "The last character should be V, not O"
    assert "State is needed" in found[3, "state_code"][0]
    assert found[4, "pan"] == ("The GSTIN holds another PAN.", "AAPFU0939F")
    assert found[5, "state_code"] == ("The GSTIN is of another State.", "27")
    assert (6, "pin_code") in found
    assert "Taken has this e-mail" in found[7, "email"][0]
    assert "needs its last day" in found[8, "licence_to"][0]
    assert (9, "licence_20") in found
    assert (10, "state_code") in found
    assert (11, "credit_limit") in found
    assert job.errors == 10


def test_a_file_can_name_a_party_once(importing: Importing) -> None:
    job = importing.check("Name,State,Email\nOne,Goa,a@example.com\nONE,Goa,\nTwo,Goa,A@example.com\n")
    rows = {row for row, _column, _message, _fix in importing.problems(job)}
    assert rows == {3, 4}


def test_known_parties_are_updated_or_left(importing: Importing) -> None:
    known = party("Peepal Tree Chemists", city="Satara", credit_days=7)
    job = importing.take(importing.check(GOOD, existing="skip"))
    known.refresh_from_db()
    assert (job.created, known.city, known.credit_days) == (1, "Satara", 7)
    assert not known.licences.exists()
    job = importing.take(importing.check(GOOD, existing="update"))
    known.refresh_from_db()
    assert (known.city, known.credit_days, known.licences.count()) == ("Pune", 21, 2)
    assert job.updated == 1


def test_undo_takes_back_everything_it_made(importing: Importing) -> None:
    PriceGroup.objects.create(name="Hospital")
    known = party("Peepal Tree Chemists", city="Satara")
    job = importing.take(importing.check(GOOD, existing="update"))
    job = importing.undo(job)
    assert job.status == "undone"
    known.refresh_from_db()
    assert known.city == "Satara"
    assert not known.licences.exists()
    assert list(Party.objects.all()) == [known]
    assert not Route.objects.exists()
    assert PriceGroup.objects.exists()


def test_undo_keeps_what_somebody_worked_on(importing: Importing) -> None:
    job = importing.take(importing.check(GOOD))
    changed = Party.objects.get(name="Clocktower Medicals")
    Party.objects.filter(pk=changed.pk).update(city="Vapi", version=changed.version + 1)
    try:
        job = importing.undo(job)
    except Refusal as refusal:
        message = str(refusal)
    else:
        message = job.message
    assert "Clocktower Medicals" in message
    assert Party.objects.count() == 2


def test_belongings_go_with_their_party(importing: Importing) -> None:
    job = importing.take(importing.check(GOOD))
    PartyContact.objects.create(party=Party.objects.get(name="Clocktower Medicals"), name="Asha")
    assert importing.undo(job).status == "undone"
    assert not PartyLicence.objects.exists()


def test_a_sandbox_gstin_needs_a_branch_that_allows_it(importing: Importing) -> None:
    text = "Name,GSTIN\nOne,27AAPFU0939F1ZO\n"
    assert importing.check(text).errors == 1
    Branch.objects.update(gstin_sandbox=True)
    assert importing.check(text).errors == 0
