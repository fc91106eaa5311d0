"""Vouchers by hand: drafts, posting, approval, reversal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.amounts import inr
from apps.core.members import Member
from apps.core.refusals import Refusal
from apps.finance.models import Account, BookSettings, JournalEntry, Voucher, VoucherLine
from apps.finance.operations.cash_limits import check_cash
from apps.finance.operations.chart import ensure_year
from apps.finance.operations.posting import post_entry, reverse_entry
from apps.finance.refusals import EmptyEntry, NoSuchYear, Unbalanced
from apps.finance.rules.cash_limits import CashWay
from apps.finance.rules.chart import Nature
from apps.finance.rules.posting import PostingLine, Source
from apps.finance.rules.vouchers import ZERO, Fault, VoucherKind, VoucherPart, fault_of
from apps.organizations.models import Branch
from apps.organizations.operations import take_number
from apps.organizations.rules.numbering import DocumentKind

VOUCHER = "finance.voucher"
"""Source kind of entries made by hand."""

_SERIES = {
    VoucherKind.PAYMENT: DocumentKind.PAYMENT,
    VoucherKind.RECEIPT: DocumentKind.RECEIPT,
    VoucherKind.CONTRA: DocumentKind.CONTRA_VOUCHER,
    VoucherKind.JOURNAL: DocumentKind.JOURNAL_VOUCHER,
    VoucherKind.DEBIT_NOTE: DocumentKind.PARTY_DEBIT_NOTE,
    VoucherKind.CREDIT_NOTE: DocumentKind.PARTY_CREDIT_NOTE,
}
_FAULTS = {
    Fault.NEEDS_MONEY_CREDITED: gettext_lazy(
        "A payment credits cash or bank. Credit the account the money leaves, or make a journal voucher."
    ),
    Fault.NEEDS_MONEY_DEBITED: gettext_lazy(
        "A receipt debits cash or bank. Debit the account the money reaches, or make a journal voucher."
    ),
    Fault.ONLY_MONEY: gettext_lazy("A contra voucher moves money between cash and bank, and names no other account."),
    Fault.NO_MONEY: gettext_lazy(
        "This voucher names cash or bank. Make a payment, a receipt or a contra voucher instead."
    ),
    Fault.NEEDS_PARTY_DEBITED: gettext_lazy("A debit note debits a customer or a supplier."),
    Fault.NEEDS_PARTY_CREDITED: gettext_lazy("A credit note credits a customer or a supplier."),
}


class VoucherRefused(Refusal):
    """A voucher is not one of its kind, or no longer in the state for this."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line as typed; account and amounts may still be missing."""

    account_id: int | None = None
    party_id: int | None = None
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    narration: str = ""


def save_voucher(
    *,
    kind: str,
    branch: Branch,
    on_date: dt.date,
    lines: Sequence[DraftLine],
    narration: str = "",
    reference: str = "",
    actor: Member,
    voucher: Voucher | None = None,
) -> Voucher:
    """Keep a draft as it is typed, whole or not.

    Raises:
        VoucherRefused: it was posted meanwhile.
    """
    with transaction.atomic():
        if voucher is None:
            voucher = Voucher(kind=kind, made_by_id=actor.user_id)
        else:
            voucher = _locked(voucher)
            _check_open(voucher)
            voucher.version += 1
            VoucherLine.objects.filter(voucher=voucher).delete()
        voucher.kind, voucher.branch, voucher.on_date = kind, branch, on_date
        voucher.narration, voucher.reference = narration, reference
        voucher.state = Voucher.State.DRAFT
        voucher.amount = max(sum((line.debit for line in lines), ZERO), sum((line.credit for line in lines), ZERO))
        voucher.save()
        VoucherLine.objects.bulk_create(
            VoucherLine(
                voucher=voucher,
                position=position,
                account_id=line.account_id,
                party_id=line.party_id,
                debit=line.debit,
                credit=line.credit,
                narration=line.narration,
            )
            for position, line in enumerate(lines, 1)
        )
    return voucher


def post_voucher(*, voucher: Voucher, actor: Member) -> Voucher:
    """Post a draft, or an approved one; over the limit it waits for somebody who may approve.

    Raises:
        VoucherRefused: it is posted already, or not what its kind asks for.
        PostingRefused: the books do not take it; the draft stays.
    """
    with transaction.atomic():
        voucher = _locked(voucher)
        _check_open(voucher)
        lines = _posting_lines(voucher)
        voucher.amount = sum((line.debit for line in lines), ZERO)
        limit = BookSettings.objects.values_list("approval_limit", flat=True).first()
        may_approve = actor.may("finance.voucher.approve")
        if limit is not None and voucher.amount > limit and not may_approve:
            voucher.state = Voucher.State.WAITING
        else:
            voucher.state = Voucher.State.POSTED
            voucher.approved_by_id = actor.user_id if limit is not None and voucher.amount > limit else None
            if ensure_year(voucher.on_date) is None:
                raise NoSuchYear(voucher.on_date)
            _check_cash(voucher, lines)
            voucher.number = take_number(
                branch=voucher.branch, kind=_SERIES[VoucherKind(voucher.kind)], day=voucher.on_date
            )
            post_entry(
                lines=lines,
                source=Source(VOUCHER, voucher.pk, voucher.number),
                branch=voucher.branch,
                on_date=voucher.on_date,
                narration=voucher.narration,
                over_soft_lock=actor.may("finance.period.lock"),
            )
        voucher.version += 1
        voucher.save(update_fields=["state", "number", "amount", "approved_by", "version"])
    return voucher


def _check_cash(voucher: Voucher, lines: Sequence[PostingLine]) -> None:
    """Cash between the voucher's one party and the box keeps to the limit; a warning does not hold a voucher up."""
    parties = {line.party_id for line in lines if line.party_id}
    if len(parties) != 1:
        return
    boxes = set(Account.objects.filter(nature=Nature.CASH.value).values_list("pk", flat=True))
    for way, amount in (
        (CashWay.RECEIPT, sum((line.debit for line in lines if line.account_id in boxes), ZERO)),
        (CashWay.PAYMENT, sum((line.credit for line in lines if line.account_id in boxes), ZERO)),
    ):
        if amount:
            check_cash(party_id=parties.pop(), day=voucher.on_date, way=way, amount=amount, confirmed=True)
            return


def send_back_voucher(*, voucher: Voucher) -> Voucher:
    """Make a waiting voucher a draft again.

    Raises:
        VoucherRefused: it does not wait.
    """
    with transaction.atomic():
        voucher = _locked(voucher)
        if voucher.state != Voucher.State.WAITING:
            raise VoucherRefused(_("%(voucher)s does not wait for approval.") % {"voucher": voucher})
        voucher.state = Voucher.State.DRAFT
        voucher.version += 1
        voucher.save(update_fields=["state", "version"])
    return voucher


def reverse_voucher(*, voucher: Voucher, on_date: dt.date, reason: str, actor: Member) -> Voucher:
    """Take a posted voucher back. It keeps its number, and both entries stay in the journal.

    Raises:
        VoucherRefused: it is not posted, or no reason is given.
        PostingRefused: the day is locked.
    """
    if not reason.strip():
        raise VoucherRefused(_("Say why the voucher is taken back."), field="reason")
    with transaction.atomic():
        voucher = _locked(voucher)
        if voucher.state != Voucher.State.POSTED:
            raise VoucherRefused(_("%(voucher)s is not posted, so there is nothing to reverse.") % {"voucher": voucher})
        entry = JournalEntry.objects.get(source_kind=VOUCHER, source_id=voucher.pk, entry_kind="main")
        reverse_entry(
            entry_id=entry.pk,
            on_date=on_date,
            narration=reason.strip(),
            over_soft_lock=actor.may("finance.period.lock"),
        )
        voucher.state = Voucher.State.REVERSED
        voucher.version += 1
        voucher.save(update_fields=["state", "version"])
    return voucher


def delete_draft(*, voucher: Voucher) -> None:
    """Throw a draft away; it never had a number.

    Raises:
        VoucherRefused: it is posted.
    """
    with transaction.atomic():
        voucher = _locked(voucher)
        _check_open(voucher)
        voucher.delete()


def limit_vouchers(*, limit: Decimal | None) -> BookSettings:
    """From now on vouchers over the limit (rupees) wait for approval; None for none."""
    with transaction.atomic():
        settings, made = BookSettings.objects.select_for_update().get_or_create(defaults={"approval_limit": limit})
        if not made:
            settings.approval_limit = limit
            settings.version += 1
            settings.save(update_fields=["approval_limit", "version"])
    found: BookSettings = settings
    return found


def _locked(voucher: Voucher) -> Voucher:
    found: Voucher = (
        Voucher.objects.select_for_update(no_key=True, of=("self",)).select_related("branch").get(pk=voucher.pk)
    )
    return found


def _check_open(voucher: Voucher) -> None:
    if voucher.state in (Voucher.State.POSTED, Voucher.State.REVERSED):
        raise VoucherRefused(
            _("%(number)s is posted with %(amount)s. Reverse it and make a new one.")
            % {"number": voucher.number, "amount": inr(voucher.amount)}
        )


def _posting_lines(voucher: Voucher) -> list[PostingLine]:
    """The lines that carry something, checked against what the kind of voucher asks for."""
    rows = VoucherLine.objects.filter(voucher=voucher).order_by("position")
    typed = [line for line in rows if line.account_id or line.debit or line.credit]
    natures: dict[int, str] = dict(
        Account.objects.filter(pk__in=[line.account_id for line in typed]).values_list("pk", "nature")
    )
    lines = []
    for line in typed:
        if line.account_id is None:
            raise VoucherRefused(
                _("Line %(position)d has %(amount)s and no account.")
                % {"position": line.position, "amount": inr(line.debit + line.credit)}
            )
        if line.debit or line.credit:
            lines.append(
                PostingLine(
                    account_id=line.account_id,
                    party_id=line.party_id,
                    debit=line.debit,
                    credit=line.credit,
                    narration=line.narration,
                )
            )
    if not lines:
        raise EmptyEntry
    debited, credited = sum((line.debit for line in lines), ZERO), sum((line.credit for line in lines), ZERO)
    if debited != credited:
        raise Unbalanced(debited, credited)
    fault = fault_of(
        VoucherKind(voucher.kind),
        [VoucherPart(Nature(natures[line.account_id or 0]), line.debit, line.credit) for line in lines],
    )
    if fault is not None:
        raise VoucherRefused(_FAULTS[fault])
    return lines
