"""How a line of goods received is drawn: its figures, what is odd about it, and the buttons that mend it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.formats import money, num
from apps.core.ui.grid import Line
from apps.core.ui.templatetags.ui import icon
from apps.purchasing.models import ReceiptLine
from apps.purchasing.operations.receipt_posting import selling_rates
from apps.purchasing.queries.receipt_screen import findings_kept
from apps.purchasing.queries.receiving import LineFacts
from apps.purchasing.rules.amounts import Terms, net_of
from apps.purchasing.rules.line_checks import Finding, Weight, heaviest
from apps.purchasing.views.wording import CHECKS, month, notes_of

ZERO = Decimal("0.00")


def draw_line(row: ReceiptLine, facts: LineFacts, *, on: dt.date, may_allow: bool) -> Line:
    """A line as the grid shows it."""
    findings = findings_kept(row)
    tone, sign, word = CHECKS[None if row.rejected else heaviest(findings)]
    if row.rejected:
        tone, sign, word = "bad", "circle-x", gettext_lazy("Rejected")
    detail = (row.number, _("exp %(month)s") % {"month": month(row.expiry)} if row.expiry else "")
    return Line(
        pk=row.pk,
        name=str(row.product),
        values={
            "product": str(row.product),
            "number": row.number,
            "expiry": month(row.expiry),
            "mrp": plain(row.mrp),
            "ordered": "" if facts.ordered is None else num(facts.ordered),
            "quantity": "" if row.quantity is None else row.quantity,
            "free": row.free or "",
            "rate": plain(row.rate),
            "discount": trimmed(row.discount) if row.discount else "",
            "tax_rate": "" if row.tax_rate is None else trimmed(row.tax_rate),
            "place": str(row.place) if row.place else "",
            "amount": _amount(row),
            "check": format_html('<span class="badge {}">{}{}</span>', tone, icon(sign) if sign else "", word),
        },
        keys={"product": row.product_id},
        notes=notes_of(row, findings, facts, on=on, may_allow=may_allow, new_rate=_new_rate(row, findings)),
        phone_detail=" · ".join(part for part in detail if part),
        phone_end="" if row.quantity is None else num(row.quantity),
    )


def _amount(row: ReceiptLine) -> str:
    if not row.quantity or row.rate is None or row.rejected:
        return ""
    return money(max(net_of(Terms(row.quantity, row.rate, row.discount, row.scheme)), ZERO))


def _new_rate(row: ReceiptLine, findings: Sequence[Finding]) -> Decimal | None:
    if Finding.MRP_CHANGED not in findings or row.mrp is None:
        return None
    rates = selling_rates(row.product, row.mrp, row.tax_rate or Decimal(0))
    return rates.ptr if rates else None


_REASONS = {
    Finding.EXPIRED.value: gettext_lazy("Expired on arrival"),
    Finding.SHORT_DATED.value: gettext_lazy("Too little shelf life"),
    Finding.OVER_ORDER.value: gettext_lazy("Not ordered"),
    Finding.RATE_ABOVE_MRP.value: gettext_lazy("Rate above MRP"),
    Finding.EXPIRY_DIFFERS.value: gettext_lazy("Expiry differs from the batch known"),
}


def tone_of(weight: Weight) -> str:
    """The colour of what weighs so much."""
    return {Weight.STOP: "bad", Weight.ALLOW: "bad", Weight.CHOOSE: "warn"}.get(weight, "line")


def reject_reason(found: str) -> str:
    """Why a line is rejected, by what was found on it."""
    return str(_REASONS.get(found, _("Not as ordered")))


def plain(value: Decimal | None, places: int = 2) -> str:
    """A figure as somebody types it: no grouping, at least so many places, no further zeros."""
    if value is None:
        return ""
    short = value.normalize()
    return f"{short:f}" if -int(short.as_tuple().exponent) > places else f"{value:.{places}f}"


def trimmed(value: Decimal) -> str:
    """A percentage without zeros at its end."""
    return f"{value.normalize():f}"
