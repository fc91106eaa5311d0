"""The form of an HSN code. Which rate belongs to it is a matter of date: see `apps.finance`."""

from __future__ import annotations

import re

from apps.organizations.rules.broken import RuleBroken, gettext_noop


class InvalidHsn(RuleBroken):
    """The text is no HSN code; the message is the reason."""


def parse_hsn(text: str) -> str:
    """An HSN code of 4, 6 or 8 digits; blanks and points (`3004.90`) are forgiven, and none is as good as any.

    The first two digits are a chapter of the tariff: 01 to 98, where 77 is kept free (Customs Tariff Act 1975), or 99
    for services.

    Raises:
        InvalidHsn: it has other signs, another length, or no such chapter.
    """
    compact = re.sub(r"[\s.]", "", text)
    if not compact:
        return ""
    if not re.fullmatch(r"[0-9]+", compact):
        raise InvalidHsn(gettext_noop("An HSN code has digits only"))
    if len(compact) not in (4, 6, 8):
        raise InvalidHsn(gettext_noop("An HSN code has 4, 6 or 8 digits, this has %(length)d"), length=len(compact))
    if compact[:2] in {"00", "77"}:
        raise InvalidHsn(gettext_noop("The tariff has no chapter %(chapter)s"), chapter=compact[:2])
    return compact
