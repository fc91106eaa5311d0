"""What the templates of invoices and credit notes set: a document of `rules.paper`, in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.paper.codes import qr_code
from apps.core.ui import formats
from apps.finance.rules.gst import Levy, Tax
from apps.finance.rules.upi import upi_link
from apps.finance.rules.words import rupees
from apps.organizations.rules.states import state_label
from apps.sales.rules.paper import Copy, Firm, HsnRow, PaperBill, PaperKind, endorsements, hsn_summary, paged
from apps.sales.views.paper.rows import line_rows, slip_rows

_UNTAXED_COLUMNS, _WIDE_MORE, _TAX_COLUMNS = 12, 2, 2
_LINES = {"a4": 51, "a5": 22}
"""So many lines of text fit under the heads of a page."""
_HSN_BESIDE = {"a4": 22, "a5": 6}
"""So many rows of the summary by HSN stand beside the totals. More come after them, so that totals and last lines
never need more than a page."""
_HSN_APART = {"a4": 20, "a5": 16}
"""So many rows of it may not be split over two pages."""


_TOTALS = {
    PaperKind.INVOICE: gettext_lazy("Invoice total"),
    PaperKind.BILL_OF_SUPPLY: gettext_lazy("Bill total"),
    PaperKind.CREDIT_NOTE: gettext_lazy("Credit total"),
    PaperKind.COMMERCIAL_NOTE: gettext_lazy("Credit total"),
}
_NUMBERS = {
    PaperKind.INVOICE: gettext_lazy("Invoice no."),
    PaperKind.BILL_OF_SUPPLY: gettext_lazy("Bill no."),
    PaperKind.CREDIT_NOTE: gettext_lazy("Note no."),
    PaperKind.COMMERCIAL_NOTE: gettext_lazy("Note no."),
}


def bill_sheet(bill: PaperBill, *, paper: str, copy: Copy = Copy.ORIGINAL, reprint: str = "") -> dict[str, Any]:
    """The context of `sales/paper/bill.html`.

    Args:
        reprint: what is said of a copy that was printed before, such as "Reprint 2, 21 Nov 2026".
    """
    wide = paper == "a4"
    context: dict[str, Any] = {
        "bill": bill,
        "document_title": _(bill.kind.heading),
        "number_label": _NUMBERS[bill.kind],
        "total_label": _TOTALS[bill.kind],
        "copy_name": _(copy.caption),
        "reprint": reprint,
        "supplier": _firm(bill.supplier),
        "buyer": _firm(bill.buyer),
        "ship_to": _firm(bill.ship_to) if bill.ship_to else None,
        "place": state_label(bill.place_of_supply),
        "corrects": [(number, formats.day(day)) for number, day in bill.corrects],
        "endorsements": [_(words) for words in endorsements(bill)],
        "totals": _totals(bill),
        "words": rupees(bill.total),
        "upi_qr": upi_code(bill),
        "signatory": bill.letterhead.signatory or _("Authorised signatory"),
    }
    if paper == "slip":
        return context | {"rows": slip_rows(bill)}
    codes = hsn_summary(bill.lines)
    quantity, free = sum(line.quantity for line in bill.lines), sum(line.free for line in bill.lines)
    return context | {
        "wide": wide,
        "span": _UNTAXED_COLUMNS + (_WIDE_MORE if wide else 0) + (_TAX_COLUMNS if bill.taxed else 0),
        "pages": [
            (line_rows(free_ones, wide=wide, taxed=bill.taxed), line_rows(last, wide=wide, taxed=bill.taxed))
            for free_ones, last in paged(bill.lines, most=_LINES[paper], tail=_tail_height(paper, codes))
        ],
        "items": sum(bool(line.number) for line in bill.lines),
        "quantity": formats.num(quantity),
        "free": formats.num(free) if free else "",
        "taxable": formats.money(bill.tax.taxable),
        "amount": formats.money(bill.tax.total),
        **_summary(bill, paper, codes),
    }


def upi_code(bill: PaperBill) -> SafeString:
    """The QR code by which a UPI app pays the bill; empty for a note, or where no UPI ID is set."""
    upi_id = bill.letterhead.upi_id
    if not upi_id or bill.kind.is_note or bill.cancelled or bill.total <= 0:
        return SafeString("")
    return qr_code(upi_link(upi_id, bill.supplier.name, bill.total, bill.number))


def _firm(firm: Firm) -> dict[str, Any]:
    return {
        "name": firm.name,
        "address": firm.address,
        "contact": " · ".join(filter(None, (firm.phone, firm.email))),
        "state": state_label(firm.state_code) if firm.state_code else "",
        "gstin": firm.gstin,
        "pan": firm.pan,
        "licences": ", ".join(firm.licences),
    }


def _taxes(tax: Tax, levy: Levy) -> list[tuple[str, Decimal]]:
    """The taxes that a document names, in their order."""
    named = {
        Levy.STATE: [("CGST", tax.cgst), ("SGST", tax.sgst)],
        Levy.TERRITORY: [("CGST", tax.cgst), ("UTGST", tax.utgst)],
        Levy.INTER: [("IGST", tax.igst)],
        Levy.NONE: [],
    }[levy]
    return [*named, (_("Cess"), tax.cess)] if tax.cess else named


def _totals(bill: PaperBill) -> list[tuple[str, str]]:
    """The foot of the document: label and amount."""
    tax, gross = bill.tax, bill.gross
    found: list[tuple[str, Decimal]] = []
    if gross != tax.taxable:
        found += [(_("Gross value"), gross), (_("Discount"), tax.taxable - gross)]
    found.append((_("Taxable value") if bill.taxed else _("Value of goods"), tax.taxable))
    if bill.taxed:
        found += _taxes(tax, bill.levy)
    return [(label, formats.money(amount)) for label, amount in [*found, (_("Round off"), bill.round_off)]]


def _tail_height(paper: str, codes: Sequence[HsnRow]) -> int:
    """How many lines of text the totals take, with the summary beside them."""
    beside = len(codes) if len(codes) <= _HSN_BESIDE[paper] else 0
    return 6 + max(beside + 3, 14) if paper == "a4" else 17


def _summary(bill: PaperBill, paper: str, codes: Sequence[HsnRow]) -> dict[str, Any]:
    """GST by HSN: heads, rows and foot as they are set, beside the totals or after them in parts."""
    taxes = [name for name, _amount in _taxes(bill.tax, bill.levy)] if bill.taxed else []
    shares = len(taxes) - (1 if bill.tax.cess and bill.taxed else 0)
    heads = [_("HSN"), _("Quantity"), _("Taxable") if bill.taxed else _("Value")]
    for place, name in enumerate(taxes):
        heads += [f"{name} %", name] if place < shares else [name]
    if bill.taxed:
        heads.append(_("Tax"))
    rows = [_summary_row(row, bill, shares) for row in codes]
    beside, most = len(rows) <= _HSN_BESIDE[paper], _HSN_APART[paper]
    parts: list[dict[str, Any]] = [{"rows": rows[at : at + most], "foot": None} for at in range(0, len(rows), most)]
    parts[-1]["foot"] = _summary_foot(bill, shares)
    return {
        "hsn_heads": heads,
        "hsn_caption": _("GST by HSN") if bill.taxed else _("Value by HSN"),
        "hsn_beside": parts[0] if beside else None,
        "hsn_apart": [] if beside else parts,
    }


def _summary_row(row: HsnRow, bill: PaperBill, shares: int) -> list[str]:
    cells = [row.hsn or formats.EMPTY, f"{formats.num(row.quantity)} {row.uqc}", formats.money(row.tax.taxable)]
    if not bill.taxed:
        return cells
    for place, (_name, amount) in enumerate(_taxes(row.tax, bill.levy)):
        cells += [formats.trim(row.rate / shares)] if place < shares else []
        cells.append(formats.money(amount))
    if bill.tax.cess and not row.tax.cess:
        cells.append(formats.EMPTY)
    return [*cells, formats.money(row.tax.tax)]


def _summary_foot(bill: PaperBill, shares: int) -> list[str]:
    cells = [_("Total"), "", formats.money(bill.tax.taxable)]
    if not bill.taxed:
        return cells
    for place, (_name, amount) in enumerate(_taxes(bill.tax, bill.levy)):
        cells += [""] if place < shares else []
        cells.append(formats.money(amount))
    return [*cells, formats.money(bill.tax.tax)]
