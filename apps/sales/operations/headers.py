"""The head of an open bill: customer, addresses, date, terms, discount."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.parties.models import Party, PartyAddress
from apps.sales.operations.refusals import BillRefused
from apps.sales.operations.writing import open_bill, reprice, take_customer, written
from apps.sales.queries.sheet import Sheet


@transaction.atomic
def set_customer(
    *,
    bill_id: int,
    customer: Party,
    actor: Member,
    ship_to: PartyAddress | None = None,
    version: int | None = None,
) -> Sheet:
    """Say who buys, and where the goods go. Place of supply, taxes, terms and prices that nobody typed follow.

    Raises:
        BillRefused: it is no customer, or the address is another party's.
    """
    bill = open_bill(bill_id, version)
    if not customer.is_customer or not customer.active:
        raise BillRefused(
            _("%(party)s is no customer of yours, or is archived. Choose another.") % {"party": customer},
            field="customer",
        )
    if ship_to is not None and ship_to.party_id != customer.pk:
        raise BillRefused(_("That is another party's address. Choose one of this customer."), field="ship_to")
    take_customer(bill, customer, ship_to)
    bill.save()
    return reprice(bill, actor)


@transaction.atomic
def set_header(
    *,
    bill_id: int,
    actor: Member,
    on_date: dt.date | None = None,
    reference: str | None = None,
    note: str | None = None,
    credit_days: int | None = None,
    bill_discount: Decimal | None = None,
    version: int | None = None,
) -> Sheet:
    """Change what stands at the head of the bill; None leaves a value as it is. Another day has its own prices and tax.

    Raises:
        BillRefused: a value that cannot be, naming its field.
    """
    bill = open_bill(bill_id, version)
    if on_date is not None and on_date > timezone.localdate():
        raise BillRefused(_("The date lies ahead. Type today or an earlier day."), field="on_date")
    if bill_discount is not None and not 0 <= bill_discount <= 100:
        raise BillRefused(_("A discount is between 0 and 100 per cent."), field="bill_discount")
    if credit_days is not None and not 0 <= credit_days <= 365:
        raise BillRefused(_("Credit days are between 0 and 365."), field="credit_days")
    other_day = on_date is not None and on_date != bill.on_date
    values = {
        "on_date": on_date,
        "reference": reference.strip()[:40] if reference is not None else None,
        "note": note.strip()[:200] if note is not None else None,
        "credit_days": credit_days,
        "bill_discount": bill_discount,
    }
    for name, value in values.items():
        if value is not None:
            setattr(bill, name, value)
    bill.save()
    return reprice(bill, actor) if other_day else written(bill, None, actor)
