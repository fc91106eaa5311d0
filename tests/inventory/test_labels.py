"""Labels: what they say scans as what they are stuck on."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from apps.core.paper import can_print
from apps.core.tenancy.context import tenant
from apps.inventory.models import Batch, Place
from apps.inventory.operations.barcodes import learn_barcode
from apps.inventory.queries.scan import meaning_of
from apps.inventory.rules.labels import PAPERS, pages
from apps.organizations.models import Organization
from tests import factories
from tests.inventory import factories as goods
from tests.organizations.desk import Desk, text_of

GTIN = "8901234567890"


@given(number=st.integers(0, 300), paper=st.sampled_from(sorted(PAPERS)), used=st.integers(0, 64))
def test_every_label_is_printed_once_and_no_page_is_overfull(number: int, paper: str, used: int) -> None:
    sheet = PAPERS[paper]
    if used >= sheet.per_page:
        with pytest.raises(ValueError, match="A page has"):
            pages(range(number), sheet, used=used)
        return
    made = pages(range(number), sheet, used=used)
    cells = [cell for page in made for cell in page]
    assert [cell for cell in cells if cell is not None] == list(range(number))
    assert cells[:used] == [None] * min(used, len(cells))
    assert all(len(page) <= sheet.per_page for page in made)
    assert all(len(page) == sheet.per_page for page in made[:-1])


@pytest.fixture
def organization() -> Organization:
    return factories.organization()


@pytest.fixture
def owner(organization: Organization) -> Desk:
    return Desk(organization, factories.owner_of(organization).user)


@pytest.fixture
def inside(organization: Organization) -> Iterator[None]:
    with tenant(organization.pk):
        yield


@pytest.fixture
def batch(inside: None) -> Batch:
    product = goods.product()
    learn_barcode(product=product, code=GTIN)
    return goods.batch(product, "AZ4410")


@pytest.fixture
def rack(inside: None) -> Place:
    return goods.place("Rack 7", code="R7")


@pytest.mark.django_db
def test_a_sheet_names_batch_and_shelf_and_keeps_used_labels_empty(owner: Desk, batch: Batch, rack: Place) -> None:
    asked = text_of(owner.get("stock/labels/", batch=batch.pk, place=rack.pk))
    assert "Tin Roof 500 · AZ4410" in asked
    page = text_of(
        owner.get(
            "stock/labels/",
            batch=batch.pk,
            place=rack.pk,
            paper="labels24",
            used=2,
            **{f"batch-{batch.pk}": 3, f"place-{rack.pk}": 1},
        )
    )
    assert page.count('class="label"') == 6
    assert page.count("Batch AZ4410") == 3
    assert "MRP ₹10.00" in page
    assert "(01)08901234567890(17)28040" in page
    assert page.count("<b>Rack 7</b>") == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"used": 24}, "A page has 24 labels"),
        ({"number": 0}, "Type how many labels"),
        ({"number": 2001}, "less than or equal to 2000"),
        ({"number": "two"}, "Enter a whole number"),
        ({"paper": "a0"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_printed_is_said_beside_the_box(
    owner: Desk, batch: Batch, typed: dict[str, object], reason: str
) -> None:
    given_ = {"paper": "labels24", "used": 0, "number": 1} | typed
    number = given_.pop("number")
    answer = owner.get("stock/labels/", batch=batch.pk, **given_, **{f"batch-{batch.pk}": number})
    assert answer.status_code == 422
    assert reason in text_of(answer)


@pytest.mark.django_db
@pytest.mark.skipif(not can_print(), reason="the printing engine has no wheel for this machine")
@pytest.mark.parametrize(
    ("paper", "width", "height"),
    [("labels65", 210, 297), ("labels24", 210, 297), ("roll50", 50, 25), ("roll75", 75, 50)],
)
def test_the_printed_label_scans(
    organization: Organization, owner: Desk, batch: Batch, paper: str, width: int, height: int
) -> None:
    """From the PDF as a printer prints it, at 300 dots an inch."""
    answer = owner.get("stock/labels/", batch=batch.pk, paper=paper, **{f"batch-{batch.pk}": 2, "as": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    assert len(document) == (1 if PAPERS[paper].per_page > 1 else 2)
    page = document[0]
    assert [round(side / 72 * 25.4) for side in page.get_size()] == [width, height]
    picture = page.render(scale=300 / 72).to_pil().convert("L")
    found = zxingcpp.read_barcodes(picture)
    assert len(found) == (2 if PAPERS[paper].per_page > 1 else 1)
    for code in found:
        with tenant(organization.pk):
            assert meaning_of(code.bytes.decode()).batch == batch
