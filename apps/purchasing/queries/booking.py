"""A draft worked out: what a delivery and its bill come to as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.finance.rules.gst import Determination, determine
from apps.organizations.models import Branch
from apps.organizations.rules.states import current_state
from apps.parties.models import Party, Registration
from apps.purchasing.models import BillCharge, ReceiptLine, ReceivingSettings, SupplierBill
from apps.purchasing.rules.amounts import Charge, Terms
from apps.purchasing.rules.booking import Billed, Booking, work_out
from apps.purchasing.rules.landed import Basis

ZERO = Decimal("0.00")
_TAXED = {Registration.REGULAR, Registration.SEZ}


class SupplierUnfit(Refusal):
    """What is kept of the supplier does not fit the bill's tax."""


def sets_off(branch: Branch) -> bool:
    """Whether the branch may set input tax off: it is registered and pays by the ordinary scheme (section 16, CGST)."""
    return bool(branch.gstin) and not branch.composition


def levy_of(supplier: Party, branch: Branch) -> Determination:
    """Which taxes a supplier's bill bears. Goods move to the branch, so its State is the place of supply.

    Somebody unregistered or abroad charges none; so does one who pays by composition.

    Raises:
        SupplierUnfit: the GSTIN is of another State than the address.
    """
    state = supplier.state_code
    if supplier.gstin:
        state = current_state(supplier.gstin[:2])
        if state != current_state(supplier.state_code):
            raise SupplierUnfit(
                _("The GSTIN %(gstin)s of %(supplier)s is of State %(state)s, its address of %(address)s. Mend one.")
                % {
                    "gstin": supplier.gstin,
                    "supplier": supplier,
                    "state": supplier.gstin[:2],
                    "address": supplier.state_code,
                },
                field="supplier",
            )
    return determine(
        supplier_state=state,
        place=branch.state_code,
        sez=supplier.registration == Registration.SEZ,
        supplier_composition=supplier.registration not in _TAXED,
    )


def billed_units(line: ReceiptLine) -> int:
    """Paid units that the bill at hand names: as typed, else what came and no earlier bill has named."""
    if line.billed is not None:
        return line.billed
    return max((line.quantity or 0) - line.billed_quantity, 0)


def _billed(line: ReceiptLine) -> Billed:
    quantity = billed_units(line)
    kept = 0 if line.rejected else max((line.quantity or 0) - line.billed_quantity, 0)
    return Billed(
        Terms(
            quantity,
            line.rate or Decimal(0),
            line.discount,
            line.scheme if quantity else ZERO,
            line.tax_rate or Decimal(0),
        ),
        kept=kept,
        free=0 if line.rejected else line.free,
    )


def work_out_draft(
    lines: Sequence[ReceiptLine],
    *,
    supplier: Party,
    branch: Branch,
    settings: ReceivingSettings,
    bill: SupplierBill | None = None,
    charges: Sequence[BillCharge] = (),
) -> Booking:
    """What the lines come to: with their bill, or as goods received without one.

    Raises:
        SupplierUnfit.
    """
    return work_out(
        [_billed(line) for line in lines],
        levy=levy_of(supplier, branch).levy,
        creditable=sets_off(branch),
        charges=[Charge(one.amount, one.tax_rate, one.landed) for one in charges],
        discount=bill.discount if bill else Decimal(0),
        discount_amount=bill.discount_amount if bill else ZERO,
        printed=bill.printed_total if bill else None,
        rounding_limit=settings.rounding_limit,
        basis=Basis(settings.spread_by),
    )
