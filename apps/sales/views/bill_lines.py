"""A line of an open bill as the grid of its screen draws it, and the buttons that mend what is off."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.ui.formats import exp, money, num, percent
from apps.core.ui.grid import Line, Note, NoteButton
from apps.core.ui.templatetags.ui import heat, icon
from apps.sales.queries.sheet import Batched, SheetLine
from apps.sales.rules.facts import Level, Mend, Notice

MENDED = {Mend.SET_QUANTITY: "quantity", Mend.SET_RATE: "rate", Mend.SET_DISCOUNT: "discount"}
"""Which cell a button of a notice sets."""


def plain(value: Decimal, places: int = 0) -> str:
    """A number as an input holds it: at least so many places, and no zeros behind them."""
    text = f"{value.normalize():f}"
    whole, _point, rest = text.partition(".")
    return f"{whole}.{rest.ljust(places, '0')}" if rest or places else whole


def line_of(line: SheetLine) -> Line:
    """The line with its batches: the first in its own row, the others in rows below it."""
    first, rest = (line.picks[0], line.picks[1:]) if line.picks else (None, ())
    return Line(
        pk=line.id,
        name=line.product.goods.name,
        values={
            "product": line.product.goods.name,
            "batch": first.number if first else "",
            "expiry": heat(first.expiry) if first else "",
            "stock": num(line.available),
            "mrp": money(first.mrp if first else line.mrp),
            "quantity": str(line.quantity),
            # A typed 0 refuses the scheme, so it is not left out.
            "free": str(line.free) if line.free or line.free_typed else "",
            "rate": plain(line.rate, 2),
            "discount": plain(line.discount) if line.discount else "",
            "tax": percent(line.tax_rate),
            "amount": money(line.taxable),
        },
        keys={"product": line.product_id},
        notes=[_note(notice) for notice in line.notices],
        more=[_further(batch) for batch in rest],
        phone_detail=_detail(first, line.tax_rate),
        phone_end=f"{num(line.quantity)}{f' + {num(line.free)}' if line.free else ''} × {plain(line.rate, 2)}",
    )


def _further(batch: Batched) -> dict[str, Any]:
    return {
        "product": format_html(
            '<span class="mut row">{}{}</span>', icon("corner-down-left", "i-sm"), _("same line, next batch")
        ),
        "batch": batch.number,
        "expiry": heat(batch.expiry),
        "stock": num(batch.available),
        "mrp": money(batch.mrp),
        "quantity": num(batch.quantity) if batch.quantity else "",
        "free": num(batch.free) if batch.free else "",
        "rate": plain(batch.rate, 2),
    }


def _detail(batch: Batched | None, tax: Decimal) -> SafeString | str:
    if batch is None:
        return f"GST {percent(tax)}"
    return format_html('<span class="code">{}</span> · {} · GST {}', batch.number, exp(batch.expiry), percent(tax))


def _note(notice: Notice) -> Note:
    buttons = []
    if notice.mend in MENDED and notice.value:
        buttons = [
            NoteButton(_("Set %(value)s") % {"value": notice.value}, "set", f"{MENDED[notice.mend]}={notice.value}")
        ]
    return Note(notice.text, "bad" if notice.level is Level.STOP else "warn", buttons)
