"""The lines of a voucher as they come from its grid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.finance.models import Account
from apps.finance.operations.vouchers import DraftLine
from apps.parties.models import Party

MOST_LINES = 200
_PICKED = re.compile(r"a(\d{1,18})|p(\d{1,18})([rp])")
_LIMIT = Decimal("9999999999999.99")


@dataclass
class GridLine:
    """A line as typed, and what is wrong with it."""

    key: str = ""
    account: str = ""
    debit: str = ""
    credit: str = ""
    narration: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def blank(self) -> bool:
        """Whether nothing was typed."""
        return not (self.account.strip() or self.debit.strip() or self.credit.strip() or self.narration.strip())


def read_lines(data: Mapping[str, str]) -> tuple[list[GridLine], list[DraftLine]]:
    """The lines of a posted grid: as typed, with their errors, and as a draft keeps them."""
    grid, drafts = [], []
    for number in range(MOST_LINES):
        if f"account-{number}" not in data:
            break
        key, account, debit, credit, words = (
            data.get(f"{name}-{number}", "")[:200] for name in ("key", "account", "debit", "credit", "narration")
        )
        line = GridLine(key, account, debit, credit, words)
        if line.blank:
            continue
        grid.append(line)
        account_id, party_id = _account(line)
        debited, credited = _amount(line, debit), _amount(line, credit)
        if debited and credited:
            line.errors.append(_("A line is a debit or a credit. Leave one of them empty."))
        drafts.append(DraftLine(account_id, party_id, debited, credited, line.narration.strip()))
    return grid, drafts


def _amount(line: GridLine, text: str) -> Decimal:
    text = text.replace(",", "").replace("₹", "").strip()
    if not text:
        return Decimal("0.00")
    try:
        found = Decimal(text)
        if not found.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        line.errors.append(_("%(text)s is no amount.") % {"text": text})
        return Decimal("0.00")
    if found < 0 or found > _LIMIT or found != found.quantize(Decimal("0.01")):
        line.errors.append(_("%(text)s: an amount has up to two decimals and no minus.") % {"text": text})
        return Decimal("0.00")
    return found.quantize(Decimal("0.01"))


def _account(line: GridLine) -> tuple[int | None, int | None]:
    """The account, and the party when one was chosen: as picked, else by what was typed."""
    found = _picked(line) or _typed(line.account.strip())
    if found is None:
        if line.account.strip():
            line.errors.append(_("No account or party is called %(text)s.") % {"text": line.account.strip()})
        return None, None
    account, party = found
    line.key = f"p{party.pk}{'r' if account.nature == 'receivables' else 'p'}" if party else f"a{account.pk}"
    line.account = party.name if party else account.name
    return account.pk, party.pk if party else None


def _picked(line: GridLine) -> tuple[Account, Party | None] | None:
    match = _PICKED.fullmatch(line.key)
    if match is None:
        return None
    if match[1]:
        account = Account.objects.filter(pk=int(match[1])).first()
        # Typed over after it was picked: what stands there counts.
        return (account, None) if account and account.name == line.account.strip() else None
    party = Party.objects.filter(pk=int(match[2])).first()
    if party is None or party.name != line.account.strip():
        return None
    return Account.objects.get(role="receivables" if match[3] == "r" else "payables"), party


def _typed(text: str) -> tuple[Account, Party | None] | None:
    if not text:
        return None
    account = Account.objects.filter(Q(code=text) | Q(name__iexact=text), active=True).first()
    if account is not None:
        return account, None
    begins = list(Account.objects.filter(name__istartswith=text, active=True)[:2])
    if len(begins) == 1:
        return begins[0], None
    party = Party.objects.filter(name__iexact=text).first()
    if party is None:
        return None
    return Account.objects.get(role="receivables" if party.is_customer else "payables"), party
