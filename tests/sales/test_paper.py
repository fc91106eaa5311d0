"""The tax invoice on paper: what it must say, what stays together, and how it looks."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest

from apps.finance.rules.gst import Levy, Tax
from apps.sales.rules.paper import (
    Copy,
    Letterhead,
    PaperBill,
    PaperKind,
    endorsements,
    hsn_summary,
    paged,
    short_maker,
    short_pack,
)
from tests.sales.pictures import share_that_differs
from tests.sales.sheets import BUYER, LETTERHEAD, SUPPLIER, html_of, make_bill, make_lines, pdf_of


def pages(content: bytes) -> list[str]:
    """The text of each page, every stretch of white space one blank."""
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(content)]


# ---- what the law has it say ----

RULE_46 = {
    "supplier": "Banyan & Kite Distributors",
    "supplier's address": "Unit 7, Old Tram Shed Lane, Imaginary Market Yard, Pune 411000",
    "supplier's GSTIN": "GSTIN 27ZZZCB0001K1ZI",
    "supplier's drug licences": "20B-MH-ZZ9-100001, 21B-MH-ZZ9-100002",
    "serial number": "BK/2627/04127",
    "date": "20 Nov 2026",
    "recipient": "Peepal Tree Chemists",
    "recipient's address and State": "Mill Corner, Pune 411001, Maharashtra (27)",
    "recipient's GSTIN": "27ZZZFP1007B1Z9",
    "recipient's drug licences": "20B-MH-ZZ1007, 21B-MH-ZZ1007",
    "place of supply": "Place of supply Maharashtra (27)",
    "reverse charge": "Reverse charge No",
    "copy": "Original for recipient",
    "words": "Rupees one lakh eighty-five thousand two hundred and fifty-four only",
    "signature": "For Banyan & Kite Distributors",
    "signatory": "Authorised signatory",
    "bank": "A/c 000000004127, IFSC ZZZZ0000001",
    "terms": "Disputes: Pune courts only",
}
"""Rule 46, CGST Rules, and what the drug trade adds; of the lines below."""


def test_28_lines_fit_one_a4_with_everything_that_rule_46_asks_for() -> None:
    (text,) = pages(pdf_of(make_bill(28)))
    assert {name: words for name, words in RULE_46.items() if words not in text} == {}
    assert "TAX INVOICE" in text
    assert "₹1,85,254.00" in text
    assert "Page 1 of 1" in text


def test_each_line_has_code_batch_expiry_prices_quantity_and_tax() -> None:
    (text,) = pages(pdf_of(make_bill(28)))
    # Number, item, schedule, maker, pack, HSN, batch, expiry, MRP, PTR, quantity with unit, free, rate, discount,
    # taxable value, rate of tax, amount.
    assert (
        "5 Amoxilor CV 629 H TML 10 tab 300439 AC004-97 09/2027 74.54 53.24 50 STR 5 53.24 2 2,608.76 5 2,739.20"
        in text
    )
    for line in make_lines(28):
        assert line.batch in text


def test_tax_is_summed_by_code_unit_and_rate() -> None:
    (text,) = pages(pdf_of(make_bill(28)))
    assert "HSN Quantity Taxable CGST % CGST SGST % SGST Tax" in text
    assert "380894 90 STR 7,569.40 9 681.25 9 681.25 1,362.50" in text
    rows = hsn_summary(make_bill(28).lines)
    assert sum(row.tax.taxable for row in rows) == make_bill(28).tax.taxable
    assert sum(row.tax.tax for row in rows) == make_bill(28).tax.tax
    one = make_lines(1)[0]
    kinds = [one, replace(one, uqc="BTL"), replace(one, tax_rate=Decimal(18)), one]
    assert [(row.uqc, int(row.rate), row.quantity) for row in hsn_summary(kinds)] == [
        ("BTL", 5, 11),
        ("STR", 5, 22),
        ("STR", 18, 11),
    ], "a code with two units or two rates has a row for each, and free goods count"


def test_the_copies_of_rule_48() -> None:
    for copy, words in (
        (Copy.ORIGINAL, "Original for recipient"),
        (Copy.DUPLICATE, "Duplicate for transporter"),
        (Copy.TRIPLICATE, "Triplicate for supplier"),
    ):
        for paper in ("a4", "a5", "slip"):
            text = " ".join(pages(pdf_of(make_bill(2), paper, copy=copy)))
            assert words in text
            assert "Reprint" not in text


@pytest.mark.parametrize("paper", ["a4", "a5", "slip"])
def test_a_reprint_says_so(paper: str) -> None:
    assert "Reprint 2, 21 Nov 2026" in pages(pdf_of(make_bill(2), paper, reprint="Reprint 2, 21 Nov 2026"))[0]


@pytest.mark.parametrize("paper", ["a4", "a5", "slip"])
@pytest.mark.parametrize(
    ("changes", "words", "not_there"),
    [
        ({"levy": Levy.INTER, "place_of_supply": "24"}, ["IGST 101.24", "Gujarat (24)"], ["CGST", "SGST", "UTGST"]),
        ({"levy": Levy.TERRITORY, "place_of_supply": "31"}, ["CGST 50.62", "UTGST 50.62"], ["SGST 50", "IGST"]),
        ({"levy": Levy.NONE, "kind": PaperKind.BILL_OF_SUPPLY}, ["BILL OF SUPPLY", "Bill total"], ["CGST", "GST 5%"]),
        ({"reverse_charge": True}, ["Reverse charge Yes"], ["Reverse charge No"]),
        ({"cancelled": "Wrong customer"}, ["CANCELLED: Wrong customer"], ["UPI"]),
        (
            {"kind": PaperKind.CREDIT_NOTE, "corrects": (("BK/2627/00007", dt.date(2026, 11, 2)),)},
            ["CREDIT NOTE", "Against bill BK/2627/00007, 02 Nov 2026", "Credit total"],
            ["TAX INVOICE", "UPI"],
        ),
        (
            {"ship_to": replace(BUYER, name="Godown 2", address="Ring Road, Surat", state_code="24")},
            ["Godown 2", "Ring Road, Surat, Gujarat (24)"],
            [],
        ),
    ],
)
def test_what_else_the_law_asks_for(
    paper: str, changes: dict[str, Any], words: list[str], not_there: list[str]
) -> None:
    text = " ".join(pages(pdf_of(make_bill(3, **changes), paper)))
    assert [one for one in words if one not in text] == []
    assert [one for one in not_there if one in text] == []


def test_documents_that_the_law_gives_words_to() -> None:
    bill = make_bill(1, levy=Levy.NONE, kind=PaperKind.BILL_OF_SUPPLY, letterhead=Letterhead(composition=True))
    assert endorsements(bill) == ["Composition taxable person, not eligible to collect tax on supplies"]
    assert "Composition taxable person" in pages(pdf_of(bill))[0]
    for sez in (True, False):
        for levy, words in ((Levy.INTER, "on payment of integrated tax"), (Levy.NONE, "without payment of")):
            (said,) = endorsements(make_bill(1, levy=levy, zero_rated=True, sez=sez))
            assert words in said
            assert ("SEZ" in said) is sez
    assert endorsements(make_bill(1, kind=PaperKind.COMMERCIAL_NOTE)) == ["No tax is adjusted by this note"]
    assert endorsements(make_bill(1)) == []


def test_cess_has_a_column_of_its_own() -> None:
    bill = make_bill(2)
    first = replace(bill.lines[0], tax=replace(bill.lines[0].tax, cess=Decimal("2.40")))
    (text,) = pages(pdf_of(replace(bill, lines=(first, *bill.lines[1:]))))
    assert "SGST % SGST Cess Tax" in text
    assert "2.5 6.00 2.5 6.00 2.40 14.40" in text


def test_the_foot_adds_up() -> None:
    bill = make_bill(28)
    assert bill.gross - (bill.gross - bill.tax.taxable) + bill.tax.tax + bill.round_off == bill.total
    assert bill.tax == Tax(Decimal("175495.01"), cgst=Decimal("4879.39"), sgst=Decimal("4879.39"))


def test_a_bill_is_paid_by_upi_where_an_id_is_set() -> None:
    assert 'class="qr"' in html_of(make_bill(1))
    assert "banyankite@samplebank" in pages(pdf_of(make_bill(1)))[0]
    for changes in (
        {"letterhead": replace(LETTERHEAD, upi_id="")},
        {"total": Decimal(0)},
        {"kind": PaperKind.CREDIT_NOTE},
        {"cancelled": "Twice"},
    ):
        assert 'class="qr"' not in html_of(make_bill(1, **changes))


def test_what_people_typed_is_text_and_never_markup() -> None:
    nasty = "<script>x</script>"
    line = replace(make_lines(1)[0], name=nasty, batch=nasty, maker=nasty, pack=nasty, schedule=nasty, uqc=nasty)
    bill = make_bill(1, goods=(line,), supplier=replace(SUPPLIER, name=nasty), buyer=replace(BUYER, address=nasty))
    for paper in ("a4", "a5", "slip"):
        html = html_of(bill, paper)
        assert "<script>x" not in html
        assert "&lt;script&gt;x" in html


# ---- pages ----


@pytest.mark.parametrize(("lines", "count"), [(1, 1), (28, 1), (29, 1), (78, 2)])
def test_how_many_pages_so_many_lines_take(lines: int, count: int) -> None:
    found = pages(pdf_of(make_bill(lines)))
    assert len(found) == count
    for text in found:
        assert "27ZZZFP1007B1Z9" in text
        assert "Taxable GST% Amount" in text


@pytest.mark.parametrize("paper", ["a4", "a5"])
@pytest.mark.parametrize("lines", [1, 2, 3, 4, 9, 28, 29, 31, 33, 35, 38, 42, 78])
def test_the_last_three_lines_are_on_the_page_of_the_totals(lines: int, paper: str) -> None:
    bill = make_bill(lines)
    found = pages(pdf_of(bill, paper))
    (total,) = [text for text in found if "Invoice total" in text]
    for line in bill.lines[-3:]:
        assert line.batch in total
    for words in ("Rupees", "Authorised signatory", "Round off"):
        assert words in total, "so are words and signature"
    assert all(len(text) > 200 for text in found), "no page is empty"


@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_a_summary_by_hsn_that_is_longer_than_a_page_goes_on(paper: str) -> None:
    bill = make_bill(78)
    many = replace(bill, lines=tuple(replace(line, hsn=str(300400 + n)) for n, line in enumerate(bill.lines)))
    found = pages(pdf_of(many, paper))
    text = " ".join(found)
    assert [str(300400 + n) for n in range(78) if text.count(str(300400 + n)) != 2] == []
    (total,) = [one for one in found if "Invoice total" in one]
    assert bill.lines[-3].batch in total


def test_long_names_break_and_keep_every_column_on_the_paper() -> None:
    line = replace(
        make_lines(1)[0],
        name="Amoxicillin and Potassium Clavulanate Oral Suspension with a Name of a Hundred Letters and More",
        mrp=Decimal("112800.00"),
        ptr=Decimal("98765.4321"),
        rate=Decimal("98765.4321"),
        tax=Tax(Decimal("9876543.21"), cgst=Decimal("246913.58"), sgst=Decimal("246913.58")),
    )
    document = pypdfium2.PdfDocument(pdf_of(make_bill(1, goods=(line,) * 4, total=Decimal("41481481.00"))))
    page = document[0]
    text = page.get_textpage()
    width = page.get_size()[0]
    rights = [text.get_charbox(place)[2] for place in range(text.count_chars())]
    assert max(rights) <= width - 8 * 72 / 25.4 + 1
    assert "1,03,70,370.37" in text.get_text_range()


@pytest.mark.parametrize(
    ("count", "free_ones", "with_totals"),
    [
        (0, [0], 0),
        (1, [0], 1),
        (3, [0], 3),
        (5, [2], 3),
        (6, [3, 0], 3),
        (13, [10, 0], 3),
        (15, [10, 2], 3),
        (16, [10, 3, 0], 3),
        (33, [10, 10, 10, 0], 3),
    ],
)
def test_pages_of_ten_lines_with_totals_five_lines_high(count: int, free_ones: list[int], with_totals: int) -> None:
    lines = make_lines(count)
    pages_of = paged(lines, most=10, tail=5)
    assert [len(page) for page, _last in pages_of] == free_ones
    assert [len(last) for _page, last in pages_of] == [0] * (len(free_ones) - 1) + [with_totals]
    assert [line for page, last in pages_of for line in [*page, *last]] == list(lines)


def test_a_name_of_two_lines_takes_the_room_of_two() -> None:
    lines = tuple(replace(line, name="x" * 40, schedule="") for line in make_lines(13))
    assert [len(page) for page, _last in paged(lines, most=10, tail=4)] == [5, 5, 0]


def test_further_batches_of_a_line_have_no_number_of_their_own() -> None:
    first, second = make_lines(2)
    again = replace(first, number=0, batch="OTHER-1")
    bill = make_bill(3, goods=(first, again, second))
    text = pages(pdf_of(bill))[0]
    assert "2 items" in text
    assert re.search(r"252\.00 Amoxilor CV 625 TML 10 tab 300490 OTHER-1", text)


@pytest.mark.parametrize(
    ("words", "short"),
    [
        ("strip of 10 tablets", "10 tab"),
        ("bottle of 100 ml Syrup", "100 ml"),
        ("packet of 10 sachets", "10 sach"),
        ("packet of 100 gm Powder", "100 g"),
        ("vial", "vial"),
        ("", ""),
    ],
)
def test_packs_are_written_short(words: str, short: str) -> None:
    assert short_pack(words) == short


def test_makers_are_written_short() -> None:
    assert [short_maker(name) for name in ("Torrent Pharmaceuticals Ltd", "", "Sun, Ltd")] == ["Torrent", "", "Sun"]


# ---- how it looks ----

TOLERANCE = 0.005
"""One machine prints the same to the dot; hairlines of another may fall into the next cell."""

LOOKS: dict[str, tuple[PaperBill, str]] = {
    "invoice-28": (make_bill(28), "a4"),
    "invoice-78": (make_bill(78), "a4"),
    "invoice-a5": (make_bill(9), "a5"),
    "invoice-slip": (make_bill(7), "slip"),
    "credit-note": (
        make_bill(4, kind=PaperKind.CREDIT_NOTE, corrects=(("BK/2627/00007", dt.date(2026, 11, 2)),)),
        "a4",
    ),
}


@pytest.mark.parametrize("name", LOOKS)
def test_it_looks_as_it_did(name: str) -> None:
    bill, paper = LOOKS[name]
    assert share_that_differs(pdf_of(bill, paper), name) <= TOLERANCE


@pytest.mark.parametrize(
    "broken",
    [
        {"letterhead": replace(LETTERHEAD, upi_id="")},
        {"supplier": replace(SUPPLIER, gstin="", pan="", licences=())},
        {"ship_to": BUYER},
        {"letterhead": replace(LETTERHEAD, terms="")},
    ],
)
def test_a_sheet_that_lacks_something_is_noticed(broken: dict[str, Any]) -> None:
    """The control of the test above."""
    assert share_that_differs(pdf_of(make_bill(28, **broken)), "invoice-28") > 1.5 * TOLERANCE
