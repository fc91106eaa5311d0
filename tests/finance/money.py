"""Records of open items, payments and cheques for tests of pages."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.finance.models import CashLimit, Cheque, Mode, OpenItem, Payment, PaymentKind, TaxRate, TdsRate
from apps.finance.operations import ChequeDraft, deposit_cheque, post_entry, record_payment
from apps.finance.rules.drafts import ItemKind, OpenItemDraft, Side
from apps.finance.rules.posting import Source, credit, debit
from apps.organizations.models import Organization
from apps.parties.models import Party
from tests.factories import first_branch
from tests.finance.factories import account, party

_numbers = itertools.count(1)


def bill(organization: Organization, amount: str = "100.00", *, days: int = 0, who: Party | None = None) -> OpenItem:
    """A bill of a customer, due so many days ago; inside the organization."""
    with tenant(organization.pk):
        who = who or party()
        number, today = next(_numbers), timezone.localdate()
        posted = post_entry(
            lines=[debit("receivables", Decimal(amount), party_id=who.pk), credit("sales", Decimal(amount))],
            source=Source("test.bill", number, f"BK/{number}"),
            branch=first_branch(organization),
            on_date=today,
            party_id=who.pk,
            open_items=[
                OpenItemDraft(
                    who.pk,
                    Side.RECEIVABLE,
                    ItemKind.BILL,
                    f"BK/{number}",
                    today - dt.timedelta(days=days),
                    Decimal(amount),
                )
            ],
        )
        found: OpenItem = OpenItem.objects.get(entry_id=posted.entry_id)
        return found


def receipt(
    organization: Organization, amount: str = "40.00", *, who: Party | None = None, cheque: ChequeDraft | None = None
) -> Payment:
    """A receipt of today, settling the oldest first."""
    with tenant(organization.pk):
        return record_payment(
            kind=PaymentKind.RECEIPT,
            party=who or party(),
            branch=first_branch(organization),
            on_date=timezone.localdate(),
            mode=Mode.CHEQUE if cheque else Mode.UPI,
            account=account("bank"),
            amount=Decimal(amount),
            cheque=cheque,
        )


def cheque(organization: Organization, *, presented: bool = False) -> Cheque:
    """A cheque in hand, or at the bank."""
    with tenant(organization.pk):
        draft = ChequeDraft(f"{next(_numbers):06d}", timezone.localdate(), "Sahyadri Bank")
        found: Cheque = receipt(organization, cheque=draft).cheques.get()
        return deposit_cheque(cheque=found, on_date=timezone.localdate()) if presented else found


def rate(organization: Organization) -> TaxRate:
    """One of the seeded rates."""
    with tenant(organization.pk):
        found: TaxRate = TaxRate.objects.filter(valid_to=None).earliest("id")
        return found


def tds_rate(organization: Organization) -> TdsRate:
    """One of the seeded rates of tax deducted at source."""
    with tenant(organization.pk):
        return TdsRate.objects.filter(valid_to=None).earliest("id")  # type: ignore[no-any-return]


def cash_limit(organization: Organization) -> CashLimit:
    """One of the seeded limits of cash."""
    with tenant(organization.pk):
        return CashLimit.objects.filter(valid_to=None).earliest("id")  # type: ignore[no-any-return]
