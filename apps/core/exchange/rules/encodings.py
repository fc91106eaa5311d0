"""Which encoding a text file is written in."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass

from apps.core.exchange.rules.faults import FileFault

UTF8, UTF16, CP1252 = "utf-8-sig", "utf-16", "cp1252"

# First bytes of files that people drop here by mistake.
_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"{\\rtf", "document"),
    (b"\x1f\x8b", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
)


def file_kind(head: bytes) -> str:
    """`xlsx` (or any ZIP) or `text`, by the first bytes and not by the name.

    Raises:
        FileFault: the file is empty, or something that holds no table.
    """
    if not head:
        raise FileFault("empty")
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"PK\x05\x06"):
        raise FileFault("archive")
    for start, code in _KINDS:
        if head.startswith(start):
            raise FileFault(code)
    return "text"


@dataclass
class _Seen:
    """The first line with letters beyond ASCII, in each of the two encodings."""

    utf8: int = 0
    other: int = 0


def detect_encoding(head: bytes, blocks: Iterable[bytes]) -> str:
    """The encoding of a text file: UTF-8, UTF-16, or Windows-1252 where it is neither.

    `blocks` is the whole file, each block ending at a line's end. Reading it whole is the point: a letter in line
    90,000 decides, and a file glued together from two encodings must not be taken with half its names garbled.

    Raises:
        FileFault: `binary`, or `mixed` with the two line numbers.
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return UTF16
    if _is_utf16(head):
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    seen = _Seen()
    before = 0
    for block in blocks:
        if b"\0" in block:
            raise FileFault("binary")
        if not block.isascii():
            _look(block, before, seen)
        before += block.count(b"\n")
        if seen.utf8 and seen.other:
            raise FileFault("mixed", utf8=seen.utf8, other=seen.other)
    return CP1252 if seen.other else UTF8


def _is_utf16(head: bytes) -> bool:
    """Mostly Latin text in UTF-16 without a mark: every other byte is zero."""
    sample = head[:400]
    return len(sample) >= 8 and max(sample[0::2].count(0), sample[1::2].count(0)) > len(sample) * 0.4


def _look(block: bytes, before: int, seen: _Seen) -> None:
    try:
        block.decode()
    except UnicodeDecodeError:
        pass
    else:
        if not seen.utf8:
            seen.utf8 = before + _first_beyond_ascii(block)
        return
    for number, line in enumerate(block.split(b"\n"), before + 1):
        if line.isascii():
            continue
        try:
            line.decode()
        except UnicodeDecodeError:
            seen.other = seen.other or number
            _must_be_text(line, number)
        else:
            seen.utf8 = seen.utf8 or number


def _must_be_text(line: bytes, number: int) -> None:
    try:
        line.decode(CP1252)
    except UnicodeDecodeError:
        raise FileFault("not_text", line=number) from None


def _first_beyond_ascii(block: bytes) -> int:
    return next(number for number, line in enumerate(block.split(b"\n"), 1) if not line.isascii())
