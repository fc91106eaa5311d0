"""Transfers, adjustments and counts as those in the godown use them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Sum

from apps.core.tenancy.context import tenant
from apps.inventory.models import (
    AdjustmentItem,
    Batch,
    CountItem,
    Move,
    Place,
    PlaceKind,
    Stock,
    StockAdjustment,
    StockCount,
    Transfer,
    TransferItem,
    TransferState,
)
from apps.inventory.operations import PlaceFrozen, TransferLine, transfer
from apps.inventory.operations.barcodes import learn_barcode
from apps.inventory.operations.counts import open_count
from apps.inventory.operations.ledger import Document
from apps.organizations.models import Branch, Organization
from apps.organizations.operations import add_branch
from tests import factories
from tests.inventory import factories as goods
from tests.organizations.desk import Desk, text_of

pytestmark = pytest.mark.django_db
GTIN = "8901234567890"


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
def godown() -> Place:
    made: Place = Place.objects.get(kind=PlaceKind.GODOWN)
    return made


@pytest.fixture
def batch(godown: Place) -> Batch:
    product = goods.product()
    learn_barcode(product=product, code=GTIN)
    return goods.stocked(100, product=product, place=godown, number="AZ4410")


def _on_hand(batch: Batch, place: Place) -> int:
    return Stock.objects.filter(batch=batch, place=place).aggregate(total=Sum("on_hand"))["total"] or 0


def _do(desk: Desk, path: str, do: str, **data: Any) -> Any:
    return desk.client.post(desk.base + path, {"do": do, **data})


def _transfer(desk: Desk, start: Place, end: Place) -> str:
    answer = desk.post("transfers/new/", from_place=start.pk, to_place=end.pk)
    assert answer.status_code == 302, text_of(answer)
    return f"transfers/{Transfer.objects.latest('id').pk}/"


def test_scans_fill_a_transfer_and_sending_moves_the_goods(owner: Desk, godown: Place, batch: Batch) -> None:
    rack = goods.place("Rack 7")
    path = _transfer(owner, godown, rack)
    for _each in range(3):
        assert _do(owner, path, "scan", code=GTIN).status_code == 302
    assert 'value="3"' in text_of(owner.get(path))
    assert _do(owner, path, "set", batch=batch.pk, quantity="40").status_code == 302
    assert (_on_hand(batch, godown), _on_hand(batch, rack)) == (100, 0)
    assert _do(owner, path, "send").status_code == 302
    assert (_on_hand(batch, godown), _on_hand(batch, rack)) == (60, 40)
    assert Transfer.objects.get().state == TransferState.RECEIVED
    # A second window, and the back button.
    again = _do(owner, path, "send")
    assert again.status_code == 422
    assert "That was done already" in text_of(again)
    assert "is received already" in text_of(_do(owner, path, "set", batch=batch.pk, quantity="1"))
    assert (_on_hand(batch, godown), _on_hand(batch, rack)) == (60, 40)


def test_more_than_is_free_is_refused_at_its_line_and_nothing_goes(owner: Desk, godown: Place, batch: Batch) -> None:
    other = goods.stocked(5, product=goods.product("Other"), place=godown)
    path = _transfer(owner, godown, goods.place("Rack 7"))
    _do(owner, path, "set", batch=batch.pk, quantity="10")
    _do(owner, path, "set", batch=other.pk, quantity="6")
    answer = _do(owner, path, "send")
    assert answer.status_code == 422
    assert "Other: only 5 free. Type 5 or less." in text_of(answer)
    assert (_on_hand(batch, godown), _on_hand(other, godown)) == (100, 5)
    assert 'value="6"' in text_of(answer)


@pytest.mark.parametrize(
    ("quantity", "reason"),
    [("", "whole number"), ("1.5", "whole number"), ("-2", "0 or more"), (GTIN, "Was a barcode scanned")],
)
def test_a_quantity_that_cannot_be_is_refused(
    owner: Desk, godown: Place, batch: Batch, quantity: str, reason: str
) -> None:
    path = _transfer(owner, godown, goods.place("Rack 7"))
    answer = _do(owner, path, "set", batch=batch.pk, quantity=quantity)
    assert answer.status_code == 422
    assert reason in text_of(answer)


def test_what_is_scanned_but_not_here_is_named(owner: Desk, batch: Batch) -> None:
    path = _transfer(owner, goods.place("Empty rack"), goods.place("Rack 7"))
    for code, reason in (
        (GTIN, "lies in Empty rack"),
        ("zzz", "lies in Empty rack"),
        ("0108901234567891", "should be 0"),
    ):
        answer = _do(owner, path, "scan", code=code)
        assert answer.status_code == 422
        assert reason in text_of(answer)
    wrong = _do(owner, path, "scan", code=f"010{GTIN}10NOSUCH")
    assert "has no batch NOSUCH" in text_of(wrong)


def test_letters_of_a_name_offer_its_batches(owner: Desk, godown: Place, batch: Batch) -> None:
    second = goods.stocked(7, product=batch.product, place=godown, number="AZ4411")
    path = _transfer(owner, godown, goods.place("Rack 7"))
    answer = text_of(_do(owner, path, "scan", code="tin"))
    assert "Which one?" in answer
    assert "AZ4410" in answer
    assert second.number in answer
    assert not TransferItem.objects.exists()


def test_a_transfer_to_itself_is_refused(owner: Desk, godown: Place) -> None:
    answer = owner.post("transfers/new/", from_place=godown.pk, to_place=godown.pk)
    assert answer.status_code == 422
    assert "The goods lie there already" in text_of(answer)


def test_between_branches_goods_are_on_the_road_until_taken_in(owner: Desk, godown: Place, batch: Batch) -> None:
    nashik = add_branch(name="Nashik", code="NSK", state_code="27", address="4 Road", city="Nashik", pin_code="422005")
    far = goods.place("Nashik godown", branch=nashik)
    path = _transfer(owner, godown, far)
    _do(owner, path, "set", batch=batch.pk, quantity="30")
    assert _do(owner, path, "send").status_code == 302
    sent = Transfer.objects.get()
    assert sent.state == TransferState.SENT
    assert sent.number
    road = Place.objects.get(branch=nashik, kind=PlaceKind.TRANSIT)
    assert (_on_hand(batch, godown), _on_hand(batch, road), _on_hand(batch, far)) == (70, 30, 0)

    line = sent.items.get()
    too_many = owner.post(f"{path}take-in/", **{f"arrived-{line.pk}": "31"})
    assert too_many.status_code == 422
    assert "30 were sent" in text_of(too_many)
    assert owner.post(f"{path}take-in/", **{f"arrived-{line.pk}": "28"}).status_code == 302
    assert (_on_hand(batch, road), _on_hand(batch, far)) == (2, 28)
    assert Transfer.objects.get().items.get().arrived == 28
    assert "28" in text_of(owner.get(path))


def test_a_wrong_quantity_is_told_beside_its_line(owner: Desk, godown: Place, batch: Batch) -> None:
    path = _transfer(owner, godown, goods.place("Rack 9"))
    _do(owner, path, "set", batch=batch.pk, quantity="30")
    item = Transfer.objects.get().items.get()
    for typed, said in (("2.5", "Type a whole number."), ("-4", "Type 0 or more.")):
        answer = _do(owner, path, "set", batch=batch.pk, quantity=typed)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert f'value="{typed}"' in page
        assert f'aria-describedby="fault-{item.pk}"' in page
        assert said in page.split(f'id="fault-{item.pk}"')[1][:400]
    assert Transfer.objects.get().items.get().quantity == 30


def test_what_needs_a_tax_invoice_is_no_transfer(owner: Desk, godown: Place, batch: Batch) -> None:
    branch = {"code": "SUR", "state_code": "24", "address": "4 Road", "city": "Surat", "pin_code": "395001"}
    surat = add_branch(name="Surat", gstin="24AAQCA8719H1ZC", **branch)
    far = Place.objects.get(branch=surat, kind=PlaceKind.GODOWN)
    said = "Surat have registrations of their own, so goods between them are a supply with tax (CGST Act, Schedule I)."
    early = owner.post("transfers/new/", from_place=godown.pk, to_place=far.pk)
    assert early.status_code == 422
    assert said in text_of(early)
    assert not Transfer.objects.exists()
    # Packed while they were one registration: refused when it is sent, and the goods stay.
    packed = Transfer.objects.create(from_place=godown, to_place=far)
    path = f"transfers/{packed.pk}/"
    _do(owner, path, "set", batch=batch.pk, quantity="30")
    late = _do(owner, path, "send")
    assert late.status_code == 422
    assert said in text_of(late)
    assert _on_hand(batch, godown) == 100
    # The same registration: a challan covers it.
    Branch.objects.update(gstin="24AAQCA8719H1ZC", state_code="24")
    assert _do(owner, path, "send").status_code == 302


def test_breakage_is_written_off_with_its_reason(owner: Desk, godown: Place, batch: Batch) -> None:
    owner.post("adjustments/new/", kind="adjustment", place=godown.pk, reason="breakage", note="Dropped")
    path = f"adjustments/{StockAdjustment.objects.get().pk}/"
    assert _do(owner, path, "scan", code=GTIN).status_code == 302
    assert _do(owner, path, "set", batch=batch.pk, quantity="-4").status_code == 302
    assert "The quantities change now" in text_of(_do(owner, path, "post"))
    assert _on_hand(batch, godown) == 100
    assert AdjustmentItem.objects.get().quantity == -4
    assert _do(owner, path, "post", sure="1").status_code == 302
    assert _on_hand(batch, godown) == 96
    move = Move.objects.latest("id")
    assert (move.kind, move.reason, move.quantity, move.note) == ("adjustment", "breakage", -4, "Dropped")
    assert "AZ4410" in text_of(owner.get(f"{path}print/"))


def test_a_destruction_needs_a_witness_and_only_takes_off(owner: Desk, batch: Batch) -> None:
    expired = goods.place("Expired", kind="expired")
    Move.objects.bulk_create([goods.move(batch, expired, 12)])
    typed = {"kind": "destruction", "place": expired.pk, "reason": "expiry"}
    answer = owner.post("adjustments/new/", **typed)
    assert answer.status_code == 422
    assert "Name who saw the destruction." in text_of(answer)
    assert owner.post("adjustments/new/", **typed, witness="R. Sane, pharmacist").status_code == 302
    path = f"adjustments/{StockAdjustment.objects.get().pk}/"
    assert "type a minus" in text_of(_do(owner, path, "set", batch=batch.pk, quantity="12"))
    assert _do(owner, path, "set", batch=batch.pk, quantity="-12").status_code == 302
    assert _do(owner, path, "post", sure="1").status_code == 302
    assert _on_hand(batch, expired) == 0
    page = text_of(owner.get(f"{path}print/"))
    assert "Destruction note" in page
    assert "Seen by R. Sane, pharmacist" in page


def test_a_blind_count_hides_the_books_and_needs_approval(
    organization: Organization, owner: Desk, godown: Place, batch: Batch
) -> None:
    other = goods.stocked(5, product=goods.product("Other"), place=godown, number="ZZ1")
    picker = Desk(organization, factories.member(organization, "picker").user)
    assert picker.post("counts/new/", place=godown.pk, blind="on").status_code == 302
    path = f"counts/{StockCount.objects.get().pk}/"
    assert _do(picker, path, "scan", code=GTIN).status_code == 302
    assert _do(picker, path, "set", batch=batch.pk, quantity="97").status_code == 302
    page = text_of(picker.get(path))
    assert "100" not in page
    # Three strips are sold between the counting and the approval.
    Move.objects.bulk_create([goods.move(batch, godown, -3, kind="issue")])
    assert "nobody counted is counted as none" in text_of(_do(picker, path, "submit_all"))
    assert _do(picker, path, "submit_all", sure="1").status_code == 302
    assert _do(picker, path, "approve", sure="1").status_code == 422
    assert _on_hand(batch, godown) == 97
    assert _do(owner, path, "approve", sure="1").status_code == 302
    assert (_on_hand(batch, godown), _on_hand(other, godown)) == (94, 0)
    found = {item.batch_id: (item.book, item.quantity) for item in CountItem.objects.all()}
    assert found == {batch.pk: (100, 97), other.pk: (5, 0)}
    assert "-3" in text_of(owner.get(path))


def test_a_frozen_place_stands_still_until_the_count_ends(owner: Desk, godown: Place, batch: Batch) -> None:
    rack = goods.place("Rack 7")
    owner.post("counts/new/", place=godown.pk, freeze="on")
    path = f"counts/{StockCount.objects.get().pk}/"
    line = TransferLine(batch.pk, godown.pk, rack.pk, 1)
    with pytest.raises(PlaceFrozen):
        transfer(lines=[line], on=batch.received_on, document=Document("test", 1))
    with pytest.raises(PlaceFrozen):
        open_count(place=godown, freeze=False, blind=True)
    second = owner.post("counts/new/", place=godown.pk)
    assert second.status_code == 422
    assert "is being counted already" in text_of(second)
    assert _do(owner, path, "cancel", sure="1").status_code == 302
    assert transfer(lines=[line], on=batch.received_on, document=Document("test", 1))


def test_a_count_sheet_lists_what_the_books_have_without_their_figures(
    owner: Desk, godown: Place, batch: Batch
) -> None:
    count = open_count(place=godown, freeze=False, blind=True)
    page = text_of(owner.get(f"counts/{count.pk}/print/"))
    assert str(batch) in page
    assert ">100<" not in page


def test_nothing_on_it_cannot_be_sent_posted_or_handed_in(owner: Desk, godown: Place) -> None:
    path = _transfer(owner, godown, goods.place("Rack 7"))
    assert "nothing on this transfer yet" in text_of(_do(owner, path, "send"))
    owner.post("adjustments/new/", kind="adjustment", place=godown.pk, reason="theft")
    answer = _do(owner, f"adjustments/{StockAdjustment.objects.get().pk}/", "post", sure="1")
    assert "nothing on this document yet" in text_of(answer)
    owner.post("counts/new/", place=godown.pk)
    assert "Nothing is counted yet" in text_of(_do(owner, f"counts/{StockCount.objects.get().pk}/", "submit"))


def _rows(desk: Desk, action: str, *rows: Stock, **data: Any) -> Any:
    posted = {"action": action, "pk": [row.pk for row in rows], "confirmed": "1", **data}
    return desk.client.post(desk.base + "stock/", posted)


def test_rows_of_the_stock_page_move_together(owner: Desk, godown: Place, batch: Batch) -> None:
    rack = goods.place("Rack 7")
    other = goods.stocked(5, product=goods.product("Other"), place=goods.place("Second godown"))
    rows = list(Stock.objects.order_by("id"))
    assert _rows(owner, "move", *rows, to_place=rack.pk).status_code == 302
    assert (_on_hand(batch, rack), _on_hand(other, rack)) == (100, 5)
    assert Transfer.objects.filter(state=TransferState.RECEIVED, to_place=rack).count() == 2
    again = _rows(owner, "move", *Stock.objects.filter(place=rack), to_place=rack.pk)
    assert again.status_code == 422
    assert "lies in Rack 7 already" in text_of(again)


def test_quarantined_rows_are_not_for_sale(owner: Desk, godown: Place, batch: Batch) -> None:
    without_reason = _rows(owner, "quarantine", Stock.objects.get())
    assert without_reason.status_code == 422
    assert _rows(owner, "quarantine", Stock.objects.get(), note="Wet cartons").status_code == 302
    row = Stock.objects.get(in_stock=True)
    assert (row.place.kind, row.saleable, row.on_hand) == ("quarantine", False, 100)
    assert Move.objects.latest("id").note == "Wet cartons"


def test_labels_and_return_list_of_ticked_rows(owner: Desk, godown: Place, batch: Batch) -> None:
    row = Stock.objects.get()
    labels = _rows(owner, "labels", row)
    assert labels.status_code == 302
    assert "AZ4410" in text_of(owner.client.get(labels["Location"]))
    maker = goods.manufacturer(return_window_before_days=30, return_window_after_days=90, claim_address="9 Dock Road")
    batch.product.__class__.objects.filter(pk=batch.product_id).update(manufacturer=maker)
    sheet = text_of(owner.client.get(_rows(owner, "returns", row)["Location"]))
    for expected in ("Lantern Remedies", "9 Dock Road", "AZ4410", "not yet"):
        assert expected in sheet
