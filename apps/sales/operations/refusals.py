"""Why a bill is not made, changed or taken back as was asked: each states the fact, then the way out."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.sales.models import Bill
from apps.sales.rules.facts import Level, Notice


class BillRefused(Refusal):
    """Base of every refusal of selling."""


class BillClosed(BillRefused):
    """The bill is posted or cancelled, or another one than was asked for by now."""

    def __init__(self, bill: Bill) -> None:
        self.bill = bill
        super().__init__(
            _("%(bill)s is %(state)s, so it is not changed. Cancel it and make a corrected copy.")
            % {"bill": bill, "state": bill.get_state_display().lower()}
        )


class LineGone(BillRefused):
    """Somebody removed the line."""


class LineRefused(BillRefused):
    """A line cannot be like that."""


class BillBlocked(BillRefused):
    """Rules of selling stand in the way. `notices` names each with its line and what mends it."""

    def __init__(self, notices: Sequence[Notice]) -> None:
        self.notices = tuple(notices)
        first = next((one for one in notices if one.level is Level.STOP), notices[0])
        more = len(notices) - 1
        super().__init__(
            _("%(first)s And %(count)d more.") % {"first": first.text, "count": more} if more else first.text
        )

    def by_line(self) -> dict[int, list[Notice]]:
        """The notices of each line by its position; 0 is the bill."""
        found: dict[int, list[Notice]] = {}
        for notice in self.notices:
            found.setdefault(notice.line, []).append(notice)
        return found
