"""Identity numbers of trading partners. The rules themselves belong to `organizations`, whose branches need them too.

These names are the stable public functions for every app above.
"""

from __future__ import annotations

import re

from apps.organizations.rules.gstin import Gstin, InvalidGstin, validate_gstin
from apps.organizations.rules.licences import Licence, LicenceForm, parse_licence

__all__ = [
    "Gstin",
    "InvalidGstin",
    "Licence",
    "LicenceForm",
    "parse_licence",
    "phone_key",
    "validate_gstin",
]


def phone_key(text: str) -> str:
    """The last ten digits of a phone number: equal for `+91 98765 43210`, `098765-43210` and `9876543210`.

    Indian numbers have ten digits after the country code or trunk zero (National Numbering Plan 2003). Shorter ones,
    such as a local landline without its area code, give an empty key, because they would match strangers.
    """
    digits = re.sub(r"\D", "", text)
    return digits[-10:] if len(digits) >= 10 else ""
