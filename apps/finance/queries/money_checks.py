"""Whether open items, allocations and tax lines say what the accounts say."""

from __future__ import annotations

from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.amounts import inr
from apps.core.tenancy.context import current_organization_id
from apps.finance.verify import MOST_NAMED, Check, Finding

# By party, on both control accounts: what the journal says, what the items were, what is open of them.
_CONTROL = """
WITH booked AS (
    SELECT l.party_id, CASE a.nature WHEN 'receivables' THEN 'receivable' ELSE 'payable' END AS side,
           sum(l.debit - l.credit) AS amount
    FROM finance_journalline l
    JOIN finance_account a ON a.organization_id = l.organization_id AND a.id = l.account_id
    WHERE l.organization_id = %(organization)s AND a.nature IN ('receivables', 'payables')
    GROUP BY 1, 2
), items AS (
    SELECT party_id, side, sum(amount) AS amount, sum(open_amount) AS open_amount
    FROM finance_openitem WHERE organization_id = %(organization)s GROUP BY 1, 2
)
SELECT p.name, coalesce(b.side, i.side), coalesce(b.amount, 0), coalesce(i.amount, 0), coalesce(i.open_amount, 0)
FROM booked b FULL JOIN items i ON i.party_id = b.party_id AND i.side = b.side
LEFT JOIN parties_party p ON p.organization_id = %(organization)s AND p.id = coalesce(b.party_id, i.party_id)
WHERE coalesce(b.amount, 0) <> coalesce(i.amount, 0) OR coalesce(b.amount, 0) <> coalesce(i.open_amount, 0)
ORDER BY 1, 2 LIMIT %(most)s
"""
_ALLOCATED = """
SELECT i.number, i.amount, i.open_amount, coalesce(d.amount, 0) + coalesce(c.amount, 0)
FROM finance_openitem i
LEFT JOIN (SELECT debit_id, sum(amount) AS amount FROM finance_allocation
           WHERE organization_id = %(organization)s GROUP BY 1) d ON d.debit_id = i.id
LEFT JOIN (SELECT credit_id, sum(amount) AS amount FROM finance_allocation
           WHERE organization_id = %(organization)s GROUP BY 1) c ON c.credit_id = i.id
WHERE i.organization_id = %(organization)s
  AND abs(i.amount) - abs(i.open_amount) <> coalesce(d.amount, 0) + coalesce(c.amount, 0)
ORDER BY i.id LIMIT %(most)s
"""
_HEADS = ("cgst", "sgst", "utgst", "igst", "cess")
# For each entry that taxed something, and each tax: what its tax lines want on the three kinds of accounts, and what
# its journal lines put there. An entry of a document that touches a tax account without tax lines is off by all of it.
_TAX = """
WITH taxed AS (
    SELECT t.entry_id, v.role, sum(v.amount) AS amount
    FROM finance_taxline t
    CROSS JOIN LATERAL (VALUES {values}) AS v (role, amount)
    WHERE t.organization_id = %(organization)s GROUP BY 1, 2
), booked AS (
    SELECT l.entry_id, a.role, sum(CASE WHEN a.role LIKE 'input%%' THEN l.debit - l.credit
                                        ELSE l.credit - l.debit END) AS amount
    FROM finance_journalline l
    JOIN finance_account a ON a.organization_id = l.organization_id AND a.id = l.account_id
    WHERE l.organization_id = %(organization)s AND a.nature = 'tax' AND a.role <> '' GROUP BY 1, 2
)
SELECT e.number, coalesce(t.role, b.role), coalesce(t.amount, 0), coalesce(b.amount, 0)
FROM taxed t FULL JOIN booked b ON b.entry_id = t.entry_id AND b.role = t.role
JOIN finance_journalentry e ON e.organization_id = %(organization)s AND e.id = coalesce(t.entry_id, b.entry_id)
WHERE coalesce(t.amount, 0) <> coalesce(b.amount, 0)
  -- Vouchers by hand pay the tax and set it off; nothing was supplied.
  AND (e.source_kind NOT LIKE 'finance.%%' OR EXISTS (SELECT FROM finance_taxline x
       WHERE x.organization_id = %(organization)s AND x.entry_id = e.id))
ORDER BY e.id, 2 LIMIT %(most)s
"""


def _rows(statement: str) -> list[tuple[str, str | Decimal, Decimal, Decimal]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": current_organization_id(), "most": MOST_NAMED})
        found: list[tuple[str, str | Decimal, Decimal, Decimal]] = cursor.fetchall()
        return found


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {table} WHERE organization_id = %s",  # noqa: S608 - one of our own three tables
            [current_organization_id()],
        )
        return int(cursor.fetchone()[0])


def control_accounts() -> Finding:
    """Receivables and payables of every party equal its open items."""
    with connection.cursor() as cursor:
        cursor.execute(_CONTROL, {"organization": current_organization_id(), "most": MOST_NAMED})
        rows = cursor.fetchall()
    sides = {"receivable": _("Receivables"), "payable": _("Payables")}
    faults = [
        _("%(side)s of %(party)s: %(booked)s in the journal, documents of %(items)s with %(open)s open.")
        % {
            "side": sides[side],
            "party": name or "–",
            "booked": inr(booked),
            "items": inr(items),
            "open": inr(open_amount),
        }
        for name, side, booked, items, open_amount in rows
    ]
    return Finding(_count("finance_openitem"), faults)


def allocations() -> Finding:
    """What is open of every document is its amount less what was settled."""
    faults = [
        _("%(number)s of %(amount)s: %(open)s open, though %(settled)s is settled.")
        % {"number": number, "amount": inr(Decimal(amount)), "open": inr(open_amount), "settled": inr(settled)}
        for number, amount, open_amount, settled in _rows(_ALLOCATED)
    ]
    return Finding(_count("finance_allocation"), faults)


def tax_lines() -> Finding:
    """The tax accounts of every document carry what its tax lines say."""
    kinds = (
        ("output", "t.direction = 'out' AND NOT t.reverse_charge"),
        ("input", "t.direction = 'in' AND t.creditable"),
        ("reverse_charge", "t.direction = 'in' AND t.reverse_charge"),
    )
    values = ", ".join(
        f"('{kind}_{head}', CASE WHEN {condition} THEN t.{head} ELSE 0 END)"
        for kind, condition in kinds
        for head in _HEADS
    )
    faults = [
        _("%(number)s: tax lines say %(lines)s on %(account)s, the journal %(booked)s.")
        % {"number": number, "account": role, "lines": inr(wanted), "booked": inr(booked)}
        for number, role, wanted, booked in _rows(_TAX.format(values=values))
    ]
    return Finding(_count("finance_taxline"), faults)


MONEY_CHECKS = (
    Check("finance.control_accounts", gettext_lazy("Parties' accounts equal their open items"), control_accounts),
    Check("finance.allocations", gettext_lazy("What is open is what was not settled"), allocations),
    Check("finance.tax_lines", gettext_lazy("Tax accounts equal the tax lines"), tax_lines),
)
"""What `verify_books` asks of open items and tax."""
