"""PIN codes and branch codes, as they are typed."""

from __future__ import annotations

import re

from apps.organizations.rules.broken import RuleBroken, gettext_noop


class InvalidPinCode(RuleBroken):
    """No Indian postal code; the message is the reason."""


class InvalidBranchCode(RuleBroken):
    """Document numbers could not begin with it; the message is the reason."""


def clean_pin_code(text: str) -> str:
    """Six digits, the first of them 1 to 9; `411 001` is understood.

    Raises:
        InvalidPinCode: with the reason.
    """
    digits = re.sub(r"[\s-]", "", text)
    if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        raise InvalidPinCode(gettext_noop("A PIN code has 6 digits, such as 411001"))
    if digits[0] == "0":
        raise InvalidPinCode(gettext_noop("No PIN code starts with 0"))
    return digits


def clean_branch_code(text: str) -> str:
    """One to four letters or digits; not starting with 0, because document numbers begin with it.

    Raises:
        InvalidBranchCode: with the reason.
    """
    code = text.strip().upper()
    if not re.fullmatch(r"[A-Z0-9]{1,4}", code):
        raise InvalidBranchCode(gettext_noop("Take 1 to 4 letters or digits, such as PN"))
    if code[0] == "0":
        raise InvalidBranchCode(gettext_noop("Start with a letter: document numbers must not start with 0"))
    return code


def code_from(name: str) -> str:
    """A short code made of a branch's name: Pune gives PUN, Pune main godown PMG."""
    words = re.findall(r"[A-Z0-9]+", name.upper())
    code = "".join(word[0] for word in words)[:4] if len(words) > 1 else "".join(words)[:3]
    return code.lstrip("0") or "A"
