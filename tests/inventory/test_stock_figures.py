"""Figures agree with the stock they sum, whatever happens to it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from apps.core.tenancy.context import tenant
from apps.inventory.models import Batch, BatchState, Product, Stock
from apps.inventory.queries import stock_figures
from apps.inventory.rules.bands import BANDS, STRIP, band_of
from apps.organizations.models import Organization
from tests import factories as people
from tests.inventory.factories import move, place, product, stocked

TODAY = dt.date(2026, 11, 21)


@given(days=st.integers(-2000, 4000))
def test_the_strip_is_everything_once(days: int) -> None:
    expiry = TODAY + dt.timedelta(days=days)
    holding = []
    for band in STRIP:
        first, last = band.dates(TODAY)
        if (first is None or first <= expiry) and (last is None or expiry <= last):
            holding.append(band)
    assert holding == [band_of(expiry, TODAY)]


def test_goods_may_be_used_on_the_last_day_of_their_month() -> None:
    assert band_of(TODAY, TODAY).key == "30"
    assert band_of(TODAY - dt.timedelta(days=1), TODAY).key == "expired"
    assert BANDS["soon"].dates(TODAY) == (TODAY, dt.date(2027, 2, 19))


def _truth() -> dict[tuple[bool, str], tuple[int, int, Decimal]]:
    found: dict[tuple[bool, str], tuple[int, int, Decimal]] = {}
    for row in Stock.objects.filter(in_stock=True):
        key = (row.saleable, band_of(row.expiry, TODAY).key)
        entries, on_hand, value = found.get(key, (0, 0, Decimal(0)))
        found[key] = (entries + 1, on_hand + row.on_hand, value + row.on_hand * row.cost)
    return found


def _said() -> dict[tuple[bool, str], tuple[int, int, Decimal]]:
    figures = stock_figures.figures(TODAY)
    return {key: (one.entries, one.on_hand, one.value) for key, one in figures.parts.items() if one.entries}


@pytest.fixture
def organization(db: None) -> Organization:
    return people.organization()


def test_figures_follow_every_change(organization: Organization) -> None:
    with tenant(organization.pk):
        cold = product("Glargiva Pen", storage="cold", reorder_level=20)
        strict = product("Tramelin 50", schedule="H1")
        rack = place("A-01")
        for number, (thing, expiry) in enumerate(
            [(cold, dt.date(2026, 10, 31)), (cold, dt.date(2026, 12, 31)), (strict, dt.date(2027, 1, 31))]
        ):
            stocked(10 + number, product=thing, place=rack, number=f"B{number}", expiry=expiry)
        assert _said() == _truth()
        figures = stock_figures.figures(TODAY)
        assert (figures.cold, figures.h1, figures.products, figures.low) == (2, 1, 2, 0)
        assert figures.total().on_hand == Stock.objects.aggregate(all=Sum("on_hand"))["all"] == 33

        held = Batch.objects.get(number="B1")
        Batch.objects.filter(pk=held.pk).update(state=BatchState.HELD)
        assert _said() == _truth()
        assert stock_figures.figures(TODAY).total(saleable=False).entries == 1
        assert stock_figures.figures(TODAY).low == 1

        move(Batch.objects.get(number="B2"), rack, -12, kind="issue").save()
        figures = stock_figures.figures(TODAY)
        assert (figures.cold, figures.h1, figures.products) == (2, 0, 1)
        assert _said() == _truth()

        Product.objects.filter(pk=cold.pk).update(storage="room", schedule="H1")
        figures = stock_figures.figures(TODAY)
        assert (figures.cold, figures.h1) == (0, 2)


def test_figures_are_of_one_organization(organization: Organization) -> None:
    other = people.organization()
    with tenant(other.pk):
        stocked(5, product=product("Elsewhere"), place=place("Z-01"))
    with tenant(organization.pk):
        assert stock_figures.figures(TODAY).total() == stock_figures.Sum()
