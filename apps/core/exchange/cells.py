"""Cells of an exported file, written by PostgreSQL itself: numbers and dates plain, text that nothing would run.

A row that passes through Python costs some twenty times what it costs here. Each kind of cell is an SQL expression, one
for CSV and one for a workbook's sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext
from psycopg import sql

from apps.core.exchange.rules.formulas import neutralized
from apps.core.exchange.rules.sheets import style_of, text_cell

Kind = Literal["", "text", "number", "money", "percent", "date", "datetime", "month", "flag"]
"""What a cell holds; empty for what its type in the database says."""

_BOOLEAN = frozenset({16})
_WHOLE = frozenset({20, 21, 23})
_NUMERIC = _WHOLE | {700, 701, 1700}
_DATE = frozenset({1082})
_MOMENT = frozenset({1114, 1184})
_ZONED = 1184
_TEXT = frozenset({18, 19, 25, 1042, 1043})
_FITTING: dict[str, frozenset[int]] = {
    "number": _NUMERIC,
    "money": _NUMERIC,
    "percent": _NUMERIC,
    "date": _DATE | _MOMENT,
    "month": _DATE | _MOMENT,
    "datetime": _MOMENT,
    "flag": _BOOLEAN,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of an export.

    `choices` are values and their labels; `places` are the decimals kept. `make` gives the cell of a record where SQL
    cannot: such columns are the only ones that Python sees.
    """

    kind: Kind = ""
    choices: Mapping[Any, str] = field(default_factory=dict)
    places: int | None = None
    make: Callable[[Any], object] | None = None

    def resolved(self, oid: int) -> Kind:
        """The kind, by the type that PostgreSQL gives the column."""
        if self.kind in _FITTING and oid in _FITTING[self.kind]:
            return self.kind
        if self.kind == "text":
            return "text"
        kinds: dict[Kind, frozenset[int]] = {"flag": _BOOLEAN, "date": _DATE, "datetime": _MOMENT, "number": _NUMERIC}
        return next((kind for kind, oids in kinds.items() if oid in oids), "text")


def csv_cell(cell: Cell, name: str, oid: int) -> sql.Composable:
    """The cell as a CSV file has it."""
    column = sql.Identifier(name)
    kind = cell.resolved(oid)
    if cell.choices:
        return _choices(cell, column, neutralized, _csv_text(_as_text(column, oid)))
    if kind == "flag":
        return _flag(column, sql.Literal(gettext("Yes")), sql.Literal(gettext("No")))
    if kind in {"number", "money", "percent"}:
        return _number(cell, column, oid)
    if kind in {"date", "month", "datetime"}:
        return _written(kind, _local(column, oid))
    return _csv_text(_as_text(column, oid)) if oid in _TEXT else _as_text(column, oid)


def sheet_cell(cell: Cell, name: str, oid: int) -> sql.Composable:
    """The cell as the XML of a sheet; nothing, too, is a cell, for cells are placed by counting."""
    column = sql.Identifier(name)
    kind = cell.resolved(oid)
    if cell.choices:
        return sql.SQL("coalesce({}, '<c/>')").format(
            _choices(cell, column, text_cell, _sheet_text(_as_text(column, oid)))
        )
    if kind == "flag":
        yes, no = (sql.Literal(text_cell(gettext(word))) for word in ("Yes", "No"))
        return sql.SQL("coalesce({}, '<c/>')").format(_flag(column, yes, no))
    if kind in {"number", "money", "percent"}:
        style = style_of(cell.kind, cell.places)
        number = _number(cell, column, oid)
        # Excel keeps fifteen digits; what is longer stays whole as text. Neither does it know NaN.
        return sql.SQL(
            "CASE WHEN {column} IS NULL THEN '<c/>' WHEN abs({column}) < 1e15 THEN {opening} || ({number})::text "
            "|| '</v></c>' ELSE {text} END"
        ).format(
            column=column,
            opening=sql.Literal(f'<c s="{style}"><v>' if style else "<c><v>"),
            number=number,
            text=_sheet_text(_as_text(column, oid)),
        )
    if kind in {"date", "month", "datetime"}:
        moment = _local(column, oid)
        # Excel counts days from 1900 and takes that year for a leap year.
        return sql.SQL(
            "CASE WHEN {column} IS NULL THEN '<c/>' WHEN isfinite({column}) AND {moment} >= '1900-03-01' "
            "AND {moment} < '10000-01-01' THEN {opening} || trim_scale(round((extract(epoch FROM {moment}) / 86400 "
            "+ 25569)::numeric, 9))::text || '</v></c>' ELSE {text} END"
        ).format(
            column=column,
            moment=moment,
            opening=sql.Literal(f'<c s="{style_of(kind)}"><v>'),
            text=_sheet_text(_written(kind, moment)),
        )
    return _sheet_text(_as_text(column, oid))


def cases_cell(
    names: Sequence[str], cases: Mapping[tuple[bool | None, ...], object], written: Callable[[str], str]
) -> sql.Composable:
    """A text for each case that several values of yes and no make up."""
    forms = {True: sql.SQL("{}"), False: sql.SQL("NOT {}"), None: sql.SQL("{} IS NULL")}
    choices = sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN {}").format(
            sql.SQL(" AND ").join(
                forms[value].format(sql.Identifier(name)) for name, value in zip(names, case, strict=True)
            ),
            sql.Literal(written("" if text is None else str(text))),
        )
        for case, text in cases.items()
    )
    return sql.SQL("CASE {} END").format(choices)


def _as_text(column: sql.Composable, oid: int) -> sql.Composable:
    return column if oid in _TEXT else sql.SQL("{}::text").format(column)


def _flag(column: sql.Composable, yes: sql.Composable, no: sql.Composable) -> sql.Composable:
    return sql.SQL("CASE WHEN {0} THEN {1} WHEN NOT {0} THEN {2} END").format(column, yes, no)


def _number(cell: Cell, column: sql.Composable, oid: int) -> sql.Composable:
    if cell.places is None or oid in _WHOLE:
        return column
    return sql.SQL("round({}::numeric, {})").format(column, sql.Literal(cell.places))


def _local(column: sql.Composable, oid: int) -> sql.Composable:
    if oid != _ZONED:
        return column
    return sql.SQL("({} AT TIME ZONE {})").format(column, sql.Literal(timezone.get_current_timezone_name()))


def _written(kind: Kind, column: sql.Composable) -> sql.Composable:
    form = {"date": "YYYY-MM-DD", "month": "MM/YYYY"}.get(kind, "YYYY-MM-DD HH24:MI:SS")
    return sql.SQL("to_char({}, {})").format(column, sql.Literal(form))


def _choices(
    cell: Cell, column: sql.Composable, written: Callable[[str], str], other: sql.Composable
) -> sql.Composable:
    cases = sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(value), sql.Literal(written(str(label))))
        for value, label in cell.choices.items()
        if value is not None
    )
    return sql.SQL("CASE {} {} ELSE {} END").format(column, cases, other)


def _csv_text(text: sql.Composable) -> sql.Composable:
    # The same rule as `rules.formulas.neutralized`; the first letter is looked at before the costly pattern.
    return sql.SQL(
        r"CASE WHEN left({0}, 1) IN ('=', '+', '-', '@', E'\t', E'\r', E'\n', '＝', '＋', '－', '＠') "
        r"AND {0} !~ '^[+-]?[0-9][0-9,]*([.][0-9]+)?%?$' THEN '''' || {0} ELSE {0} END"
    ).format(text)


# The same rule as `rules.sheets.escaped`; most texts need nothing of it, and the pattern tells which.
_SHEET_TEXT = r"""CASE WHEN {0} IS NULL OR {0} = '' THEN '<c/>'
WHEN {0} ~ E'[\\x01-\\x1f&<>\\\\\uFFFE\uFFFF]|^ | $|  |_x[0-9A-Fa-f]{{4}}_' OR length({0}) > 32767
THEN '<c t="inlineStr"><is><t xml:space="preserve">' || replace(replace(replace(replace(replace(replace(replace(
  regexp_replace(regexp_replace(left({0}, 32767), E'[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f\uFFFE\uFFFF]', '', 'g'),
    '_(x[0-9A-Fa-f]{{4}}_)', '_x005F_\1', 'g'),
  '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '\', '&#92;'), E'\n', '&#10;'), E'\t', '&#9;'), E'\r', '&#13;')
  || '</t></is></c>'
ELSE '<c t="inlineStr"><is><t>' || {0} || '</t></is></c>' END"""


def _sheet_text(text: sql.Composable) -> sql.Composable:
    return sql.SQL(_SHEET_TEXT).format(text)
