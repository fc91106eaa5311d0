"""XLSX workbooks: turned into plain CSV once, so that every later step reads one format, and reads it fast."""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl

from apps.core.exchange.reading import limits
from apps.core.exchange.rules.faults import FileFault
from apps.core.exchange.rules.tables import MAX_COLUMNS


def convert(source: Path, target: Path, progress: Callable[[int], None] | None = None) -> str:
    """Write the values of the first sheet that has any to `target` as UTF-8 CSV; returns the sheet's name.

    Formulas give the value Excel last computed, dates are written as 2026-12-31. Blank rows stay, so that row numbers
    are those of the sheet.

    Raises:
        FileFault: the workbook is broken, locked, or would unpack to more than we let it.
    """
    _check_archive(source)
    try:
        return _convert(source, target, progress)
    except FileFault:
        raise
    except (zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, IndexError, EOFError, OSError):
        # openpyxl lets whatever it trips over pass through.
        raise FileFault("xlsx_broken") from None


def _check_archive(source: Path) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise FileFault("xlsx_broken") from None
    names = {member.filename for member in members}
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise FileFault("archive")
    if any(member.flag_bits & 1 for member in members):
        raise FileFault("xlsx_locked")
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    texts = sum(member.file_size for member in members if member.filename.lower().endswith("sharedstrings.xml"))
    bomb = unpacked > limits.RATIO_MATTERS_FROM and unpacked > limits.MAX_RATIO * max(packed, 1)
    if bomb or unpacked > limits.MAX_UNPACKED or len(members) > limits.MAX_MEMBERS:
        raise FileFault("xlsx_bomb", megabytes=unpacked // 1024**2)
    if texts > limits.MAX_SHARED_TEXT:
        raise FileFault("xlsx_texts")


def _convert(source: Path, target: Path, progress: Callable[[int], None] | None) -> str:
    # An open file: openpyxl goes by a path's suffix, and ours has none.
    with source.open("rb") as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            # The declared size of a sheet is often wrong, and pads every row to it.
            sheet.reset_dimensions()
            if _write(sheet.iter_rows(values_only=True), target, progress):
                return str(sheet.title)
    raise FileFault("empty_table")


def _write(rows: Iterator[tuple[Any, ...]], target: Path, progress: Callable[[int], None] | None) -> bool:
    written = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for number, row in enumerate(rows, 1):
            if number > limits.MAX_SHEET_ROWS:
                raise FileFault("rows_many", limit=limits.MAX_ROWS)
            cells = [_text(value, number) if value is not None else "" for value in row]
            while cells and not cells[-1]:
                cells.pop()
            if len(cells) > MAX_COLUMNS:
                raise FileFault("headings_many", count=len(cells), limit=MAX_COLUMNS)
            written += bool(cells)
            writer.writerow(cells)
            if progress is not None and number % 5_000 == 0:
                progress(number)
    return written > 0


def _text(value: Any, row: int) -> str:
    if isinstance(value, str):
        if len(value) > limits.MAX_CELL:
            raise FileFault("cell_long", row=row, limit=limits.MAX_CELL)
        return value.replace("\0", "")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # Excel keeps and shows 15 digits; more would turn 31.5 into 31.499999999999996.
        return f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time.min else value.isoformat(" ", "seconds")
    return str(value)
