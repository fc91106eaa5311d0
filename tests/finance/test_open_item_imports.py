"""Open bills of parties from a file, through every step of the import; and the demo's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.finance.demo import make_money
from apps.finance.imports.open_items import OpenItemImporter
from apps.finance.models import OpenItem, Payment
from apps.finance.operations.opening_items import opening_difference
from apps.finance.queries.money_checks import allocations, control_accounts
from apps.organizations.demo import Demo
from tests import factories
from tests.core.exchange.worlds import Importing
from tests.finance import money
from tests.parties.factories import party

pytestmark = pytest.mark.django_db

D = Decimal

GOOD = """Party Name,Ref No,Date,Due on,Pending amount,Dr/Cr
Clocktower Medicals,BK/101,10/03/2026,31/03/2026,"62,480.00",Dr
clocktower medicals,BK/102,,30/04/2026,100,
Clocktower Medicals,ADV/1,,,500,Cr
Maker Remedies,MR-9,01/02/2026,,9000,Cr
Both Agencies,B-1,,,70,Cr
"""


@pytest.fixture
def importing(settings: Any, tmp_path: Path) -> Iterator[Importing]:
    settings.DATA_DIR = tmp_path
    organization = factories.organization()
    with tenant(organization.pk):
        party("Clocktower Medicals")
        party("Maker Remedies", is_customer=False, is_supplier=True)
        party("Both Agencies", is_supplier=True)
        yield Importing(organization.pk, OpenItemImporter())


def test_open_bills_come_in_with_their_due_dates(importing: Importing) -> None:
    job = importing.check(GOOD)
    assert importing.problems(job) == []
    job = importing.take(job)
    assert (job.status, job.created) == ("done", 5)
    found = {item.number: (item.side, item.open_amount, item.due_on) for item in OpenItem.objects.all()}
    assert found["BK/101"] == ("receivable", D("62480.00"), dt.date(2026, 3, 31))
    assert found["BK/102"][1] == D("100.00")
    assert found["ADV/1"][:2] == ("receivable", D("-500.00"))
    assert found["MR-9"] == ("payable", D("-9000.00"), dt.date(2026, 2, 1))
    assert found["B-1"][:2] == ("payable", D("-70.00"))
    assert opening_difference() == -(D("62480") + 100 - 500 - 9000 - 70)
    assert not control_accounts().faults


def test_what_does_not_tie_is_named(importing: Importing) -> None:
    importing.take(importing.check("Party,Bill number,Amount\nClocktower Medicals,BK/1,100\n"))
    job = importing.check(
        "Party,Bill number,Bill date,Due date,Amount\n"
        "Nobody,X-1,,,100\n"
        "Clocktower Medicals,X-2,,,0\n"
        "Clocktower Medicals,X-3,10/04/2026,01/04/2026,5\n"
        "Clocktower Medicals,bk/1,,,7\n"
    )
    found = {(row, column): message for row, column, message, _fix in importing.problems(job)}
    assert "No party has this name" in found[2, "party"]
    assert "Nothing is open" in found[3, "amount"]
    assert "due before its own date" in found[4, "due_on"]
    assert found[5, "number"] == "This bill is open here already, with 100.00."


def test_an_import_is_taken_back_until_something_is_settled(importing: Importing) -> None:
    job = importing.take(importing.check("Party,Bill number,Amount\nClocktower Medicals,BK/1,100\n"))
    OpenItemImporter().undo(job.pk)
    assert not OpenItem.objects.exclude(open_amount=0).exists()
    assert opening_difference() == 0

    job = importing.take(importing.check("Party,Bill number,Amount\nClocktower Medicals,BK/1,100\n"))
    item = OpenItem.objects.exclude(open_amount=0).get()
    money.receipt(factories_organization(importing), "10.00", who=item.party)
    with pytest.raises(Refusal, match=r"BK/1 is settled with ₹10.00 of ₹100.00"):
        OpenItemImporter().undo(job.pk)


def factories_organization(importing: Importing) -> Any:
    """The organization that is being imported into."""
    organization = OpenItem.objects.earliest("id").organization
    assert organization.pk == importing.organization_id
    return organization


def test_the_demo_ties(importing: Importing) -> None:
    organization = party("One more").organization
    for number in range(12):
        party(f"Chemist of the demo {number}")
    demo = Demo(organization, factories.owner_of(organization), seed=7, scale=1, today=timezone.localdate())
    assert "open bills" in make_money(demo)
    assert make_money(demo) == ""
    assert Payment.objects.exists()
    assert [control_accounts().faults, allocations().faults] == [[], []]
