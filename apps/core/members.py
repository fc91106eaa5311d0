"""Who asks, and for whom, as far as operations and pages of every app need to know."""

from __future__ import annotations

from typing import Protocol


class Tenant(Protocol):
    """An organization as `core` sees it."""

    id: int
    slug: str
    name: str


class Member(Protocol):
    """The signed-in person's standing in the organization."""

    id: int
    user_id: int

    @property
    def name(self) -> str: ...

    @property
    def role_name(self) -> str: ...

    def may(self, right: str) -> bool:
        """Whether the role holds the right, such as `organizations.branch.edit`."""
