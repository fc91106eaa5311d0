"""A document as PDF: what must be on each page, which paper, which fonts, and what the engine may not reach."""

from __future__ import annotations

import http.server
import logging
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from django.template import engines

from apps.core.paper import PdfFault, pdf, render_pdf
from tests.core.paper.conftest import Invoice

POINTS_OF_MM = 72 / 25.4


def pages(content: bytes) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range() for page in document]


def size(content: bytes) -> tuple[int, int]:
    """Width and height of the first page in mm."""
    width, height = pypdfium2.PdfDocument(content)[0].get_size()
    return round(width / POINTS_OF_MM), round(height / POINTS_OF_MM)


def test_28_lines_fit_one_page_with_everything_that_belongs_to_an_invoice(invoice: Invoice) -> None:
    (text,) = pages(render_pdf(invoice(28), title="BK/2627/04127"))
    for words in ("TAX INVOICE", "27ZZZCB0001K1ZI", "Amoxilor CV 28", "₹1,43,452.00", "signatory", "Page 1 of 1"):
        assert words in text
    assert "Ctrl P" not in text, "the buttons of the page are not printed"
    assert "Skip to main content" not in text


def test_letterhead_and_column_heads_are_on_every_page(invoice: Invoice) -> None:
    texts = pages(render_pdf(invoice(130)))
    assert len(texts) > 2
    for number, text in enumerate(texts, 1):
        assert text.count("TAX INVOICE") == 1
        assert text.count("Batch") >= 1
        assert f"Page {number} of {len(texts)}" in text
    lines = [int(found) for text in texts for found in re.findall(r"Amoxilor CV (\d+)", text)]
    assert lines == list(range(1, 131)), "every line is there, once, in order"


@pytest.mark.parametrize("lines", range(30, 47, 2))
def test_totals_stay_with_the_last_lines(invoice: Invoice, lines: int) -> None:
    last = pages(render_pdf(invoice(lines)))[-1]
    assert f"Amoxilor CV {lines - 2}" in last
    for words in ("Items in 3 cartons", "₹1,43,452.00", "signatory"):
        assert words in last


def test_the_row_that_keeps_totals_together_does_it(invoice: Invoice) -> None:
    """The control of the test above: without it, some number of lines splits them."""
    keep = re.compile(r'<tr class="keep".*?</tr>', re.DOTALL)
    lasts = {lines: pages(render_pdf(keep.sub("", invoice(lines))))[-1] for lines in range(30, 47, 2)}
    assert any(f"Amoxilor CV {lines - 2}" not in last for lines, last in lasts.items())


def test_fonts_come_along_and_draw_rupees_and_devanagari(invoice: Invoice) -> None:
    content = render_pdf(invoice(4, buyer="पीपल ट्री केमिस्ट"))
    names = set(re.findall(rb"/FontName ?/[A-Z]{6}\+([\w-]+)", content))
    assert {name.decode().split("-")[0] for name in names} == {"InterVariable", "NotoSansDevanagari"}
    assert content.count(b"/FontFile") >= len(names), "every font is embedded"


def test_what_stands_in_latin_letters_and_figures_can_be_searched_and_copied(invoice: Invoice) -> None:
    (text,) = pages(render_pdf(invoice(28)))
    assert "\ufffd" not in text
    for words in ("Unit 7, Old Tram Shed Lane", "20B-MH-ZZ9-100001", "AC028-97", "09/2027", "₹1,43,452.00", "−0.05"):
        assert words in text


@pytest.mark.parametrize(("paper", "expected"), [("a4", (210, 297)), ("a5", (210, 148)), ("slip", (80, 297))])
def test_paper_has_its_size(invoice: Invoice, paper: str, expected: tuple[int, int]) -> None:
    assert size(render_pdf(invoice(4, paper=paper), paper=paper)) == expected


def test_a_slip_has_neither_page_number_nor_lost_columns() -> None:
    slip = engines["django"].from_string((Path(__file__).parent / "slip.html").read_text()).render({"paper": "slip"})
    (text,) = pages(render_pdf(slip, paper="slip"))
    assert "₹44,063.00" in text
    assert "Page 1" not in text


def test_a_document_is_small(invoice: Invoice) -> None:
    assert len(render_pdf(invoice(78))) < 150_000


class _Host(http.server.BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def host() -> Iterator[tuple[str, list[str]]]:
    """A web server of this machine, and what it was asked for."""
    asked: list[str] = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Host", (_Host,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def test_nothing_of_the_network_or_the_disk_is_fetched(
    invoice: Invoice, host: tuple[str, list[str]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    address, asked = host
    secret = tmp_path / "secret.css"
    secret.write_text(".words::after { content: 'leaked'; }")
    hostile = (
        f'<link rel="stylesheet" href="{address}/a.css"><link rel="stylesheet" href="{secret.as_uri()}">'
        f'<link rel="stylesheet" href="{secret}"><style>@import url("{secret.as_uri()}");'
        f'@import url("{address}/i.css");'
        f'body {{ background: url("{address}/b.png") }} @font-face {{ font-family: X; src: url("{address}/f.ttf") }} '
        f'h2 {{ font-family: X }}</style><img src="{address}/c.png"><img src="file:///etc/hostname">'
        f'<svg width="9" height="9"><image href="{address}/d.svg" width="9" height="9"/>'
        f'<use href="{address}/e.svg#x"/></svg>'
        f'<object data="{address}/g"></object><iframe src="{address}/h"></iframe><script src="{address}/j.js"></script>'
    )
    with caplog.at_level(logging.WARNING, logger=pdf.logger.name):
        texts = pages(render_pdf(invoice(28).replace("<article", hostile + "<article")))
    assert asked == []
    assert not any("leaked" in text for text in texts)
    assert "TAX INVOICE" in texts[-1]
    assert "may not fetch" in caplog.text, "the log says what was refused"


def test_the_host_of_the_test_above_does_answer(host: tuple[str, list[str]]) -> None:
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{host[0]}/control")
    assert host[1] == ["/control"]


def test_a_document_that_never_ends_is_given_up(
    invoice: Invoice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0.001)
    with pytest.raises(PdfFault, match="too long"):
        render_pdf(invoice(28), title="BK/1")
    assert "BK/1" in caplog.text


def test_a_crash_of_the_engine_is_a_fault_of_one_document(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "press.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    monkeypatch.setattr(pdf, "_HERE", tmp_path)
    with pytest.raises(PdfFault):
        render_pdf("<p>x</p>", title="BK/2")
    assert "-11" in caplog.text


def test_there_is_no_other_paper() -> None:
    with pytest.raises(ValueError, match="legal"):
        render_pdf("<p>x</p>", paper="legal")


def test_a_machine_without_the_engine_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "can_print", lambda: False)
    with pytest.raises(PdfFault, match="machine"):
        render_pdf("<p>x</p>")
