"""Reads about organizations, their branches and their members."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise

from apps.core.tenancy.context import as_person, current_organization_id, tenant
from apps.core.written import Written
from apps.organizations import rights
from apps.organizations.models import Branch, BranchLicence, Invitation, Membership, NumberSeries, Organization, Role
from apps.organizations.rights import Right
from apps.organizations.rules.invitations import Reason, standing
from apps.organizations.rules.licences import RENEWAL_DAYS, Standing
from apps.organizations.rules.licences import standing as licence_standing
from apps.organizations.rules.numbering import DocumentKind, financial_year
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


_STANDING = Written(
    """
    SELECT {membership:(standing.membership)}, {organization:(standing.organization)}, {role:(standing.role)}
    FROM organizations_standing(%s) standing
    ORDER BY (standing.organization).name, (standing.organization).id
    """,
    membership=Membership,
    organization=Organization,
    role=Role,
)


def every_membership_of(user_id: int) -> list[Membership]:
    """The person's memberships, ended ones too, by the organization's name, each with its organization and role.

    Every request asks this first, before it is in any organization, so a function of the database answers in one
    statement.
    """
    found = []
    for membership, organization, role in _STANDING.fetch(user_id):
        membership.organization, membership.role = organization, role
        found.append(membership)
    return found


def today_in(organization: Organization) -> dt.date:
    """The day it is there, for who asks before entering the organization."""
    return timezone.localdate(timezone=ZoneInfo(organization.time_zone))


def admitting(memberships: Iterable[Membership]) -> list[Membership]:
    """Those that let the person in today."""
    return [one for one in memberships if one.organization.active and one.admits(today_in(one.organization))]


def memberships_of(user_id: int) -> list[Membership]:
    """Every membership of the person that admits them today, by the organization's name."""
    return admitting(every_membership_of(user_id))


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


# ---- members, roles and rights ----


def members() -> QuerySet[Membership]:
    """Members with `second_factor` (recovery codes alone are none) and `last_seen` on any device."""
    factors = Authenticator.objects.filter(user_id=OuterRef("user_id")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    seen = UserSession.objects.filter(user_id=OuterRef("user_id")).order_by("-last_seen_at").values("last_seen_at")
    found: QuerySet[Membership] = Membership.objects.select_related("user", "role").annotate(
        second_factor=Exists(factors), last_seen=Subquery(seen[:1])
    )
    return found


def roles_to_give(giver: Membership) -> list[Role]:
    """Roles that can do nothing the giver cannot."""
    held = giver.role.rights
    return [role for role in Role.objects.order_by("id") if role.rights <= held]


@dataclass(frozen=True, slots=True)
class RightGroup:
    """Rights of one part of the product."""

    label: str | Promise
    rights: tuple[Right, ...]


def right_groups(among: Iterable[str] | None = None) -> list[RightGroup]:
    """The declared rights by the app that declared them; only those `among` the names given."""
    names = None if among is None else frozenset(among)
    wanted = [right for right in rights.declared() if names is None or right.name in names]
    return [
        RightGroup(apps.get_app_config(label).verbose_name, tuple(found))
        for label, found in groupby(wanted, key=lambda right: right.name.split(".", 1)[0])
    ]


def roles_with_members() -> list[Role]:
    """Roles, each with `member_count` of active members."""
    found = Role.objects.order_by("id")
    counts = dict(Membership.objects.filter(active=True).order_by().values_list("role_id").annotate(number=Count("pk")))
    roles = list(found)
    for role in roles:
        role.member_count = counts.get(role.pk, 0)
    return roles


# ---- branches ----


# In the frame of every page, hence written out.
_MAIN_CITY = "SELECT city FROM organizations_branch WHERE organization_id = %s AND active ORDER BY id LIMIT 1"


def main_city() -> str:
    """Where the oldest open branch lies."""
    with connection.cursor() as cursor:
        cursor.execute(_MAIN_CITY, [current_organization_id()])
        found = cursor.fetchone()
    return str(found[0]) if found else ""


def branches() -> QuerySet[Branch]:
    """Branches with `licence_count`."""
    count = BranchLicence.objects.filter(branch_id=OuterRef("pk")).order_by().values("branch_id")
    found: QuerySet[Branch] = Branch.objects.annotate(
        licence_count=Subquery(count.annotate(number=Count("pk")).values("number"))
    )
    return found


def licences_to_renew(day: dt.date, notice: int = RENEWAL_DAYS) -> list[BranchLicence]:
    """Licences of open branches that have ended or end within `notice` days, soonest first.

    One that another of the same branch and form follows without a gap needs no work.
    """
    held = list(BranchLicence.objects.filter(branch__active=True).select_related("branch").order_by("valid_to", "id"))
    return [
        licence
        for licence in held
        if licence_standing(licence.valid_from, licence.valid_to, day, notice=notice)
        in {Standing.ENDING, Standing.ENDED}
        and not any(_follows(other, licence) for other in held)
    ]


def _follows(later: BranchLicence, earlier: BranchLicence) -> bool:
    return (
        (later.branch_id, later.form) == (earlier.branch_id, earlier.form)
        and later.valid_to > earlier.valid_to
        and later.valid_from <= earlier.valid_to + dt.timedelta(days=1)
    )


@dataclass(frozen=True, slots=True)
class SetUp:
    """How far an organization is ready to trade."""

    branches_without_licence: tuple[Branch, ...]
    branches_without_series: tuple[Branch, ...]
    people: int
    invited: int
    without_second_factor: int
    requires_second_factor: bool


def set_up(day: dt.date, start_month: int, *, requires_second_factor: bool) -> SetUp:
    """What is done and what is missing today."""
    open_branches = list(Branch.objects.filter(active=True).order_by("id"))
    licensed = set(
        BranchLicence.objects.filter(valid_from__lte=day, valid_to__gte=day).values_list("branch_id", flat=True)
    )
    numbered = set(
        NumberSeries.objects.filter(
            kind=DocumentKind.INVOICE.value, financial_year=financial_year(day, start_month)
        ).values_list("branch_id", flat=True)
    )
    # Annotations are not in the stubs' idea of the model.
    rows: list[Any] = list(members())
    mine = [bool(member.second_factor) for member in rows if member.active]
    return SetUp(
        branches_without_licence=tuple(branch for branch in open_branches if branch.pk not in licensed),
        branches_without_series=tuple(branch for branch in open_branches if branch.pk not in numbered),
        people=len(mine),
        invited=open_invitations().filter(expires_at__gt=timezone.now()).count(),
        without_second_factor=mine.count(False),
        requires_second_factor=requires_second_factor,
    )
