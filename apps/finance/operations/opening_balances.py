"""Balances brought forward from the books before these, by account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.amounts import inr
from apps.finance.models import Account, JournalEntry
from apps.finance.operations.posting import Posted, post_entry, reverse_entry
from apps.finance.refusals import PostingRefused
from apps.finance.rules.chart import Nature
from apps.finance.rules.posting import PostingLine, Source, debit
from apps.organizations.models import Branch

OPENING = "finance.opening"
ZERO = Decimal("0.00")


class OpeningBalancesDiffer(PostingRefused):
    """The balances to bring forward do not balance; `difference` is debits less credits."""

    def __init__(self, debited: Decimal, credited: Decimal) -> None:
        self.difference = debited - credited
        super().__init__(
            _(
                "The balances do not tie: debits %(debits)s, credits %(credits)s, difference %(difference)s %(side)s. "
                "Nothing was brought in."
            )
            % {
                "debits": inr(debited),
                "credits": inr(credited),
                "difference": inr(abs(self.difference)),
                "side": _("debit") if self.difference > 0 else _("credit"),
            }
        )


def post_opening_balances(
    *, nets: Mapping[int, Decimal], on_date: dt.date, source_id: int, narration: str, differ: bool = False
) -> Posted | None:
    """One entry for the balance of each account (debits positive), at the first branch.

    What stands on receivables and payables waits in "Difference in opening balances" until the open bills come in, for
    those two are kept by party. Nothing is left there once both are in.

    Args:
        differ: post what does not balance too, and leave the difference in that account.

    Raises:
        OpeningBalancesDiffer: debits and credits differ, and that was not allowed.
        PostingRefused: the day is shut.
    """
    debited = sum((net for net in nets.values() if net > 0), ZERO)
    credited = -sum((net for net in nets.values() if net < 0), ZERO)
    if debited != credited and not differ:
        raise OpeningBalancesDiffer(debited, credited)
    controls = {nature.value for nature in Nature if nature.is_control}
    kept_by_party = set(Account.objects.filter(pk__in=nets, nature__in=controls).values_list("pk", flat=True))
    lines: list[PostingLine] = [
        debit(key, net) for key, net in sorted(nets.items()) if key not in kept_by_party and net
    ]
    if not lines:
        return None
    posted = sum((line.debit - line.credit for line in lines), ZERO)
    if posted:
        lines.append(debit("opening_difference", -posted))
    with transaction.atomic():
        return post_entry(
            lines=lines,
            source=Source(OPENING, source_id, f"OB/{source_id}"),
            branch=Branch.objects.filter(active=True).earliest("id"),
            on_date=on_date,
            narration=narration,
        )


def undo_opening_balances(*, source_id: int) -> None:
    """Reverse what was brought forward.

    Raises:
        PostingRefused: the day is shut.
    """
    entries = JournalEntry.objects.filter(source_kind=OPENING, source_id=source_id, reverses__isnull=True)
    for key in entries.values_list("pk", flat=True):
        reverse_entry(entry_id=key)
