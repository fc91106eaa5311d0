"""Drug licences: the forms of the Drugs Rules 1945 and what each lets its holder sell."""

from __future__ import annotations

from enum import StrEnum


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

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Form and meaning, for a field's choices."""
        return [(form.value, f"{form.value} · {_MEANINGS[form]}") for form in cls]


_MEANINGS = {
    LicenceForm.F20: "retail, drugs outside Schedules C, C1 and X",
    LicenceForm.F20A: "restricted retail, outside Schedules C, C1 and X",
    LicenceForm.F20B: "wholesale, drugs outside Schedules C, C1 and X",
    LicenceForm.F20BB: "wholesale from a vehicle, outside Schedules C and C1",
    LicenceForm.F20F: "retail, Schedule X",
    LicenceForm.F20G: "wholesale, Schedule X",
    LicenceForm.F21: "retail, Schedules C and C1",
    LicenceForm.F21A: "restricted retail, Schedules C and C1",
    LicenceForm.F21B: "wholesale, Schedules C and C1",
    LicenceForm.F21BB: "wholesale from a vehicle, Schedules C and C1",
}
