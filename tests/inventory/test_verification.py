"""Balances rebuilt from the moves: clean after ordinary work, and every tampering named."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from apps.core.tenancy.context import tenant
from apps.inventory.models import Stock, StockVerification
from apps.inventory.operations import Demand, Document, hold, reserve
from apps.inventory.operations.verifying import verify_stock
from apps.inventory.queries.verification import last_verification
from apps.inventory.tasks import expire_all_stock, verify_all_stock
from apps.organizations.models import Organization
from tests import factories
from tests.inventory import factories as goods
from tests.inventory.shop import APRIL, BILL, DEC, TODAY, Shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def organization(transactional_db: None) -> Organization:
    """A shop that has received, sold, held and blocked."""
    made = factories.organization()
    with tenant(made.pk):
        shop = Shop()
        goods.product("Never in stock", reorder_level=5, storage="cold")
        shop.stocked(10, APRIL, number="LATE")
        held = shop.stocked(5, DEC, number="SOON")
        shop.stocked(3, DEC, number="B1", product=goods.product("Cold one", schedule="H1", storage="cold"))
        shop.issue(6, BILL)
        reserve(
            demands=[Demand(shop.product.pk, 2)],
            branch_id=shop.branch.pk,
            on=TODAY,
            document=Document("sales.order", 1),
        )
        hold(batch_ids=[held.pk], reason="Broken seals")
    return made


def test_ordinary_work_ties_out(organization: Organization) -> None:
    with tenant(organization.pk):
        assert last_verification() is None
        result = verify_stock()
        assert [str(one) for one in result.found] == []
        assert (result.clean, result.balances, result.moves) == (True, 3, 5)
        kept = last_verification()
    assert kept == result


# One after the other; each leaves the next something to find.
TAMPERING = [
    ("UPDATE inventory_stockfigure SET value = value + 1 WHERE kind = 'saleable'", "saleable 2028-04-30"),
    ("UPDATE inventory_stockfigure SET entries = 2 WHERE kind = 'low'", "low: 2 0 0 0.0000 stored, 1 0 0 0 rebuilt"),
    ("UPDATE inventory_stockfigure SET entries = 2 WHERE kind = 'cold'", "cold: 2"),
    ("UPDATE inventory_productstock SET free = 1 WHERE on_hand = 9", "Azivanta 500: 9 2 1 stored, 9 2 7 rebuilt"),
    ("DELETE FROM inventory_productstock WHERE on_hand = 0", "Never in stock: – stored"),
    ("UPDATE inventory_stock SET saleable = NOT saleable WHERE on_hand = 9", "4.0000 f stored"),
    ("UPDATE inventory_stock SET reserved = 1 WHERE reserved = 2", "Azivanta 500, LATE, Main: 1 stored, 2 rebuilt"),
    ("UPDATE inventory_stock SET on_hand = 42 WHERE on_hand = 9", "Azivanta 500, LATE, Main: 42 stored, 9 rebuilt"),
    ("DELETE FROM inventory_reservation", "Azivanta 500, LATE, Main: 1 stored, 0 rebuilt"),
    ("DELETE FROM inventory_stock WHERE on_hand = 42", "Azivanta 500, LATE, Main: 0 stored, 9 rebuilt"),
]


def test_whatever_was_changed_behind_the_ledger_is_named(
    organization: Organization, owner_connection: psycopg.Connection[Any]
) -> None:
    for statement, words in TAMPERING:
        _without_triggers(owner_connection, statement)
        with tenant(organization.pk):
            result = verify_stock()
            assert result.differences >= 1
            assert any(words in str(one) for one in result.found), (words, [str(one) for one in result.found])
            assert last_verification() == result


def _without_triggers(owner: psycopg.Connection[Any], statement: str) -> None:
    """As somebody with the database's keys could."""
    table = statement.split()[2] if statement.startswith("DELETE") else statement.split()[1]
    owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
    try:
        owner.execute(statement.encode())
    finally:
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())


def test_the_command_tells_and_fails_when_anything_differs(
    organization: Organization, owner_connection: psycopg.Connection[Any]
) -> None:
    def said(*arguments: str) -> str:
        out = io.StringIO()
        call_command("verify_stock", *arguments, stdout=out)
        return out.getvalue()

    assert f"{organization.slug}: 3 balances are what 5 moves say." in said("--organization", organization.slug)
    with pytest.raises(CommandError, match="no organization nowhere"):
        said("--organization", "nowhere")
    _without_triggers(owner_connection, "UPDATE inventory_stock SET on_hand = 42 WHERE on_hand = 9")
    with pytest.raises(SystemExit):
        said()


def test_it_runs_at_night_for_every_organization(organization: Organization) -> None:
    verify_all_stock()
    with tenant(organization.pk):
        assert StockVerification.objects.get().differences == 0


def test_expired_goods_leave_the_shelves_by_the_clock(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.inventory.tasks.timezone.localdate", lambda: dt.date(2027, 1, 1))
    expire_all_stock()
    with tenant(organization.pk):
        assert dict(Stock.objects.filter(in_stock=True).values_list("batch__number", "place__kind")) == {
            "LATE": "godown",
            "B1": "expired",
        }
        assert verify_stock().clean
