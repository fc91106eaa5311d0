"""Six months of receiving: deliveries with their bills, some that wait for one, and the desk as it stands today.

Everything goes through the operations that pages use, so that it ties to stock and books as theirs does.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from django.utils.translation import gettext as _

from apps.inventory.models import Place, PlaceKind, Product, ProductPrice, Storage
from apps.inventory.queries.catalogue import product_tax_rates
from apps.inventory.rules.expiry import month_end
from apps.organizations.demo import Demo
from apps.organizations.rules.states import current_state
from apps.parties.models import Party
from apps.purchasing.models import GoodsReceipt, ReceiptLine, ReceiptState
from apps.purchasing.operations import keep_bill, post_receipt, put_charge, start_receipt
from apps.purchasing.operations.receipt_lines import move_receipt, note_findings
from apps.purchasing.operations.receipt_locks import sum_up_receipt

_DAYS = 180
_A_MONTH = 6
_LINES = (4, 12)
_GOODS = 240


def make_receipts(demo: Demo) -> str:
    """Step: deliveries of six months, the last of them still at the desk."""
    if GoodsReceipt.objects.exists():
        return ""
    random = demo.random("receipts of goods")
    suppliers = [party for party in _suppliers() if _fits(party)]
    place = Place.objects.filter(kind=PlaceKind.GODOWN, active=True).select_related("branch").order_by("id").first()
    goods = _goods(demo)
    if not (suppliers and goods and place):
        return ""
    desk, posted = _Desk(demo, random, place, goods), 0
    for number in range(demo.scale * _A_MONTH * 6):
        on_date = demo.today - dt.timedelta(days=_DAYS - number * _DAYS // (demo.scale * _A_MONTH * 6))
        supplier = suppliers[int(random.random() ** 1.5 * len(suppliers))]
        receipt = _delivery(desk, supplier, min(on_date, demo.today))
        # The last weeks' bills are not all there yet.
        if number % 9 != 8 or number < demo.scale * _A_MONTH * 4:
            _bill(demo, random, receipt, number)
        post_receipt(pk=receipt.pk, actor=demo.owner)
        posted += 1
    _at_the_desk(desk, suppliers)
    return _("%(posted)d goods receipts, 3 at the desk") % {"posted": posted}


def _suppliers() -> list[Party]:
    return list(Party.objects.filter(is_supplier=True, is_customer=False, active=True).order_by("id")[:24])


def _fits(party: Party) -> bool:
    return not party.gstin or current_state(party.gstin[:2]) == current_state(party.state_code)


def _goods(demo: Demo) -> list[tuple[Product, Decimal, Decimal | None]]:
    """Products with their MRP of today and their tax rate."""
    products = list(Product.objects.filter(active=True).exclude(hsn="").order_by("id")[:_GOODS])
    prices = dict(
        ProductPrice.objects.filter(product__in=products, effective_from__lte=demo.today)
        .order_by("effective_from")
        .values_list("product_id", "mrp")
    )
    rates = product_tax_rates(products, demo.today)
    return [(one, prices[one.pk], rates[one.pk]) for one in products if one.pk in prices and rates[one.pk] is not None]


@dataclass(frozen=True)
class _Desk:
    """Who receives, where, and what is bought."""

    demo: Demo
    random: Random
    place: Place
    goods: list[tuple[Product, Decimal, Decimal | None]]


def _delivery(desk: _Desk, supplier: Party, on_date: dt.date, months: tuple[int, int] = (12, 30)) -> GoodsReceipt:
    demo, random, place, goods = desk.demo, desk.random, desk.place, desk.goods
    receipt = start_receipt(supplier=supplier, branch=place.branch, place=place, on_date=on_date, actor=demo.owner)
    chosen = random.sample(goods, min(random.randint(*_LINES), len(goods)))
    lines = []
    for position, (product, mrp, tax) in enumerate(chosen, 1):
        quantity = random.choice((30, 50, 60, 100, 100, 200))
        expiry = month_end(on_date + dt.timedelta(days=30 * random.randint(*months)))
        lines.append(
            ReceiptLine(
                receipt=receipt,
                position=position,
                product=product,
                number=f"{random.choice('ABCDEFGHKLMNPRSTVXZ')}{receipt.pk % 1000:03d}{position:02d}",
                manufactured=(expiry - dt.timedelta(days=720)).replace(day=1),
                expiry=expiry,
                mrp=mrp,
                quantity=quantity,
                free=quantity // 10 if random.random() < 0.4 else 0,
                rate=round(mrp * Decimal(random.randint(62, 68)) / 100, 2),
                discount=Decimal(random.choice((0, 0, 0, 2, 5))),
                tax_rate=tax,
            )
        )
    ReceiptLine.objects.bulk_create(lines)
    if any(product.storage in (Storage.COLD, Storage.FROZEN) for product, _mrp, _tax in chosen):
        GoodsReceipt.objects.filter(pk=receipt.pk).update(temperature=Decimal(random.randint(25, 70)) / 10)
    note_findings(receipt)
    sum_up_receipt(receipt.pk)
    return receipt


def _bill(demo: Demo, random: Random, receipt: GoodsReceipt, number: int) -> None:
    letters = "".join(word[0] for word in receipt.supplier.name.split()[:3]).upper()
    keep_bill(
        receipt_id=receipt.pk,
        number=f"{letters}/{receipt.on_date:%y%m}/{number + 1:04d}",
        bill_date=receipt.on_date - dt.timedelta(days=random.randint(0, 3)),
        printed_total=None,
        actor=demo.owner,
    )
    if random.random() < 0.3:
        put_charge(receipt_id=receipt.pk, kind="freight", amount=Decimal(random.randint(150, 900)), tax_rate=Decimal(5))


def _at_the_desk(desk: _Desk, suppliers: list[Party]) -> None:
    """Today: one being counted, one short-dated, one parked."""
    today = desk.demo.today
    counting = _delivery(desk, suppliers[0], today)
    last = ReceiptLine.objects.filter(receipt=counting).latest("position")
    ReceiptLine.objects.filter(pk=last.pk).update(quantity=None, free=0)
    note_findings(counting)
    sum_up_receipt(counting.pk)
    _delivery(desk, suppliers[-1], today, months=(2, 14))
    parked = _delivery(desk, suppliers[len(suppliers) // 2], today)
    move_receipt(pk=parked.pk, state=ReceiptState.PARKED, reason=_("Two cartons are wet: asked the supplier"))
