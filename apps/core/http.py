"""Types of requests: what a view may rely on after the middleware has run."""

from __future__ import annotations

from typing import Protocol

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


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


class TenantRequest(HttpRequest):
    """A request under `/o/<slug>/`: somebody signed in, a member, inside the organization's transaction."""

    htmx: HtmxDetails
    organization: Tenant
    member: Member
    request_id: str
