"""Payment addresses of the Unified Payments Interface (NPCI, UPI Linking Specifications 1.6)."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import quote

MOST_NOTE = 50


def upi_link(upi_id: str, name: str, amount: Decimal, note: str = "") -> str:
    """The address that a UPI app opens from a QR code: payee, name, amount in rupees, note.

    Raises:
        ValueError: the amount is not above zero, or has fractions of a paisa.
    """
    if amount <= 0 or amount != round(amount, 2):
        raise ValueError("A UPI payment is of whole paise above zero.")
    parts = {"pa": upi_id, "pn": name, "am": f"{amount:.2f}", "cu": "INR", "tn": note[:MOST_NOTE]}
    return "upi://pay?" + "&".join(f"{key}={quote(value, safe='@')}" for key, value in parts.items() if value)
