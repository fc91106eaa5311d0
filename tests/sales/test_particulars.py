"""Who sold to whom, as a posted document keeps it."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from apps.core.tenancy.context import tenant
from apps.finance.operations.terms import set_terms
from apps.organizations.models import Branch, BranchLicence
from apps.parties.models import Party, PartyAddress, PartyLicence
from apps.sales.queries.particulars import letterhead, particulars
from apps.sales.rules.paper import Firm, Letterhead
from apps.sales.rules.particulars import Particulars, one_line
from tests import factories
from tests.sales.sheets import BUYER, SUPPLIER

TODAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize("ship_to", [None, BUYER])
def test_what_is_kept_is_what_was_said(ship_to: Firm | None) -> None:
    said = Particulars(SUPPLIER, BUYER, ship_to)
    assert Particulars.of_data(json.loads(json.dumps(said.as_data()))) == said


def test_what_was_kept_before_a_fact_was_added_still_reads() -> None:
    assert Particulars.of_data({"supplier": {"name": "A"}, "buyer": {"name": "B"}}) == Particulars(
        Firm("A", "", ""), Firm("B", "", "")
    )


def test_addresses_become_one_line() -> None:
    assert one_line("Unit 7,\nOld Lane", "Pune", "411000") == "Unit 7, Old Lane, Pune 411000"
    assert one_line("") == ""


@pytest.mark.django_db
def test_both_sides_with_the_licences_of_the_day() -> None:
    organization = factories.organization("Banyan & Kite")
    other = factories.organization()
    with tenant(organization.pk):
        branch = Branch.objects.get()
        Branch.objects.filter(pk=branch.pk).update(gstin="27AAPFU0939F1ZV", phone="020-1", bank_account="123456")
        party = Party.objects.create(
            name="Peepal", state_code="27", address="Mill Corner", city="Pune", pin_code="411001", pan="AAPFU0939F"
        )
        for number, first, last in (("1", 2024, 2028), ("2", 2020, 2025), ("3", 2027, 2030)):
            dates = {"valid_from": dt.date(first, 1, 1), "valid_to": dt.date(last, 1, 1)}
            PartyLicence.objects.create(party=party, form="20B", number=f"MH-{number}", **dates)
            BranchLicence.objects.create(branch=branch, form="21B", number=f"21B-MH-{number}", **dates)
        godown = PartyAddress.objects.create(
            party=party, name="Godown 2", address="Ring Road", city="Surat", pin_code="395001", state_code="24"
        )
        set_terms(upi_id="banyan@bank")
        found = particulars(branch_id=branch.pk, party_id=party.pk, on=TODAY, ship_to_id=godown.pk)
        assert found.supplier == Firm(
            name="Banyan & Kite",
            address="12 Laxmi Road, Pune 411030",
            state_code="27",
            gstin="27AAPFU0939F1ZV",
            pan="AAPFU0939F",
            phone="020-1",
            licences=("21B-MH-1",),
        )
        assert found.buyer == Firm(
            name="Peepal", address="Mill Corner, Pune 411001", state_code="27", pan="AAPFU0939F", licences=("20B MH-1",)
        )
        assert found.ship_to == Firm(name="Godown 2", address="Ring Road, Surat 395001", state_code="24")
        assert particulars(branch_id=branch.pk, party_id=party.pk, on=TODAY).ship_to is None
        assert letterhead(branch.pk) == Letterhead(bank_account="123456", upi_id="banyan@bank")
    with tenant(other.pk):
        assert letterhead(branch.pk) == Letterhead()
        with pytest.raises(LookupError):
            particulars(branch_id=branch.pk, party_id=party.pk, on=TODAY)
