"""Drafts of bills: written line by line, with batches, prices and what is off."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from apps.core.refusals import Refusal, Stale
from apps.parties.models import PartyAddress, PriceGroup
from apps.sales.models import (
    Bill,
    BillApproval,
    BillLine,
    BillPick,
    BillState,
    DiscountLimit,
    RegisterEntry,
    RestrictedProduct,
    Scheme,
    SellingRate,
    SellingTerms,
)
from apps.sales.operations import (
    BillClosed,
    BillRefused,
    LineGone,
    LineRefused,
    PickInput,
    discard,
    hold,
    recall,
    remove_line,
    set_customer,
    set_header,
    set_line,
)
from apps.sales.queries.sheet import sheet
from apps.sales.rules.facts import Level
from apps.sales.rules.prices import Source
from tests import factories
from tests.sales.shop import APRIL, FIRST, SOON, TODAY, Desk, codes, desk

pytestmark = pytest.mark.django_db
__all__ = ["desk"]
DAY = dt.timedelta(days=1)


def figures(*values: object) -> tuple[object, ...]:
    """Decimals compare with whole numbers, which types do not know."""
    return values


def test_a_line_takes_what_expires_first_at_ptr_and_tells_why(desk: Desk) -> None:
    later, sooner = desk.stocked(100, APRIL), desk.stocked(6, SOON)
    bill = desk.draft()
    made = desk.line(bill, 10)
    line = made.lines[-1]
    assert [(pick.batch_id, pick.quantity) for pick in line.picks] == [(sooner.pk, 6), (later.pk, 4)]
    assert (line.rate, line.taxable, line.why.source) == (Decimal(80), Decimal(800), Source.LIST)
    assert figures(made.foot.taxable, made.foot.cgst, made.foot.state_tax, made.foot.igst) == (800, 20, 20, 0)
    assert figures(made.foot.round_off, made.foot.total) == (0, 840)
    assert not made.in_the_way
    assert (made.bill.line_count, made.bill.version, made.bill.total) == (1, 2, 840)


def test_the_sheet_of_the_whole_bill_is_what_its_lines_told(desk: Desk) -> None:
    desk.stocked(15)
    bill = desk.draft()
    desk.line(bill, 10)
    last = desk.line(bill, 5)
    whole = sheet(Bill.objects.select_related("branch", "customer", "ship_to").get(), member=desk.biller)
    assert whole.lines == last.lines
    assert whole.foot == last.foot
    assert [line.position for line in whole.lines] == [1, 2]


def test_lines_of_one_product_share_what_lies_there(desk: Desk) -> None:
    desk.stocked(15)
    bill = desk.draft()
    desk.line(bill, 10)
    made = desk.line(bill, 6)
    first, second = made.lines
    assert not first.notices
    assert [(one.code, one.value) for one in second.notices] == [("short", "5")]
    assert "only 5 free" in second.notices[0].text


def test_batches_have_rates_of_their_own(desk: Desk) -> None:
    desk.stocked(5, SOON, ptr=Decimal(70))
    desk.stocked(5)
    line = desk.line(desk.draft(), 10).lines[-1]
    assert [figures(pick.rate, pick.mrp) for pick in line.picks] == [(70, 105), (80, 105)]
    assert line.taxable == 750


def test_prices_the_nearest_holds(desk: Desk) -> None:
    desk.stocked(100)
    group = PriceGroup.objects.create(name="Retail chemists")
    customer = desk.chemist("Asha Medical", price_group=group)
    bill = desk.draft(customer)

    def rate() -> tuple[Any, ...]:
        bill.refresh_from_db()
        line = recall(bill_id=bill.pk, actor=desk.biller).lines[-1]
        return line.rate, line.why.source

    desk.line(bill, 10)
    assert rate() == (80, Source.LIST)
    SellingRate.objects.create(price_group=group, basis="ptr", percent=-5, valid_from=FIRST)
    assert rate() == (76, Source.GROUP)
    SellingRate.objects.create(price_group=group, product=desk.product, basis="mrp", percent=-22, valid_from=FIRST)
    assert rate() == (78, Source.GROUP_PRODUCT)
    fixed = {"basis": "fixed", "product": desk.product, "customer": customer}
    SellingRate.objects.create(**fixed, amount=71, valid_from=TODAY + DAY)
    assert rate() == (78, Source.GROUP_PRODUCT)
    SellingRate.objects.create(**fixed, amount=72, valid_from=FIRST, valid_to=TODAY)
    assert rate() == (72, Source.CUSTOMER)
    desk.line(bill, 10, line_id=BillLine.objects.get().pk, rate=Decimal("75.5"))
    assert rate() == (Decimal("75.5"), Source.TYPED)


def test_schemes_give_whole_multiples(desk: Desk) -> None:
    desk.stocked(100)
    Scheme.objects.create(product=desk.product, paid=10, free=1, valid_from=FIRST)
    bill = desk.draft()
    line = desk.line(bill, 29).lines[-1]
    assert figures(line.free, line.scheme, line.taxable) == (2, "10+1", 29 * 80)
    assert [(pick.quantity, pick.free) for pick in line.picks] == [(29, 2)]
    less = desk.line(bill, 9, line_id=line.id).lines[-1]
    assert (less.free, less.scheme) == (0, "")
    typed = desk.line(bill, 9, line_id=line.id, free=1).lines[-1]
    assert (typed.free, typed.scheme) == (1, "")


def test_batches_by_hand_need_a_reason_and_must_add_up(desk: Desk) -> None:
    first, second = desk.stocked(50, SOON), desk.stocked(50)
    bill = desk.draft()
    pick = PickInput(second.pk, desk.godown.pk, 10)
    with pytest.raises(LineRefused, match="Say why these batches"):
        desk.line(bill, 10, picks=[pick])
    with pytest.raises(LineRefused, match="The batches come to 10, the line to 12"):
        desk.line(bill, 12, picks=[pick], override="Asked for fresh stock")
    made = desk.line(bill, 10, picks=[pick], override="Asked for fresh stock")
    assert [one.batch_id for one in made.lines[-1].picks] == [second.pk]
    again = desk.line(bill, 10, line_id=made.lines[-1].id)
    assert [one.batch_id for one in again.lines[-1].picks] == [first.pk]
    assert not BillPick.objects.exists()


def test_customer_elsewhere_pays_igst_and_terms_follow(desk: Desk) -> None:
    desk.stocked(100)
    bill = desk.draft()
    desk.line(bill, 10)
    away = desk.chemist("Surat Drug House", state_code="24", credit_days=21)
    made = set_customer(bill_id=bill.pk, customer=away, actor=desk.biller)
    assert figures(made.foot.igst, made.foot.cgst) == (40, 0)
    assert (made.bill.place_of_supply, made.bill.levy, made.bill.credit_days) == ("24", "inter", 21)
    home = PartyAddress.objects.create(
        party=away, name="Pune depot", address="1", city="Pune", pin_code="411001", state_code="27"
    )
    near = set_customer(bill_id=bill.pk, customer=away, ship_to=home, actor=desk.biller)
    assert figures(near.bill.place_of_supply, near.foot.cgst) == ("27", 20)
    with pytest.raises(BillRefused, match="another party's address"):
        set_customer(bill_id=bill.pk, customer=desk.customer, ship_to=home, actor=desk.biller)


def test_head_of_the_bill(desk: Desk) -> None:
    desk.stocked(100)
    bill = desk.draft()
    desk.line(bill, 10)
    made = set_header(bill_id=bill.pk, actor=desk.biller, bill_discount=Decimal(10), reference="PO 7")
    assert figures(made.foot.gross, made.foot.discount, made.foot.taxable) == (800, 80, 720)
    for values, words in (
        ({"on_date": dt.date(2999, 1, 1)}, "lies ahead"),
        ({"bill_discount": Decimal(101)}, "between 0 and 100"),
        ({"credit_days": 400}, "between 0 and 365"),
    ):
        with pytest.raises(BillRefused, match=words):
            set_header(bill_id=bill.pk, actor=desk.biller, **values)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": -1}, "quantity"),
        ({"quantity": 10**9}, "quantity"),
        ({"quantity": 1, "free": -1}, "free"),
        ({"quantity": 1, "rate": Decimal(-1)}, "rate"),
        ({"quantity": 1, "discount": Decimal("100.1")}, "discount"),
        ({"quantity": 1, "product_id": 999_999}, "product"),
    ],
)
def test_lines_that_cannot_be(desk: Desk, given: dict[str, object], field: str) -> None:
    bill = desk.draft()
    with pytest.raises(Refusal) as caught:
        desk.line(bill, **given)  # type: ignore[arg-type]
    assert caught.value.field == field
    assert not BillLine.objects.exists()


def test_what_is_off_is_told_by_line(desk: Desk) -> None:
    """Each rule by a line that breaks it; the rules themselves are tried in `test_rules_gates`."""
    desk.stocked(100)
    unlicensed = desk.chemist("Corner Stores", licences=("20",), credit_limit=0)
    biological = desk.drug("Insuvanta", licence_class="c_c1")
    desk.stocked(10, product=biological)
    RestrictedProduct.objects.create(product=desk.product, most_a_day=5)
    bill = desk.draft(unlicensed)
    assert codes(desk.line(bill, 10, rate=Decimal(120))) >= {"over_mrp", "restricted", "credit_limit"}
    assert codes(desk.line(bill, 1, product_id=biological.pk)) == {"licence", "credit_limit"}
    assert codes(desk.line(bill, 1, rate=Decimal(50), product_id=biological.pk)) >= {"below_cost"}


def test_goods_that_this_customer_does_not_take_are_not_proposed(desk: Desk) -> None:
    desk.stocked(100, SOON)
    fresh = desk.stocked(5, APRIL)
    choosy = desk.chemist("City Hospital", minimum_shelf_life_days=180)
    bill = desk.draft(choosy)
    line = desk.line(bill, 5).lines[-1]
    assert [pick.batch_id for pick in line.picks] == [fresh.pk]
    assert codes(desk.line(bill, 6, line_id=line.id)) == {"shelf_life_short"}


def test_two_people_in_one_bill(desk: Desk) -> None:
    desk.stocked(100)
    bill = desk.draft()
    seen = bill.version
    desk.line(bill, 10, version=seen)
    with pytest.raises(Stale):
        desk.line(bill, 20, version=seen)
    assert BillLine.objects.get().quantity == 10


def test_removed_lines_are_gone_once(desk: Desk) -> None:
    desk.stocked(100)
    bill = desk.draft()
    key = desk.line(bill, 10).lines[-1].id
    made = remove_line(bill_id=bill.pk, line_id=key, actor=desk.biller)
    assert figures(made.bill.line_count, made.foot.total) == (0, 0)
    remove_line(bill_id=bill.pk, line_id=key, actor=desk.biller)
    with pytest.raises(LineGone):
        desk.line(bill, 5, line_id=key)


def test_held_recalled_and_thrown_away(desk: Desk) -> None:
    desk.stocked(100)
    bill = desk.draft()
    desk.line(bill, 10)
    assert hold(bill_id=bill.pk).state == BillState.HELD
    assert hold(bill_id=bill.pk).state == BillState.HELD
    assert recall(bill_id=bill.pk, actor=desk.biller).bill.state == BillState.DRAFT
    discard(bill_id=bill.pk)
    discard(bill_id=bill.pk)
    assert not Bill.objects.exists()


def test_no_bill_is_born_posted_and_states_move_as_declared(desk: Desk) -> None:
    with pytest.raises(IntegrityError, match="begins as a draft"), transaction.atomic():
        Bill.objects.create(branch=desk.branch, on_date=TODAY, state="posted")
    bill = desk.draft()
    hold(bill_id=bill.pk)
    for state in ("posted", "cancelled"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Bill.objects.filter(pk=bill.pk).update(state=state)


def test_a_closed_bill_takes_no_line(desk: Desk) -> None:
    desk.stocked(10)
    bill = desk.draft()
    desk.line(bill, 1)
    Bill.objects.filter(pk=bill.pk).update(
        state="posted", number="X/1", due_on=TODAY, place_of_supply="27", financial_year=2026
    )
    with pytest.raises(BillClosed, match="X/1 is posted"):
        set_line(bill_id=bill.pk, product_id=desk.product.pk, quantity=1, actor=desk.biller)
    with pytest.raises(BillClosed):
        discard(bill_id=bill.pk)
    for write in (
        lambda: BillLine.objects.update(quantity=2),
        lambda: BillLine.objects.all().delete(),
        lambda: Bill.objects.update(note="x"),
        lambda: Bill.objects.all().delete(),
        lambda: Bill.objects.update(state="draft"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_who_may_not_give_the_discount_asks_and_the_answer_holds_up_to_what_was_asked(desk: Desk) -> None:
    desk.stocked(100)
    desk.biller = factories.member(desk.organization, "biller")
    DiscountLimit.objects.create(role=desk.biller.role, line_percent=5)
    bill = desk.draft()
    assert not codes(desk.line(bill, 10, discount=Decimal(5)))
    line = desk.line(bill, 10, line_id=BillLine.objects.get().pk, discount=Decimal(8)).lines[-1]
    assert [(one.code, one.level, one.value) for one in line.notices] == [("line_discount", Level.ASK, "5")]
    BillApproval.objects.create(bill=bill, code="line_discount", line=1, measure=8, question="?", asked_by=desk.biller)
    asked = desk.line(bill, 10, line_id=line.id, discount=Decimal(8)).lines[-1]
    assert asked.notices[0].level is Level.ASK
    BillApproval.objects.update(state="allowed", answered_by=desk.biller, answered_at="2026-11-21T10:00Z")
    allowed = desk.line(bill, 10, line_id=line.id, discount=Decimal(8)).lines[-1]
    assert allowed.notices[0].level is Level.WARN
    more = desk.line(bill, 10, line_id=line.id, discount=Decimal(9)).lines[-1]
    assert more.notices[0].level is Level.ASK
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        BillApproval.objects.update(state="refused")


def test_how_strict_the_business_is(desk: Desk) -> None:
    desk.stocked(100)
    desk.biller = factories.member(desk.organization, "biller")
    bill = desk.draft(desk.chemist(credit_limit=100))
    made = desk.line(bill, 10, rate=Decimal(50))
    assert {one.code for one in made.in_the_way} == {"credit_limit", "below_cost"}
    SellingTerms.objects.create(credit_stops=False, below_cost_stops=False)
    lenient = desk.line(bill, 10, rate=Decimal(50), line_id=made.lines[-1].id)
    assert not lenient.in_the_way
    assert codes(lenient) == {"credit_limit", "below_cost"}


def test_registers_are_never_changed(desk: Desk) -> None:
    batch = desk.stocked(10)
    RegisterEntry.objects.create(
        register="H1", branch=desk.branch, on_date=TODAY, bill=desk.draft(), bill_number="X/1", product=desk.product,
        batch=batch, quantity=1, party=desk.customer, party_name="Lotus Medicals",
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        RegisterEntry.objects.update(quantity=2)
