"""What every new organization and every new branch starts with, besides what this app gives it.

Apps add their part in `AppConfig.ready()`. It runs inside the organization and in the transaction that makes it, so
that there is never an organization without its number series, its accounts, its rates.
"""

from __future__ import annotations

from collections.abc import Callable

from apps.organizations.models import Branch

_parts: dict[str, Callable[[], object]] = {}
_branch_parts: dict[str, Callable[[Branch], object]] = {}


def add(name: str, make: Callable[[], object]) -> None:
    """Add a part. `make` works for the organization that is current and does nothing where its part is there.

    Raises:
        ValueError: the name is another part's.
    """
    if _parts.setdefault(name, make) is not make:
        raise ValueError(f"Two parts of a new organization are called {name}.")


def furnish() -> None:
    """Make every part for the current organization."""
    for make in _parts.values():
        make()


def add_to_branch(name: str, make: Callable[[Branch], object]) -> None:
    """Add a part of every new branch. `make` does nothing where its part is there.

    Raises:
        ValueError: the name is another part's.
    """
    if _branch_parts.setdefault(name, make) is not make:
        raise ValueError(f"Two parts of a new branch are called {name}.")


def furnish_branch(branch: Branch) -> None:
    """Make every part for the branch."""
    for make in _branch_parts.values():
        make(branch)
