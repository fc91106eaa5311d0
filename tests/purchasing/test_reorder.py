"""What is to be ordered, of whom, and the drafts made of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.inventory.models import Move, Place, Product, ReorderLevel
from apps.purchasing.models import OrderLine, OrderSettings, PurchaseOrder, SupplierPrice
from apps.purchasing.operations import Taken, orders, take_receipt
from apps.purchasing.operations.orders import LineRefused, OrderRefused, SupplierRefused, Terms
from apps.purchasing.operations.reordering import Wanted, order_from_suppliers
from apps.purchasing.queries.reorder import Proposed, low_supplier_count, proposals
from apps.purchasing.queries.suppliers import lead_days_of, offers_for
from apps.purchasing.rules.reorder import Trigger
from tests.inventory import factories as goods
from tests.purchasing.desk import TODAY, Desk, State, desk, supplier

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


def listed(desk: Desk, product: Product, rate: str = "8", **fields: object) -> SupplierPrice:
    given = {"supplier": desk.supplier, "effective_from": TODAY - dt.timedelta(days=60), **fields}
    made: SupplierPrice = SupplierPrice.objects.create(product=product, rate=Decimal(rate), **given)
    return made


def stocked(product: Product, quantity: int, sold: int = 0, place: Place | None = None, **moved: object) -> Place:
    """So much of the product lies there; before, so much was sold within the last month."""
    where = place or goods.place()
    batch = goods.stocked(quantity + sold, product=product, place=where, moved=moved)
    if sold:
        on = TODAY - dt.timedelta(days=3)
        Move.objects.bulk_create([goods.move(batch, where, -sold, kind="issue", on_date=on)])
    return where


def leveled(product: Product, level: int, quantity: int | None = None) -> None:
    product.reorder_level, product.reorder_quantity = level, quantity
    product.save(update_fields=["reorder_level", "reorder_quantity"])


def proposed(product: Product) -> Proposed | None:
    found = {one.product_id: one for one in proposals(TODAY)}
    return found.get(product.pk)


def test_a_low_product_is_proposed_with_its_sums(desk: Desk) -> None:
    leveled(desk.product, 30)
    stocked(desk.product, 10, sold=126)
    listed(desk, desk.product, multiple=10)
    stocked(desk.other, 500)

    found = proposed(desk.product)
    assert found is not None
    assert found.proposal.triggers == (Trigger.LEVEL, Trigger.PACE)
    assert (found.facts.free, found.facts.sold, found.facts.lead_days, found.facts.cover_days) == (10, 126, 7, 15)
    # 22 days at 4.2 are 93; 10 are there: 83 are short, 9 packs of 10.
    assert (found.proposal.short, found.proposal.quantity) == (83, 90)
    assert proposed(desk.other) is None
    assert low_supplier_count(TODAY) == 1


def test_what_is_on_order_or_on_a_draft_is_not_ordered_again(desk: Desk) -> None:
    leveled(desk.product, 30)
    stocked(desk.product, 10)
    order = desk.order(State.DRAFT, Terms(desk.product.pk, 15))
    found = proposed(desk.product)
    assert found is not None
    assert (found.facts.drafted, found.proposal.quantity) == (15, 6)
    orders.submit_order(pk=order.pk, actor=desk.owner)
    found = proposed(desk.product)
    assert found is not None
    assert (found.facts.coming, found.facts.drafted) == (15, 0)
    desk.order(State.SENT, Terms(desk.product.pk, 6))
    assert proposed(desk.product) is None
    orders.cancel_order(pk=order.pk, reason="Out of stock")
    assert proposed(desk.product) is not None


def test_a_place_with_a_level_of_its_own(desk: Desk) -> None:
    godown, shop = goods.place("Main"), goods.place("Shop")
    stocked(desk.product, 300, place=godown)
    stocked(desk.product, 2, place=shop)
    ReorderLevel.objects.create(product=desk.product, place=shop, level=20, quantity=40)
    found = proposed(desk.product)
    assert found is not None
    assert found.proposal.triggers == (Trigger.PLACE,)
    assert [(place.name, place.free, place.level) for place in found.facts.places] == [("Shop", 2, 20)]
    assert (found.proposal.quantity, found.proposal.elsewhere) == (40, 300)


def test_a_discontinued_product_is_not_proposed(desk: Desk) -> None:
    leveled(desk.product, 30)
    assert proposed(desk.product) is not None
    desk.product.active = False
    desk.product.save(update_fields=["active"])
    assert proposed(desk.product) is None


def test_products_that_are_not_sold_loose_come_in_whole_packs(desk: Desk) -> None:
    desk.product.loose = False
    desk.product.save(update_fields=["loose"])
    desk.product.pack_units.create(name="box", quantity=12)
    leveled(desk.product, 30)
    found = proposed(desk.product)
    assert found is not None
    assert found.proposal.quantity == 36


class TestWhoSellsIt:
    def test_the_cheapest_of_the_price_lists_comes_first_free_goods_counted(self, desk: Desk) -> None:
        heron = supplier("Heron Traders")
        listed(desk, desk.product, "10.5")
        listed(desk, desk.product, "11", supplier=heron, scheme_paid=10, scheme_free=1, supplier_code="AZ5")
        first, second = offers_for([desk.product.pk], TODAY)[desk.product.pk]
        assert (first.supplier, first.net, first.supplier_code) == ("Heron Traders", Decimal("10.0000"), "AZ5")
        assert second.net == Decimal("10.5000")

    def test_a_price_holds_from_its_day_until_the_next(self, desk: Desk) -> None:
        listed(desk, desk.product, "8")
        listed(desk, desk.product, "9", effective_from=TODAY)
        listed(desk, desk.product, "10", effective_from=TODAY + dt.timedelta(days=1))
        for day, rate in ((-1, 8), (0, 9), (1, 10)):
            (offer,) = offers_for([desk.product.pk], TODAY + dt.timedelta(days=day))[desk.product.pk]
            assert offer.rate == rate

    def test_without_a_list_whoever_sold_it_last_is_asked(self, desk: Desk) -> None:
        assert offers_for([desk.product.pk], TODAY) == {}
        desk.order(State.DRAFT, Terms(desk.product.pk, 1, rate=Decimal(7), discount=Decimal(5)))
        (offer,) = offers_for([desk.product.pk], TODAY)[desk.product.pk]
        assert (offer.supplier_id, int(offer.rate), int(offer.discount), offer.listed) == (
            desk.supplier.pk,
            7,
            5,
            False,
        )
        heron = supplier("Heron Traders")
        stocked(desk.product, 10, party=heron)
        (offer,) = offers_for([desk.product.pk], TODAY)[desk.product.pk]
        assert (offer.supplier_id, int(offer.rate), int(offer.discount)) == (heron.pk, 4, 0)

    def test_an_archived_supplier_is_not_asked(self, desk: Desk) -> None:
        listed(desk, desk.product)
        desk.supplier.active = False
        desk.supplier.save(update_fields=["active"])
        assert offers_for([desk.product.pk], TODAY) == {}

    def test_lead_time_is_told_from_orders_that_came(self, desk: Desk) -> None:
        assert lead_days_of([desk.supplier.pk]) == {}
        for days in (4, 5):
            order = desk.order(State.SENT)
            take_receipt(
                taken=[Taken(desk.line(order).pk, 1)], supplier_id=desk.supplier.pk, on=TODAY + dt.timedelta(days=days)
            )
            order.refresh_from_db()
            assert order.first_received_on == TODAY + dt.timedelta(days=days)
            assert order.received_on is None
        assert lead_days_of([desk.supplier.pk]) == {desk.supplier.pk: 5}
        leveled(desk.product, 1_000)
        found = proposed(desk.product)
        assert found is not None
        assert found.facts.lead_days == 5

    def test_the_settings_say_how_long_goods_should_last(self, desk: Desk) -> None:
        OrderSettings.objects.create(lead_days=2, cover_days=30)
        leveled(desk.product, 0)
        found = proposed(desk.product)
        assert found is not None
        assert (found.facts.lead_days, found.facts.cover_days) == (2, 30)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"scheme_paid": 10}, "purchasing_supplierprice_scheme"),
        ({"discount": 101}, "purchasing_supplierprice_rate"),
        ({"multiple": 0}, "purchasing_supplierprice_rate"),
    ],
)
def test_prices_that_cannot_be(desk: Desk, fields: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        listed(desk, desk.product, **fields)


class TestDrafts:
    def test_one_draft_for_each_supplier(self, desk: Desk) -> None:
        heron = supplier("Heron Traders")
        made = order_from_suppliers(
            wanted=[
                Wanted(desk.supplier.pk, Terms(desk.product.pk, 90, 9, Decimal(8)), TODAY + dt.timedelta(days=4)),
                Wanted(heron.pk, Terms(desk.other.pk, 5, 0, Decimal(3))),
                Wanted(desk.supplier.pk, Terms(desk.other.pk, 1), TODAY + dt.timedelta(days=6)),
            ],
            branch=desk.branch,
            on_date=TODAY,
            actor=desk.buyer,
        )
        kestrel, other = PurchaseOrder.objects.order_by("id")
        assert [order.pk for order in made] == [kestrel.pk, other.pk]
        assert (kestrel.supplier, kestrel.amount, kestrel.line_count) == (desk.supplier, 720, 2)
        assert kestrel.expected_on == TODAY + dt.timedelta(days=6)
        assert (other.supplier, other.amount, other.made_by) == (heron, 15, desk.buyer)
        assert list(kestrel.lines.order_by("id").values_list("product", "quantity", "free", "amount")) == [
            (desk.product.pk, 90, 9, 720),
            (desk.other.pk, 1, 0, 0),
        ]

    def test_all_or_none(self, desk: Desk) -> None:
        customer = supplier("Sunrise Medicals", is_customer=True, is_supplier=False)
        good = Wanted(desk.supplier.pk, Terms(desk.product.pk, 1))
        for wanted, refusal, field in (
            ([], OrderRefused, None),
            ([good, Wanted(customer.pk, Terms(desk.product.pk, 1))], SupplierRefused, "supplier"),
            ([good, Wanted(0, Terms(desk.product.pk, 1))], LineRefused, f"supplier-{desk.product.pk}"),
            ([good, Wanted(desk.supplier.pk, Terms(desk.other.pk, 0))], LineRefused, f"quantity-{desk.other.pk}"),
        ):
            with pytest.raises(refusal) as caught:
                order_from_suppliers(wanted=wanted, branch=desk.branch, on_date=TODAY, actor=desk.buyer)
            assert caught.value.field == field
            assert not PurchaseOrder.objects.exists()
            assert not OrderLine.objects.exists()


def test_proposals_cost_the_same_however_many_there_are(desk: Desk) -> None:
    counts = []
    for number in (1, 40):
        for place in range(number):
            product = goods.product(f"Product {number}-{place}")
            leveled(product, 10)
            listed(desk, product)
        with CaptureQueriesContext(connection) as caught:
            made = proposals(TODAY)
        counts.append(len(caught))
    assert len(made) == 41
    assert counts[0] == counts[1]
