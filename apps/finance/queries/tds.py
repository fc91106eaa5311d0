"""Tax deducted at source: the rates of a day, and what is to be deducted from a bill or a payment.

Rooms above ask `deduction` before they post, credit `tds_payable` with its tax, open the item for the rest, and hand a
`rules.drafts.TdsDraft` to `post_entry`, so that the year's limits count what they posted.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import connection
from django.db.models import Q

from apps.core.tenancy.context import current_organization_id
from apps.finance.models import TdsRate
from apps.finance.rules.withholding import Deduction, deduct
from apps.finance.rules.withholding import TdsRate as Rate
from apps.finance.rules.years import financial_year, year_bounds
from apps.organizations.models import Organization
from apps.parties.models import Party

_COLUMNS = (
    "code",
    "section",
    "description",
    "rate",
    "rate_individual",
    "rate_without_pan",
    "single_limit",
    "year_limit",
    "excess_only",
)
# Through the index of the party's lines alone.
_SO_FAR = """
SELECT coalesce(sum(amount), 0), coalesce(sum(base), 0) FROM finance_tdsline
WHERE organization_id = %(organization)s AND party_id = %(party)s AND code = %(code)s
  AND on_date BETWEEN %(first)s AND %(last)s AND by_us
"""


def tds_rates(on: dt.date) -> dict[str, Rate]:
    """The rates that hold on the day, by nature of payment; some few rows, one read."""
    rows = TdsRate.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)
    return {row[0]: Rate(*row) for row in rows.order_by("code", "valid_from").values_list(*_COLUMNS)}


def pan_of(party: Party) -> str:
    """The party's PAN, else that inside its GSTIN."""
    return party.pan or party.gstin[2:12]


def deduction(code: str, on: dt.date, *, party: Party, amount: Decimal) -> Deduction | None:
    """What we deduct from a payment or credit of `amount` rupees to the party on the day; two reads.

    None where the nature has no rate on that day. A deduction with nothing taxed is not None: hand it over all the
    same, for it counts towards the year's limit.
    """
    rate = tds_rates(on).get(code)
    if rate is None:
        return None
    start = Organization.objects.values_list("financial_year_start", flat=True).get(pk=current_organization_id())
    first, last = year_bounds(financial_year(on, start), start)
    with connection.cursor() as cursor:
        cursor.execute(
            _SO_FAR,
            {
                "organization": current_organization_id(),
                "party": party.pk,
                "code": code,
                "first": first,
                "last": last,
            },
        )
        before, taxed = cursor.fetchone()
    return deduct(rate, amount, pan=pan_of(party), before=before, taxed_before=taxed)
