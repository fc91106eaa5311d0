"""The scan page: what a code means here, and learning one that nobody knew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from apps.core.tenancy.context import tenant
from apps.inventory.models import Barcode, PackUnit
from apps.inventory.operations.barcodes import learn_barcode
from apps.inventory.operations.products import BarcodeTaken
from apps.inventory.queries.scan import meaning_of, place_code
from apps.inventory.rules.scan import own_code
from apps.organizations.models import Organization
from tests import factories
from tests.inventory import factories as goods
from tests.organizations.desk import Desk, text_of

pytestmark = pytest.mark.django_db
GTIN = "08901234567890"


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


def test_one_scan_finds_product_pack_and_batch() -> None:
    product, other = goods.product(), goods.product("Other")
    carton = PackUnit.objects.create(product=product, name="box", quantity=10)
    learn_barcode(product=product, code="8901234567890", pack=carton)
    batch, _same_number = goods.batch(product, "AZ4410"), goods.batch(other, "AZ4410")
    meaning = meaning_of(f"01{GTIN}1728040010az4410")
    assert (meaning.product, meaning.pack, meaning.batch) == (product, carton, batch)
    assert meaning.scan.expiry == dt.date(2028, 4, 30)


def test_a_batch_number_alone_may_mean_several() -> None:
    first, second = goods.product(), goods.product("Other")
    early = goods.batch(first, "AZ4410", expiry=dt.date(2027, 1, 31))
    late = goods.batch(second, "AZ4410", expiry=dt.date(2028, 1, 31))
    meaning = meaning_of("AZ4410")
    assert meaning.batches == (early, late)
    assert (meaning.batch, meaning.product) == (None, None)


def test_shelves_and_labels_of_ours_are_known() -> None:
    rack, bin_ = goods.place("R2", code="R2/B14"), goods.place("B")
    batch = goods.batch(goods.product())
    assert meaning_of("r2/b14").place == rack
    assert place_code(rack) == "R2/B14"
    assert meaning_of(place_code(bin_)).place == bin_
    assert meaning_of(own_code("batch", batch.pk)).batch == batch
    assert not meaning_of(own_code("batch", batch.pk + 1)).known


def test_a_code_is_learned_once(owner: Desk) -> None:
    product, other = goods.product(), goods.product("Other")
    assert "Nobody knows this code yet" in text_of(owner.get("stock/scan/", code="H2-99-ABC"))
    found = text_of(owner.get("stock/scan/", code="H2-99-ABC", q="tin"))
    assert "Tin Roof 500" in found
    for _twice in range(2):
        answer = owner.client.post(owner.base + "stock/scan/", {"code": "H2-99-ABC", "product": product.pk})
        assert answer.status_code == 302
    assert Barcode.objects.get().product == product
    answer = owner.client.post(owner.base + "stock/scan/", {"code": "H2-99-ABC", "product": other.pk})
    assert answer.status_code == 422
    assert "This is the code of Tin Roof 500" in text_of(answer)
    with pytest.raises(BarcodeTaken):
        learn_barcode(product=other, code="H2-99-ABC")


def test_the_page_says_where_the_goods_lie(owner: Desk) -> None:
    product, rack = goods.product(), goods.place("Rack 7")
    learn_barcode(product=product, code=GTIN)
    goods.stocked(12, product=product, place=rack, number="AZ4410")
    page = text_of(owner.get("stock/scan/", code="8901234567890"))
    assert "Rack 7" in page
    assert "AZ4410" in page


def test_a_broken_code_is_named_beside_the_box(owner: Desk) -> None:
    answer = owner.get("stock/scan/", code="0108901234567891")
    assert answer.status_code == 422
    assert "should be 0" in text_of(answer)
    assert 'value="0108901234567891"' in text_of(answer)


def test_a_picker_may_look_but_not_teach(organization: Organization) -> None:
    picker = Desk(organization, factories.member(organization, "picker").user)
    assert "Somebody who may change products" in text_of(picker.get("stock/scan/", code="H2-1"))
    answer = picker.client.post(picker.base + "stock/scan/", {"code": "H2-1", "product": goods.product().pk})
    assert answer.status_code == 422
    assert not Barcode.objects.exists()
