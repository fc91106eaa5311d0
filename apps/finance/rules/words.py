"""Amounts in words, as documents carry them."""

from __future__ import annotations

from decimal import Decimal

from apps.core.amounts import inr_words


def rupees(value: Decimal) -> str:
    """Rupees in English words with lakh and crore: "Rupees one lakh and five and fifty paise only".

    Rounded to paise, half up. Raises TypeError for a float, ValueError for infinity.
    """
    return inr_words(value)
