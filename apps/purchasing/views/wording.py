"""Sentences for what is found on a line of goods received, and the buttons that mend it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.ui.formats import inr
from apps.core.ui.grid import Note, NoteButton
from apps.purchasing.models import ReceiptLine
from apps.purchasing.queries.receipt_screen import Waiting
from apps.purchasing.queries.receiving import LineFacts, typed_of
from apps.purchasing.rules.line_checks import WEIGHTS, Finding, Weight, effective_rate, months_between
from apps.purchasing.rules.matching import Difference, MatchRow

_TONES = {Weight.STOP: "bad", Weight.ALLOW: "bad", Weight.OPEN: "warn", Weight.CHOOSE: "warn", Weight.LOOK: "warn"}

CHECKS = {
    None: ("ok", "check", gettext_lazy("Good")),
    Weight.LOOK: ("warn", "alert-triangle", gettext_lazy("Look")),
    Weight.CHOOSE: ("warn", "alert-triangle", gettext_lazy("Choose")),
    Weight.OPEN: ("acc", "", gettext_lazy("Type")),
    Weight.ALLOW: ("bad", "circle-x", gettext_lazy("Blocked")),
    Weight.STOP: ("bad", "circle-x", gettext_lazy("Stop")),
}
"""Tone, icon and word of the check column, by what weighs most."""

_SHORT = {
    Finding.PRODUCT_INACTIVE: gettext_lazy("discontinued"),
    Finding.NOT_COUNTED: gettext_lazy("count"),
    Finding.BATCH_MISSING: gettext_lazy("batch"),
    Finding.EXPIRY_MISSING: gettext_lazy("expiry"),
    Finding.MRP_MISSING: gettext_lazy("MRP"),
    Finding.RATE_MISSING: gettext_lazy("rate"),
    Finding.TAX_MISSING: gettext_lazy("tax"),
    Finding.EXPIRED: gettext_lazy("expired"),
    Finding.EXPIRY_FAR: gettext_lazy("expiry"),
    Finding.SHORT_DATED: gettext_lazy("expiry"),
    Finding.EXPIRY_DIFFERS: gettext_lazy("expiry"),
    Finding.MADE_AFTER_EXPIRY: gettext_lazy("expiry"),
    Finding.RATE_ABOVE_MRP: gettext_lazy("rate above MRP"),
    Finding.OVER_ORDER: gettext_lazy("more than ordered"),
    Finding.SHORT_OF_ORDER: gettext_lazy("short of the order"),
}


def told_waiting(one: Waiting) -> str:
    """What stands before adding to stock, in some words."""
    words = str(_SHORT.get(one.finding, one.finding.value))
    if one.finding is Finding.NOT_COUNTED:
        return _("Count line %(number)d") % {"number": one.number}
    if one.weight is Weight.OPEN:
        return _("Type line %(number)d: %(what)s") % {"number": one.number, "what": words}
    if one.weight is Weight.CHOOSE:
        return _("Choose for line %(number)d (%(what)s)") % {"number": one.number, "what": words}
    return _("Decide line %(number)d (%(what)s)") % {"number": one.number, "what": words}


def month(day: dt.date | None) -> str:
    """An expiry as it is printed: 08/2028."""
    return f"{day:%m/%Y}" if day else ""


def notes_of(
    line: ReceiptLine,
    findings: Sequence[Finding],
    facts: LineFacts,
    *,
    on: dt.date,
    may_allow: bool,
    new_rate: Decimal | None = None,
) -> list[Note]:
    """A sentence for each finding that the cells do not say by themselves, with its ways out."""
    if line.rejected:
        return [
            Note(
                _("Rejected: %(reason)s. Nothing of it is kept; what is billed is claimed back.")
                % {"reason": line.reason.rstrip(".")},
                "bad",
                [NoteButton(_("Keep it after all"), "keep")],
            )
        ]
    notes = []
    for finding in findings:
        text = _sentence(finding, line, facts, on, new_rate)
        if text:
            notes.append(Note(text, _TONES[WEIGHTS[finding]], _buttons(finding, line, facts, may_allow)))
    return notes


def _sentence(  # noqa: PLR0912 - one case for each finding
    finding: Finding, line: ReceiptLine, facts: LineFacts, on: dt.date, new_rate: Decimal | None
) -> str:
    known = facts.known
    match finding:
        case Finding.PRODUCT_INACTIVE:
            return _("This product is discontinued. Reject the line, or restore the product.")
        case Finding.EXPIRED:
            return _("Expired since %(month)s. It cannot come into stock; reject the line.") % {
                "month": month(line.expiry)
            }
        case Finding.EXPIRY_FAR:
            return _("%(month)s is too far ahead. Check the year.") % {"month": month(line.expiry)}
        case Finding.SHORT_DATED:
            left = months_between(on, line.expiry) if line.expiry else 0
            text = _("Expiry %(month)s leaves %(left)s. Your rule for these goods is %(days)d days or more. ") % {
                "month": month(line.expiry),
                "left": ngettext("%(n)d month", "%(n)d months", left) % {"n": left},
                "days": known.minimum_days,
            }
            if line.asked_by_id:
                return text + _("The owner is asked.")
            return text + _("Reject the line, or ask the owner to allow it.")
        case Finding.EXPIRY_DIFFERS:
            return _("This batch came before with expiry %(month)s. Check the pack.") % {
                "month": month(known.batch_expiry)
            }
        case Finding.MADE_AFTER_EXPIRY:
            return _("It was made after it expires. Check both months.")
        case Finding.RATE_ABOVE_MRP:
            return _("With tax it costs %(cost)s, above the MRP of %(mrp)s. Check rate and MRP.") % {
                "cost": inr(_effective(line)),
                "mrp": inr(line.mrp or Decimal(0)),
            }
        case Finding.MRP_CHANGED:
            text = _("MRP changed from %(before)s to %(now)s.") % {
                "before": inr(known.last_mrp or Decimal(0)),
                "now": inr(line.mrp or Decimal(0)),
            }
            if new_rate is not None:
                text += " " + _("New sale rate will be %(rate)s.") % {"rate": inr(new_rate)}
            return text + " " + _("Old stock keeps its MRP.")
        case Finding.OVER_ORDER:
            return _(
                "%(more)d more than ordered, and %(tolerance)s%% is allowed. Reject the line, or ask the owner."
            ) % {
                "more": (line.quantity or 0) - (known.ordered or 0),
                "tolerance": f"{known.tolerance.normalize():f}",
            }
        case Finding.OVER_ORDER_SLIGHTLY:
            return _("%(more)d more than ordered.") % {"more": (line.quantity or 0) - (known.ordered or 0)}
        case Finding.SHORT_OF_ORDER:
            short = (known.ordered or 0) - (line.quantity or 0)
            return _("%(short)d short of the order. Choose: keep them on back-order, or close the line.") % {
                "short": short
            }
        case Finding.SHORT_OF_BILL:
            return _("%(short)d fewer than billed: they are claimed back.") % {
                "short": (line.billed or 0) - (line.quantity or 0)
            }
        case Finding.RATE_NOT_ORDERED:
            return _("Rate %(rate)s, ordered at %(before)s.") % {
                "rate": inr(line.rate or Decimal(0)),
                "before": inr(known.order_rate or Decimal(0)),
            }
        case Finding.RATE_NOT_LAST:
            return _("Rate %(rate)s, last time %(before)s.") % {
                "rate": inr(line.rate or Decimal(0)),
                "before": inr(known.last_rate or Decimal(0)),
            }
        case Finding.TAX_MISSING:
            return _("No tax rate holds for this product. Type it, or set the HSN of the product.")
    return ""


def _effective(line: ReceiptLine) -> Decimal:

    return effective_rate(typed_of(line)) or Decimal(0)


def _buttons(finding: Finding, line: ReceiptLine, facts: LineFacts, may_allow: bool) -> list[NoteButton]:
    weight = WEIGHTS[finding]
    if finding is Finding.SHORT_OF_ORDER:
        short = (facts.known.ordered or 0) - (line.quantity or 0)
        return [
            NoteButton(_("Back-order %(count)d") % {"count": short}, "decide", "back_order"),
            NoteButton(_("Close line"), "decide", "close"),
            NoteButton(
                _("Billed %(count)d") % {"count": facts.known.ordered or 0}, "claim", str(facts.known.ordered or 0)
            ),
        ]
    if finding is Finding.SHORT_OF_BILL:
        return [NoteButton(_("Billed %(count)d") % {"count": line.quantity or 0}, "claim", str(line.quantity or 0))]
    buttons = []
    if weight in (Weight.STOP, Weight.ALLOW):
        buttons.append(NoteButton(_("Reject line"), "reject", finding.value))
    if weight is Weight.ALLOW:
        if may_allow:
            buttons.append(NoteButton(_("Allow it"), "allow"))
        elif not line.asked_by_id:
            buttons.append(NoteButton(_("Ask owner"), "enquire"))
    return buttons


def told_match(row: MatchRow) -> str:
    """A row of the three-way match."""
    number = {"number": row.position, "count": row.quantity}
    return {
        Difference.SHORT: _("Line %(number)d, %(count)d short") % number,
        Difference.REJECTED: _("Line %(number)d, rejected") % number,
        Difference.HELD: _("Line %(number)d, on hold") % number,
        Difference.COUNTING: _("Line %(number)d, counting") % number,
        Difference.EXCESS: _("Line %(number)d, %(count)d above the bill") % number,
        Difference.CHARGES: _("Freight and charges"),
        Difference.ROUND_OFF: _("Round off"),
        Difference.UNEXPLAINED: _("Not explained"),
    }[row.kind]
