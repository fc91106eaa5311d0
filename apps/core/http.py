"""Types of requests: what a view may rely on after the middleware has run."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from apps.core.members import Member, Tenant

__all__ = ["Member", "Tenant", "TenantRequest"]


class TenantRequest(HttpRequest):
    """A request under `/o/<slug>/`: somebody signed in, a member, inside the organization's transaction."""

    htmx: HtmxDetails
    organization: Tenant
    member: Member
    request_id: str
