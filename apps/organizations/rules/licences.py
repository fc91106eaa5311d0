"""Drug licences: the forms of the Drugs Rules 1945, what each lets its holder sell, and on which days.

Schedules C and C1 are biological and other special products, Schedule X narcotic and psychotropic ones; everything
else is general. Rules 61 and 62 name the forms.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from apps.organizations.rules.broken import RuleBroken, gettext_noop


class InvalidLicence(RuleBroken):
    """The text names no drug licence; the message is the reason."""


class DrugClass(StrEnum):
    """Classes of drugs that licences tell apart."""

    GENERAL = "general"
    C_C1 = "c_c1"
    X = "x"

    @property
    def caption(self) -> str:
        """Its name, marked for translation."""
        return _CLASSES[self]


_CLASSES = {
    DrugClass.GENERAL: gettext_noop("Drugs outside Schedules C, C1 and X"),
    DrugClass.C_C1: gettext_noop("Schedules C and C1"),
    DrugClass.X: gettext_noop("Schedule X"),
}


class Trade(StrEnum):
    """How the holder of a licence may sell."""

    RETAIL = "retail"
    RESTRICTED = "restricted"
    WHOLESALE = "wholesale"
    VEHICLE = "vehicle"

    @property
    def wholesale(self) -> bool:
        """Whether it lets its holder supply to others who sell."""
        return self in {Trade.WHOLESALE, Trade.VEHICLE}


class LicenceForm(StrEnum):
    """The form a drug licence is issued in."""

    F20 = "20"
    F20A = "20A"
    F20B = "20B"
    F20BB = "20BB"
    F20F = "20F"
    F20G = "20G"
    F21 = "21"
    F21A = "21A"
    F21B = "21B"
    F21BB = "21BB"

    @property
    def trade(self) -> Trade:
        return _FORMS[self][0]

    @property
    def covers(self) -> frozenset[DrugClass]:
        """Classes of drugs it lets its holder sell."""
        return frozenset({_FORMS[self][1]})

    @property
    def caption(self) -> str:
        """What it permits, marked for translation."""
        return _FORMS[self][2]


_FORMS: dict[LicenceForm, tuple[Trade, DrugClass, str]] = {
    LicenceForm.F20: (Trade.RETAIL, DrugClass.GENERAL, gettext_noop("retail, outside Schedules C, C1 and X")),
    LicenceForm.F20A: (Trade.RESTRICTED, DrugClass.GENERAL, gettext_noop("restricted, outside Schedules C, C1 and X")),
    LicenceForm.F20B: (Trade.WHOLESALE, DrugClass.GENERAL, gettext_noop("wholesale, outside Schedules C, C1 and X")),
    LicenceForm.F20BB: (Trade.VEHICLE, DrugClass.GENERAL, gettext_noop("wholesale by vehicle, outside C, C1 and X")),
    LicenceForm.F20F: (Trade.RETAIL, DrugClass.X, gettext_noop("retail, Schedule X")),
    LicenceForm.F20G: (Trade.WHOLESALE, DrugClass.X, gettext_noop("wholesale, Schedule X")),
    LicenceForm.F21: (Trade.RETAIL, DrugClass.C_C1, gettext_noop("retail, Schedules C and C1")),
    LicenceForm.F21A: (Trade.RESTRICTED, DrugClass.C_C1, gettext_noop("restricted, Schedules C and C1")),
    LicenceForm.F21B: (Trade.WHOLESALE, DrugClass.C_C1, gettext_noop("wholesale, Schedules C and C1")),
    LicenceForm.F21BB: (Trade.VEHICLE, DrugClass.C_C1, gettext_noop("wholesale by vehicle, Schedules C and C1")),
}


@dataclass(frozen=True, slots=True)
class Licence:
    """A drug licence by form and number. The number keeps everything printed on the licence, form included."""

    form: LicenceForm
    number: str

    @property
    def key(self) -> str:
        """The number without separators, by which two spellings of one licence are found to be the same."""
        return re.sub(r"[^0-9A-Z]", "", self.number.upper())

    def __str__(self) -> str:
        return self.number


# Words before the number. DL alone stays: it is Delhi's mark as often as "drug licence".
_LABEL = re.compile(r"^(?:(?:DRUG\s+)?LICEN[CS]E\b|LIC\b\.?|D\.?\s?L\.?(?=\s*NO\b)|FORM\b|NO\b\.?|NUMBER\b|[\s.:#])+")
_LETTERED = re.compile(r"(?<![0-9A-Z])(20|21)[\s-]?(BB|A|B|F|G)(?![0-9A-Z])")
_BARE = re.compile(r"(?<![0-9A-Z])(20|21)(?![0-9A-Z])")
_MAX_LENGTH = 40


def parse_licence(text: str, form: LicenceForm | None = None) -> Licence:
    """Read a licence number as people type it: `20B-MH-123456`, `MH/20B/1234`, `Form 21-B No. 77`.

    `form` is what a field beside it says: then the number need not name the form, but must not name another.

    Raises:
        InvalidLicence: nothing typed, no form or two forms in it, no digit beside the form, or another form than asked.
    """
    number = re.sub(r"\s+", " ", _LABEL.sub("", text.upper(), count=1)).strip(" .,;:")
    if not number:
        raise InvalidLicence(gettext_noop("Type the number on the licence, such as 20B-MH-123456"))
    if len(number) > _MAX_LENGTH:
        raise InvalidLicence(
            gettext_noop("A licence number has at most %(most)d characters, this one has %(count)d"),
            most=_MAX_LENGTH,
            count=len(number),
        )
    named = _forms_named(number)
    if len(named) > 1:
        raise InvalidLicence(
            gettext_noop("That is more than one licence: %(forms)s. Type one at a time"), forms=", ".join(named)
        )
    if form is None:
        if not named:
            raise InvalidLicence(gettext_noop("The form is missing: begin with it, such as 20B-"))
        form = LicenceForm(named[0])
    elif named and _contradicts(named[0], form):
        raise InvalidLicence(
            gettext_noop("The number says form %(named)s, the form chosen is %(form)s"), named=named[0], form=form.value
        )
    if not re.search(r"[0-9]", _without_form(number, form)):
        raise InvalidLicence(gettext_noop("The number after the form is missing"))
    return Licence(form, number)


def _forms_named(number: str) -> list[str]:
    """Forms that the text names. A lone 20 or 21 counts only where no lettered form stands: it may be a district."""
    lettered = list(dict.fromkeys(head + tail for head, tail in _LETTERED.findall(number)))
    known = [name for name in lettered if name in LicenceForm._value2member_map_]
    return known or list(dict.fromkeys(_BARE.findall(number)))


def _contradicts(named: str, form: LicenceForm) -> bool:
    """Whether the form named in the number is another one; a lone 20 or 21 beside a lettered form may be a district."""
    return named != form.value and not (len(named) == 2 and len(form.value) > 2)


def _without_form(number: str, form: LicenceForm) -> str:
    pattern = re.escape(form.value[:2]) + r"[\s-]?" + re.escape(form.value[2:])
    return re.sub(rf"(?<![0-9A-Z]){pattern}(?![0-9A-Z])", "", number, count=1)


def licence_name(form: str, number: str) -> str:
    """Form and number as people write them: the form once, since most numbers begin with it."""
    return number if number.upper().startswith(form) else f"{form} {number}"


class Standing(StrEnum):
    """How a licence stands on a day."""

    VALID = "valid"
    ENDING = "ending"
    ENDED = "ended"
    NOT_YET = "not_yet"


# Renewal is applied for well before the end (rule 63A); three months is what the trade allows itself.
RENEWAL_DAYS = 90


def is_valid_on(valid_from: dt.date, valid_to: dt.date, day: dt.date) -> bool:
    """Whether a licence holds on that day; its first and last day belong to it."""
    return valid_from <= day <= valid_to


def standing(valid_from: dt.date, valid_to: dt.date, day: dt.date, *, notice: int = RENEWAL_DAYS) -> Standing:
    """Valid, ending within `notice` days, ended, or not begun."""
    if day < valid_from:
        return Standing.NOT_YET
    if day > valid_to:
        return Standing.ENDED
    return Standing.ENDING if (valid_to - day).days <= notice else Standing.VALID
