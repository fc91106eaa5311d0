"""Where the table lies in a text file: its delimiter, its heading row, its headings."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from apps.core.exchange.rules.faults import FileFault

DELIMITERS = (",", ";", "\t", "|")
MAX_COLUMNS = 256
_SEARCHED_ROWS = 30
_VALUE = re.compile(r"[₹\d\s.,:/%()+-]*\d[₹\d\s.,:/%()+-]*")


def normal_heading(text: str) -> str:
    """A heading without case, blanks and punctuation: `M.R.P. (₹)` becomes `mrp`."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def records(text: str, delimiter: str, limit: int = 200) -> list[list[str]]:
    """The first rows of a text, read leniently: a sample may end inside a quoted cell."""
    found: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            found.append(row)
            if len(found) >= limit:
                break
    except csv.Error:
        pass
    return found


def detect_delimiter(sample: str) -> str:
    """The delimiter that splits the sample's rows most evenly into the most cells; a comma where none splits at all."""
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = [len(row) for row in records(sample, delimiter) if any(cell.strip() for cell in row)]
        if not widths:
            continue
        width, times = Counter(widths).most_common(1)[0]
        if width < 2:
            continue
        score = times / len(widths) * (1 + min(width, 50) / 100)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def find_heading(rows: Sequence[Sequence[str]], known: frozenset[str]) -> int:
    """Index of the heading row in the first rows of a file; -1 if the first full row already holds values.

    Rows above it (the report's title, the firm's address) are passed over. `known` are normalized names of columns: a
    row with two of them is the heading for certain.
    """
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    usual = Counter(count for count in filled if count).most_common(1)[0][0] if any(filled) else 0
    best, best_names = -1, 0
    for index, row in enumerate(rows[:_SEARCHED_ROWS]):
        names = len({normal_heading(cell) for cell in row if cell.strip()} & known)
        if names > best_names:
            best, best_names = index, names
    if best_names >= min(2, usual):
        return best
    for index, row in enumerate(rows[:_SEARCHED_ROWS]):
        if filled[index] * 2 > usual:
            values = sum(1 for cell in row if cell.strip() and _VALUE.fullmatch(cell.strip()))
            # A heading may hold a year or a number, values hold many.
            return -1 if values * 3 >= filled[index] and best_names == 0 else index
    return 0


def column_letters(index: int) -> str:
    """A column's name in a spreadsheet: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def headings_of(row: Sequence[str]) -> list[str]:
    """The headings in a row, without empty ones at its end.

    Raises:
        FileFault: `headings_none`, `headings_many` or `headings_twice`.
    """
    names = [" ".join(cell.split()) for cell in row]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise FileFault("headings_none")
    if len(names) > MAX_COLUMNS:
        raise FileFault("headings_many", count=len(names), limit=MAX_COLUMNS)
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        key = name.casefold()
        if key and key in first:
            raise FileFault("headings_twice", name=name, first=column_letters(first[key]), second=column_letters(index))
        first[key] = index
    return names
