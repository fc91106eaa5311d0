"""Place of supply and the taxes on a line, by section."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.amounts import round_half_up
from apps.finance.rules.gst import (
    Levy,
    Place,
    Reason,
    Rule,
    Tax,
    Taxed,
    determine,
    place_of_goods,
    place_of_service,
    round_lines,
    split,
    sum_of,
    taxable_of_inclusive,
)
from apps.organizations.rules.states import STATES, UNION_TERRITORIES

D = Decimal
amounts = st.decimals("-99999.99", "99999.99", places=2)
rates = st.sampled_from([D(0), D("0.25"), D("2.5"), D(3), D(5), D(12), D(18), D(28), D(40)])
levies = st.sampled_from(list(Levy))
states = st.sampled_from([code for code in STATES if code != "96"])


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        # Goods carried to a registered chemist in the same State, and in another.
        ({"registered": True, "delivered_in": "27"}, Place("27", Rule.MOVEMENT)),
        ({"registered": True, "delivered_in": "24"}, Place("24", Rule.MOVEMENT)),
        # Billed to Karnataka's head office, shipped to its shop in Gujarat: the head office's State.
        ({"registered": True, "delivered_in": "24", "directed_by": "29"}, Place("29", Rule.BILL_TO_SHIP_TO)),
        ({"registered": False, "delivered_in": "24", "directed_by": "29"}, Place("29", Rule.BILL_TO_SHIP_TO)),
        # Fetched from the counter.
        ({"registered": True}, Place("27", Rule.NO_MOVEMENT)),
        ({"registered": True, "lies_in": "30"}, Place("30", Rule.NO_MOVEMENT)),
        # Unregistered: the address on the invoice decides, wherever the goods go.
        ({"registered": False, "delivered_in": "24", "address_state": "29"}, Place("29", Rule.UNREGISTERED)),
        ({"registered": False, "address_state": "27"}, Place("27", Rule.UNREGISTERED)),
        ({"registered": False}, Place("27", Rule.UNREGISTERED)),
        # A sterilizer installed in a hospital.
        ({"registered": True, "delivered_in": "24", "installed_in": "23"}, Place("23", Rule.INSTALLED)),
        ({"registered": False, "delivered_in": "96"}, Place("96", Rule.EXPORT)),
        # A registration of a former territory counts for its successor.
        ({"registered": True, "delivered_in": "25"}, Place("26", Rule.MOVEMENT)),
    ],
)
def test_place_of_supply_of_goods(facts: dict[str, Any], place: Place) -> None:
    assert place_of_goods(supplier_state="27", **facts) == place


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"registered": True, "recipient_state": "29"}, Place("29", Rule.SERVICE_REGISTERED)),
        ({"registered": False, "recipient_state": "29"}, Place("29", Rule.SERVICE_ADDRESS)),
        ({"registered": False}, Place("27", Rule.SERVICE_SUPPLIER)),
    ],
)
def test_place_of_supply_of_services(facts: dict[str, Any], place: Place) -> None:
    assert place_of_service(supplier_state="27", **facts) == place


@pytest.mark.parametrize("code", ["", "00", "99", "MH"])
def test_a_state_that_does_not_exist_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="No State"):
        determine(supplier_state=code, place="27")
    with pytest.raises(ValueError, match="No State"):
        place_of_service(supplier_state="27", recipient_state=code, registered=True)


@pytest.mark.parametrize(
    ("facts", "levy", "reason", "zero_rated"),
    [
        ({"supplier_state": "27", "place": "27"}, Levy.STATE, Reason.WITHIN_STATE, False),
        ({"supplier_state": "27", "place": "24"}, Levy.INTER, Reason.BETWEEN_STATES, False),
        ({"supplier_state": "04", "place": "04"}, Levy.TERRITORY, Reason.WITHIN_STATE, False),
        ({"supplier_state": "97", "place": "97"}, Levy.TERRITORY, Reason.WITHIN_STATE, False),
        # Delhi, Puducherry, and Jammu & Kashmir have legislatures, so they levy SGST.
        ({"supplier_state": "07", "place": "07"}, Levy.STATE, Reason.WITHIN_STATE, False),
        ({"supplier_state": "34", "place": "34"}, Levy.STATE, Reason.WITHIN_STATE, False),
        ({"supplier_state": "01", "place": "01"}, Levy.STATE, Reason.WITHIN_STATE, False),
        ({"supplier_state": "27", "place": "27", "sez": True}, Levy.INTER, Reason.SEZ, True),
        ({"supplier_state": "27", "place": "27", "sez": True, "under_undertaking": True}, Levy.NONE, Reason.SEZ, True),
        ({"supplier_state": "27", "place": "96"}, Levy.INTER, Reason.EXPORT, True),
        ({"supplier_state": "27", "place": "96", "under_undertaking": True}, Levy.NONE, Reason.EXPORT, True),
        ({"supplier_state": "27", "place": "27", "supplier_composition": True}, Levy.NONE, Reason.COMPOSITION, False),
    ],
)
def test_which_taxes_a_supply_bears(facts: dict[str, Any], levy: Levy, reason: Reason, zero_rated: bool) -> None:
    found = determine(**facts)
    assert (found.levy, found.reason, found.zero_rated) == (levy, reason, zero_rated)


def test_composition_gives_a_bill_of_supply_and_reverse_charge_is_said() -> None:
    assert not determine(supplier_state="27", place="27", supplier_composition=True).tax_invoice
    assert determine(supplier_state="27", place="24", reverse_charge=True).reverse_charge
    assert not determine(supplier_state="27", place="96", reverse_charge=True).reverse_charge


@given(states, states, st.booleans())
def test_every_pair_of_states_has_one_answer(home: str, there: str, sez: bool) -> None:
    levy = determine(supplier_state=home, place=there, sez=sez).levy
    if sez or home != there:
        assert levy is Levy.INTER
    else:
        assert levy is (Levy.TERRITORY if home in UNION_TERRITORIES | {"97"} else Levy.STATE)


def test_the_error_of_a_line_is_carried_to_the_next() -> None:
    """The vector of the rule: 2.49 without carrying."""
    assert round_lines([D("33.33")] * 3, D("2.5")) == [D("0.83"), D("0.84"), D("0.83")]


@given(st.lists(amounts, max_size=40), rates)
def test_the_taxes_of_lines_sum_to_the_tax_of_the_sum(taxables: list[Decimal], rate: Decimal) -> None:
    taxes = round_lines(taxables, rate)
    exact = sum(taxables, start=D(0)) * rate / 100
    assert abs(sum(taxes, start=D(0)) - exact) <= D("0.005")
    assert all(abs(tax - taxable * rate / 100) <= D("0.01") for tax, taxable in zip(taxes, taxables, strict=True))


@given(st.lists(amounts, max_size=20), rates)
def test_a_credit_note_takes_back_exactly_what_its_bill_charged(taxables: list[Decimal], rate: Decimal) -> None:
    assert round_lines([-one for one in taxables], rate) == [-tax for tax in round_lines(taxables, rate)]


@given(st.lists(st.tuples(amounts, rates, rates), max_size=30), levies)
def test_split_puts_each_tax_where_it_belongs(rows: list[tuple[Decimal, Decimal, Decimal]], levy: Levy) -> None:
    lines = [Taxed(*row) for row in rows]
    taxes = split(lines, levy)
    foot = sum_of(taxes)
    assert foot.taxable == sum((line.taxable for line in lines), start=D(0))
    assert foot.total == foot.taxable + foot.tax
    for line, tax in zip(lines, taxes, strict=True):
        present = {name for name in ("cgst", "sgst", "utgst", "igst", "cess") if getattr(tax, name)}
        allowed = {
            Levy.STATE: {"cgst", "sgst", "cess"},
            Levy.TERRITORY: {"cgst", "utgst", "cess"},
            Levy.INTER: {"igst", "cess"},
            Levy.NONE: set(),
        }[levy]
        assert present <= allowed
        assert tax.cgst == tax.sgst + tax.utgst
        if not line.rate:
            assert not tax.cgst + tax.igst
    if levy is Levy.NONE:
        return
    share = D(1) if levy is Levy.INTER else D("0.5")
    for rate in {line.rate for line in lines}:
        of_rate = [(line, tax) for line, tax in zip(lines, taxes, strict=True) if line.rate == rate]
        exact = sum((line.taxable for line, _tax in of_rate), start=D(0)) * rate * share / 100
        charged = sum((tax.cgst + tax.igst for _line, tax in of_rate), start=D(0))
        assert charged == round_half_up(charged)
        assert abs(charged - exact) <= D("0.005")


def test_a_bill_of_two_rates_between_states() -> None:
    assert split([Taxed(D("100.00"), D(5)), Taxed(D("33.33"), D(18)), Taxed(D("10.00"), D(0))], Levy.INTER) == [
        Tax(D("100.00"), igst=D("5.00")),
        Tax(D("33.33"), igst=D("6.00")),
        Tax(D("10.00")),
    ]


@pytest.mark.parametrize(("amount", "rate", "taxable"), [("105.00", 5, "100.00"), ("99.99", 12, "89.28")])
def test_the_taxable_value_inside_an_inclusive_price(amount: str, rate: int, taxable: str) -> None:
    assert taxable_of_inclusive(D(amount), D(rate)) == D(taxable)
