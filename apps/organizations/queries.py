"""Reads about organizations and their members."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import connection
from django.db.models import F, QuerySet
from django.utils import timezone

from apps.core.tenancy.context import as_person, tenant
from apps.organizations.models import Invitation, Membership, NumberSeries
from apps.organizations.rules.invitations import Reason, standing
from apps.organizations.tokens import InvalidToken, read_token


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
    """Every membership of the person that admits them today, by the organization's name."""
    today = timezone.localdate()
    with as_person(user_id):
        found = list(
            Membership.across_tenants.select_related("organization")
            .filter(user_id=user_id, active=True, organization__active=True)
            .order_by("organization__name", "organization_id")
        )
    return [membership for membership in found if membership.admits(today)]


def used_series() -> QuerySet[NumberSeries]:
    """Number series that have given out a number."""
    return NumberSeries.objects.filter(next_number__gt=F("first_number")).order_by("id")


def open_invitations() -> QuerySet[Invitation]:
    """Invitations neither accepted nor withdrawn; they may have run out of time."""
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None)


def slug_is_taken(slug: str) -> bool:
    """Whether some organization has that web address, though the asker may see none of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organizations_slug_is_taken(%s)", [slug])
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class InvitationOffer:
    """What somebody who opens an invitation's link may know of it. `reason` says why it cannot be used."""

    reason: Reason | None
    organization_name: str = ""
    role_name: str = ""
    invited_by: str = ""
    email: str = ""
    ends_on: dt.date | None = None


def invitation_offer(token: str) -> InvitationOffer:
    """The offer behind a link. A link that was not signed here tells nothing."""
    try:
        offer = read_token(token)
    except InvalidToken:
        return InvitationOffer(Reason.UNREADABLE)
    with tenant(offer.organization_id):
        invitation = (
            Invitation.objects.select_related("organization", "role", "invited_by__user")
            .filter(pk=offer.invitation_id)
            .first()
        )
        if invitation is None:
            return InvitationOffer(Reason.UNREADABLE)
        return InvitationOffer(
            reason=standing(
                accepted=invitation.accepted_at is not None,
                withdrawn=invitation.withdrawn_at is not None,
                replaced=offer.link_number != invitation.link_number,
                expired=invitation.expires_at <= timezone.now(),
            ),
            organization_name=invitation.organization.name,
            role_name=invitation.role.name,
            invited_by=invitation.invited_by.name,
            email=invitation.email,
            ends_on=invitation.ends_on,
        )


def has_address(user_id: int, email: str) -> bool:
    """Whether that is one of the person's e-mail addresses, confirmed or not."""
    return bool(EmailAddress.objects.filter(user_id=user_id, email__iexact=email).exists())
