"""A godown at which goods arrive, for tests of receipts and bills."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.finance.models import Account, JournalLine
from apps.finance.operations import verify_books
from apps.inventory.models import Batch, Place, Stock
from apps.inventory.operations.verifying import verify_stock
from apps.organizations.models import Branch, Organization
from apps.parties.models import Party
from apps.purchasing.models import GoodsReceipt, ReceiptLine
from apps.purchasing.operations.bill_drafts import keep_bill
from apps.purchasing.operations.receipt_entry import LineEntry
from apps.purchasing.operations.receipt_lines import put_receipt_line, start_receipt
from apps.purchasing.operations.receipt_posting import post_receipt
from tests import factories
from tests.inventory import factories as goods
from tests.purchasing.desk import Desk

D = Decimal
_numbers = itertools.count(1)
FAR = dt.date(2029, 8, 31)


class Delivery(Desk):
    """A desk with a godown, in a branch that sets input tax off, and a supplier who charges tax."""

    def __init__(self, organization: Organization) -> None:
        super().__init__(organization)
        Branch.objects.filter(pk=self.branch.pk).update(gstin="27AAPFU0939F1ZV")
        self.branch.refresh_from_db()
        Party.objects.filter(pk=self.supplier.pk).update(
            registration="regular", gstin="27AABCR1718E1ZP", credit_days=30
        )
        self.supplier.refresh_from_db()
        type(self.product).objects.filter(pk__in=[self.product.pk, self.other.pk]).update(hsn="30049099")
        self.godown: Place = goods.place("Receiving godown")
        self.today = timezone.localdate()

    def entry(self, **fields: Any) -> LineEntry:
        """100 and 10 free of a batch at 8 rupees and 5 % tax, MRP 20."""
        entry = LineEntry(
            product_id=self.product.pk,
            number="AZ4410",
            expiry=FAR,
            mrp=D("20.00"),
            quantity=100,
            free=10,
            rate=D("8.0000"),
            tax_rate=D(5),
        )
        return replace(entry, **fields)

    def receipt(self, *entries: LineEntry, **heading: Any) -> GoodsReceipt:
        """An open receipt with these lines, or with one."""
        given = {
            "supplier": self.supplier,
            "branch": self.branch,
            "place": self.godown,
            "on_date": self.today,
            "actor": self.buyer,
            **heading,
        }
        made = start_receipt(**given)
        if not heading.get("order"):
            for entry in entries or (self.entry(),):
                put_receipt_line(pk=made.pk, entry=entry)
        made.refresh_from_db()
        return made

    def bill(self, receipt: GoodsReceipt, number: str = "", **fields: Any) -> None:
        """Type the supplier's bill."""
        given = {"bill_date": self.today, "printed_total": None, "actor": self.buyer, **fields}
        keep_bill(receipt_id=receipt.pk, number=number or f"KA/{next(_numbers)}", **given)

    def post(self, receipt: GoodsReceipt) -> GoodsReceipt:
        return post_receipt(pk=receipt.pk, actor=self.owner)

    def line(self, receipt: Any) -> Any:
        if isinstance(receipt, GoodsReceipt):
            return ReceiptLine.objects.filter(receipt=receipt).earliest("position", "id")
        return super().line(receipt)

    def balance(self, role: str) -> Decimal:
        """Debits less credits of the account of a role."""
        sums = JournalLine.objects.filter(account=Account.objects.get(role=role)).aggregate(
            debit=Sum("debit"), credit=Sum("credit")
        )
        return (sums["debit"] or D(0)) - (sums["credit"] or D(0))

    def books(self) -> dict[str, str]:
        """Every account that holds something, by role."""
        rows = (
            JournalLine.objects.values("account__role")
            .annotate(balance=Sum("debit") - Sum("credit"))
            .exclude(balance=0)
        )
        return {row["account__role"]: str(row["balance"]) for row in rows}

    def on_hand(self, batch: Batch | None = None) -> int:
        rows = Stock.objects.filter(batch=batch) if batch else Stock.objects.all()
        return rows.aggregate(units=Sum("on_hand"))["units"] or 0

    def whole(self) -> None:
        """Goods and books verify: every balance from its moves, every account from its entries."""
        found = verify_books()
        assert found.fault_count == 0, found.results
        stock = verify_stock()
        assert stock.clean, stock


@pytest.fixture
def delivery(db: None) -> Iterator[Delivery]:
    organization = factories.organization()
    with tenant(organization.pk):
        yield Delivery(organization)
