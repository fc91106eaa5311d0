"""GSTIN and PAN: reading them, and saying exactly what is wrong with one.

A GSTIN is 15 characters: State code (2), PAN (10), entity (1), class (1, usually Z), check character (1). Deductors,
embassies and foreign suppliers have shapes of their own in the same 15 characters (rule 10, CGST Rules 2017, and
the formats of the e-invoice schema INV-01).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from apps.organizations.rules.broken import RuleBroken, gettext_noop
from apps.organizations.rules.states import ABROAD, CENTRE, LEGACY_STATES, STATES, current_state

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SEPARATORS = re.compile(r"[\s\u00a0\u200b-]+")


class InvalidGstin(RuleBroken):
    """The text is no GSTIN; the message is the reason."""


class InvalidPan(RuleBroken):
    """The text is no PAN; the message is the reason."""


class GstinKind(StrEnum):
    """What kind of registration a GSTIN stands for."""

    REGULAR = "regular"
    DEDUCTOR = "deductor"
    COLLECTOR = "collector"
    UN_BODY = "un_body"
    NON_RESIDENT = "non_resident"
    ONLINE = "online"

    @property
    def caption(self) -> str:
        """Its name, marked for translation."""
        return _KINDS[self]


_KINDS = {
    GstinKind.REGULAR: gettext_noop("Taxpayer"),
    GstinKind.DEDUCTOR: gettext_noop("Tax deductor or government department"),
    GstinKind.COLLECTOR: gettext_noop("Tax collector (e-commerce operator)"),
    GstinKind.UN_BODY: gettext_noop("United Nations body or embassy"),
    GstinKind.NON_RESIDENT: gettext_noop("Non-resident taxpayer"),
    GstinKind.ONLINE: gettext_noop("Online services from abroad"),
}

_CLASSES = {
    **dict.fromkeys("Z123456789ABEFGHIJ", GstinKind.REGULAR),
    "C": GstinKind.COLLECTOR,
    "D": GstinKind.DEDUCTOR,
    "K": GstinKind.DEDUCTOR,
}
# Registrations without a PAN: State, year, country, running number, then two letters that say which.
_WITHOUT_PAN = re.compile(r"[0-9]{4}[A-Z]{3}[0-9]{5}(?P<kind>UN|ON|NR|OS)[0-9A-Z]")
_WITHOUT_PAN_KINDS = {
    "UN": GstinKind.UN_BODY,
    "ON": GstinKind.UN_BODY,
    "NR": GstinKind.NON_RESIDENT,
    "OS": GstinKind.ONLINE,
}

HOLDERS = {
    "A": gettext_noop("Association of persons"),
    "B": gettext_noop("Body of individuals"),
    "C": gettext_noop("Company"),
    "F": gettext_noop("Firm or limited liability partnership"),
    "G": gettext_noop("Government"),
    "H": gettext_noop("Hindu undivided family"),
    "J": gettext_noop("Artificial juridical person"),
    "K": gettext_noop("Krish (trust)"),
    "L": gettext_noop("Local authority"),
    "P": gettext_noop("Individual"),
    "T": gettext_noop("Trust"),
}
_PAN_SHAPE = "LLLLLDDDDL"
_TAN = re.compile(r"[A-Z]{4}[0-9]{5}[A-Z]")


@dataclass(frozen=True, slots=True)
class Pan:
    """A permanent account number of the income-tax department."""

    text: str

    @property
    def holder(self) -> str:
        """What kind of person holds it, read from the fourth letter."""
        return HOLDERS[self.text[3]]

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Gstin:
    """A GSTIN that passed its check. `pan` is None where the registration carries none, such as an embassy's."""

    text: str
    state_code: str
    pan: Pan | None
    entity: str
    kind: GstinKind

    @property
    def current_state_code(self) -> str:
        """The State it counts for today; it differs from `state_code` for former States only."""
        return current_state(self.state_code)

    def in_state(self, state_code: str) -> bool:
        """Whether a place in that State may carry it. Registrations with the centre go with any State."""
        return self.state_code == CENTRE or self.current_state_code == current_state(state_code)

    def __str__(self) -> str:
        return self.text


def check_character(first_fourteen: str) -> str:
    """The fifteenth character that belongs to these fourteen."""
    total = 0
    for index, character in enumerate(first_fourteen):
        product = _ALPHABET.index(character) * (2 if index % 2 else 1)
        total += product // 36 + product % 36
    return _ALPHABET[(36 - total % 36) % 36]


def validate_gstin(text: str, *, sandbox: bool = False) -> Gstin:
    """Read a GSTIN as people type it: small letters, blanks and hyphens are forgiven.

    `sandbox` lets the tax portal's own test numbers pass, which fail the check character.

    Raises:
        InvalidGstin: with the exact reason, first what is wrong from the left.
    """
    compact = _SEPARATORS.sub("", text).upper()
    _length_and_letters(compact)
    state_code = compact[:2]
    if state_code not in _KNOWN_STATES:
        raise InvalidGstin(gettext_noop("No State has the code %(code)s"), code=state_code)
    if match := _WITHOUT_PAN.fullmatch(compact):
        found = Gstin(compact, state_code, None, "", _WITHOUT_PAN_KINDS[match["kind"]])
    else:
        found = _with_pan(compact)
    expected = check_character(compact[:14])
    if compact[14] != expected and not sandbox:
        raise InvalidGstin(
            gettext_noop("The last character should be %(expected)s, not %(found)s"),
            expected=expected,
            found=compact[14],
        )
    return found


_KNOWN_STATES = (STATES.keys() | LEGACY_STATES.keys() | {CENTRE}) - {ABROAD}


def _length_and_letters(compact: str) -> None:
    for character in compact:
        if character not in _ALPHABET:
            raise InvalidGstin(
                gettext_noop("A GSTIN has only the letters A to Z and digits, no %(character)s"), character=character
            )
    if len(compact) != 15:
        raise InvalidGstin(gettext_noop("A GSTIN has 15 characters, this one has %(count)d"), count=len(compact))


def _with_pan(compact: str) -> Gstin:
    kind = _CLASSES.get(compact[13])
    pan: Pan | None = None
    # A department may deduct under its TAN: a PAN with a digit for the fifth letter.
    if kind is not GstinKind.DEDUCTOR or not _TAN.fullmatch(compact[2:12]):
        pan = _pan(compact[2:12], InvalidGstin, first=3)
    if compact[12] == "0":
        raise InvalidGstin(gettext_noop("Character 13 should be 1 to 9 or a letter, not 0"))
    if kind is None:
        raise InvalidGstin(gettext_noop("Character 14 should be Z, not %(found)s"), found=compact[13])
    return Gstin(compact, compact[:2], pan, compact[12], kind)


def parse_pan(text: str) -> Pan:
    """Read a PAN as people type it.

    Raises:
        InvalidPan: with the exact reason.
    """
    compact = _SEPARATORS.sub("", text).upper()
    if len(compact) != 10:
        raise InvalidPan(gettext_noop("A PAN has 10 characters, this one has %(count)d"), count=len(compact))
    return _pan(compact, InvalidPan, first=1)


def _pan(text: str, error: type[RuleBroken], *, first: int) -> Pan:
    """Check the shape character by character; `first` is the place of the PAN's first character in what was typed."""
    for place, (character, wanted) in enumerate(zip(text, _PAN_SHAPE, strict=True), start=first):
        if wanted == "L" and not ("A" <= character <= "Z"):
            raise error(
                gettext_noop("Character %(place)d should be a letter, not %(found)s"), place=place, found=character
            )
        if wanted == "D" and not ("0" <= character <= "9"):
            raise error(
                gettext_noop("Character %(place)d should be a digit, not %(found)s"), place=place, found=character
            )
    if text[3] not in HOLDERS:
        raise error(
            gettext_noop("Character %(place)d should say whose PAN it is (one of %(known)s), not %(found)s"),
            place=first + 3,
            known=", ".join(HOLDERS),
            found=text[3],
        )
    if text[5:9] == "0000":
        raise error(gettext_noop("A PAN does not have the digits 0000"))
    return Pan(text)
