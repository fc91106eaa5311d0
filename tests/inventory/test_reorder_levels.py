"""Reorder levels of places: on the page of the product, in their list, and from files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.core.tenancy.context import tenant
from apps.inventory.imports.reorder import ReorderLevelImporter
from apps.inventory.models import Place, Product, ReorderLevel
from apps.organizations.models import Organization
from apps.organizations.operations import add_branch
from tests import factories
from tests.core.exchange.worlds import Importing
from tests.inventory import factories as goods
from tests.organizations.desk import Desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return factories.organization()


@pytest.fixture(autouse=True)
def inside(organization: Organization) -> Iterator[None]:
    with tenant(organization.pk):
        yield


@pytest.fixture
def owner(organization: Organization) -> Desk:
    return Desk(organization, factories.owner_of(organization).user)


@pytest.fixture
def importing(organization: Organization, settings: Any, tmp_path: Path) -> Importing:
    settings.DATA_DIR = tmp_path
    return Importing(organization.pk, ReorderLevelImporter())


@pytest.fixture
def product() -> Product:
    return goods.product("Azivanta 500", code="AZ500")


def levels() -> set[tuple[str, str, int, int | None]]:
    rows = ReorderLevel.objects.values_list("product__name", "place__name", "level", "quantity")
    return set(rows)


def test_a_level_is_set_changed_and_given_up_on_the_product(owner: Desk, product: Product) -> None:
    godown = Place.objects.get(kind="godown")
    new = f"products/{product.pk}/reorder-levels/new/"
    assert owner.post(new, place=godown.pk, level="40", quantity="100").status_code == 302
    page = text_of(owner.get(f"products/{product.pk}/"))
    assert "Main godown" in page
    twice = owner.post(new, place=godown.pk, level="50")
    assert twice.status_code == 422
    assert "This place has a reorder level for the product already." in text_of(twice)
    level = ReorderLevel.objects.get()
    assert owner.post(f"reorder-levels/{level.pk}/edit/", place=godown.pk, level="60", quantity="").status_code == 302
    assert levels() == {("Azivanta 500", "Main godown", 60, None)}
    listed = text_of(owner.get("reorder-levels/?q=aziv"))
    assert "Azivanta 500" in listed
    assert "60" in listed
    assert owner.post(f"reorder-levels/{level.pk}/delete/").status_code == 302
    assert levels() == set()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"level": "-1"}, "greater than or equal to 0"),
        ({"level": "2.5"}, "Enter a whole number"),
        ({"level": "", "quantity": "5"}, "This field is required"),
        ({"level": "5", "quantity": "0"}, "Order 1 or more, or leave the quantity empty."),
        ({"level": "5", "kind": "quarantine"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_a_level(owner: Desk, product: Product, typed: dict[str, str], said: str) -> None:
    place = Place.objects.get(kind=typed.pop("kind", "godown"))
    answer = owner.post(f"products/{product.pk}/reorder-levels/new/", place=place.pk, **typed)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert levels() == set()


def test_levels_come_from_a_file_and_go_again(importing: Importing, product: Product) -> None:
    goods.product("Tramalot 50")
    kept = ReorderLevel.objects.create(product=product, place=Place.objects.get(kind="godown"), level=5)
    add_branch(name="Surat", code="SU", state_code="24", pin_code="395000", address="1", city="Surat")
    job = importing.check(
        "Product,Item code,Place,Branch,Min qty,Order qty\n"
        ",AZ500,main godown,PUN,40,100\n"
        "Tramalot 50,,Main godown,Surat,7,\n"
        "Tramalot 50,,Main godown,,7,\n"
        "Tramalot 50,,Quarantine,Surat,7,\n"
        "Nobody 5,,Main godown,Surat,7,\n"
        "Tramalot 50,,Main godown,Pune,-1,\n"
        "Tramalot 50,,Main godown,Pune,3,0\n"
    )
    found = {(row, column): message for row, column, message, _fix in importing.problems(job)}
    assert set(found) == {(4, "place"), (5, "place"), (6, "name"), (7, "level"), (8, "quantity")}
    assert "or give its branch" in found[4, "place"]
    job = importing.take(job)
    assert (job.status, job.created, job.updated) == ("done", 1, 1)
    assert levels() == {("Azivanta 500", "Main godown", 40, 100), ("Tramalot 50", "Main godown", 7, None)}
    importing.undo(job)
    assert levels() == {("Azivanta 500", "Main godown", 5, None)}
    assert ReorderLevel.objects.get().pk == kept.pk


def test_a_level_that_somebody_changed_since_stays(importing: Importing, product: Product, owner: Desk) -> None:
    job = importing.take(importing.check("Product,Place,Level\nAzivanta 500,Main godown,40\n"))
    level = ReorderLevel.objects.get()
    owner.post(f"reorder-levels/{level.pk}/edit/", place=level.place_id, level="60")
    undone = importing.undo(job)
    assert (undone.status, "were changed since" in undone.message) == ("done", True)
    assert levels() == {("Azivanta 500", "Main godown", 60, None)}
