"""Who may open which page of receipts and bills, and records for their addresses."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from apps.purchasing.models import GoodsReceipt, ReceiptLine, ShelfLifeRule, StatutoryFigure
from apps.purchasing.operations import LineEntry, keep_bill, post_receipt, put_receipt_line, start_receipt
from tests import factories
from tests.access.route import Route
from tests.inventory import factories as goods
from tests.purchasing.desk import supplier

_numbers = itertools.count(1)

SEE, EDIT, POST = "purchasing.receipt.view", "purchasing.receipt.edit", "purchasing.receipt.post"
ALLOW = "purchasing.receipt.allow"

RECEIPT_ROUTES: list[Route] = [
    Route("purchasing:goodsreceipt_list", SEE, post=302),
    Route("purchasing:goodsreceipt_create", EDIT, post=422),
    Route("purchasing:goodsreceipt_detail", SEE, object="open_receipt"),
    Route("purchasing:goodsreceipt_receive", SEE, object="open_receipt", post=422),
    Route("purchasing:goodsreceipt_bill", POST, object="unbilled_receipt", post=422),
    Route("purchasing:goodsreceipt_cancel", POST, object="unbilled_receipt", post=422),
    Route("purchasing:goodsreceipt_discard", EDIT, object="open_receipt", post=302),
    Route("purchasing:receipt_products", SEE, object="open_receipt", page=False),
    Route("purchasing:purchase_register", SEE, post=302),
    Route("purchasing:receiving_settings", ALLOW, post=422),
    Route("purchasing:supplier_terms", POST, object="terms_supplier", post=422),
    Route("purchasing:shelfliferule_list", SEE, post=302),
    Route("purchasing:shelfliferule_create", ALLOW, post=422),
    Route("purchasing:shelfliferule_edit", ALLOW, object="shelf_life_rule", post=422),
    Route("purchasing:shelfliferule_delete", ALLOW, object="shelf_life_rule", post=302),
    Route("purchasing:statutoryfigure_list", SEE, post=302),
    Route("purchasing:statutoryfigure_create", ALLOW, post=422),
    Route("purchasing:statutoryfigure_edit", ALLOW, object="law_figure", post=422),
    Route("purchasing:supplierbill_list", SEE, post=302),
    Route("purchasing:supplierbill_detail", SEE, object="supplier_bill"),
    Route("purchasing:supplierbill_cancel", POST, object="supplier_bill", post=422),
]


def make_receipt(organization: Organization, *, posted: bool = False, billed: bool = False) -> GoodsReceipt:
    """A receipt of the organization with two lines, one of them with something to say, as far as told."""
    owner = factories.owner_of(organization)
    with tenant(organization.pk):
        number = next(_numbers)
        receipt = start_receipt(
            supplier=supplier(f"Juniper Agencies {number}"),
            branch=factories.first_branch(organization),
            place=goods.place(f"Juniper godown {number}"),
            on_date=timezone.localdate(),
            actor=owner,
        )
        for batch, days in (("JN1", 900), ("JN2", 900 if posted else 40)):
            put_receipt_line(
                pk=receipt.pk,
                entry=LineEntry(
                    product_id=goods.product(f"Juniper {batch} {number}", hsn="30049099").pk,
                    number=batch,
                    expiry=timezone.localdate() + dt.timedelta(days=days),
                    mrp=Decimal("20.00"),
                    quantity=100,
                    free=10,
                    rate=Decimal("8.0000"),
                    tax_rate=Decimal(5),
                ),
            )
        if billed:
            keep_bill(
                receipt_id=receipt.pk,
                number=f"JA/{number}",
                bill_date=timezone.localdate(),
                printed_total=None,
                actor=owner,
            )
        if posted:
            receipt = post_receipt(pk=receipt.pk, actor=owner)
        receipt.refresh_from_db()
        return receipt


def _receipt(organization: Organization, *, posted: bool = False) -> dict[str, Any]:
    receipt = make_receipt(organization, posted=posted)
    with tenant(organization.pk):
        assert ReceiptLine.objects.filter(receipt=receipt).count() == 2
    return {"pk": receipt.pk}


def _bill(organization: Organization) -> dict[str, Any]:
    receipt = make_receipt(organization, posted=True, billed=True)
    return {"pk": receipt.bill_id}


def _supplier(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": supplier(f"Sorrel Agencies {next(_numbers)}").pk}


def _rule(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        made = supplier(f"Sorrel Agencies {next(_numbers)}")
        return {"pk": ShelfLifeRule.objects.create(supplier=made, minimum_days=365).pk}


def _figure(organization: Organization) -> dict[str, Any]:
    with tenant(organization.pk):
        return {"pk": StatutoryFigure.objects.earliest("id").pk}


RECEIPT_OBJECTS: dict[str, Callable[[Organization], dict[str, Any]]] = {
    "open_receipt": _receipt,
    "unbilled_receipt": partial(_receipt, posted=True),
    "supplier_bill": _bill,
    "terms_supplier": _supplier,
    "shelf_life_rule": _rule,
    "law_figure": _figure,
}
