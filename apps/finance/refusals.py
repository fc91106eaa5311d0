"""Why something is not posted. Each states the figure or the fact that is off."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.amounts import inr
from apps.core.refusals import Refusal


class PostingRefused(Refusal):
    """The books do not take the entry."""


class Unbalanced(PostingRefused):
    """Debits and credits differ by `difference` (debits less credits)."""

    def __init__(self, debited: Decimal, credited: Decimal) -> None:
        self.difference = debited - credited
        super().__init__(
            _("Debits are %(debits)s and credits %(credits)s: %(difference)s %(side)s is missing.")
            % {
                "debits": inr(debited),
                "credits": inr(credited),
                "difference": inr(abs(self.difference)),
                "side": _("credit") if self.difference > 0 else _("debit"),
            }
        )


class EmptyEntry(PostingRefused):
    """There is nothing to post."""

    def __init__(self) -> None:
        super().__init__(_("The entry has no amounts. An entry needs at least one debit and one credit."))


class UnknownAccount(PostingRefused):
    """An account that the organization does not have."""

    def __init__(self, names: str) -> None:
        super().__init__(_("There is no such account here: %(names)s.") % {"names": names}, field="account")


class ArchivedAccount(PostingRefused):
    """An account that takes no more entries."""

    def __init__(self, account: str) -> None:
        super().__init__(
            _("%(account)s is archived. Restore it, or choose another account.") % {"account": account},
            field="account",
        )


class ForeignBranch(PostingRefused):
    """An account that belongs to another branch."""

    def __init__(self, account: str, owner: str, branch: str) -> None:
        super().__init__(
            _("%(account)s is only for %(owner)s, and this is an entry of %(branch)s.")
            % {"account": account, "owner": owner, "branch": branch},
            field="account",
        )


class PartyMissing(PostingRefused):
    """A control account without the party whose debt it is."""

    def __init__(self, account: str) -> None:
        super().__init__(
            _("%(account)s is kept by party. Say whose the amount is.") % {"account": account}, field="party"
        )


class NoSuchYear(PostingRefused):
    """A day in no financial year of the books."""

    def __init__(self, day: dt.date) -> None:
        super().__init__(
            _("The books have no financial year for %(day)s. Open it under Financial years, or mend the date.")
            % {"day": date_format(day)},
            field="on_date",
        )


class YearClosed(PostingRefused):
    """A day in a year that was closed."""

    def __init__(self, day: dt.date, year: str) -> None:
        super().__init__(
            _("%(year)s is closed, so nothing is posted on %(day)s. Post it in an open year, or open %(year)s again.")
            % {"year": year, "day": date_format(day)},
            field="on_date",
        )


class PeriodLocked(PostingRefused):
    """A day that a period lock covers; `hard` says that nobody may post over it."""

    def __init__(self, *, day: dt.date, locked_to: dt.date, what: str, reason: str, hard: bool) -> None:
        self.hard = hard
        super().__init__(
            _("%(what)s: locked up to %(to)s (%(reason)s). %(day)s lies before that.")
            % {"what": what, "to": date_format(locked_to), "reason": reason, "day": date_format(day)},
            field="on_date",
        )


class AlreadyPosted(PostingRefused):
    """The same part of the same document is in the books with other figures."""

    def __init__(self, number: str, amount: Decimal) -> None:
        super().__init__(
            _("%(number)s is in the books already, with %(amount)s. Reverse it before posting it differently.")
            % {"number": number, "amount": inr(amount)}
        )


class NotReversible(PostingRefused):
    """An entry that cannot be taken back like this."""
