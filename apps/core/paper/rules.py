"""What the printing engine is told in place of what it cannot read: pure text in, text out.

The engine lays out as CSS 2.2 with flexible boxes does, and knows no cascade layers, no format hints of fonts and no
named pages. The sheets are written with that in mind (docs/pages.md, "Paper"); what is left is put into its words here.
"""

from __future__ import annotations

import re
from typing import Final

WEIGHTS: Final = (("Inter", "inter", (400, 500, 600, 700)), ("Noto Sans Devanagari", "devanagari", (400, 700)))
"""Family, beginning of the file's name, weights: what lies in the folder of fonts."""

FONT_ROOT: Final = "ineat:/fonts/"

_LAYER = re.compile(r"@layer\s+[\w\s,-]+([;{])")
_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_NAMED_PAGE = re.compile(r"@page\s+([a-z][\w-]*)\s*\{")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def plain_css(css: str, paper: str) -> str:
    """The style sheet without comments, layers and faces of fonts, in which the pages of `paper` are all pages."""
    text = _FACE.sub("", unlayered(_COMMENT.sub("", css)))
    return _NAMED_PAGE.sub(lambda match: "@page {" if match[1] == paper else match[0], text)


def unlayered(css: str) -> str:
    """The rules of all cascade layers in the order in which they stand, which is the order of our layers."""
    parts, at = [], 0
    while match := _LAYER.search(css, at):
        parts.append(css[at : match.start()])
        at = match.end()
        if match[1] == "{":
            end = _closing(css, at)
            parts.append(css[at:end])
            at = end + 1
    return "".join([*parts, css[at:]])


def font_css() -> str:
    """The fonts a document carries, and that they are the ones it is set in."""
    faces = [
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{FONT_ROOT}{name}-{weight}.woff2") }}'
        for family, name, weights in WEIGHTS
        for weight in weights
    ]
    families = ", ".join(f'"{family}"' for family, _, _ in WEIGHTS)
    return "\n".join(
        [*faces, f":root, body {{ --font: {families}, sans-serif; font-family: {families}, sans-serif; }}"]
    )


def _closing(css: str, start: int) -> int:
    """Where the brace that was opened before `start` is closed.

    Raises:
        ValueError: it never is.
    """
    depth = 1
    for match in re.compile(r"[{}]").finditer(css, start):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.start()
    raise ValueError("A brace of the style sheet is not closed.")
