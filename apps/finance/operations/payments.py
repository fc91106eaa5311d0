"""Receipts and payments: recorded, posted, settled against open items, and taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.amounts import inr
from apps.core.refusals import Refusal
from apps.finance.models import Account, Cheque, ChequeState, Mode, OpenItem, Payment, PaymentKind, PaymentState
from apps.finance.operations.cash_limits import check_cash
from apps.finance.operations.items import (
    lock_open,
    settle_among,
    settle_shares,
    undo_allocations,
)
from apps.finance.operations.posting import post_entry, reverse_entry
from apps.finance.queries.tds import pan_of, tds_rates
from apps.finance.rules.allocation import Share
from apps.finance.rules.cash_limits import CashWay
from apps.finance.rules.drafts import ItemKind, OpenItemDraft, Side, TdsDraft
from apps.finance.rules.posting import PostingLine, Source, credit, debit
from apps.finance.rules.withholding import Deduction, payee_rate
from apps.organizations.models import Branch
from apps.organizations.operations import take_number
from apps.organizations.rules.numbering import DocumentKind
from apps.parties.models import Party

SOURCE = "finance.payment"
ZERO = Decimal("0.00")
CONTROL = {Side.RECEIVABLE: "receivables", Side.PAYABLE: "payables"}


class PaymentRefused(Refusal):
    """Money cannot be recorded, or taken back, like that."""


@dataclass(frozen=True)
class TdsTaken:
    """Tax deducted at source from a payment: the nature of payment (`queries.tds.tds_rates`) and whole rupees."""

    code: str
    amount: Decimal


@dataclass(frozen=True)
class ChequeDraft:
    """What stands on a cheque. `bank` is the drawer's; empty for one of ours."""

    number: str
    cheque_on: dt.date
    bank: str = ""


def record_payment(
    *,
    kind: PaymentKind,
    party: Party,
    branch: Branch,
    on_date: dt.date,
    mode: Mode,
    account: Account,
    amount: Decimal,
    discount: Decimal = ZERO,
    tds: TdsTaken | None = None,
    side: Side | None = None,
    shares: Sequence[Share] | None = None,
    reference: str = "",
    narration: str = "",
    cheque: ChequeDraft | None = None,
    key: str = "",
    over_cash_limit: bool = False,
    person_id: int | None = None,
) -> Payment:
    """Money received from a party, or paid to one, settled against its open items. Called again with its key, it
    returns the payment of the first time.

    Args:
        account: of cash or bank. A cheque received lies in "cheques in hand" until it is deposited there.
        discount: granted or taken on top of the money; it settles as money does.
        tds: deducted at source, by us or by the customer; it settles as money does.
        over_cash_limit: somebody read the warning about cash and pays all the same.
        side: the control account; receivables for a receipt, payables for a payment, unless it is a refund.
        shares: what goes to which open item. None settles the oldest first; an empty list keeps all on account.
        cheque: for mode cheque. A post-dated one is in no account until it is deposited.

    Raises:
        PaymentRefused: an amount, date or account that cannot be, a reference or cheque that was entered before.
        AllocationRefused: more is settled than is open, or than was paid.
        CashRefused: more cash with the party on that day than the Income-tax Act allows.
    """
    if key and (before := Payment.objects.filter(key=key).first()):
        return before  # type: ignore[no-any-return]
    reference, narration = reference.strip(), narration.strip()
    _check(on_date, mode, account, amount, discount)
    if (mode == Mode.CHEQUE) != (cheque is not None):
        raise PaymentRefused(_("A payment by cheque needs the cheque's number and date."), field="cheque_number")
    side = side or (Side.RECEIVABLE if kind == PaymentKind.RECEIPT else Side.PAYABLE)
    try:
        with transaction.atomic():
            _check_twice(kind, party, mode, reference, cheque)
            deducted = _deduction(tds, on_date, kind, amount)
            if mode == Mode.CASH:
                check_cash(party_id=party.pk, day=on_date, way=CashWay(kind), amount=amount, confirmed=over_cash_limit)
            # Whoever settles the party's items waits here, so that what is open is what was shown or less.
            items = lock_open(party.pk, side)
            _check_shares(shares, amount + discount + deducted)
            waits = cheque is not None and cheque.cheque_on > on_date
            payment = Payment.objects.create(
                kind=kind,
                # Last lock but one of the transaction: the series' row.
                number=take_number(branch=branch, kind=DocumentKind(kind.value), day=on_date),
                branch=branch,
                party=party,
                on_date=on_date,
                mode=mode,
                account=account,
                amount=amount,
                discount=discount,
                tds=deducted,
                tds_code=tds.code if tds and deducted else "",
                side=side.value,
                reference=reference if cheque is None else cheque.number,
                narration=narration,
                state=PaymentState.WAITING if waits else PaymentState.POSTED,
                key=key,
                person_id=person_id,
            )
            if cheque is not None:
                Cheque.objects.create(
                    payment=payment,
                    party=party,
                    kind=kind,
                    number=cheque.number,
                    bank=cheque.bank.strip(),
                    cheque_on=cheque.cheque_on,
                    amount=amount,
                    state=_first_state(kind, waits),
                    presented_on=on_date if kind == PaymentKind.PAYMENT and not waits else None,
                )
            if not waits:
                post_payment(payment=payment, items=items, shares=shares, person_id=person_id)
            return payment  # type: ignore[no-any-return]
    except IntegrityError as error:
        # Somebody sent the same at the same moment, after the checks above.
        if "finance_payment_key_unique" in str(error):
            return Payment.objects.get(key=key)  # type: ignore[no-any-return]
        if "finance_payment_reference_unique" in str(error) or "finance_cheque_unique" in str(error):
            _check_twice(kind, party, mode, reference, cheque)
        raise


def _first_state(kind: PaymentKind, waits: bool) -> ChequeState:
    """One of ours is at the bank for all we know as soon as it is handed over."""
    if waits:
        return ChequeState.WAITING
    return ChequeState.HELD if kind == PaymentKind.RECEIPT else ChequeState.PRESENTED


def _check(on_date: dt.date, mode: Mode, account: Account, amount: Decimal, discount: Decimal) -> None:
    if amount <= 0:
        raise PaymentRefused(_("Type an amount over zero."), field="amount")
    if discount < 0:
        raise PaymentRefused(_("A discount is zero or more."), field="discount")
    if on_date > timezone.localdate():
        raise PaymentRefused(
            _("%(day)s has not come. A post-dated cheque carries its own date.")
            % {"day": date_format(on_date, "j M Y")},
            field="on_date",
        )
    if not account.active:
        raise PaymentRefused(_("%(account)s is archived.") % {"account": account.name}, field="account")
    is_cash = account.nature == "cash"
    if is_cash != (mode == Mode.CASH):
        message = (
            _("%(account)s takes cash only.") if is_cash else _("Cash goes to a cash account, not to %(account)s.")
        )
        raise PaymentRefused(message % {"account": account.name}, field="account")


def _deduction(tds: TdsTaken | None, on_date: dt.date, kind: str, amount: Decimal) -> Decimal:
    """The rupees deducted, when the nature has a rate on the day and they are less than what was paid."""
    if tds is None or not tds.amount:
        return ZERO
    if tds.amount < 0 or tds.amount != tds.amount.to_integral_value():
        raise PaymentRefused(_("TDS is in whole rupees, zero or more."), field="tds")
    if tds.code not in tds_rates(on_date):
        raise PaymentRefused(
            _("Say what kind of payment the TDS is for, one with a rate on %(day)s.")
            % {"day": date_format(on_date, "j M Y")},
            field="tds_code",
        )
    if tds.amount > amount:
        who = _("by us") if kind == PaymentKind.PAYMENT else _("by the customer")
        raise PaymentRefused(
            _("TDS of %(tds)s deducted %(who)s is more than the %(amount)s paid.")
            % {"tds": inr(tds.amount), "who": who, "amount": inr(amount)},
            field="tds",
        )
    return tds.amount


def withheld_of(payment: Payment, day: dt.date) -> list[TdsDraft]:
    """What the payment says about TDS, for the books."""
    if not payment.tds:
        return []
    rate = tds_rates(day).get(payment.tds_code) or tds_rates(payment.on_date)[payment.tds_code]
    base, pan = payment.amount + payment.tds, pan_of(payment.party)
    by_us = payment.kind == PaymentKind.PAYMENT
    per_cent = payee_rate(rate, pan) if by_us else rate.rate
    return [
        TdsDraft(payment.party_id, by_us, base, Deduction(rate.code, rate.section, per_cent, base, payment.tds), pan)
    ]


def _check_shares(shares: Sequence[Share] | None, total: Decimal) -> None:
    asked = sum((share.amount for share in shares or ()), ZERO)
    if asked > total:
        raise PaymentRefused(
            _("Bills for %(asked)s are settled and only %(total)s is there, %(over)s too little.")
            % {"asked": inr(asked), "total": inr(total), "over": inr(asked - total)}
        )


def _check_twice(kind: str, party: Party, mode: Mode, reference: str, cheque: ChequeDraft | None) -> None:
    if cheque is not None:
        same = (
            Cheque.objects.select_related("payment")
            .annotate(bank_key=Upper("bank"))
            .filter(kind=kind, party=party, number=cheque.number, bank_key=cheque.bank.strip().upper())
            .exclude(state=ChequeState.RETURNED)
            .first()
        )
        if same:
            raise PaymentRefused(
                _("Cheque %(cheque)s is entered already: %(number)s of %(day)s for %(amount)s.")
                % {
                    "cheque": same.number,
                    "number": same.payment.number,
                    "day": date_format(same.payment.on_date, "j M Y"),
                    "amount": inr(same.amount),
                },
                field="cheque_number",
            )
    elif reference and mode in {Mode.UPI, Mode.BANK}:
        twin = (
            Payment.objects.annotate(reference_key=Upper("reference"))
            .filter(kind=kind, mode=mode, reference_key=reference.upper())
            .exclude(state=PaymentState.UNDONE)
            .first()
        )
        if twin:
            raise PaymentRefused(
                _("Reference %(reference)s is entered already: %(number)s of %(day)s for %(amount)s.")
                % {
                    "reference": reference,
                    "number": twin.number,
                    "day": date_format(twin.on_date, "j M Y"),
                    "amount": inr(twin.amount),
                },
                field="reference",
            )


def post_payment(
    *,
    payment: Payment,
    items: Sequence[OpenItem],
    shares: Sequence[Share] | None = None,
    on_date: dt.date | None = None,
    person_id: int | None = None,
) -> None:
    """Post a payment that is in no account yet and settle with it. `items` are the party's open ones, locked."""
    side, day = Side(payment.side), on_date or payment.on_date
    total = payment.total
    signed = -total if payment.kind == PaymentKind.RECEIPT else total
    in_hand = payment.mode == Mode.CHEQUE and payment.kind == PaymentKind.RECEIPT
    money: int | str = "cheques_in_hand" if in_hand else payment.account_id
    posted = post_entry(
        lines=_lines(payment, money, signed),
        source=Source(SOURCE, payment.pk, payment.number),
        on_date=day,
        branch=payment.branch,
        narration=payment.narration or _particulars(payment),
        party_id=payment.party_id,
        open_items=[
            OpenItemDraft(payment.party_id, side, ItemKind(payment.kind), payment.number, day, signed),
        ],
        withheld=withheld_of(payment, day),
    )
    item = OpenItem.objects.get(entry_id=posted.entry_id)
    if shares is None:
        settle_among(item=item, rows=items, on_date=day, person_id=person_id)
    else:
        settle_shares(item=item, shares=shares, on_date=day, person_id=person_id)
    payment.entry_id, payment.item, payment.state = posted.entry_id, item, PaymentState.POSTED
    payment.version += 1
    payment.save(update_fields=["entry", "item", "state", "version"])


def _lines(payment: Payment, money: int | str, signed: Decimal) -> list[PostingLine]:
    """Money, discount and TDS against the party: a receipt credits the party, a payment debits it."""
    return [
        *other_side(payment, money),
        debit(CONTROL[Side(payment.side)], signed, party_id=payment.party_id),
    ]


def other_side(payment: Payment, money: int | str) -> list[PostingLine]:
    """Where the money, the discount and the tax deducted at source went to, or came from."""
    received = payment.kind == PaymentKind.RECEIPT
    make = debit if received else credit
    lines = [make(money, payment.amount)]
    if payment.discount:
        lines.append(make("discount_allowed" if received else "discount_received", payment.discount))
    if payment.tds:
        lines.append(make("tds_receivable" if received else "tds_payable", payment.tds))
    return lines


def _particulars(payment: Payment) -> str:
    mode = Mode(payment.mode).label
    return f"{mode} {payment.reference}".strip()


def undo_payment(
    *, payment: Payment, reason: str, on_date: dt.date | None = None, person_id: int | None = None
) -> Payment:
    """Take a payment back: what it settled is open again, and a reversal entry stands beside its own.

    Raises:
        PaymentRefused: it was taken back before, bounced, or its cheque is at the bank.
        PeriodLocked: the day of the reversal is shut.
    """
    with transaction.atomic():
        payment = Payment.objects.select_for_update().select_related("branch").get(pk=payment.pk)
        if payment.state in {PaymentState.UNDONE, PaymentState.BOUNCED}:
            raise PaymentRefused(
                _("%(number)s is no longer in the books: %(state)s.")
                % {"number": payment.number, "state": PaymentState(payment.state).label}
            )
        cheque = Cheque.objects.select_for_update().filter(payment=payment).first()
        if (
            cheque
            and cheque.kind == PaymentKind.RECEIPT
            and cheque.state not in {ChequeState.WAITING, ChequeState.HELD}
        ):
            raise PaymentRefused(
                _("Cheque %(cheque)s is at the bank. If the bank returns it, enter it as bounced.")
                % {"cheque": cheque.number}
            )
        if payment.entry_id and payment.item_id:
            day = on_date or timezone.localdate()
            undo_allocations(item_id=payment.item_id, on_date=day, person_id=person_id)
            reverse_entry(entry_id=payment.entry_id, on_date=day, narration=reason.strip())
        if cheque:
            cheque.state = ChequeState.RETURNED
            cheque.version += 1
            cheque.save(update_fields=["state", "version"])
        payment.state = PaymentState.UNDONE
        payment.narration = " · ".join(filter(None, (payment.narration, reason.strip())))[:200]
        payment.version += 1
        payment.save(update_fields=["state", "narration", "version"])
        return payment
