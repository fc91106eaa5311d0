"""Both sides of a document as they are now, and what the branch prints besides."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from apps.core.tenancy.context import current_organization_id
from apps.organizations.rules.licences import licence_name
from apps.sales.rules.paper import Firm, Letterhead
from apps.sales.rules.particulars import Particulars, one_line, pan_of

# A licence is named while it is valid: an ended one lets nobody sell or buy.
_SIDES = """
SELECT o.name, b.address, b.city, b.pin_code, b.state_code, b.gstin, b.phone, b.email,
       ARRAY(SELECT ARRAY[l.form, l.number]::text[] FROM organizations_branchlicence l
             WHERE l.organization_id = b.organization_id AND l.branch_id = b.id
               AND %(on)s BETWEEN l.valid_from AND l.valid_to ORDER BY l.form, l.number),
       p.name, p.address, p.city, p.pin_code, p.state_code, p.gstin, p.pan, p.phone,
       ARRAY(SELECT ARRAY[l.form, l.number]::text[] FROM parties_partylicence l
             WHERE l.organization_id = p.organization_id AND l.party_id = p.id
               AND %(on)s BETWEEN l.valid_from AND l.valid_to ORDER BY l.form, l.number),
       a.name, a.address, a.city, a.pin_code, a.state_code
FROM organizations_branch b
JOIN organizations_organization o ON o.id = b.organization_id
JOIN parties_party p ON p.organization_id = b.organization_id AND p.id = %(party)s
LEFT JOIN parties_partyaddress a ON a.organization_id = p.organization_id AND a.party_id = p.id AND a.id = %(ship_to)s
WHERE b.organization_id = %(organization)s AND b.id = %(branch)s
"""
_LETTERHEAD = """
SELECT b.bank_name, b.bank_account, b.bank_ifsc, coalesce(t.upi_id, ''), b.fssai, b.signatory, b.bill_terms,
       b.composition
FROM organizations_branch b
LEFT JOIN finance_collectionterms t ON t.organization_id = b.organization_id
WHERE b.organization_id = %s AND b.id = %s
"""


def particulars(*, branch_id: int, party_id: int, on: dt.date, ship_to_id: int | None = None) -> Particulars:
    """Both sides with the licences that are valid on the day, in one statement; a document keeps it when it is posted.

    Raises:
        LookupError: branch or party is not there.
    """
    values = {
        "organization": current_organization_id(),
        "branch": branch_id,
        "party": party_id,
        "ship_to": ship_to_id,
        "on": on,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SIDES, values)
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"No branch {branch_id} or no party {party_id}.")
    name, address, city, pin_code, state, gstin, phone, email, licences = row[:9]
    supplier = Firm(
        name=name,
        address=one_line(address, city, pin_code),
        state_code=state,
        gstin=gstin,
        pan=pan_of(gstin),
        phone=phone,
        email=email,
        licences=_named(licences),
    )
    name, address, city, pin_code, state, gstin, pan, phone, licences = row[9:18]
    buyer = Firm(
        name=name,
        address=one_line(address, city, pin_code),
        state_code=state,
        gstin=gstin,
        pan=pan,
        phone=phone,
        licences=_named(licences),
    )
    name, address, city, pin_code, state = row[18:]
    ship_to = Firm(name=name, address=one_line(address, city, pin_code), state_code=state) if name else None
    return Particulars(supplier, buyer, ship_to)


def _named(licences: list[list[str]]) -> tuple[str, ...]:
    return tuple(licence_name(form, number) for form, number in licences)


def letterhead(branch_id: int) -> Letterhead:
    """Where the branch is paid, who signs, and its terms: as they are now, so that an old bill is paid to the present
    account."""
    with connection.cursor() as cursor:
        cursor.execute(_LETTERHEAD, [current_organization_id(), branch_id])
        row: tuple[Any, ...] | None = cursor.fetchone()
    return Letterhead(*row) if row else Letterhead()
