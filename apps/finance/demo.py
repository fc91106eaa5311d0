"""The demo's money before its trade: open bills of some parties from the books before, and receipts against them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.finance.models import Account, CollectionTerms, JournalEntry, Mode, Payment, PaymentKind
from apps.finance.operations import ChequeDraft, record_payment
from apps.finance.operations.opening_balances import OPENING, post_opening_balances
from apps.finance.operations.opening_items import SOURCE, opening_day, opening_difference, post_opening_items
from apps.finance.rules.drafts import ItemKind, OpenItemDraft, Side
from apps.organizations.demo import Demo
from apps.organizations.models import Branch
from apps.parties.models import Party

DEBTORS, CREDITORS = 40, 10
# No import has this number: imports count from one.
_JOB = 0


def make_money(demo: Demo) -> str:
    """Step: opening bills due around today, terms of collection, receipts of every kind."""
    if JournalEntry.objects.filter(source_kind=SOURCE, source_id=_JOB).exists():
        return ""
    random = demo.random("money")
    CollectionTerms.objects.get_or_create(defaults={"interest_rate": Decimal(18), "upi_id": "banyankite@example"})
    customers = list(Party.objects.filter(is_customer=True, active=True).order_by("id")[: DEBTORS * demo.scale])
    suppliers = list(
        Party.objects.filter(is_supplier=True, is_customer=False, active=True).order_by("id")[: CREDITORS * demo.scale]
    )
    drafts: list[OpenItemDraft] = []
    for sign, side, parties in ((1, Side.RECEIVABLE, customers), (-1, Side.PAYABLE, suppliers)):
        for number, party in enumerate(parties, 1):
            for bill in range(random.randint(1, 5)):
                due = demo.today + dt.timedelta(days=random.choice((-120, -75, -45, -27, -20, -9, -3, 0, 7, 21)))
                amount = Decimal(random.randint(800, 90_000)) * sign
                drafts.append(
                    OpenItemDraft(
                        party.pk,
                        side,
                        ItemKind.OPENING,
                        f"OB/{number:03d}/{bill + 1}",
                        due,
                        amount,
                        document_on=due - dt.timedelta(days=21),
                    )
                )
    day = opening_day(demo.today)
    post_opening_items(drafts=drafts, on_date=day, job_number=_JOB, narration=_("Brought in from the books before"))
    receipts = _receipts(demo, customers[: DEBTORS * demo.scale // 2])
    return f"{len(drafts)} open bills, {receipts} receipts"


def _receipts(demo: Demo, customers: list[Party]) -> int:
    random = demo.random("receipts")
    branch = Branch.objects.filter(active=True).earliest("id")
    accounts = {role: Account.objects.get(role=role) for role in ("cash", "bank")}
    for number, party in enumerate(customers, 1):
        mode = random.choice(list(Mode))
        ahead = random.choice((0, 0, 12)) if mode == Mode.CHEQUE else 0
        on_date = demo.today - dt.timedelta(days=random.randint(0, 20))
        record_payment(
            kind=PaymentKind.RECEIPT,
            party=party,
            branch=branch,
            on_date=on_date,
            mode=mode,
            account=accounts["cash" if mode == Mode.CASH else "bank"],
            amount=Decimal(random.randint(500, 60_000)),
            reference=f"6324{number:08d}" if mode in {Mode.UPI, Mode.BANK} else "",
            cheque=ChequeDraft(f"{number:06d}", on_date + dt.timedelta(days=ahead), "Sahyadri Bank")
            if mode == Mode.CHEQUE
            else None,
            key=f"demo-{number}",
            person_id=demo.owner.user_id,
        )
    return Payment.objects.count()


def make_opening_balances(demo: Demo) -> str:
    """Step: what the business began the year with. It runs after the open bills, and leaves no difference."""
    if JournalEntry.objects.filter(source_kind=OPENING, source_id=_JOB).exists():
        return ""
    scale = demo.scale
    nets = {
        Account.objects.get(role=role).pk: Decimal(amount * scale)
        for role, amount in (
            ("cash", 85_000),
            ("bank", 12_40_000),
            ("input_cgst", 64_500),
            ("input_sgst", 64_500),
            ("output_igst", -31_200),
            ("tds_payable", -18_400),
        )
    }
    # Capital is what remains: of these balances, and of the open bills that came in before and lack their other side.
    nets[Account.objects.get(role="capital").pk] = opening_difference() - sum(nets.values(), Decimal(0))
    post_opening_balances(
        nets=nets,
        on_date=opening_day(demo.today),
        source_id=_JOB,
        narration=_("Brought in from the books before"),
        differ=True,
    )
    return f"{len(nets)} opening balances that tie with the open bills"
