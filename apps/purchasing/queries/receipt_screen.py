"""What the receipt screen shows beside its lines: the match with the bill, and what stands before adding to stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from apps.parties.models import PartyLicence
from apps.purchasing.models import BillCharge, BillState, GoodsReceipt, ReceiptLine, SupplierBill
from apps.purchasing.queries.booking import SupplierUnfit, billed_units, work_out_draft
from apps.purchasing.queries.receiving import receiving_settings
from apps.purchasing.rules.booking import Booking
from apps.purchasing.rules.line_checks import WEIGHTS, Finding, Weight
from apps.purchasing.rules.matching import Match, Matched, match_bill

ZERO = Decimal("0.00")
_WHOLESALE = ("20B", "21B")


@dataclass(frozen=True)
class Waiting:
    """A line that is in the way, by its number on the page and what is found on it."""

    number: int
    finding: Finding
    weight: Weight


@dataclass(frozen=True)
class Sheet:
    """A receipt as it stands."""

    receipt: GoodsReceipt
    lines: Sequence[ReceiptLine]
    bill: SupplierBill | None
    charges: Sequence[BillCharge]
    booking: Booking | None
    match: Match | None
    unfit: str = ""
    waiting: Sequence[Waiting] = field(default_factory=list)

    @property
    def numbers(self) -> dict[int, int]:
        """The number of each line on the page."""
        return {line.pk: number for number, line in enumerate(self.lines, 1)}

    @property
    def goods(self) -> Decimal:
        """What the goods that are kept are worth, before tax."""
        return self.booking.value if self.booking else ZERO


def sheet_of(receipt: GoodsReceipt) -> Sheet:
    """The receipt with everything that its totals need: three statements, however many lines there are."""
    lines = list(
        ReceiptLine.objects.filter(receipt=receipt)
        .only(
            "id", "receipt", "position", "quantity", "free", "billed", "rate", "discount", "scheme", "tax_rate",
            "rejected", "billed_quantity", "findings", "organization",
        )
        .order_by("position", "id")
    )  # fmt: skip
    bill = receipt.bill
    charges = list(BillCharge.objects.filter(bill=bill).order_by("id")) if bill else []
    waiting = [
        Waiting(number, finding, WEIGHTS[finding])
        for number, line in enumerate(lines, 1)
        for finding in findings_kept(line)
        if WEIGHTS[finding] is not Weight.LOOK
    ]
    open_bill = bill if bill and bill.state == BillState.DRAFT else None
    try:
        booking = work_out_draft(
            lines,
            supplier=receipt.supplier,
            branch=receipt.branch,
            settings=receiving_settings(),
            bill=open_bill,
            charges=charges,
        )
    except SupplierUnfit as unfit:
        return Sheet(receipt, lines, bill, charges, None, None, str(unfit), waiting)
    match = _match(lines, booking, open_bill, {one.number for one in waiting if one.weight in _HOLD})
    return Sheet(receipt, lines, bill, charges, booking, match, "", waiting)


_HOLD = (Weight.STOP, Weight.ALLOW)


def findings_kept(line: ReceiptLine) -> list[Finding]:
    """What was found on a line when it was last looked at."""
    return [Finding(word) for word in line.findings.split(",") if word]


def _match(lines: Sequence[ReceiptLine], booking: Booking, bill: SupplierBill | None, held: set[int]) -> Match | None:
    if bill is None or bill.printed_total is None:
        return None
    charges = sum((tax.total for tax in booking.figures.charges), ZERO)
    return match_bill(
        [
            Matched(
                number,
                billed_units(line),
                line.quantity,
                worked.tax,
                rejected=line.rejected,
                held=number in held,
                excess_value=worked.extra,
            )
            for number, (line, worked) in enumerate(zip(lines, booking.lines, strict=True), 1)
        ],
        bill=bill.printed_total,
        charges=charges,
        round_off=booking.figures.round_off,
    )


def wholesale_licences(supplier_id: int, on: dt.date) -> list[str]:
    """Which of the wholesaler's licences 20B and 21B the supplier holds on the day."""
    rows = PartyLicence.objects.filter(party=supplier_id, form__in=_WHOLESALE, valid_from__lte=on, valid_to__gte=on)
    return sorted(set(rows.values_list("form", flat=True)))
