"""The invoice reference number of the e-invoice system (schema INV-01, version 1.1)."""

from __future__ import annotations

import hashlib
from typing import Literal

IrnKind = Literal["INV", "CRN", "DBN"]
"""Tax invoice, credit note, debit note."""
KINDS: frozenset[str] = frozenset({"INV", "CRN", "DBN"})


def irn(gstin: str, fy: str, kind: IrnKind, number: str) -> str:
    """The number that the portal registers: 64 lower-case hexadecimal digits.

    SHA-256 of supplier's GSTIN, financial year, kind and document number, joined without separators, the number in
    capitals because documents that differ by case only are one to the portal.

    Args:
        fy: as "2026-27".

    Raises:
        ValueError: a part is missing, or the kind is none of the three.
    """
    if kind not in KINDS:
        raise ValueError(f"No kind of e-invoice: {kind}")
    parts = (gstin.strip().upper(), fy.strip(), kind, number.strip().upper())
    if not all(parts):
        raise ValueError("GSTIN, financial year and document number are all part of the reference number.")
    return hashlib.sha256("".join(parts).encode()).hexdigest()
