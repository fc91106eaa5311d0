"""Reads about organizations and their members."""

from __future__ import annotations

from django.db.models import F, QuerySet

from apps.core.tenancy.context import as_person
from apps.organizations.models import Invitation, Membership, NumberSeries


def membership_in(slug: str, user_id: int) -> Membership | None:
    """The person's membership in the organization of that web address, ended or not; None for a stranger.

    Its role is tenant data: read it inside the tenant.
    """
    with as_person(user_id):
        return (
            Membership.across_tenants.select_related("organization")
            .filter(organization__slug=slug, user_id=user_id)
            .first()
        )


def memberships_of(user_id: int) -> list[Membership]:
    """Every membership of the person in an active organization, by the organization's name."""
    with as_person(user_id):
        return list(
            Membership.across_tenants.select_related("organization")
            .filter(user_id=user_id, active=True, organization__active=True)
            .order_by("organization__name", "organization_id")
        )


def used_series() -> QuerySet[NumberSeries]:
    """Number series that have given out a number."""
    return NumberSeries.objects.filter(next_number__gt=F("first_number")).order_by("id")


def open_invitations() -> QuerySet[Invitation]:
    """Invitations neither accepted nor withdrawn; they may have run out of time."""
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
