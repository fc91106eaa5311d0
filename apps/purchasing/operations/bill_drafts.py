"""The supplier's bill while it is a draft: what the right panel of a receipt says. It saves itself."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.core.refusals import Stale
from apps.core.tenancy.context import current_organization_id
from apps.organizations.models import Organization
from apps.organizations.rules.numbering import financial_year
from apps.purchasing.models import BillCharge, BillState, GoodsReceipt, ReceiptLine, ReceiptState, SupplierBill
from apps.purchasing.operations.receipt_locks import (
    OPEN_STATES,
    BillRefused,
    DuplicateBill,
    locked_bill,
    locked_receipt,
)

BILLABLE = (*OPEN_STATES, ReceiptState.POSTED)
ZERO = Decimal("0.00")


@transaction.atomic
def keep_bill(
    *,
    receipt_id: int,
    number: str,
    bill_date: dt.date | None,
    printed_total: Decimal | None,
    discount: Decimal = Decimal(0),
    discount_amount: Decimal = ZERO,
    version: int | None = None,
    actor: Member,
) -> SupplierBill | None:
    """Keep what is typed of the bill of a receipt, whole or not. Where nothing is typed there is no bill.

    Raises:
        ReceiptClosed, BillRefused, Stale.
        DuplicateBill: the supplier's bill of this number in this financial year is entered already.
    """
    receipt = locked_receipt(receipt_id, BILLABLE)
    number = " ".join(number.split())
    _check(number, bill_date, printed_total, discount, discount_amount)
    bill = _draft_of(receipt)
    if bill is None:
        if not (number or bill_date or printed_total or discount or discount_amount):
            return None
        if receipt.state == ReceiptState.POSTED and not receipt.unbilled:
            raise BillRefused(_("Everything of %(receipt)s is billed already.") % {"receipt": receipt})
        bill = SupplierBill(supplier=receipt.supplier, branch=receipt.branch, made_by_id=actor.id)
    elif version is not None and version != bill.version:
        raise Stale
    else:
        bill.version += 1
    bill.number, bill.bill_date, bill.printed_total = number, bill_date, printed_total
    bill.discount, bill.discount_amount = discount, discount_amount
    bill.financial_year = _year_of(bill_date or receipt.on_date)
    try:
        with transaction.atomic():
            bill.save()
    except IntegrityError as error:
        if "purchasing_supplierbill_number_unique" not in str(error):
            raise
        raise DuplicateBill(told_duplicate(bill), field="bill_number") from None
    if receipt.bill_id != bill.pk:
        GoodsReceipt.objects.filter(pk=receipt.pk).update(bill=bill)
        # A bill for the rest begins with what no bill has named.
        ReceiptLine.objects.filter(receipt=receipt, billed_quantity__gt=0).update(billed=None)
    return bill


def told_duplicate(bill: SupplierBill) -> str:
    """Which bill is in the way."""
    other = (
        SupplierBill.objects.filter(
            supplier=bill.supplier_id, financial_year=bill.financial_year, number__iexact=bill.number
        )
        .exclude(pk=bill.pk)
        .exclude(state=BillState.CANCELLED)
        .first()
    )
    if other is None:
        return _("%(number)s of this supplier is entered already.") % {"number": bill.number}
    receipt = other.receipts.first()
    day = date_format(other.bill_date, "j M Y") if other.bill_date else _("no date")
    return _("%(number)s of %(day)s is entered already, with %(receipt)s.") % {
        "number": bill.number,
        "day": day,
        "receipt": receipt or _("another receipt"),
    }


@transaction.atomic
def put_charge(
    *, receipt_id: int, kind: str, amount: Decimal, tax_rate: Decimal = Decimal(0), landed: bool = True
) -> BillCharge | None:
    """Say what a bill carries of a kind besides goods; 0 takes it off.

    Raises:
        ReceiptClosed, BillRefused.
    """
    receipt = locked_receipt(receipt_id, BILLABLE)
    bill = _draft_of(receipt)
    if bill is None:
        raise BillRefused(_("Type the number of the bill first."), field="bill_number")
    if amount < 0 or not 0 <= tax_rate <= 100:
        raise BillRefused(_("Type 0 or more."), field="amount")
    if not amount:
        BillCharge.objects.filter(bill=bill, kind=kind).delete()
        return None
    charge = BillCharge.objects.filter(bill=bill, kind=kind).first()
    if charge is None:
        charge = BillCharge(bill=bill, kind=kind)
    else:
        charge.version += 1
    charge.amount, charge.tax_rate, charge.landed = amount, tax_rate, landed
    charge.save()
    found: BillCharge = charge
    return found


@transaction.atomic
def put_billed_terms(
    *,
    receipt_id: int,
    line_id: int,
    version: int | None,
    billed: int | None,
    rate: Decimal,
    discount: Decimal,
    scheme: Decimal = ZERO,
    tax_rate: Decimal,
) -> ReceiptLine:
    """What a bill that comes after the goods says of one of their lines; the goods themselves stay as they are.

    Raises:
        ReceiptClosed: the goods are not in stock: change the line itself.
        BillRefused, Stale.
    """
    receipt = locked_receipt(receipt_id, (ReceiptState.POSTED,))
    if _draft_of(receipt) is None:
        raise BillRefused(_("Type the number of the bill first."), field="bill_number")
    line = ReceiptLine.objects.filter(receipt=receipt, pk=line_id).first()
    if line is None or (version is not None and version != line.version):
        raise Stale
    if (billed or 0) < 0 or min(rate, discount, scheme, tax_rate) < 0 or max(discount, tax_rate) > 100:
        raise BillRefused(_("Rates are 0 or more, discount and tax 0 to 100 per cent."), field="rate")
    line.billed, line.rate, line.discount, line.scheme, line.tax_rate = billed, rate, discount, scheme, tax_rate
    line.version += 1
    line.save(update_fields=["billed", "rate", "discount", "scheme", "tax_rate", "version"])
    found: ReceiptLine = line
    return found


def _draft_of(receipt: GoodsReceipt) -> SupplierBill | None:
    if receipt.bill_id is None:
        return None
    bill = locked_bill(receipt.bill_id)
    return bill if bill.state == BillState.DRAFT else None


def _check(
    number: str,
    bill_date: dt.date | None,
    printed_total: Decimal | None,
    discount: Decimal,
    discount_amount: Decimal,
) -> None:
    if len(number) > 40:
        raise BillRefused(_("A bill number has at most 40 characters."), field="bill_number")
    if bill_date is not None and bill_date > timezone.localdate():
        raise BillRefused(_("The bill is dated after today. Check the day."), field="bill_date")
    if printed_total is not None and not 0 <= printed_total < Decimal(10) ** 12:
        raise BillRefused(_("Type the total of the bill in rupees."), field="printed_total")
    if not 0 <= discount <= 100 or discount_amount < 0:
        raise BillRefused(_("A discount is 0 to 100 per cent, or rupees."), field="bill_discount")


def _year_of(day: dt.date) -> int:
    start = Organization.objects.values_list("financial_year_start", flat=True).get(pk=current_organization_id())
    return financial_year(day, start)
