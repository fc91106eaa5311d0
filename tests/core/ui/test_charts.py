"""Charts are well-formed SVG without styles, and say in words what they draw."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

import pytest

from apps.core.ui import charts


def _svg(markup: str) -> ElementTree.Element:
    assert "style" not in markup
    return ElementTree.fromstring(markup)


@pytest.mark.parametrize(
    ("value", "top"), [(0.5, 1), (1, 1), (1.2, 1.5), (7, 8), (9, 10), (501870, 600000), (1000000, 1000000)]
)
def test_an_axis_ends_on_a_round_number(value: float, top: float) -> None:
    assert charts.ceiling(value) == top


def test_bars_carry_label_amount_and_comparison() -> None:
    svg = _svg(
        charts.bars([charts.Bar("19 <Nov>", Decimal("61400"), 58000, off=True), charts.Bar("20 Nov", 482310)], "Sales")
    )
    assert svg.get("aria-label") == "Sales"
    bars = svg.findall("rect")
    assert [bar.get("class") for bar in bars] == ["rest", "bar"]
    assert [bar.findtext("title") for bar in bars] == [
        "19 <Nov>: ₹61,400.00 (before: ₹58,000.00)",
        "20 Nov: ₹4,82,310.00",
    ]
    assert float(bars[1].get("height", 0)) > float(bars[0].get("height", 0))


def test_stacked_parts_fill_the_bar_and_none_vanishes() -> None:
    svg = _svg(charts.stacked([charts.Part("g4", 4732775, "Not due"), charts.Part("g0", 1, "Over 90 days")]))
    widths = [float(part.get("width", 0)) for part in svg.findall("rect")]
    assert widths[0] > 990
    assert widths[1] == 1.5


def test_a_spark_line_stays_inside_its_box() -> None:
    svg = _svg(charts.spark([3, 1, 2]))
    line = svg.find("polyline")
    assert line is not None
    points = [tuple(map(float, point.split(","))) for point in line.get("points", "").split()]
    assert points == [(0.0, 2.0), (42.0, 24.0), (84.0, 13.0)]


@pytest.mark.parametrize("values", [[], [5]])
def test_a_spark_line_needs_two_values(values: list[int]) -> None:
    assert charts.spark(values) == ""


def test_no_rows_draw_no_bars() -> None:
    assert charts.bars([], "Sales") == ""


@pytest.mark.parametrize(
    ("done", "needed", "css"), [(4, 12, "ring"), (12, 12, "ring done"), (15, 12, "ring done"), (0, 0, "ring done")]
)
def test_a_ring_closes_when_all_is_done(done: int, needed: int, css: str) -> None:
    assert _svg(charts.ring(done, needed)).get("class") == css
