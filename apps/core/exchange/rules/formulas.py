"""Formula injection: text that a spreadsheet would run instead of show (OWASP, "CSV Injection")."""

from __future__ import annotations

import re

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A negative amount or a phone number with its country code is no formula, and people add such columns up.
_HARMLESS = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?%?", re.ASCII)


def neutralized(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet could take it for a formula; plain numbers stay."""
    if text and text.startswith(_DANGEROUS) and not _HARMLESS.fullmatch(text):
        return f"'{text}"
    return text
