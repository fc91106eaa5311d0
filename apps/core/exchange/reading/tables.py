"""From an uploaded file to the table in it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from apps.core.exchange.reading import limits, sheet, text
from apps.core.exchange.rules import encodings, tables
from apps.core.exchange.rules.faults import FileFault

_SAMPLE_ROWS = 200
_SEARCH = 50
_PROGRESS_EVERY = 20_000


@dataclass(frozen=True, slots=True)
class FileTable:
    """Where and how the table is written. `heading_row` is 0 when the file has values only."""

    kind: str
    encoding: str
    delimiter: str
    heading_row: int
    headings: list[str]
    rows: int
    sheet: str = ""
    sample: list[list[str]] = field(default_factory=list)
    """Per column, the first cells that are not blank."""

    def as_json(self) -> dict[str, Any]:
        """For a JSON field."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Back from `as_json`."""
        return cls(**value)


def read_table(
    upload: Path, converted: Path, known: frozenset[str], progress: Callable[[int], None] | None = None
) -> FileTable:
    """Read the whole file once: prove that every row can be read, count them, and find the headings.

    `converted` is where a workbook's values go; `known` are normalized names of columns, for finding the heading row.

    Raises:
        FileFault: with what is wrong and where.
    """
    if upload.stat().st_size > limits.MAX_BYTES:
        raise FileFault("bytes_many", megabytes=limits.MAX_BYTES // 1024**2)
    with upload.open("rb") as file:
        kind = encodings.file_kind(file.read(16))
    path, encoding, sheet_name = upload, "", ""
    if kind == "xlsx":
        sheet_name = sheet.convert(upload, converted, progress)
        path, encoding, delimiter = converted, encodings.UTF8, ","
        sample = text.sample_text(path, encoding)
    else:
        encoding = text.encoding_of(path)
        sample = text.sample_text(path, encoding)
        if not sample.strip():
            raise FileFault("empty_table")
        delimiter = tables.detect_delimiter(sample)
    # Strictly from here on: a quote that never closes must be named, not swallow the rest of the file.
    head = list(itertools.islice(text.records(path, encoding, delimiter), _SEARCH))
    heading = tables.find_heading([row for _, row in head], known)
    if heading < 0:
        heading_row, width = 0, max(len(row) for _, row in head)
        headings = tables.headings_of([tables.column_letters(index) for index in range(width)])
    else:
        heading_row = head[heading][0]
        headings = tables.headings_of(head[heading][1])
    found = FileTable("xlsx" if kind == "xlsx" else "csv", encoding, delimiter, heading_row, headings, 0, sheet_name)
    return _counted(found, path, progress)


def _counted(found: FileTable, path: Path, progress: Callable[[int], None] | None) -> FileTable:
    width = len(found.headings)
    sample: list[list[str]] = [[] for _ in range(width)]
    count = 0
    for _number, row in _data(found, path):
        count += 1
        if count <= _SAMPLE_ROWS:
            for cells, cell in zip(sample, row, strict=False):
                if cell := cell.strip():
                    cells.append(cell[:200])
        if count > limits.MAX_ROWS:
            raise FileFault("rows_many", limit=limits.MAX_ROWS)
        if len(row) > width + tables.MAX_COLUMNS:
            raise FileFault("headings_many", count=len(row), limit=tables.MAX_COLUMNS)
        if progress is not None and count % _PROGRESS_EVERY == 0:
            progress(count)
    if not count:
        raise FileFault("headings_only" if found.heading_row else "empty_table")
    values = asdict(found) | {"rows": count, "sample": sample}
    return FileTable(**values)


def _data(found: FileTable, path: Path) -> Iterator[tuple[int, list[str]]]:
    for number, row in text.records(path, found.encoding, found.delimiter):
        # Most rows have something in their first cell.
        if number > found.heading_row and row and (row[0][:1].isalnum() or any(map(str.strip, row))):
            yield number, row


def rows_of(found: FileTable, upload: Path, converted: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows under the headings that are not blank, with their numbers as a spreadsheet shows them."""
    return _data(found, converted if found.kind == "xlsx" else upload)
