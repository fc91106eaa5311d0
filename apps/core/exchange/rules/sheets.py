"""How values stand in the sheet of a workbook (ECMA-376, Office Open XML, part 1, section 18.3)."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

# What Excel holds in a cell.
MAX_TEXT = 32_767
# Numbers of more digits would lose their last ones.
_WHOLE_BELOW = 10**15
_EPOCH = dt.date(1899, 12, 30)
# Excel takes 1900 for a leap year, so that its days before this one are off by one.
_FIRST = dt.date(1900, 3, 1)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads _x000D_ as the character of that number.
_CODED = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
_XML = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\\": "&#92;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
)

# Number formats of the styles, from the third on: the first is plain, the second the heading's.
FORMATS = ("#,##0", "#,##0.00", '0.##"%"', "dd mmm yyyy", "dd mmm yyyy hh:mm", "mm/yyyy")
_STYLES = {"number": 2, "money": 3, "percent": 4, "date": 5, "datetime": 6, "month": 7}
HEADING_STYLE = 1


def style_of(kind: str, places: int | None = None) -> int:
    """The style of a kind of cell; 0 is plain."""
    return _STYLES["money"] if kind == "number" and places else _STYLES.get(kind, 0)


def escaped(text: str) -> str:
    """Text in the XML of a sheet: no character that XML forbids, and neither line break nor backslash, which COPY
    would write in its own way."""
    return _CODED.sub(r"_x005F_\1", _FORBIDDEN.sub("", text[:MAX_TEXT])).translate(_XML)


def text_cell(text: str, style: int = 0) -> str:
    """A cell of text; as text nothing in it is ever run."""
    if not text:
        return "<c/>"
    marked = f' s="{style}"' if style else ""
    return f'<c{marked} t="inlineStr"><is><t xml:space="preserve">{escaped(text)}</t></is></c>'


def value_cell(value: object, kind: str = "", places: int | None = None) -> str | None:
    """The cell of a number or a day; None for what can only be text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        if not -_WHOLE_BELOW < value < _WHOLE_BELOW:
            return None
        return _marked(style_of(kind, places), f"{value:f}" if isinstance(value, Decimal) else str(value))
    if isinstance(value, dt.datetime):
        if value.date() < _FIRST:
            return None
        days = (value.date() - _EPOCH).days
        part = (value - value.replace(hour=0, minute=0, second=0, microsecond=0)) / dt.timedelta(days=1)
        return _marked(_STYLES["datetime"], f"{days + part:.9f}")
    if isinstance(value, dt.date):
        if value < _FIRST:
            return None
        return _marked(_STYLES["month" if kind == "month" else "date"], str((value - _EPOCH).days))
    return None


def _marked(style: int, value: str) -> str:
    return f'<c s="{style}"><v>{value}</v></c>' if style else f"<c><v>{value}</v></c>"
