"""What a bill must know of the customer, and of the person and branch that sell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import connection

from apps.core.members import Member
from apps.core.tenancy.context import current_organization_id
from apps.finance.queries.exposure import exposure
from apps.parties.models import Party
from apps.sales.rules.facts import Buyer, HeldLicence, Terms

_LICENCES = """
SELECT form, valid_from, valid_to, number FROM parties_partylicence WHERE organization_id = %s AND party_id = %s
ORDER BY form, number
"""
_SELLER = """
SELECT form, valid_from, valid_to, number FROM organizations_branchlicence WHERE organization_id = %s AND branch_id = %s
ORDER BY form, number
"""
_TODAY = """
SELECT l.product_id, sum(l.quantity + l.free)::bigint FROM sales_bill b
JOIN sales_billline l ON l.organization_id = b.organization_id AND l.bill_id = b.id
WHERE b.organization_id = %s AND b.customer_id = %s AND b.on_date = %s AND b.state = 'posted'
  AND l.product_id = ANY (%s::bigint[])
GROUP BY 1
"""


def licences_of(party_id: int) -> tuple[HeldLicence, ...]:
    """The party's drug licences, ended ones too."""
    return _licences(_LICENCES, party_id)


def licences_of_branch(branch_id: int) -> tuple[HeldLicence, ...]:
    """The branch's drug licences, ended ones too."""
    return _licences(_SELLER, branch_id)


def _licences(statement: str, key: int) -> tuple[HeldLicence, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [current_organization_id(), key])
        return tuple(HeldLicence(*row) for row in cursor.fetchall())


def buyer(party: Party, *, on: dt.date, restricted: Collection[int] = ()) -> Buyer:
    """The customer as the gates see it: licences, what is owed, and what was bought today of restricted products."""
    facts = exposure(party.pk, on=on)
    today: dict[int, int] = {}
    if restricted:
        with connection.cursor() as cursor:
            cursor.execute(_TODAY, [current_organization_id(), party.pk, on, list(restricted)])
            today = dict(cursor.fetchall())
    return Buyer(
        name=party.name,
        active=party.active and party.is_customer,
        licences=licences_of(party.pk),
        shelf_life_days=party.minimum_shelf_life_days,
        credit_limit=party.credit_limit,
        used=facts.used,
        oldest_due=facts.oldest_due,
        today=today,
    )


_TERMS = """
SELECT t.credit_stops, t.most_overdue_days, t.below_cost_stops, d.line_percent, d.bill_percent
FROM (SELECT 1) one
LEFT JOIN sales_sellingterms t ON t.organization_id = %(organization)s
LEFT JOIN organizations_membership m ON m.organization_id = %(organization)s AND m.id = %(member)s
LEFT JOIN sales_discountlimit d ON d.organization_id = %(organization)s AND d.role_id = m.role_id
"""


def terms(member: Member | None, *, on: dt.date) -> Terms:
    """How the business sells, and what the member's role may give. Without a row the defaults hold, and no limit."""
    with connection.cursor() as cursor:
        cursor.execute(_TERMS, {"organization": current_organization_id(), "member": member.id if member else None})
        credit, overdue, cost, line, whole = cursor.fetchone()
    return Terms(
        on=on,
        credit_stops=credit is not False,
        most_overdue_days=overdue,
        below_cost_stops=cost is not False,
        line_discount=line,
        bill_discount=whole,
    )
