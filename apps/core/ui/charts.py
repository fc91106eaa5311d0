"""Charts as inline SVG, drawn on the server.

Only presentation attributes and CSS classes are used, so `style-src 'self'` holds, and text stays text: charts print,
scale and can be read aloud. A chart never stands alone: the page carries the same numbers as a table or in words.
Geometry is float; the numbers shown come from `formats` and stay exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import pi

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from apps.core.amounts import Amount

from .formats import inr, inr_short


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of `bars`: its label, its value, the value to compare with, and whether the day counts as off."""

    label: str
    value: Amount
    before: Amount | None = None
    off: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of `stacked`: a fill class (`g0` to `g4`), its value, and what the pointer is told."""

    tone: str
    value: Amount
    title: str


def ceiling(value: float) -> float:
    """The next round number at or above a value: 1, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten."""
    power = 1.0
    while power * 10 <= value:
        power *= 10
    return next(power * step for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 20) if power * step >= value)


def spark(values: Sequence[Amount], width: int = 84, height: int = 26) -> SafeString:
    """A line without axes, for a tile whose number says the rest. Empty for fewer than two values."""
    if len(values) < 2:
        return SafeString("")
    numbers = [float(value) for value in values]
    low, high = min(numbers), max(numbers)
    across, up = width / (len(numbers) - 1), (height - 4) / ((high - low) or 1)
    points = " ".join(
        f"{index * across:.1f},{height - 2 - (number - low) * up:.1f}" for index, number in enumerate(numbers)
    )
    return format_html(
        '<svg class="ch spark" width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-hidden="true">'
        '<polygon class="ar" points="0,{1} {2} {0},{1}"/><polyline class="ln" points="{2}"/></svg>',
        width,
        height,
        points,
    )


def bars(
    rows: Sequence[Bar],
    title: str,
    width: int = 760,
    height: int = 266,
    *,
    every: int = 5,
    in_full: Callable[[Amount], str] = inr,
    in_short: Callable[[Amount], str] = inr_short,
    before: str | Promise = "",
) -> SafeString:
    """Columns over an axis of money, or of what `in_full` and `in_short` write, each with a mark for the value before.

    Every so many columns have their label below; `before` says what the mark is. Empty for no rows.
    """
    if not rows:
        return SafeString("")
    left, foot, head = 46, 20, 8
    top = ceiling(max([float(row.value) for row in rows] + [float(row.before or 0) for row in rows] + [1.0]))
    step = (width - left) / len(rows)
    bar_width = round(step * 0.62, 1)

    def y(value: float) -> float:
        return round(head + (height - head - foot) * (1 - value / top), 1)

    def grid(quarter: int) -> tuple[str, int, int, float, int, float, str]:
        value = top * quarter / 4
        label = in_short(int(value)) if quarter else "0"
        return ("gl" if quarter else "ax", left, width, y(value), left - 8, y(value) + 4, label)

    def column(index: int, row: Bar) -> SafeString:
        x = round(left + index * step + (step - bar_width) / 2, 1)
        told = f"{row.label}: {in_full(row.value)}"
        if row.before is not None:
            told += " " + str(before or gettext("(before: %(amount)s)")) % {"amount": in_full(row.before)}
        drawn = format_html(
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2"><title>{}</title></rect>',
            "rest" if row.off else "bar",
            x,
            y(float(row.value)),
            bar_width,
            round(height - foot - y(float(row.value)), 1),
            told,
        )
        if row.before is not None:
            drawn += format_html(
                '<line class="prev" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>',
                round(x - 2.5, 1),
                round(x + bar_width + 2.5, 1),
                y(float(row.before)),
            )
        # Every fifth label fits at any width we draw; the last one is what people look for.
        last = index == len(rows) - 1
        if last or (index % every == 0 and index < len(rows) - every // 2 - 1):
            drawn += format_html(
                '<text x="{}" y="{}" text-anchor="middle">{}</text>', round(x + bar_width / 2, 1), height - 4, row.label
            )
        return drawn

    return format_html(
        '<svg class="ch" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        width,
        height,
        title,
        format_html_join(
            "",
            '<line class="{0}" x1="{1}" x2="{2}" y1="{3}" y2="{3}"/><text x="{4}" y="{5}" text-anchor="end">{6}</text>',
            (grid(quarter) for quarter in range(5)),
        ),
        format_html_join("", "{}", ((column(index, row),) for index, row in enumerate(rows))),
    )


def stacked(parts: Sequence[Part], *, big: bool = False) -> SafeString:
    """One bar of pieces side by side, such as ageing or expiry. The legend beside it carries words and numbers."""
    width, height, gap = 1000, 8, 3
    total = float(sum(part.value for part in parts)) or 1.0
    x = 0.0
    drawn: list[tuple[str, str, str, int, str]] = []
    for part in parts:
        # A piece too thin to see would say that there is nothing.
        piece = max(float(part.value) / total * width - gap, 1.5)
        drawn.append((part.tone, f"{x:.1f}", f"{piece:.1f}", height, part.title))
        x += piece + gap
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        "pbar big" if big else "pbar",
        width,
        height,
        format_html_join("", '<rect class="{}" x="{}" y="0" width="{}" height="{}"><title>{}</title></rect>', drawn),
    )


def ring(done: int, needed: int) -> SafeString:
    """A ring for progress in whole steps, such as confirmations; the words "4 of 12" or "Final" stand beside it."""
    radius = 9
    around = 2 * pi * radius
    share = min(done / needed, 1) if needed > 0 else 1
    return format_html(
        '<svg class="{}" viewBox="0 0 22 22" aria-hidden="true"><circle cx="11" cy="11" r="{r}"/>'
        '<circle class="p" cx="11" cy="11" r="{r}" stroke-dasharray="{} {}" transform="rotate(-90 11 11)"/></svg>',
        "ring done" if share >= 1 else "ring",
        f"{around * share:.1f}",
        f"{around:.1f}",
        r=radius,
    )
