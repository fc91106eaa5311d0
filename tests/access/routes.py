"""Every address that the URL resolver answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# What lies below belongs to one organization, and its middleware stands before it.
TENANT_PREFIX = "o/<slug:organization>/"


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its full name, or where it has none the pattern itself."""

    name: str
    pattern: str
    view: Any

    @property
    def in_organization(self) -> bool:
        return self.pattern.startswith(TENANT_PREFIX)


def addresses(urlconf: str | None = None) -> list[Address]:
    """All patterns in the order in which they are tried, without those that an equal one before them hides."""
    found: dict[str, Address] = {}
    for address in _walk(get_resolver(urlconf), "", ""):
        found.setdefault(address.pattern, address)
    return list(found.values())


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}" if entry.name else pattern
            yield Address(name, pattern, entry.callback)
