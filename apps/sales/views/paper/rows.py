"""The lines of a sheet, written in Python: 30 lines have 500 cells, for which a template takes too long."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.amounts import MINUS
from apps.core.ui import formats
from apps.sales.rules.paper import PaperBill, PaperLine

_WIDE = SafeString(
    '<tr class="ln"><td>{}</td><td><b>{}</b>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>'
    '<td class="n">{}</td><td class="n">{}</td><td class="n">{} <small>{}</small></td><td class="n">{}</td>'
    '<td class="n">{}</td><td class="n">{}</td><td class="n">{}</td>'
)
_NARROW = SafeString(
    '<tr class="ln"><td>{}</td><td><b>{}</b>{}</td><td>{}</td><td>{}</td><td>{}</td><td class="n">{}</td>'
    '<td class="n">{}</td><td class="n">{} <small>{}</small></td><td class="n">{}</td><td class="n">{}</td>'
    '<td class="n">{}</td><td class="n">{}</td>'
)
_TAXED = SafeString('<td class="n">{}</td><td class="n">{}</td></tr>')
_UNTAXED = SafeString("</tr>")
_SLIP = SafeString(
    '<tr><td><b>{}</b> {}<br>{}<br><small>{} · {} {} · {} {}<br>{} {}{}</small></td><td class="n">{}</td></tr>'
)


def rate_text(rate: Decimal) -> str:
    """A rate with its paise, and with the two decimals more where it has them."""
    return formats.num(rate, 2 if rate == round(rate, 2) else 4)


def line_rows(lines: Iterable[PaperLine], *, wide: bool, taxed: bool) -> SafeString:
    """Rows of the A4 (`wide`) or A5 sheet, which leaves out maker and pack."""
    return SafeString("".join(_row(line, wide=wide, taxed=taxed) for line in lines))


def _row(line: PaperLine, *, wide: bool, taxed: bool) -> SafeString:
    cells = [
        line.number or "",
        line.name,
        _schedule(line),
        *([line.maker, line.pack] if wide else []),
        line.hsn,
        line.batch,
        formats.exp(line.expiry),
        formats.money(line.mrp),
        rate_text(line.ptr) if line.ptr else "",
        formats.num(line.quantity),
        line.uqc,
        formats.num(line.free) if line.free else "",
        rate_text(line.rate),
        formats.trim(line.discount) if line.discount else "",
        formats.money(line.tax.taxable),
    ]
    drawn = format_html(_WIDE if wide else _NARROW, *cells)
    if not taxed:
        return SafeString(drawn + _UNTAXED)
    return SafeString(drawn + format_html(_TAXED, formats.trim(line.tax_rate), formats.money(line.tax.total)))


def _schedule(line: PaperLine) -> SafeString:
    return format_html(" <i>{}</i>", line.schedule) if line.schedule else SafeString("")


def slip_rows(bill: PaperBill) -> SafeString:
    """Rows of the 80 mm slip: the same facts, one under the other."""
    return SafeString("".join(_slip_row(line, taxed=bill.taxed) for line in bill.lines))


def _slip_row(line: PaperLine, *, taxed: bool) -> SafeString:
    count = f"{formats.num(line.quantity)} {line.uqc}"
    if line.free:
        count += " + " + _("%(count)s free") % {"count": formats.num(line.free)}
    count += f" × {rate_text(line.rate)}"
    if line.discount:
        count += f" {MINUS}{formats.trim(line.discount)}%"
    return format_html(
        _SLIP,
        line.name,
        line.pack,
        count,
        line.batch,
        _("exp"),
        formats.exp(line.expiry),
        _("MRP"),
        formats.money(line.mrp),
        _("HSN"),
        line.hsn,
        " · " + _("GST %(rate)s%%") % {"rate": formats.trim(line.tax_rate)} if taxed else "",
        formats.money(line.tax.taxable),
    )
