"""What a branch prints on its bills besides its registrations: bank account and food licence."""

from __future__ import annotations

import re

from apps.organizations.rules.broken import RuleBroken, gettext_noop


class InvalidLetterhead(RuleBroken):
    """A number on the letterhead cannot be right. `field` names the part to mend."""

    def __init__(self, field: str, template: str, **params: object) -> None:
        super().__init__(template, **params)
        self.field = field


def clean_ifsc(text: str) -> str:
    """The Indian Financial System Code of a bank's branch (RBI): four letters, a zero, six letters or digits.

    Raises:
        InvalidLetterhead: with the reason.
    """
    code = re.sub(r"\s", "", text).upper()
    if code and not re.fullmatch(r"[A-Z]{4}0[A-Z0-9]{6}", code):
        raise InvalidLetterhead("bank_ifsc", gettext_noop("An IFSC has 4 letters, a 0 and 6 more, such as HDFC0001234"))
    return code


def clean_account_number(text: str) -> str:
    """A bank account's number: 6 to 18 digits or capitals; blanks and hyphens between them are left out.

    Raises:
        InvalidLetterhead: with the reason.
    """
    number = re.sub(r"[\s-]", "", text).upper()
    if number and not re.fullmatch(r"[A-Z0-9]{6,18}", number):
        raise InvalidLetterhead("bank_account", gettext_noop("An account number has 6 to 18 digits"))
    return number


def clean_fssai(text: str) -> str:
    """A food licence's number (FSS Licensing Regulations 2011): 14 digits.

    Raises:
        InvalidLetterhead: with the reason.
    """
    number = re.sub(r"\s", "", text)
    if number and not re.fullmatch(r"[0-9]{14}", number):
        raise InvalidLetterhead("fssai", gettext_noop("A food licence has 14 digits"))
    return number
