"""What was typed, marked in what was found by it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString


def marked(text: str | Promise, words: Sequence[str]) -> SafeString:
    """The text with what was typed underlined."""
    plain = str(text)
    if not words:
        return format_html("{}", plain)
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    pieces: list[str] = []
    at = 0
    for match in pattern.finditer(plain):
        pieces += [conditional_escape(plain[at : match.start()]), format_html("<mark>{}</mark>", match.group())]
        at = match.end()
    return SafeString("".join([*pieces, conditional_escape(plain[at:])]))
