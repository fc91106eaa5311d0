"""A process killed with -9 in the middle of a transfer, a count or an opening stock: all of it is there, or none."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from apps.core.exchange import operations as exchange
from apps.core.exchange.models import ImportJob
from apps.core.exchange.operations import taking
from apps.core.tenancy.context import tenant
from apps.finance.models import JournalEntry
from apps.inventory.imports.opening_stock import OpeningStockImporter
from apps.inventory.models import (
    Batch,
    CountState,
    Move,
    Place,
    PlaceKind,
    Product,
    Stock,
    StockCount,
    Transfer,
    TransferState,
)
from apps.inventory.operations import counts, transfers
from apps.inventory.operations.verifying import verify_stock
from apps.inventory.queries.valuation import stock_account_check
from apps.organizations.models import Membership, Organization
from apps.organizations.operations import add_branch
from tests import factories, processes
from tests.core.exchange.worlds import Importing
from tests.inventory.shop import TODAY, Shop

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

ROWS, SLICE = 60, 5

# The last thing that a transfer does is to take its number; there it waits to be killed.
SEND = """
import datetime as dt, pathlib, sys, time
from apps.core.tenancy.context import tenant
from apps.inventory.models import Move
from apps.inventory.operations import transfers
from apps.organizations.models import Membership
def stop(**_kwargs):
    assert Move.objects.filter(document_kind="inventory.transfer").exists()
    pathlib.Path(sys.argv[3]).touch()
    time.sleep(60)
transfers.take_number = stop
with tenant(int(sys.argv[1])):
    transfers.send_transfer(pk=int(sys.argv[2]), on=dt.date.fromisoformat(sys.argv[4]), actor=Membership.objects.get())
"""
APPROVE = """
import datetime as dt, pathlib, sys, time
from apps.core.tenancy.context import tenant
from apps.inventory.models import Move
from apps.inventory.operations import counts
from apps.organizations.models import Membership
def stop(_document):
    assert Move.objects.filter(document_kind="inventory.count").exists()
    pathlib.Path(sys.argv[3]).touch()
    time.sleep(60)
counts._thaw = stop
with tenant(int(sys.argv[1])):
    counts.approve_count(pk=int(sys.argv[2]), on=dt.date.fromisoformat(sys.argv[4]), actor=Membership.objects.get())
"""
TAKE = """
import pathlib, sys, time
from django.conf import settings
settings.DATA_DIR = pathlib.Path(sys.argv[4])
from apps.core.exchange import operations
from apps.core.exchange.operations import taking
from apps.inventory.imports import opening_stock
from apps.inventory.models import Move
taking.SLICE = 5
real = opening_stock.post_stock_value
def stop(**kwargs):
    real(**kwargs)
    if Move.objects.filter(document_kind="inventory.opening").count() >= 25:
        pathlib.Path(sys.argv[3]).touch()
        time.sleep(60)
opening_stock.post_stock_value = stop
operations.work_on(organization_id=int(sys.argv[1]), job_number=int(sys.argv[2]))
"""


@pytest.fixture
def organization() -> Organization:
    return factories.organization()


@pytest.fixture
def reached(tmp_path: Path) -> Path:
    return tmp_path / "reached"


def kill_there(source: str, reached: Path, *arguments: str) -> None:
    """Start the process, wait until it is in the middle, and kill it."""
    process = processes.start(source, *arguments)
    processes.wait_for(reached, process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def wait_until_gone() -> None:
    """PostgreSQL notices within moments that the other side is gone."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND xact_start IS NOT NULL AND usename = current_user"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    pytest.fail("The killed process still has its transaction.")


def test_a_transfer_is_sent_or_not(organization: Organization, reached: Path) -> None:
    with tenant(organization.pk):
        shop = Shop()
        batch = shop.stocked(100)
        nashik = add_branch(name="Nashik", code="NK", state_code="27", pin_code="422005", address="4", city="Nashik")
        far = Place.objects.get(branch=nashik, kind=PlaceKind.GODOWN)
        document = Transfer.objects.create(from_place=shop.godown, to_place=far)
        transfers.put_on_transfer(pk=document.pk, batch=batch, quantity=30)
        moves, entries = Move.objects.count(), JournalEntry.objects.count()
    kill_there(SEND, reached, str(organization.pk), str(document.pk), str(reached), TODAY.isoformat())
    wait_until_gone()
    with tenant(organization.pk):
        assert (Move.objects.count(), JournalEntry.objects.count()) == (moves, entries)
        assert Transfer.objects.get().state == TransferState.DRAFT
        assert shop.lies(batch) == {"Main": 100}
        sent = transfers.send_transfer(pk=document.pk, on=TODAY, actor=Membership.objects.get())
        # The number that was being taken was not used up.
        assert sent.number.endswith("1")
        assert shop.lies(batch) == {"Main": 70, "In transit": 30}
        assert verify_stock().clean


def test_a_count_is_approved_or_not(organization: Organization, reached: Path) -> None:
    with tenant(organization.pk):
        shop = Shop()
        batch = shop.stocked(100)
        owner = Membership.objects.get()
        document = counts.open_count(place=shop.godown, freeze=True, blind=True)
        counts.put_on_count(pk=document.pk, batch=batch, quantity=90, actor=owner)
        counts.submit_count(pk=document.pk, actor=owner, rest_is_none=False)
    kill_there(APPROVE, reached, str(organization.pk), str(document.pk), str(reached), TODAY.isoformat())
    wait_until_gone()
    with tenant(organization.pk):
        assert StockCount.objects.get().state == CountState.SUBMITTED
        assert Place.objects.get(pk=shop.godown.pk).frozen
        assert shop.lies(batch) == {"Main": 100}
        counts.approve_count(pk=document.pk, on=TODAY, actor=owner)
        assert shop.lies(batch) == {"Main": 90}
        assert not Place.objects.get(pk=shop.godown.pk).frozen
        assert verify_stock().clean


def test_an_opening_stock_is_taken_or_not(
    organization: Organization, reached: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    importing = Importing(organization.pk, OpeningStockImporter())
    data = "Product,Batch,Expiry,MRP,Cost,Quantity,Place\n" + "".join(
        f"Goods {number % 7},L{number},04/2029,120,80.25,{number + 1},R-{number % 4}\n" for number in range(ROWS)
    )
    with tenant(organization.pk):
        job = exchange.start_taking(job_number=importing.check(data).pk, only_good=True)
        places, entries = Place.objects.count(), JournalEntry.objects.count()
    kill_there(TAKE, reached, str(organization.pk), str(job.pk), str(reached), str(tmp_path))
    wait_until_gone()
    with tenant(organization.pk):
        assert not Move.objects.exists()
        assert not Batch.objects.exists()
        assert not Product.objects.exists()
        assert not Stock.objects.exists()
        assert (Place.objects.count(), JournalEntry.objects.count()) == (places, entries)
    monkeypatch.setattr(taking, "SLICE", SLICE)
    exchange.work_on(organization_id=organization.pk, job_number=job.pk)
    with tenant(organization.pk):
        done = ImportJob.objects.get(pk=job.pk)
        assert (done.status, done.created, done.attempts) == ("done", ROWS, 2)
        assert sum(Stock.objects.values_list("on_hand", flat=True)) == ROWS * (ROWS + 1) // 2
        assert verify_stock().clean
        assert stock_account_check().faults == []
