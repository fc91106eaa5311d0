"""Tax lines, kept at posting so that returns never read documents again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

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
