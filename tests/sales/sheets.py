"""Bills on paper for tests, without a database: the prototype's invoice with as many lines as a test wants."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from apps.core.paper import render_pdf
from apps.finance.rules.gst import Levy, Taxed, split
from apps.finance.rules.rounding import paise, round_document
from apps.sales.rules.paper import Firm, Letterhead, PaperBill, PaperKind, PaperLine
from apps.sales.views.paper.sheets import bill_sheet

SUPPLIER = Firm(
    name="Banyan & Kite Distributors",
    address="Unit 7, Old Tram Shed Lane, Imaginary Market Yard, Pune 411000",
    state_code="27",
    gstin="27ZZZCB0001K1ZI",
    pan="ZZZCB0001K",
    phone="020-0000 1420",
    email="billing@banyankite.example",
    licences=("20B-MH-ZZ9-100001", "21B-MH-ZZ9-100002"),
)
LETTERHEAD = Letterhead(
    bank_name="Sample Bank of Paper, Pune",
    bank_account="000000004127",
    bank_ifsc="ZZZZ0000001",
    upi_id="banyankite@samplebank",
    fssai="00000000000000",
    terms="Returns only as per our policy, within 90 days of expiry. Interest 18% a year after the due date. "
    "Disputes: Pune courts only. H and H1 items are sold against the licence numbers above. E. & O. E.",
)
BUYER = Firm(
    name="Peepal Tree Chemists",
    address="Mill Corner, Pune 411001",
    state_code="27",
    gstin="27ZZZFP1007B1Z9",
    licences=("20B-MH-ZZ1007", "21B-MH-ZZ1007"),
)
HSNS = ("300490", "300410", "300420", "300431", "300439", "300450", "300590", "380894", "382219", "401512", "901831")


def make_lines(count: int, levy: Levy = Levy.STATE) -> tuple[PaperLine, ...]:
    """Goods of several codes, rates, schedules; every fourth line has free goods, every fifth a discount."""
    rates = [Decimal(18) if n % 11 == 7 else Decimal(5) for n in range(count)]
    bare = []
    for n in range(count):
        rate = Decimal("24.00") + Decimal("7.31") * n
        discount = Decimal(2) if n % 5 == 4 else Decimal(0)
        quantity = 10 * (n % 9 + 1)
        bare.append((rate, discount, quantity, paise(quantity * rate * (100 - discount) / 100)))
    taxes = split([Taxed(taxable, rate) for (*_, taxable), rate in zip(bare, rates, strict=True)], levy)
    return tuple(
        PaperLine(
            number=n + 1,
            name=f"Amoxilor CV {625 + n}",
            hsn=HSNS[n % len(HSNS)],
            uqc="NOS" if n % len(HSNS) > 7 else "STR",
            batch=f"AC{n:03}-97",
            expiry=dt.date(2027, 9, 30),
            mrp=paise(rate * Decimal("1.4")),
            ptr=rate,
            quantity=quantity,
            free=quantity // 10 if n % 4 == 0 else 0,
            rate=rate,
            discount=discount,
            tax=tax,
            tax_rate=tax_rate,
            schedule=("", "H", "H1")[n % 3],
            maker="TML",
            pack="10 tab",
        )
        for n, ((rate, discount, quantity, _taxable), tax, tax_rate) in enumerate(zip(bare, taxes, rates, strict=True))
    )


def make_bill(lines: int = 28, *, levy: Levy = Levy.STATE, **changes: Any) -> PaperBill:
    """The invoice, changed where a test says."""
    goods: tuple[PaperLine, ...] = changes.pop("goods", None) or make_lines(lines, levy)
    rounded = round_document(sum((line.tax.total for line in goods), Decimal(0)))
    bill = PaperBill(
        kind=PaperKind.INVOICE,
        number="BK/2627/04127",
        day=dt.date(2026, 11, 20),
        due_on=dt.date(2026, 12, 20),
        supplier=SUPPLIER,
        letterhead=LETTERHEAD,
        buyer=BUYER,
        place_of_supply="27",
        levy=levy,
        lines=goods,
        total=rounded.total,
        round_off=rounded.round_off,
    )
    return replace(bill, **changes)


def html_of(bill: PaperBill, paper: str = "a4", **words: Any) -> str:
    """Its sheet as a page without the frame around it."""
    context = {"title": bill.number, "paper": paper, **bill_sheet(bill, paper=paper, **words)}
    return render_to_string("sales/paper/bill.html", context)


def pdf_of(bill: PaperBill, paper: str = "a4", **words: Any) -> bytes:
    return render_pdf(html_of(bill, paper, **words), paper=paper, title=bill.number)
