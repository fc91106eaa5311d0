"""What the engine is told: pure text."""

from __future__ import annotations

import pytest

from apps.core.paper.rules import font_css, plain_css, unlayered
from ineat.environment import BASE_DIR


def test_layers_are_opened_in_their_order() -> None:
    css = "@layer a, b;@layer a { p { top: 1px; } @media print { p { margin: 0; } } }@layer b { p { top: 2px; } }q {}"
    assert unlayered(css) == " p { top: 1px; } @media print { p { margin: 0; } }  p { top: 2px; } q {}"


def test_a_sheet_that_is_cut_off_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="brace"):
        unlayered("@layer a { p { color: red; }")


def test_only_the_named_page_of_the_paper_becomes_every_page() -> None:
    css = "@page { size: A4; } @page a5 { size: A5; } @page slip { size: 80mm 297mm; }"
    assert plain_css(css, "slip") == "@page { size: A4; } @page a5 { size: A5; } @page { size: 80mm 297mm; }"
    assert plain_css(css, "a4") == css


def test_comments_and_faces_are_left_out() -> None:
    assert plain_css("/* } */@font-face { src: url(x); }p {}", "a4") == "p {}"


@pytest.mark.parametrize("name", ["app.css", "print.css"])
def test_our_own_sheets_hold_nothing_the_engine_does_not_know(name: str) -> None:
    text = plain_css((BASE_DIR / "static" / name).read_text(), "a4")
    assert "@layer" not in text
    assert text.count("{") == text.count("}")


def test_a_sheet_is_laid_out_by_what_the_engine_knows() -> None:
    """It has no grid: what uses one on paper falls apart in the PDF alone."""
    text = plain_css((BASE_DIR / "static" / "print.css").read_text(), "a4")
    grids = {line.split("{")[0].strip() for line in text.splitlines() if "display: grid" in line}
    assert grids == {".sheet-scroll"}, "the preview around the sheet may"


def test_each_font_that_is_named_is_there() -> None:
    folder = BASE_DIR / "apps" / "core" / "paper" / "fonts"
    assert {path.name for path in folder.glob("*.woff2")} == {
        part.split('"')[0] for part in font_css().split("ineat:/fonts/")[1:]
    }
