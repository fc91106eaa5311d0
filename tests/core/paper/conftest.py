"""Documents to print: the tax invoice of the prototype with as many lines as a test wants."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import segno
from django.template import engines

from apps.core.ui import formats

Invoice = Callable[..., str]
TEMPLATE = Path(__file__).parent / "invoice.html"
TAIL_LINES = 3


def qr(text: str) -> str:
    """A QR code as the pages draw them."""
    return segno.make(text, error="m").svg_inline(border=0, omitsize=True)


def invoice_html(lines: int = 28, **words: Any) -> str:
    """The page of an invoice of so many lines; `words` replace others of the template."""
    rows = [
        {
            "number": number,
            "name": f"Amoxilor CV {number}",
            "schedule": ("", "H", "H1")[number % 3],
            "batch": f"AC{number:03}-97",
            "amount": formats.money(number * 1111),
        }
        for number in range(1, lines + 1)
    ]
    context = {
        "title": "BK/2627/04127",
        "paper": "a4",
        "buyer": "Peepal Tree Chemists",
        "rows": rows[:-TAIL_LINES],
        "last_rows": rows[-TAIL_LINES:],
        "hsn": [300215 + step for step in range(15)],
        "span": 8,
        "codes": [(name, qr(f"upi://pay?pa={name}@samplebank&am=143452.00")) for name in ("UPI", "Crypto", "Batches")],
        **words,
    }
    return engines["django"].from_string(TEMPLATE.read_text()).render(context)


@pytest.fixture
def invoice() -> Invoice:
    return invoice_html
