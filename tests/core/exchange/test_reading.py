"""Files of every make, good and bad: the right table, or one sentence and nothing taken."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.exchange.reading import FileTable, limits, read_table, rows_of
from apps.core.exchange.rules import encodings, matching, tables
from apps.core.exchange.rules.cells import Choice, Kind, Number, Text
from apps.core.exchange.rules.faults import FileFault
from apps.core.exchange.rules.matching import Target

KNOWN = frozenset({"name", "code", "mrp", "city"})
GOOD = "Name,Code,MRP\nPune,P1,31.50\nNagpur,N2,12\n"


def read(tmp_path: Path, data: bytes | str) -> tuple[FileTable, list[tuple[int, list[str]]]]:
    upload = tmp_path / "upload"
    upload.write_bytes(data.encode() if isinstance(data, str) else data)
    table = read_table(upload, tmp_path / "converted.csv", KNOWN)
    return table, list(rows_of(table, upload, tmp_path / "converted.csv"))


def fault(tmp_path: Path, data: bytes | str) -> FileFault:
    with pytest.raises(FileFault) as caught:
        read(tmp_path, data)
    return caught.value


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (GOOD.encode(), encodings.UTF8),
        (b"\xef\xbb\xbf" + GOOD.encode(), encodings.UTF8),
        (GOOD.encode("utf-16"), encodings.UTF16),
        (GOOD.encode("utf-16-le"), "utf-16-le"),
        (GOOD.encode("utf-16-be"), "utf-16-be"),
        (GOOD.replace("Nagpur", "Café Nagpur").encode("cp1252"), encodings.CP1252),
        (GOOD.replace("Nagpur", "नागपूर").encode(), encodings.UTF8),
    ],
)
def test_encodings(tmp_path: Path, data: bytes, encoding: str) -> None:
    table, rows = read(tmp_path, data)
    assert table.encoding == encoding
    assert table.headings == ["Name", "Code", "MRP"]
    assert rows[0] == (2, ["Pune", "P1", "31.50"])
    assert (table.rows, len(rows)) == (2, 2)


@pytest.mark.parametrize("delimiter", tables.DELIMITERS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, end: str) -> None:
    table, rows = read(tmp_path, GOOD.replace(",", delimiter).replace("\n", end))
    assert table.delimiter == delimiter
    assert [cells for _, cells in rows] == [["Pune", "P1", "31.50"], ["Nagpur", "N2", "12"]]


def test_title_rows_and_blank_rows_are_passed_over_and_numbers_are_those_of_the_sheet(tmp_path: Path) -> None:
    table, rows = read(tmp_path, "Banyan & Kite\nPrice list,Nov\n\nName,Code,MRP\n\nPune,P1,31.50\n,,\nNagpur,N2,12\n")
    assert (table.heading_row, table.headings) == (4, ["Name", "Code", "MRP"])
    assert [number for number, _ in rows] == [6, 8]


def test_a_file_without_headings_gets_letters(tmp_path: Path) -> None:
    table, rows = read(tmp_path, "1,31.50,12/2026\n2,12.00,01/2027\n")
    assert (table.heading_row, table.headings, len(rows)) == (0, ["A", "B", "C"], 2)


def test_line_breaks_and_delimiters_inside_quotes(tmp_path: Path) -> None:
    _, rows = read(tmp_path, 'Name,City\n"Ravi, Medical","MG Road\nPune"\nNext,"He said ""yes"""\n')
    assert rows == [(2, ["Ravi, Medical", "MG Road\nPune"]), (3, ["Next", 'He said "yes"'])]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"  \n\n , \n", "empty_table"),
        (b"Name,Code\n", "headings_only"),
        (b"\x89PNG\r\n\x1a\n\0\0", "image"),
        (b"%PDF-1.7", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old_excel"),
        (b"\x1f\x8b\x08", "archive"),
        (b"Name,Code\nPune,\0\x01\x02\n", "binary"),
        (b"\x7fELF\x02\x01\x01\0\0\0\0" + bytes(range(256)), "binary"),
        (b'Name,Code\nPune,"P1\nNagpur,N2\n', "quote_open"),
        (b'Name,Code\n"Pune" City,P1\n', "quote_inside"),
        (b"Name,Name\nPune,P1\n", "headings_twice"),
        (b"Name,Code\nPune,\x81\n", "not_text"),
        (b"Name,Code\n" + b"x" * 10_000_000 + b",1\n", "cell_long"),
        ((",".join(f"c{n}" for n in range(1001)) + "\n" + "1," * 1000 + "1\n").encode(), "headings_many"),
        (b"PK\x03\x04 not a zip", "xlsx_broken"),
    ],
)
def test_bad_files_are_refused_with_their_reason(tmp_path: Path, data: bytes, code: str) -> None:
    assert fault(tmp_path, data).code == code


def test_where_an_unclosed_quote_opened_is_named(tmp_path: Path) -> None:
    body = "".join(f"Place {n},C{n}\n" for n in range(200))
    assert fault(tmp_path, f'Name,Code\n{body}"Open,X\n{body}').facts["row"] == 202


def test_mixed_encodings_are_named_with_both_lines(tmp_path: Path) -> None:
    caught = fault(tmp_path, b"Name,Code\n" + "नागपूर,1\n".encode() + b"x,2\n" * 100_000 + "Café,3\n".encode("cp1252"))
    assert (caught.code, caught.facts) == ("mixed", {"utf8": 2, "other": 100_003})


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ROWS", 3)
    assert fault(tmp_path, "Name,Code\n" + "a,b\n" * 4).code == "rows_many"
    monkeypatch.setattr(limits, "MAX_BYTES", 10)
    assert fault(tmp_path, GOOD).code == "bytes_many"


def test_a_workbook(tmp_path: Path) -> None:
    data = workbook(
        ["Stock of November"], [], ["Name", "Code", "MRP", "Made"],
        ["Pune", 7, 31.499999999999996, dt.date(2026, 12, 31)], [], ["Nagpur", "07", 12, True],
    )  # fmt: skip
    table, rows = read(tmp_path, data)
    assert (table.kind, table.heading_row, table.sheet) == ("xlsx", 3, "Sheet")
    assert rows == [(4, ["Pune", "7", "31.5", "2026-12-31"]), (6, ["Nagpur", "07", "12", "TRUE"])]


def test_a_workbook_gives_values_of_formulas(tmp_path: Path) -> None:
    path = tmp_path / "made.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Code"])
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_string(1, 1, "=1+1")
    _, rows = read(tmp_path, path.read_bytes())
    assert rows == [(2, ["2", "=1+1"])]


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 20_000_000)
    assert fault(tmp_path, buffer.getvalue()).code == "xlsx_bomb"


def test_other_archives_and_broken_workbooks(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("notes.txt", "hello")
    assert fault(tmp_path, buffer.getvalue()).code == "archive"
    good = workbook(["Name", "Code"], ["Pune", 1])
    assert fault(tmp_path, good[: len(good) // 2]).code == "xlsx_broken"
    assert fault(tmp_path, workbook()).code == "empty_table"
    assert fault(tmp_path, workbook(["Name", "Code"])).code == "headings_only"


def test_a_made_up_row_number_does_not_make_us_count_for_hours(tmp_path: Path) -> None:
    source = io.BytesIO(workbook(["Name", "Code"], ["Pune", 1]))
    target = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(b'r="2"', b'r="999999999"').replace(b'r="A2"', b'r="A999999999"')
                data = data.replace(b'r="B2"', b'r="B999999999"')
            new.writestr(item, data)
    assert fault(tmp_path, target.getvalue()).code in {"rows_many", "xlsx_broken"}


cell = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(cell, min_size=3, max_size=3), min_size=1, max_size=20), st.sampled_from(tables.DELIMITERS))
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(["Name", "Code", "MRP"])
    writer.writerows(rows)
    filled = [row for row in rows if any(map(str.strip, row))]
    with tempfile.TemporaryDirectory() as folder:
        try:
            table, found = read(Path(folder), buffer.getvalue())
        except FileFault as caught:
            assert caught.code == "headings_only"  # noqa: PT017
            assert not filled
        else:
            assert table.delimiter == delimiter
            assert [cells for _, cells in found] == filled


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_fault(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            table, rows = read(Path(folder), data)
        except FileFault:
            return
        assert table.rows == len(rows) > 0


class _Target:
    def __init__(self, name: str, *others: str, kind: Kind | None = None, right: str = "") -> None:
        self.name = name
        self.names = frozenset(map(tables.normal_heading, (name, *others)))
        self.kind: Kind = kind or Text()
        self.right = right

    def looks_right(self, raw: str) -> bool:
        return bool(self.right) and len(raw) == 15 and raw.startswith(self.right)


def test_columns_are_matched_by_name_likeness_and_content() -> None:
    targets: list[Target] = [
        _Target("name", "Party name", "Customer"),
        _Target("gstin", "GSTIN", right="27"),
        _Target("limit", "Credit limit", kind=Number()),
        _Target("state", "State", kind=Choice({"27": "Maharashtra"})),
    ]
    found = matching.match_columns(
        ["CUSTOMER", "Tax no.", "Credit Limits", "Remarks"],
        [["Ravi"], ["27AAPFU0939F1ZV"], ["1,000"], ["x"]],
        targets,
    )
    assert [(match.target, match.reason) for match in found] == [
        ("name", "name"), ("gstin", "content"), ("limit", "similar"), ("", "none"),
    ]  # fmt: skip


def test_likeness_alone_does_not_match_other_values() -> None:
    targets: list[Target] = [_Target("limit", "Credit limit", kind=Number())]
    assert matching.match_columns(["Credit limits"], [["none", "high"]], targets)[0].target == ""


def test_what_was_chosen_before_wins_and_no_target_is_used_twice() -> None:
    targets: list[Target] = [_Target("name", "Name"), _Target("code", "Code")]
    found = matching.match_columns(["Name", "Code"], [[], []], targets, {"name": "code", "code": ""})
    assert [match.target for match in found] == ["code", ""]
    found = matching.match_columns(["Name", "NAME "], [[], []], targets)
    assert [match.target for match in found] == ["", "name"] or [match.target for match in found] == ["name", ""]


def test_the_shape_ignores_case_and_blanks_but_not_order() -> None:
    assert matching.shape_of(["Name ", "M.R.P"]) == matching.shape_of(["NAME", "mrp"])
    assert matching.shape_of(["a", "b"]) != matching.shape_of(["b", "a"])
