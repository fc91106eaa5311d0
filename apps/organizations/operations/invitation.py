"""Invitations by e-mail link."""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.audit.history import set_audit_context
from apps.core.outbox.facts import emit
from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.organizations import queries
from apps.organizations.models import Invitation, Membership, Role
from apps.organizations.operations.member import check_role, lock_members
from apps.organizations.rules.invitations import VALID_DAYS, Reason, standing
from apps.organizations.tokens import InvalidToken, read_token

INVITATION_MADE = "organizations.invitation_made"


class InvitationRefused(Refusal):
    """An invitation cannot be made, sent or accepted. `reason` says why in one word."""

    def __init__(self, message: str, field: str | None = None, reason: Reason = Reason.REFUSED) -> None:
        super().__init__(message, field=field)
        self.reason = reason


def invite_member(
    *, actor: Membership, email: str, role: Role, origin: str, ends_on: dt.date | None = None
) -> Invitation:
    """Invite somebody by e-mail, valid for a week. `origin` is where the link leads, such as https://erp.example.

    Raises:
        InvitationRefused: they are a member already, or an invitation to that address is open.
        MemberRefused: the actor may not give that role, or an auditor has no last day.
    """
    email = email.strip().lower()
    with transaction.atomic():
        lock_members()
        check_role(actor=actor, role=role, ends_on=ends_on)
        if Membership.objects.filter(user__email__iexact=email, active=True).exists():
            raise InvitationRefused(_("%(email)s is a member already.") % {"email": email}, field="email")
        # One that ran out is no longer open; its address may be invited anew.
        now = timezone.now()
        queries.open_invitations().filter(email__iexact=email, expires_at__lte=now).update(withdrawn_at=now)
        invitation = Invitation(email=email, role=role, ends_on=ends_on, invited_by=actor, expires_at=_expiry())
        try:
            with transaction.atomic():
                invitation.save(force_insert=True)
        except IntegrityError:
            raise InvitationRefused(
                _("%(email)s has an open invitation. Send that one again, or withdraw it first.") % {"email": email},
                field="email",
            ) from None
        _send(invitation, origin)
    return invitation


def _send(invitation: Invitation, origin: str) -> None:
    emit(
        topic=INVITATION_MADE,
        payload={"invitation": invitation.pk, "link_number": invitation.link_number, "origin": origin},
    )


def _expiry() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=VALID_DAYS)


def resend_invitation(*, actor: Membership, invitation: Invitation, origin: str) -> Invitation:
    """Send a new link, valid for another week; the links before it end.

    Raises:
        InvitationRefused: it was accepted or withdrawn.
        MemberRefused: the actor may not give that role.
    """
    with transaction.atomic():
        invitation = _locked(invitation.pk)
        _check(invitation, but=Reason.EXPIRED)
        check_role(actor=actor, role=invitation.role, ends_on=invitation.ends_on)
        invitation.link_number += 1
        invitation.expires_at = _expiry()
        invitation.version += 1
        invitation.save(update_fields=["link_number", "expires_at", "version"])
        _send(invitation, origin)
    return invitation


def withdraw_invitation(*, invitation: Invitation) -> Invitation:
    """Take an invitation back; its link ends.

    Raises:
        InvitationRefused: it was accepted or withdrawn.
    """
    with transaction.atomic():
        invitation = _locked(invitation.pk)
        _check(invitation, but=Reason.EXPIRED)
        invitation.withdrawn_at = timezone.now()
        invitation.version += 1
        invitation.save(update_fields=["withdrawn_at", "version"])
    return invitation


def accept_invitation(*, token: str, user: User) -> Membership:
    """Make the person a member, as the link in their e-mail offers; a former member comes back with the new role.

    Raises:
        InvitationRefused: with its own sentence each, for a link that is incomplete, replaced, used, withdrawn or
            expired, that is for another e-mail address, or for somebody who is a member already.
    """
    try:
        offer = read_token(token)
    except InvalidToken:
        raise InvitationRefused(sentence(Reason.UNREADABLE), reason=Reason.UNREADABLE) from None
    with tenant(offer.organization_id):
        set_audit_context(user_id=user.pk, name=str(user), source="invitations")
        organization = lock_members()
        invitation = _locked(offer.invitation_id)
        _check(invitation, link_number=offer.link_number)
        _check_address(invitation, user)
        membership = _enter(invitation, user)
        invitation.accepted_at = timezone.now()
        invitation.version += 1
        invitation.save(update_fields=["accepted_at", "version"])
        # The caller stands outside the organization and could not read its row.
        membership.organization = organization
    return membership


def _enter(invitation: Invitation, user: User) -> Membership:
    membership: Membership | None = Membership.objects.filter(user=user).first()
    if membership is None:
        membership = Membership(user=user, role=invitation.role, ends_on=invitation.ends_on)
        membership.save(force_insert=True)
        return membership
    if membership.admits(timezone.localdate()):
        raise InvitationRefused(_("You are a member already."), reason=Reason.MEMBER)
    membership.role = invitation.role
    membership.ends_on = invitation.ends_on
    membership.active = True
    membership.version += 1
    membership.save(update_fields=["role", "ends_on", "active", "version"])
    return membership


def _locked(key: int) -> Invitation:
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("role")
    try:
        invitation: Invitation = locked.get(pk=key)
    except Invitation.DoesNotExist:
        raise InvitationRefused(sentence(Reason.UNREADABLE), reason=Reason.UNREADABLE) from None
    return invitation


def _check(invitation: Invitation, link_number: int | None = None, but: Reason | None = None) -> None:
    reason = standing(
        accepted=invitation.accepted_at is not None,
        withdrawn=invitation.withdrawn_at is not None,
        replaced=link_number is not None and link_number != invitation.link_number,
        expired=invitation.expires_at <= timezone.now(),
    )
    if reason is not None and reason is not but:
        raise InvitationRefused(sentence(reason), reason=reason)


def _check_address(invitation: Invitation, user: User) -> None:
    addresses = EmailAddress.objects.filter(user=user, email__iexact=invitation.email)
    if not addresses.exists():
        raise InvitationRefused(
            _("This invitation is for %(theirs)s, and you are signed in as %(yours)s. Sign in with the other address.")
            % {"theirs": invitation.email, "yours": user.email},
            reason=Reason.OTHER_PERSON,
        )
    if not addresses.filter(verified=True).exists():
        raise InvitationRefused(
            _("Confirm your e-mail address first. The message with the code is in your inbox."),
            reason=Reason.UNCONFIRMED,
        )


def sentence(reason: Reason) -> str:
    """What the reader of a link is told, and what to do."""
    return _(reason.sentence)
