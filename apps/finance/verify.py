"""Checks of the whole of the books. Upper rooms register theirs, such as "stock account = stock valuation"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise


@dataclass(frozen=True)
class Finding:
    """What a check found: how much it looked at, and a sentence for each thing that is off."""

    looked_at: int
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Check:
    """A look at everything of the current organization. `name` is stored with results, so it never changes."""

    name: str
    label: str | Promise
    run: Callable[[], Finding]


_checks: dict[str, Check] = {}

MOST_NAMED = 50
"""So many faults of one check are named; more say the same."""


def register(*checks: Check) -> None:
    """Add checks, from `AppConfig.ready()`.

    Raises:
        ValueError: the name is another check's.
    """
    for check in checks:
        if _checks.setdefault(check.name, check) != check:
            raise ValueError(f"Two checks are called {check.name}.")


def checks() -> list[Check]:
    """Every check, in the order of registration."""
    return list(_checks.values())


def label_of(name: str) -> str:
    """What people call the check; its name when no app registers it any more."""
    return str(_checks[name].label) if name in _checks else name
