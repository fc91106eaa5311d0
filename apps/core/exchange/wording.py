"""Sentences for what the rules find. Voice: docs/look.md; say what happened, then what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.exchange.rules.faults import CellFault, FileFault
from apps.core.exchange.rules.numbers import grouped
from apps.core.exchange.rules.states import State

if TYPE_CHECKING:
    from apps.core.exchange.declaration import Column

RESULTS = {
    State.READING: gettext_lazy("Being read"),
    State.UPLOADED: gettext_lazy("Columns to match"),
    State.MATCHED: gettext_lazy("Being checked"),
    State.CHECKED: gettext_lazy("To be checked"),
    State.MENDING: gettext_lazy("Being mended"),
    State.IMPORTING: gettext_lazy("Running"),
    State.DONE: gettext_lazy("Done"),
    State.UNDOING: gettext_lazy("Being undone"),
    State.UNDONE: gettext_lazy("Undone"),
    State.FAILED: gettext_lazy("Not read"),
}
TONES = {State.DONE: "ok", State.FAILED: "bad", State.CHECKED: "warn", State.UPLOADED: "warn", State.UNDONE: ""}


def file_sentence(fault: FileFault) -> str:
    """Why a file was not taken."""
    facts = {name: _number(value) for name, value in fault.facts.items()}
    return _file_sentences()[fault.code] % facts


def _number(value: object) -> object:
    return grouped(value) if isinstance(value, int) else value


def _file_sentences() -> dict[str, str]:
    return {
        "empty": _("The file is empty."),
        "empty_table": _("The file has no rows. Check that you saved the right sheet."),
        "headings_only": _("The file has headings and no rows under them."),
        "headings_none": _("No headings were found. The first row should name the columns."),
        "headings_twice": _("Two columns are called %(name)s: %(first)s and %(second)s. Rename one of them."),
        "headings_many": _("The file has %(count)s columns. Up to %(limit)s are read; remove those you do not import."),
        "rows_many": _("The file has more than %(limit)s rows. Split it and import the parts."),
        "bytes_many": _("The file is larger than %(megabytes)s MB. Split it and import the parts."),
        "binary": _("This is not a table of text. Save it as CSV or as an Excel workbook (.xlsx)."),
        "old_excel": _(
            "This is an old Excel file (.xls) or one with a password. Save it as an Excel workbook (.xlsx) without a "
            "password, or as CSV."
        ),
        "pdf": _("This is a PDF. Ask for the list as CSV or Excel."),
        "image": _("This is a picture. Ask for the list as CSV or Excel."),
        "document": _("This is a text document. Save the table in it as CSV or Excel."),
        "archive": _("This is an archive. Unpack it and drop the CSV or Excel file."),
        "xlsx_broken": _("The Excel file is damaged and cannot be opened. Save it again, or save it as CSV."),
        "xlsx_locked": _("The Excel file has a password. Save it without one."),
        "xlsx_bomb": _("The Excel file unpacks to %(megabytes)s MB, far more than a list needs. Save it as CSV."),
        "xlsx_texts": _("The Excel file holds too much text to be read at once. Save it as CSV."),
        "mixed": _(
            "The file mixes two encodings: line %(utf8)s is UTF-8, line %(other)s is not. Save it again as CSV UTF-8."
        ),
        "not_text": _("Line %(line)s holds characters of no known encoding. Save the file again as CSV UTF-8."),
        "quote_open": _('The quote (") that opens in row %(row)s is never closed. Close it, or remove it.'),
        "quote_inside": _('Row %(row)s has text after a closing quote ("). Write a quote inside a cell twice.'),
        "cell_long": _(
            "A cell in row %(row)s is longer than %(limit)s characters. Perhaps a quote before it is never closed."
        ),
        "row_broken": _("Row %(row)s cannot be read. Save the file again as CSV UTF-8."),
    }


def cell_sentence(fault: CellFault, column: Column) -> str:
    """What is wrong with a cell."""
    facts = {"column": str(column.label), **{name: str(value) for name, value in fault.facts.items()}}
    if fault.fix is not None:
        facts["fix"] = fault.fix
        return _sentences_with_fix().get(fault.code, _cell_sentences()[fault.code]) % facts
    return _cell_sentences()[fault.code] % facts


def _cell_sentences() -> dict[str, str]:
    return {
        "empty": _("%(column)s is empty."),
        "number": _("%(column)s is not a number."),
        "whole": _("%(column)s must be a whole number."),
        "places": _("%(column)s has more than %(places)s decimals."),
        "low": _("%(column)s is less than %(limit)s."),
        "high": _("%(column)s is more than %(limit)s."),
        "date": _("%(column)s is not a date."),
        "date_order": _("%(column)s has no such month."),
        "month": _("%(column)s is not a month. Write it as 08/2028."),
        "yes_no": _("%(column)s must be yes or no."),
        "choice": _("%(column)s is none of the known values."),
        "formula": _("%(column)s is a formula. Save the file with values instead."),
        "error_value": _("%(column)s is an Excel error."),
        "shortened": _("Excel has shortened %(column)s and lost digits. Format that column as text, and save again."),
        "long": _("%(column)s has %(length)s characters. Up to %(limit)s fit."),
        "pattern": _("%(column)s is not written as it should be."),
        "reason": "%(reason)s",
    }


def _sentences_with_fix() -> dict[str, str]:
    return {
        "number": _("%(column)s is not a number. %(fix)s?"),
        "whole": _("%(column)s must be a whole number. %(fix)s?"),
        "places": _("%(column)s has more than %(places)s decimals. %(fix)s?"),
        "date_order": _("%(column)s has no such month. Day and month swapped?"),
        "choice": _("%(column)s is none of the known values. Did you mean %(fix)s?"),
    }


def wide_sentence() -> str:
    """A row with more cells than there are headings."""
    return _("This row has more cells than there are headings.")


def same_sentence(label: str) -> str:
    """A row that repeats an earlier one; %(row)s stays to be filled in."""
    return _("Same %(label)s as row %%(row)s.") % {"label": label}
