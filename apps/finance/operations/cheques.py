"""Cheques on their way: deposited, cleared, bounced."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.amounts import inr
from apps.core.refusals import Refusal
from apps.finance.models import Cheque, ChequeState, OpenItem, Payment, PaymentKind, PaymentState
from apps.finance.operations.items import Pair, lock_open, settle, undo_allocations
from apps.finance.operations.payments import CONTROL, SOURCE, ZERO, other_side, post_payment, withheld_of
from apps.finance.operations.posting import post_entry
from apps.finance.rules.drafts import ItemKind, OpenItemDraft, Side
from apps.finance.rules.posting import PostingLine, Source, credit, debit


class ChequeRefused(Refusal):
    """A cheque cannot go there from where it is."""


def _locked(cheque: Cheque) -> tuple[Cheque, Payment]:
    """Cheque and payment, the payment's row first as everywhere."""
    payment = Payment.objects.select_for_update().select_related("branch").get(pk=cheque.payment_id)
    return Cheque.objects.select_for_update().get(pk=cheque.pk), payment


def _item_of(payment: Payment) -> int:
    if payment.item_id is None:
        raise ChequeRefused(_("%(number)s is in no account yet.") % {"number": payment.number})
    return payment.item_id


def _must_be(cheque: Cheque, *states: ChequeState) -> None:
    if cheque.state not in states:
        raise ChequeRefused(
            _("Cheque %(cheque)s of %(amount)s is in state “%(state)s”.")
            % {"cheque": cheque.number, "amount": inr(cheque.amount), "state": ChequeState(cheque.state).label}
        )


def _not_before(day: dt.date, first: dt.date | None, text: str, cheque: Cheque) -> None:
    if first is not None and day < first:
        raise ChequeRefused(text % {"cheque": cheque.number, "day": date_format(first, "j M Y")}, field="on_date")


def deposit_cheque(*, cheque: Cheque, on_date: dt.date, person_id: int | None = None) -> Cheque:
    """Hand a cheque to the bank, or the same one again after it bounced. A post-dated one is posted by this, and then
    settles the oldest documents; one of ours that was post-dated becomes payable.

    Raises:
        ChequeRefused: it is at the bank already, or its date has not come.
    """
    with transaction.atomic():
        cheque, payment = _locked(cheque)
        _must_be(cheque, ChequeState.WAITING, ChequeState.HELD, ChequeState.BOUNCED)
        _not_before(
            on_date, cheque.cheque_on, _("Cheque %(cheque)s is dated %(day)s. Deposit it then or later."), cheque
        )
        _not_before(on_date, payment.on_date, _("Cheque %(cheque)s was entered on %(day)s."), cheque)
        cheque.presentations += 1
        if payment.state == PaymentState.WAITING:
            items = lock_open(payment.party_id, Side(payment.side))
            post_payment(payment=payment, items=items, on_date=on_date, person_id=person_id)
        elif cheque.state == ChequeState.BOUNCED:
            _post_again(cheque, payment, on_date, person_id)
        if cheque.kind == PaymentKind.RECEIPT:
            post_entry(
                lines=[debit(payment.account_id, cheque.amount), credit("cheques_in_hand", cheque.amount)],
                source=Source(SOURCE, payment.pk, payment.number),
                entry_kind=f"deposit-{cheque.presentations}",
                on_date=on_date,
                branch=payment.branch,
                narration=_("Cheque %(cheque)s deposited") % {"cheque": cheque.number},
                party_id=payment.party_id,
            )
        cheque.state, cheque.presented_on = ChequeState.PRESENTED, on_date
        cheque.version += 1
        cheque.save(update_fields=["state", "presented_on", "presentations", "version"])
        return cheque


def _post_again(cheque: Cheque, payment: Payment, on_date: dt.date, person_id: int | None) -> None:
    """The party's debt is paid once more by a cheque that comes back to the bank."""
    side = Side(payment.side)
    items = lock_open(payment.party_id, side)
    # A discount was for paying in time; the second try does not bring it back. Tax stays deducted.
    payment.discount = ZERO
    signed = -payment.total if payment.kind == PaymentKind.RECEIPT else payment.total
    money: int | str = "cheques_in_hand" if payment.kind == PaymentKind.RECEIPT else payment.account_id
    posted = post_entry(
        lines=[*other_side(payment, money), debit(CONTROL[side], signed, party_id=payment.party_id)],
        source=Source(SOURCE, payment.pk, payment.number),
        entry_kind=f"again-{cheque.presentations}",
        on_date=on_date,
        branch=payment.branch,
        narration=_("Cheque %(cheque)s deposited again") % {"cheque": cheque.number},
        party_id=payment.party_id,
        open_items=[OpenItemDraft(payment.party_id, side, ItemKind(payment.kind), payment.number, on_date, signed)],
        withheld=withheld_of(payment, on_date),
    )
    payment.state, payment.entry_id = PaymentState.POSTED, posted.entry_id
    payment.item = OpenItem.objects.get(entry_id=posted.entry_id)
    payment.version += 1
    payment.save(update_fields=["state", "entry", "item", "discount", "version"])
    rest = payment.total
    pairs = []
    for row in items:
        if rest and row.amount * signed < 0:
            share = min(rest, abs(row.open_amount))
            pairs.append(Pair(_item_of(payment), row.pk, share))
            rest -= share
    if pairs:
        settle(pairs=pairs, on_date=on_date, person_id=person_id)


def clear_cheque(*, cheque: Cheque, on_date: dt.date) -> Cheque:
    """The bank has paid.

    Raises:
        ChequeRefused: it is not at the bank, or the day is before it got there.
    """
    with transaction.atomic():
        cheque, _payment = _locked(cheque)
        _must_be(cheque, ChequeState.PRESENTED)
        _not_before(on_date, cheque.presented_on, _("Cheque %(cheque)s went to the bank on %(day)s."), cheque)
        cheque.state, cheque.cleared_on = ChequeState.CLEARED, on_date
        cheque.version += 1
        cheque.save(update_fields=["state", "cleared_on", "version"])
        return cheque


def bounce_cheque(
    *,
    cheque: Cheque,
    on_date: dt.date,
    reason: str,
    charges: Decimal = ZERO,
    recover: bool = False,
    person_id: int | None = None,
) -> Cheque:
    """The bank has returned it: what it settled is open again, and so is a discount that came with it.

    Args:
        charges: what the bank took for it.
        recover: the party owes the charges (of a cheque received).

    Raises:
        ChequeRefused: it is not at the bank.
    """
    with transaction.atomic():
        cheque, payment = _locked(cheque)
        _must_be(cheque, ChequeState.PRESENTED, ChequeState.CLEARED)
        _not_before(on_date, cheque.presented_on, _("Cheque %(cheque)s went to the bank on %(day)s."), cheque)
        if charges < 0:
            raise ChequeRefused(_("Charges are zero or more."), field="charges")
        settled = _item_of(payment)
        undo_allocations(item_id=settled, on_date=on_date, person_id=person_id)
        side, received = Side(payment.side), payment.kind == PaymentKind.RECEIPT
        signed = payment.total if received else -payment.total
        recovered = charges if recover and received else ZERO
        drafts = [
            OpenItemDraft(payment.party_id, side, ItemKind.BOUNCE, payment.number, on_date, signed),
            OpenItemDraft(payment.party_id, side, ItemKind.JOURNAL, payment.number, on_date, recovered),
        ]
        posted = post_entry(
            lines=_bounce_lines(payment, side, signed, charges, recovered),
            source=Source(SOURCE, payment.pk, payment.number),
            entry_kind=f"bounce-{cheque.presentations}",
            on_date=on_date,
            branch=payment.branch,
            narration=_("Cheque %(cheque)s bounced: %(reason)s") % {"cheque": cheque.number, "reason": reason.strip()},
            party_id=payment.party_id,
            open_items=drafts,
            withheld=[
                replace(
                    one,
                    amount=-one.amount,
                    deduction=replace(one.deduction, base=-one.deduction.base, tax=-one.deduction.tax),
                )
                for one in withheld_of(payment, on_date)
            ],
        )
        back = OpenItem.objects.get(entry_id=posted.entry_id, kind=ItemKind.BOUNCE.value)
        settle(pairs=[Pair(settled, back.pk, payment.total)], on_date=on_date, person_id=person_id)
        payment.state = PaymentState.BOUNCED
        payment.version += 1
        payment.save(update_fields=["state", "version"])
        cheque.state, cheque.bounced_on = ChequeState.BOUNCED, on_date
        cheque.bounce_reason = reason.strip()[:120]
        cheque.version += 1
        cheque.save(update_fields=["state", "bounced_on", "bounce_reason", "version"])
        return cheque


def _bounce_lines(
    payment: Payment, side: Side, signed: Decimal, charges: Decimal, recovered: Decimal
) -> list[PostingLine]:
    received = payment.kind == PaymentKind.RECEIPT
    money = payment.amount if received else -payment.amount
    lines = [
        debit(CONTROL[side], signed + recovered, party_id=payment.party_id),
        credit(payment.account_id, money + charges),
    ]
    if payment.discount:
        discount = payment.discount if received else -payment.discount
        lines.append(credit("discount_allowed" if received else "discount_received", discount))
    if payment.tds:
        tds = payment.tds if received else -payment.tds
        lines.append(credit("tds_receivable" if received else "tds_payable", tds))
    if charges - recovered:
        lines.append(debit("bank_charges", charges - recovered))
    return lines
