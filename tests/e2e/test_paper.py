"""The PDF looks as the browser prints it: every block is there, and where it belongs."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pypdfium2
import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from apps.core.paper import render_pdf
from tests.core.paper.conftest import invoice_html
from tests.sales.sheets import html_of, make_bill

MM = 72 / 25.4
CELL = 5
"""Side of a cell in mm. The engines round hairlines differently, which moves the foot of a full page by about one."""
DRIFT = 6
"""So many of the 2,500 cells of a page may differ for that."""

Printed = Callable[[str], bytes]


@pytest.fixture
def printed(page: Page, live_server: LiveServer) -> Printed:
    """What the browser prints."""

    def print_it(html: str) -> bytes:
        address = f"{live_server.url}/paper/"
        page.route(address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        page.goto(address)
        page.evaluate("document.fonts.ready")
        content = page.pdf(prefer_css_page_size=True)
        page.unroute(address)
        return content

    return print_it


def inked(content: bytes) -> list[set[tuple[int, int]]]:
    """For each page the cells in which there is something."""
    found = []
    for page in pypdfium2.PdfDocument(content):
        scale = 2.0
        bitmap = page.render(scale=scale, grayscale=True)
        side = CELL * MM * scale
        data, stride = bytes(bitmap.buffer), bitmap.stride
        found.append(
            {
                (math.floor(x / side), math.floor(y / side))
                for y in range(bitmap.height)
                for x in range(bitmap.width)
                if data[y * stride + x] < 160
            }
        )
    return found


def near(cell: tuple[int, int], cells: set[tuple[int, int]]) -> bool:
    return any((cell[0] + right, cell[1] + down) in cells for right in (-1, 0, 1) for down in (-1, 0, 1))


def differences(one: bytes, other: bytes) -> list[int]:
    """For each page, in how many cells one of the two has something and the other nothing anywhere near."""
    first, second = inked(one), inked(other)
    assert len(first) == len(second), "as many pages"
    return [
        sum(not near(cell, theirs) for cell in ours) + sum(not near(cell, ours) for cell in theirs)
        for ours, theirs in zip(first, second, strict=True)
    ]


@pytest.mark.parametrize("lines", [4, 28])
def test_an_invoice_looks_as_the_browser_prints_it(printed: Printed, lines: int) -> None:
    html = invoice_html(lines)
    (cells,) = differences(printed(html), render_pdf(html))
    assert cells <= DRIFT


@pytest.mark.parametrize(("lines", "paper"), [(1, "a4"), (28, "a4"), (78, "a4"), (9, "a5"), (7, "slip")])
def test_a_tax_invoice_is_the_same_from_browser_and_engine(printed: Printed, lines: int, paper: str) -> None:
    html = html_of(make_bill(lines), paper)
    shown, made = printed(html), render_pdf(html, paper=paper)
    assert max(differences(shown, made)) <= DRIFT
    assert [words_of(page) for page in pypdfium2.PdfDocument(shown)] == [
        words_of(page) for page in pypdfium2.PdfDocument(made)
    ]


def words_of(page: pypdfium2.PdfPage) -> list[str]:
    """What stands on a page, whatever the order in which the engine wrote it."""
    return sorted(page.get_textpage().get_text_range().split())


def test_a_picture_that_lacks_a_block_or_shows_it_elsewhere_is_noticed(printed: Printed) -> None:
    """The controls of the test above."""
    html = invoice_html(28)
    shown = printed(html)
    for broken in (
        re.sub(r'<div class="pay">.*?</div>', "", html, flags=re.DOTALL),
        re.sub(r'<div class="ttl">.*?</dl>', '<div class="ttl">', html, flags=re.DOTALL),
        html.replace('<div class="tail">', '<div class="tail"><div></div>'),
        html.replace('<p class="words">', '<p class="words"><br><br><br><br>'),
        html.replace('class="irn"', 'class="irn" hidden'),
    ):
        assert broken != html
        assert differences(shown, render_pdf(broken))[0] > 3 * DRIFT


def test_the_browser_keeps_totals_with_the_last_lines_too(printed: Printed) -> None:
    """The row that makes the engine do it changes nothing in the browser."""
    keep = re.compile(r'<tr class="keep".*?</tr>', re.DOTALL)
    html = invoice_html(40)
    assert differences(printed(html), printed(keep.sub("", html))) == [0, 0]
    last = pypdfium2.PdfDocument(printed(html))[1].get_textpage().get_text_range()
    for words in ("Amoxilor CV 38", "₹1,43,452.00", "signatory"):
        assert words in last
