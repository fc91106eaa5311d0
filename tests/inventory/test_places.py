"""Places: what lies in what, and when one may be taken out of use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from apps.core.tenancy.context import tenant
from apps.inventory.models import Place
from apps.inventory.operations.standing import furnish_branch
from apps.organizations.models import Branch, Organization
from apps.organizations.operations import add_branch
from tests import factories
from tests.inventory import factories as goods
from tests.organizations.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return factories.organization()


@pytest.fixture
def owner(organization: Organization) -> Desk:
    return Desk(organization, factories.owner_of(organization).user)


@pytest.fixture(autouse=True)
def inside(organization: Organization) -> Iterator[None]:
    with tenant(organization.pk):
        yield


def _typed(**given: Any) -> dict[str, Any]:
    return {"branch": Branch.objects.earliest("id").pk, "kind": "godown", "name": "Second godown", **given}


def test_a_rack_lies_in_a_godown_and_a_bin_in_the_rack(owner: Desk) -> None:
    assert owner.post("places/new/", **_typed()).status_code == 302
    godown = Place.objects.get(name="Second godown")
    assert owner.post("places/new/", **_typed(kind="rack", name="R1", parent=godown.pk)).status_code == 302
    rack = Place.objects.get(name="R1")
    assert owner.post("places/new/", **_typed(kind="bin", name="B1", parent=rack.pk, code="R1/B1")).status_code == 302
    page = owner.get(f"places/{rack.pk}/").content.decode()
    assert "Second godown" in page
    assert "B1" in page


@pytest.mark.parametrize(
    ("kind", "parent", "reason"),
    [
        ("godown", "godown", "Only a rack or a bin lies in another place"),
        ("rack", "rack", "A rack does not lie in a rack"),
        ("rack", "bin", "Select a valid choice"),
    ],
)
def test_what_cannot_lie_in_what_is_refused(owner: Desk, kind: str, parent: str, reason: str) -> None:
    above = goods.place("Upper", kind=parent)
    answer = owner.post("places/new/", **_typed(kind=kind, parent=above.pk))
    assert answer.status_code == 422
    assert reason in answer.content.decode()


def test_a_place_does_not_lie_in_its_own_part(owner: Desk) -> None:
    godown = goods.place("G")
    rack = goods.place("R", kind="rack", parent=godown)
    inner = goods.place("B", kind="bin", parent=rack)
    answer = owner.post(f"places/{inner.pk}/edit/", **_typed(kind="bin", name="B", parent=rack.pk))
    assert answer.status_code == 302
    Place.objects.filter(pk=rack.pk).update(kind="bin")
    Place.objects.filter(pk=inner.pk).update(kind="rack")
    answer = owner.post(f"places/{rack.pk}/edit/", **_typed(kind="bin", name="R", parent=inner.pk))
    assert answer.status_code == 422
    assert "B lies in this place." in answer.content.decode()


def test_what_a_place_is_for_stays_once_goods_moved_through_it(owner: Desk) -> None:
    place = goods.place("G")
    goods.stocked(5, product=goods.product(), place=place)
    page = owner.get(f"places/{place.pk}/edit/").content.decode()
    assert "Goods have moved through this place" in page
    owner.post(f"places/{place.pk}/edit/", **_typed(kind="expired", name="G2"))
    place.refresh_from_db()
    assert (place.kind, place.name) == ("godown", "G2")


def test_a_place_with_goods_or_racks_is_not_archived(owner: Desk) -> None:
    godown = goods.place("G")
    rack = goods.place("R", kind="rack", parent=godown)
    goods.stocked(5, product=goods.product(), place=rack)
    for place, reason in ((rack, "Goods lie in R. Move them first."), (godown, "has racks or bins in use")):
        answer = owner.post(f"places/{place.pk}/archive/")
        assert answer.status_code == 422
        assert reason in answer.content.decode()
        place.refresh_from_db()
        assert place.active
    empty = goods.place("Empty")
    assert owner.post(f"places/{empty.pk}/archive/").status_code == 302
    empty.refresh_from_db()
    assert (empty.active, empty.version) == (False, 2)


def test_every_branch_has_its_places_from_the_beginning(organization: Organization) -> None:
    def kinds(branch: Branch) -> list[str]:
        return sorted(Place.objects.filter(branch=branch, active=True).values_list("kind", flat=True))

    first = Branch.objects.get()
    assert kinds(first) == ["expired", "godown", "quarantine", "transit"]
    furnish_branch(first)
    assert kinds(first) == ["expired", "godown", "quarantine", "transit"]
    surat = add_branch(name="Surat", code="SU", state_code="24", pin_code="395000", address="1", city="Surat")
    assert kinds(surat) == ["expired", "godown", "quarantine", "transit"]
