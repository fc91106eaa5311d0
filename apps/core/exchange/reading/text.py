"""CSV and other delimited text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from apps.core.exchange.reading.limits import MAX_CELL
from apps.core.exchange.rules.encodings import detect_encoding
from apps.core.exchange.rules.faults import FileFault

_BLOCK = 1024 * 1024

# The csv module has one limit for the whole process; nothing else here reads longer cells.
csv.field_size_limit(MAX_CELL)


def encoding_of(path: Path) -> str:
    """The file's encoding. Raises `FileFault`."""
    with path.open("rb") as file:
        head = file.read(4096)
    return detect_encoding(head, _line_blocks(path))


def _line_blocks(path: Path) -> Iterator[bytes]:
    """The file in blocks that end where a line ends; a line of several blocks is cut, for it is no table anyway."""
    with path.open("rb") as file:
        rest = b""
        while block := file.read(_BLOCK):
            block = rest + block
            cut = block.rfind(b"\n") + 1
            if not cut and len(block) < 8 * _BLOCK:
                rest = block
                continue
            cut = cut or len(block)
            yield block[:cut]
            rest = block[cut:]
        if rest:
            yield rest


def sample_text(path: Path, encoding: str) -> str:
    """The first lines of the file. Raises `FileFault`."""
    with path.open(encoding=encoding, newline="") as file:
        try:
            return file.read(256 * 1024)
        except UnicodeDecodeError:
            raise FileFault("binary") from None


def records(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every row with its number, counted as a spreadsheet does: blank rows count, line breaks inside a cell do not.

    Raises:
        FileFault: naming the row, where the text stops being a table.
    """
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(_lines(file), delimiter=delimiter, strict=True)
        try:
            for row in reader:
                number += 1
                yield number, row
        except csv.Error as error:
            raise _fault(str(error), number + 1) from None
        except UnicodeError:
            raise FileFault("not_text", line=reader.line_num + 1) from None


def _lines(file: Iterator[str]) -> Iterator[str]:
    for line in file:
        if "\0" in line:
            raise FileFault("binary")
        yield line


def _fault(message: str, row: int) -> FileFault:
    if "unexpected end" in message:
        return FileFault("quote_open", row=row)
    if "field limit" in message:
        return FileFault("cell_long", row=row, limit=MAX_CELL)
    if "expected after" in message:
        return FileFault("quote_inside", row=row)
    return FileFault("row_broken", row=row)
