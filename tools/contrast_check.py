"""Fails when two colour tokens that meet on screen drop under WCAG 2.2 AA. Reads `static/app.css`.

Text needs 4.5 : 1 (success criterion 1.4.3), the edge of a control and the bars of a chart 3 : 1 (1.4.11).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CSS = Path(__file__).resolve().parent.parent / "static" / "app.css"

TEXT, EDGE = 4.5, 3.0
TINTS = ("amber-s", "red-s", "green-s", "blue-s", "violet-s")
SURFACES = ("surface", "bg", "sunk", "hover", "asoft", "row", "mute")


@dataclass(frozen=True, slots=True)
class Pair:
    """A token drawn on another, and the least contrast it needs."""

    front: str
    back: str
    need: float


def pairs() -> Iterator[Pair]:
    """Every pair of tokens the stylesheet lets meet."""
    for front in ("text", "text2"):
        for back in (*SURFACES, *TINTS):
            yield Pair(front, back, TEXT)
    # The palest text is never put on a tint.
    for back in SURFACES:
        yield Pair("text3", back, TEXT)
    for tone in ("accent", "red", "amber", "green", "violet", "blue"):
        for back in ("surface", "bg", "sunk"):
            yield Pair(tone, back, TEXT)
    for tone in ("red", "amber", "green", "blue", "violet"):
        yield Pair(tone, f"{tone}-s", TEXT)
    yield from (Pair("atext", "asoft", TEXT), Pair("on", "accent", TEXT), Pair("on", "accent-h", TEXT))
    yield from (Pair("surface", "red", TEXT), Pair("night-t", "night", TEXT), Pair("night-h", "night", TEXT))
    for step in range(5):
        yield Pair(f"h{step}t", f"h{step}", TEXT)
    yield from (Pair("ctl", "surface", EDGE), Pair("ctl", "sunk", EDGE), Pair("accent", "surface", EDGE))
    # g2 marks last year on the chart, beside a legend in words: it must be seen, not read.
    yield from (Pair("bar", "surface", EDGE), Pair("g2", "surface", 1.5))


def tokens(css: str, selector: str) -> dict[str, str]:
    """The colour tokens a block sets, by name. ValueError when the stylesheet has no such block."""
    block = re.search(re.escape(selector) + r"\s*\{(.*?)\n\s*\}", css, re.DOTALL)
    if block is None:
        raise ValueError(f"{CSS}: no block {selector}")
    return dict(re.findall(r"--(\w+(?:-\w+)*):\s*(#[0-9a-fA-F]{3,6})\b", block[1]))


def luminance(colour: str) -> float:
    """Relative luminance of #rgb or #rrggbb (WCAG 2.2, definition of relative luminance)."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def failures(css: str) -> list[str]:
    """One message for each pair and theme that is too faint or names a token that does not exist."""
    light = tokens(css, ":root")
    themes = {"light": light, "dark": {**light, **tokens(css, ':root[data-theme="dark"]')}}
    found: list[str] = []
    for theme, colours in themes.items():
        for pair in pairs():
            absent = [name for name in (pair.front, pair.back) if name not in colours]
            if absent:
                found.append(f"{theme}: --{', --'.join(absent)} is not a colour token")
                continue
            contrast = ratio(colours[pair.front], colours[pair.back])
            if contrast < pair.need:
                found.append(f"{theme}: --{pair.front} on --{pair.back} is {contrast:.2f}, needs {pair.need}")
    return found


def main() -> int:
    """Print the failures; 1 when there are any."""
    found = failures(CSS.read_text(encoding="utf-8"))
    for message in found:
        print(f"static/app.css: {message}")
    if not found:
        print(f"contrast: {len(list(pairs()))} pairs hold in both themes")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
