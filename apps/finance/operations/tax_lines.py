"""Tax lines, kept at posting so that returns never read documents again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from apps.core.tenancy.context import current_organization_id
from apps.finance.models import TaxLine
from apps.finance.rules.drafts import TaxLineDraft


def store_tax_lines(*, entry_id: int, branch_id: int, on_date: dt.date, drafts: Sequence[TaxLineDraft]) -> int:
    """Keep what was taxed, with the entry's branch and day. Called by posting itself; returns how many."""
    rows = [
        TaxLine(
            entry_id=entry_id,
            branch_id=branch_id,
            on_date=on_date,
            direction=row.direction,
            document_kind=row.document_kind,
            document_number=row.document_number,
            document_on=row.document_on or on_date,
            document_total=row.document_total,
            original_number=row.original_number,
            original_on=row.original_on,
            party_id=row.party_id,
            party_gstin=row.party_gstin,
            registration=row.registration,
            place_of_supply=row.place_of_supply,
            reverse_charge=row.reverse_charge,
            zero_rated=row.zero_rated,
            creditable=row.creditable,
            hsn=row.hsn,
            uqc=row.uqc,
            quantity=row.quantity,
            rate=row.rate,
            cess_rate=row.cess_rate,
            taxable=row.tax.taxable,
            cgst=row.tax.cgst,
            sgst=row.tax.sgst,
            utgst=row.tax.utgst,
            igst=row.tax.igst,
            cess=row.tax.cess,
        )
        for row in drafts
    ]
    return len(TaxLine.objects.bulk_create(rows))


_KEPT = (
    "branch_id, direction, document_kind, document_number, document_on, document_total, original_number, original_on, "
    "party_id, party_gstin, registration, place_of_supply, reverse_charge, zero_rated, creditable, hsn, uqc, rate, "
    "cess_rate"
)
_TURNED = "quantity, taxable, cgst, sgst, utgst, igst, cess"
_TAKE_BACK = f"""
INSERT INTO finance_taxline (organization_id, entry_id, on_date, {_KEPT}, {_TURNED})
SELECT organization_id, %(entry)s, %(day)s, {_KEPT}, {", ".join(f"-{name}" for name in _TURNED.split(", "))}
FROM finance_taxline WHERE organization_id = %(organization)s AND entry_id = %(reversed)s
"""  # noqa: S608 - texts of ours


def take_back_tax_lines(*, entry_id: int, reverses_id: int, on_date: dt.date) -> None:
    """Mirror the lines of a reversed entry: the tax accounts go back, and so do the returns."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE_BACK,
            {
                "organization": current_organization_id(),
                "entry": entry_id,
                "reversed": reverses_id,
                "day": on_date,
            },
        )
