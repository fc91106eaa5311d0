"""Books for tests: an organization in which entries can be posted, and short ways to post them."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.finance.models import Account, AccountGroup, JournalEntry, PeriodLock, Voucher
from apps.finance.operations import Posted, lock_period, post_entry, post_voucher, save_voucher
from apps.finance.operations.vouchers import DraftLine
from apps.finance.rules.posting import PostingLine, Source, credit, debit
from apps.organizations.models import Branch, Organization
from apps.parties.models import Party
from tests.factories import first_branch, owner_of

_numbers = itertools.count(1)

TODAY = dt.date(2026, 11, 20)


def account(role: str) -> Account:
    """The account of a role in the current organization."""
    found: Account = Account.objects.get(role=role)
    return found


def party(name: str = "", *, supplier: bool = False) -> Party:
    """A party of the current organization."""
    made: Party = Party.objects.create(
        name=name or f"Party {next(_numbers)}", state_code="27", is_customer=not supplier, is_supplier=supplier
    )
    return made


def sale(amount: str | Decimal = "1000.00", *, role: str = "cash", sold: str = "sales") -> list[PostingLine]:
    """Lines of a cash sale without tax."""
    return [debit(role, Decimal(amount)), credit(sold, Decimal(amount))]


def post(
    organization: Organization,
    lines: list[PostingLine] | None = None,
    *,
    on_date: dt.date = TODAY,
    branch: Branch | None = None,
    number: int | None = None,
    kind: str = "test.document",
) -> Posted:
    """Post an entry of a document of its own, in a transaction of its own."""
    with tenant(organization.pk):
        key = number or next(_numbers)
        return post_entry(
            lines=sale() if lines is None else lines,
            source=Source(kind, key, f"T/{key}"),
            branch=branch or first_branch(organization),
            on_date=on_date,
        )


def own_account(name: str = "") -> Account:
    """An account that somebody added to the current organization."""
    number = next(_numbers)
    made: Account = Account.objects.create(
        code=f"Z{number}", name=name or f"Own account {number}", group=AccountGroup.objects.get(code="56")
    )
    return made


def own_group() -> AccountGroup:
    """A group that somebody added to the current organization."""
    number = next(_numbers)
    parent = AccountGroup.objects.get(code="56")
    made: AccountGroup = AccountGroup.objects.create(
        code=f"56{number}", name=f"Own group {number}", kind=parent.kind, parent=parent
    )
    return made


def entry(organization: Organization) -> JournalEntry:
    """An entry in the journal of the organization."""
    found: JournalEntry = JournalEntry.objects.get(pk=post(organization).entry_id)
    return found


def period_lock() -> PeriodLock:
    """A lock of long ago, which is in nobody's way."""
    return lock_period(module="payroll", locked_to=dt.date(2020, 3, 31), reason="Filed")


def voucher(organization: Organization, *, state: str = "draft", kind: str = "payment", amount: int = 500) -> Voucher:
    """Rent paid in cash, as far as `state` says."""
    owner = owner_of(organization)
    with tenant(organization.pk):
        made = save_voucher(
            kind=kind,
            branch=first_branch(organization),
            on_date=timezone.localdate(),
            narration="Rent",
            actor=owner,
            lines=[
                DraftLine(Account.objects.get(code="5600").pk, debit=Decimal(amount)),
                DraftLine(account("cash").pk, credit=Decimal(amount)),
            ],
        )
        if state == "waiting":
            Voucher.objects.filter(pk=made.pk).update(state="waiting")
            made.refresh_from_db()
        elif state == "posted":
            made = post_voucher(voucher=made, actor=owner)
    return made
