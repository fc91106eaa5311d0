"""The list of parties as a file."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from apps.core.tenancy.context import tenant
from apps.core.ui.tables.table import compiled
from apps.parties.models import Party
from apps.parties.tables import PartyTable
from tests import factories


@pytest.mark.django_db
def test_a_cell_that_yes_and_no_decide_is_written_without_python(client: Client) -> None:
    """Every column is PostgreSQL's to write, though what a party is to us has words of its own."""
    organization = factories.organization()
    factories.sign_in(client, factories.owner_of(organization).user)
    with tenant(organization.pk):
        for name, customer, supplier in (("Both", True, True), ("Buyer", True, False), ("Maker", False, True)):
            Party.objects.create(name=name, state_code="27", is_customer=customer, is_supplier=supplier)
    response = client.get(f"/o/{organization.slug}/parties/", {"export": "csv"})
    file = response.getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(file)))
    place = rows[0].index("Kind")
    assert [row[place] for row in rows[1:]] == ["Customer, Supplier", "Customer", "Supplier"]
    columns = compiled(PartyTable, Party).values()
    assert not [column.name for column in columns if column.in_file(column.sources).cell.make]
