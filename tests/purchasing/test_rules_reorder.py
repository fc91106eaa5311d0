"""How much to order, without a database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.purchasing.rules.reorder import Facts, PlaceFacts, Trigger, free_goods, net_rate, propose

units = st.integers(0, 5_000)
facts = st.builds(
    Facts,
    free=units,
    coming=units,
    drafted=units,
    level=st.none() | units,
    least=st.none() | st.integers(1, 500),
    sold=st.integers(-50, 5_000),
    lead_days=st.integers(0, 60),
    cover_days=st.integers(1, 60),
    multiple=st.integers(1, 50),
    places=st.lists(st.builds(PlaceFacts, name=st.just("Rack"), free=st.just(0), level=units), max_size=2).map(tuple),
)


def test_the_sums_of_a_fast_seller() -> None:
    found = propose(Facts(free=10, coming=20, drafted=4, level=30, sold=126, lead_days=7, cover_days=15, multiple=10))
    assert found is None, "34 are there or coming, which is over the level, and 30 sell until more comes"
    found = propose(Facts(free=10, coming=15, level=30, sold=126, lead_days=7, cover_days=15, multiple=10))
    assert found is not None
    assert found.triggers == (Trigger.LEVEL, Trigger.PACE)
    assert (found.per_day, found.until_it_comes) == (Decimal("4.2"), 30)
    # 22 days at 4.2 are 92.4, so 93 should be there; 25 are, 68 are short, which is 7 packs of 10.
    assert (found.wanted, found.available, found.short, found.quantity) == (93, 25, 68, 70)


def test_what_sells_without_a_level_is_proposed_by_its_pace() -> None:
    found = propose(Facts(free=5, sold=30, lead_days=7, cover_days=15))
    assert found is not None
    assert found.triggers == (Trigger.PACE,)
    assert found.quantity == 17


def test_what_neither_sells_nor_has_a_level_is_left_alone() -> None:
    assert propose(Facts(free=0)) is None
    assert propose(Facts(free=0, sold=-4)) is None


def test_the_level_is_at_or_under() -> None:
    desk_level = 12
    assert propose(Facts(free=desk_level + 1, level=desk_level)) is None
    found = propose(Facts(free=desk_level, level=desk_level))
    assert found is not None
    assert found.quantity == 1, "above the level, and nothing sells"
    assert propose(Facts(free=0, level=0)) is not None


def test_the_reorder_quantity_is_the_least() -> None:
    found = propose(Facts(free=12, level=12, least=50, multiple=20))
    assert found is not None
    assert (found.short, found.quantity) == (1, 60)


def test_a_place_with_a_level_of_its_own_wants_its_share_although_the_whole_is_not_low() -> None:
    rack = PlaceFacts("A-01", free=3, level=10, quantity=20)
    found = propose(Facts(free=500, level=10, places=(rack,)))
    assert found is not None
    assert found.triggers == (Trigger.PLACE,)
    assert (found.for_places, found.quantity, found.elsewhere) == (20, 20, 497)
    assert propose(Facts(free=500, level=10, coming=20, places=(rack,))) is None


@given(facts)
def test_a_proposal_is_whole_packs_of_at_least_what_is_short_and_says_why(given_facts: Facts) -> None:
    found = propose(given_facts)
    if found is None:
        available = given_facts.free + given_facts.coming + given_facts.drafted
        assert given_facts.level is None or available > given_facts.level
        return
    assert found.triggers
    assert found.quantity > 0
    assert found.quantity % given_facts.multiple == 0
    least = max(found.short, found.for_places, given_facts.least or 0)
    assert found.quantity >= least
    assert found.quantity - given_facts.multiple < max(least, 1), "not a pack more than needed"


@given(facts)
def test_what_was_proposed_and_ordered_is_not_proposed_again(given_facts: Facts) -> None:
    found = propose(given_facts)
    if found is None or given_facts.lead_days + given_facts.cover_days == 0:
        return
    ordered = Facts(
        **{name: getattr(given_facts, name) for name in given_facts.__slots__}
        | {"drafted": given_facts.drafted + found.quantity}
    )
    again = propose(ordered)
    assert again is None or again.triggers == (Trigger.PACE,), "cover may be shorter than what sells in a day"
    if again is not None:
        assert given_facts.sold / 30 * given_facts.cover_days < 1


@pytest.mark.parametrize(("quantity", "free"), [(9, 0), (10, 1), (19, 1), (100, 10)])
def test_free_goods_come_in_whole_multiples(quantity: int, free: int) -> None:
    assert free_goods(quantity, 10, 1) == free
    assert free_goods(quantity, 0, 0) == 0


def test_rates_compare_with_the_free_goods_counted() -> None:
    assert net_rate(Decimal(11), Decimal(0), 10, 1) == Decimal("10.0000")
    assert net_rate(Decimal(10), Decimal("2.5"), 0, 0) == Decimal("9.7500")
