"""Time zones by the names of the IANA database, such as Asia/Kolkata."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

DEFAULT = "Asia/Kolkata"

# Names of places. Others in the database, such as EST5EDT or Etc/GMT+5, are kept there for old systems.
_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
# What follows is another name of the same zone: they read alike in a list and differ in the database.
_OLD_NAMES = frozenset({"Asia/Calcutta", "Asia/Katmandu", "Asia/Rangoon", "Asia/Dacca", "Asia/Saigon", "Asia/Thimbu"})


@cache
def time_zones() -> tuple[tuple[str, str], ...]:
    """Name and label of each zone to choose from, by label: `("Asia/Kolkata", "Asia: Kolkata")`."""
    names = [name for name in available_timezones() if name.split("/", 1)[0] in _AREAS and name not in _OLD_NAMES]
    return (*sorted((name, _label(name)) for name in names), ("UTC", "UTC"))


def _label(name: str) -> str:
    area, _, place = name.partition("/")
    return f"{area}: {place.replace('_', ' ').replace('/', ', ')}"


def is_time_zone(name: str) -> bool:
    """Whether the database lists that name, be it an old one."""
    return name in _known()


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
