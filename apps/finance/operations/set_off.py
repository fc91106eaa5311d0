"""What a party owes against what it is owed: one voucher between its two accounts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.amounts import inr
from apps.core.members import Member
from apps.finance.models import Account, OpenItem, Voucher
from apps.finance.operations.items import AllocationRefused, OverAllocated, lock_open, settle_among
from apps.finance.operations.vouchers import VOUCHER, DraftLine, post_voucher, save_voucher
from apps.finance.rules.drafts import Side
from apps.organizations.models import Branch
from apps.parties.models import Party

ZERO = Decimal("0.00")


def _open(items: list[OpenItem], sign: int) -> Decimal:
    return sum((abs(item.open_amount) for item in items if item.open_amount * sign > 0), ZERO)


def set_off(
    *, party: Party, amount: Decimal, on_date: dt.date, branch: Branch, actor: Member, narration: str = ""
) -> Voucher:
    """Take what the party owes off what it is owed, by a journal voucher, and settle the oldest documents of both
    accounts with it. Over the limit the voucher waits for approval; its documents are then settled by hand.

    Raises:
        OverAllocated: more than is open on one of the accounts, with the figure.
        PostingRefused: the books do not take it.
    """
    with transaction.atomic():
        owed = lock_open(party.pk, Side.RECEIVABLE)
        owing = lock_open(party.pk, Side.PAYABLE)
        most = min(_open(owed, 1), _open(owing, -1))
        if amount <= 0:
            raise AllocationRefused(_("Type an amount over zero."), field="amount")
        if amount > most:
            raise OverAllocated(
                _("Only %(most)s can be set off: %(owed)s to receive and %(owing)s to pay are open.")
                % {"most": inr(most), "owed": inr(_open(owed, 1)), "owing": inr(_open(owing, -1))},
                field="amount",
            )
        accounts = dict(Account.objects.filter(role__in=["receivables", "payables"]).values_list("role", "pk"))
        draft = save_voucher(
            kind=Voucher.Kind.JOURNAL,
            branch=branch,
            on_date=on_date,
            narration=narration.strip() or _("Set-off with %(party)s") % {"party": party.name},
            actor=actor,
            lines=[
                DraftLine(accounts["payables"], party_id=party.pk, debit=amount),
                DraftLine(accounts["receivables"], party_id=party.pk, credit=amount),
            ],
        )
        voucher = post_voucher(voucher=draft, actor=actor)
        made = OpenItem.objects.filter(entry__source_kind=VOUCHER, entry__source_id=voucher.pk).order_by("pk")
        for item in made if voucher.state == Voucher.State.POSTED else ():
            rows = owed if item.side == Side.RECEIVABLE.value else owing
            settle_among(item=item, rows=rows, on_date=on_date, person_id=actor.user_id)
        return voucher


def most_to_set_off(party_id: int) -> Decimal:
    """How much could be set off now, in rupees."""
    rows = OpenItem.objects.filter(party_id=party_id).exclude(open_amount=0).values_list("side", "open_amount")
    owed, owing = ZERO, ZERO
    for side, amount in rows:
        if side == Side.RECEIVABLE.value:
            owed += max(amount, ZERO)
        else:
            owing -= min(amount, ZERO)
    return min(owed, owing)
