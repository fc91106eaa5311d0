"""What a supplier's bill comes to, and what its goods cost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.finance.rules.gst import Levy, Tax
from apps.purchasing.rules.amounts import BillFigures, Charge, Terms, figure_bill, net_of, part_of, spread
from apps.purchasing.rules.landed import Basis, Goods, land, settle_difference, unit_cost

D = Decimal
ZERO = D("0.00")
money = st.decimals("0", "99999.99", places=2)
signed = st.decimals("-99999.99", "99999.99", places=2)
rates = st.sampled_from([D(0), D(5), D(12), D(18)])
levies = st.sampled_from(list(Levy))
terms = st.builds(
    Terms,
    quantity=st.integers(0, 5000),
    rate=st.decimals("0", "999.9999", places=4),
    discount=st.decimals("0", "100", places=2),
    tax_rate=rates,
)


@given(signed, st.lists(st.integers(0, 10_000), min_size=1, max_size=40))
def test_shares_are_whole_paise_and_together_the_amount(amount: Decimal, weights: list[int]) -> None:
    shares = spread(amount, weights)
    assert sum(shares) == amount
    total = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert share == share.quantize(D("0.01"))
        if total:
            assert abs(share - amount * weight / total) < D("0.01")
            assert share * amount >= 0
            assert weight or not share


def test_the_odd_paisa_goes_to_who_lost_most() -> None:
    assert spread(D("0.02"), [1, 1, 1]) == [D("0.01"), D("0.01"), ZERO]
    assert spread(D("10.00"), [1, 1, 1]) == [D("3.34"), D("3.33"), D("3.33")]
    assert spread(D("-0.01"), [1, 3]) == [ZERO, D("-0.01")]
    assert spread(D("5.00"), [0, 0]) == [D("5.00"), ZERO]
    assert spread(ZERO, []) == []
    with pytest.raises(ValueError, match="nothing to spread"):
        spread(D("1.00"), [])
    with pytest.raises(ValueError, match="0 or more"):
        spread(D("1.00"), [1, -1])


@pytest.mark.parametrize(
    ("line", "net"),
    [
        (Terms(600, D("21.60")), "12960.00"),
        (Terms(100, D("10"), discount=D(5)), "950.00"),
        (Terms(100, D("10"), discount=D(5), scheme=D("50.00")), "900.00"),
        # 3 at 33.3333 are 100.00; a third of a per cent of it is 33 paise.
        (Terms(3, D("33.3333"), discount=D("0.33")), "99.67"),
        (Terms(0, D("21.60")), "0.00"),
    ],
)
def test_a_line_less_its_discounts(line: Terms, net: str) -> None:
    assert net_of(line) == D(net)


def test_the_prototypes_short_line() -> None:
    """20 strips at 13.17 with 5% are 276.57 (shots/04)."""
    assert figure_bill([Terms(20, D("13.17"), tax_rate=D(5))], levy=Levy.INTER).exact == D("276.57")


@given(st.lists(terms, min_size=1, max_size=20), levies, st.decimals("0", "20", places=2), money)
def test_a_bill_adds_up(lines: list[Terms], levy: Levy, discount: Decimal, freight: Decimal) -> None:
    found = figure_bill(lines, levy=levy, discount=discount, charges=[Charge(freight, D(18))])
    assert isinstance(found, BillFigures)
    taxable = sum((net_of(line) for line in lines), ZERO) - found.discount + freight
    assert found.foot.taxable == taxable == sum(tax.taxable for tax in (*found.lines, *found.charges))
    assert found.exact == sum(tax.total for tax in (*found.lines, *found.charges))
    assert found.total == found.exact + found.round_off
    assert found.total == found.total.to_integral_value()
    assert abs(found.round_off) <= D("0.50")
    for tax in found.lines:
        assert tax.cgst == tax.sgst + tax.utgst
        assert levy is not Levy.NONE or not tax.tax


def test_the_suppliers_own_rounding_is_taken_over() -> None:
    lines = [Terms(7, D("13.17"), tax_rate=D(5))]  # 92.19 + 4.61
    assert figure_bill(lines, levy=Levy.INTER).exact == D("96.80")
    for printed, off in (("97.00", "0.20"), ("96.00", "-0.80"), ("96.80", "0.00"), ("97.80", "1.00")):
        found = figure_bill(lines, levy=Levy.INTER, printed=D(printed))
        assert (found.total, found.round_off, found.unexplained) == (D(printed), D(off), ZERO)


def test_a_difference_that_rounding_does_not_explain_stays_one() -> None:
    found = figure_bill([Terms(10, D(10))], levy=Levy.NONE, printed=D("120.00"))
    assert (found.total, found.round_off, found.unexplained) == (D("100.00"), ZERO, D("20.00"))


def test_a_discount_on_the_bill_comes_off_every_line() -> None:
    found = figure_bill(
        [Terms(1, D(100), tax_rate=D(5)), Terms(1, D(200), tax_rate=D(5))],
        levy=Levy.STATE,
        discount=D(10),
        discount_amount=D("3.00"),
    )
    assert [tax.taxable for tax in found.lines] == [D("89.00"), D("178.00")]
    assert found.discount == D("33.00")


@given(st.integers(0, 500), st.integers(0, 500), money, money)
def test_a_line_in_two_parts_is_the_line(part: int, rest: int, taxable: Decimal, tax: Decimal) -> None:
    whole = Tax(taxable, cgst=tax, sgst=tax)
    one, other = part_of(whole, part, part + rest)
    assert one.total + other.total == whole.total
    assert one.taxable + other.taxable == taxable
    assert one.cgst == one.sgst


def test_no_part_is_more_than_the_whole() -> None:
    with pytest.raises(ValueError, match="6 of 5"):
        part_of(Tax(D(10)), 6, 5)


def test_free_goods_bring_the_cost_down() -> None:
    assert unit_cost(D("110.00"), 11) == D("10.0000")
    assert unit_cost(D("100.00"), 3) == D("33.3333")
    assert unit_cost(ZERO, 5) == D("0.0000")


def test_freight_is_spread_by_value_or_by_units() -> None:
    goods = [Goods(D("100.00"), 10), Goods(D("300.00"), 10)]
    assert [one.charges for one in land(goods, D("10.00"))] == [D("2.50"), D("7.50")]
    assert [one.charges for one in land(goods, D("10.00"), Basis.QUANTITY)] == [D("5.00"), D("5.00")]
    assert [one.cost for one in land(goods, D("10.00"))] == [D("10.2500"), D("30.7500")]
    # Everything free: units decide, for there is no value.
    free = [Goods(ZERO, 10), Goods(ZERO, 30)]
    assert [one.charges for one in land(free, D("8.00"))] == [D("2.00"), D("6.00")]
    with pytest.raises(ValueError, match="No goods came"):
        land([Goods(D("100.00"), 0)], D("8.00"))


@given(st.lists(st.builds(Goods, money, st.integers(0, 500)), min_size=1, max_size=30), money)
def test_landed_cost_is_right_to_the_paisa(goods: list[Goods], charges: Decimal) -> None:
    if not any(one.units for one in goods):
        return
    found = land(goods, charges)
    assert sum(one.charges for one in found) == charges
    for one, landed in zip(goods, found, strict=True):
        assert landed.total == one.value + landed.charges
        if one.units:
            # A cost of four places, times the units, is the total but for half a hundredth of a paisa a unit.
            assert abs(landed.cost * one.units - landed.total) <= D("0.00005") * one.units
        else:
            assert not landed.charges


@given(signed, st.integers(0, 500), st.integers(0, 900))
def test_a_later_difference_is_parted_between_stock_and_sold(amount: Decimal, units: int, there: int) -> None:
    found = settle_difference(amount, units=units, still_there=there)
    assert found.stock + found.sold == amount
    if there >= units > 0:
        assert found.sold == 0
    if not there:
        assert found.stock == 0


def test_half_sold_half_of_the_freight_is_cost_of_goods_sold() -> None:
    assert settle_difference(D("10.01"), units=100, still_there=50).stock == D("5.01")
    assert settle_difference(D("10.01"), units=100, still_there=50).sold == D("5.00")
