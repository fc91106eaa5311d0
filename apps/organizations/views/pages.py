"""What the pages of this app share."""

from __future__ import annotations

from typing import cast

from apps.core.http import TenantRequest
from apps.organizations.models import Membership, Organization


def member_of(request: TenantRequest) -> Membership:
    """Whoever asks, as operations need them. The middleware put the membership there."""
    return cast(Membership, request.member)


def organization_of(request: TenantRequest) -> Organization:
    """The organization of the address. The middleware put it there."""
    return cast(Organization, request.organization)


def origin_of(request: TenantRequest) -> str:
    """Where links in e-mails lead: this server, by the name it was reached under, which ALLOWED_HOSTS limits."""
    return request.build_absolute_uri("/").rstrip("/")
