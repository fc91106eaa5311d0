"""Invitations: who is invited, what the e-mail holds, and every way a link can fail."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from apps.accounts.models import User
from apps.core.outbox.models import OutboxMessage
from apps.core.outbox.operations import dispatch
from apps.core.tenancy.context import current_organization_id, tenant
from apps.organizations.models import Invitation, Membership, Organization
from apps.organizations.operations import (
    InvitationRefused,
    MemberRefused,
    accept_invitation,
    deactivate_member,
    invite_member,
    resend_invitation,
    withdraw_invitation,
)
from apps.organizations.rules.invitations import Reason
from apps.organizations.tokens import Offer, make_token
from tests.organizations.factories import add_member, make_organization, make_user, owner_of, role_of

pytestmark = pytest.mark.django_db

ORIGIN = "https://erp.example"


@pytest.fixture
def organization() -> Iterator[Organization]:
    organization = make_organization(name="Kite & Co")
    with tenant(organization.pk):
        yield organization


@pytest.fixture
def owner(organization: Organization) -> Membership:
    return owner_of(organization)


@pytest.fixture
def guest() -> User:
    return make_user("Ira Sane", email="ira@example.test")


@pytest.fixture
def invitation(owner: Membership) -> Invitation:
    return invite_member(actor=owner, email=" Ira@Example.test", role=role_of("buyer"), origin=ORIGIN)


def _token(invitation: Invitation) -> str:
    return make_token(Offer(current_organization_id(), invitation.pk, invitation.link_number))


def _send(organization: Organization) -> None:
    for message in OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING):
        assert dispatch(organization_id=organization.pk, key=message.pk)


def test_the_link_in_the_mail_makes_a_member(organization: Organization, invitation: Invitation, guest: User) -> None:
    _send(organization)
    (message,) = mail.outbox
    assert isinstance(message, mail.EmailMultiAlternatives)
    assert message.to == ["ira@example.test"]
    assert message.subject.endswith("invites you to Kite & Co")
    found = re.search(rf"{ORIGIN}/invitations/([^/\s]+)/", str(message.body))
    assert found is not None
    html = str(message.alternatives[0][0])
    assert found[0] in html
    assert "Kite &amp; Co" in html
    member = accept_invitation(token=found[1], user=guest)
    assert (member.user_id, member.role.key, member.organization_id) == (guest.pk, "buyer", organization.pk)
    invitation.refresh_from_db()
    assert invitation.accepted_at is not None


def test_accepting_needs_no_tenant_around_it(invitation: Invitation, guest: User) -> None:
    token = _token(invitation)
    with tenant(make_organization().pk):
        member = accept_invitation(token=token, user=guest)
    assert member.organization_id == invitation.organization_id


def _used(invitation: Invitation, owner: Membership) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now())


def _withdrawn(invitation: Invitation, owner: Membership) -> None:
    withdraw_invitation(invitation=invitation)


def _expired(invitation: Invitation, owner: Membership) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))


def _replaced(invitation: Invitation, owner: Membership) -> None:
    resend_invitation(actor=owner, invitation=invitation, origin=ORIGIN)


def _gone(invitation: Invitation, owner: Membership) -> None:
    invitation.delete()


@pytest.mark.parametrize(
    ("happened", "reason", "sentence"),
    [
        (_used, Reason.ACCEPTED, "This invitation has been used. Sign in to open the organization."),
        (_withdrawn, Reason.WITHDRAWN, "This invitation was withdrawn. Ask whoever invited you."),
        (_expired, Reason.EXPIRED, "This invitation has expired. Ask whoever invited you to send it again."),
        (_replaced, Reason.REPLACED, "A newer link was sent. Use the one in the latest e-mail."),
        (_gone, Reason.UNREADABLE, "This link is not complete. Open it from the e-mail again, or copy all of it."),
    ],
)
def test_each_dead_link_has_its_own_sentence(
    invitation: Invitation, owner: Membership, guest: User, happened: Any, reason: Reason, sentence: str
) -> None:
    token = _token(invitation)
    happened(invitation, owner)
    with pytest.raises(InvitationRefused) as caught:
        accept_invitation(token=token, user=guest)
    assert (caught.value.reason, str(caught.value)) == (reason, sentence)
    assert not Membership.objects.filter(user=guest).exists()


@pytest.mark.parametrize("cut", [lambda token: token[:-1], lambda token: "x" + token, lambda token: ""])
def test_a_link_that_was_cut_is_not_complete(invitation: Invitation, guest: User, cut: Any) -> None:
    with pytest.raises(InvitationRefused) as caught:
        accept_invitation(token=cut(_token(invitation)), user=guest)
    assert caught.value.reason is Reason.UNREADABLE


def test_another_person_is_refused_by_both_names(invitation: Invitation) -> None:
    other = make_user(email="other@example.test")
    with pytest.raises(InvitationRefused, match=r"is for ira@example.test, and you are signed in as other@") as caught:
        accept_invitation(token=_token(invitation), user=other)
    assert caught.value.reason is Reason.OTHER_PERSON


def test_an_address_must_be_confirmed_first(invitation: Invitation) -> None:
    """Else anybody could sign up with the invited address and walk in."""
    guest = make_user(email="ira@example.test", verified=False)
    with pytest.raises(InvitationRefused, match=r"Confirm your e-mail address first") as caught:
        accept_invitation(token=_token(invitation), user=guest)
    assert caught.value.reason is Reason.UNCONFIRMED


def test_a_member_is_not_invited_again(organization: Organization, owner: Membership, guest: User) -> None:
    add_member(organization, user=guest)
    with pytest.raises(InvitationRefused, match=r"ira@example.test is a member already") as caught:
        invite_member(actor=owner, email="IRA@example.test", role=role_of("buyer"), origin=ORIGIN)
    assert caught.value.field == "email"


def test_one_open_invitation_per_address(owner: Membership, invitation: Invitation) -> None:
    with pytest.raises(InvitationRefused, match=r"has an open invitation. Send that one again"):
        invite_member(actor=owner, email="ira@example.test", role=role_of("buyer"), origin=ORIGIN)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - dt.timedelta(days=1))
    assert invite_member(actor=owner, email="ira@example.test", role=role_of("biller"), origin=ORIGIN).pk


def test_an_auditor_is_invited_with_a_last_day(owner: Membership) -> None:
    with pytest.raises(MemberRefused, match=r"Every auditor has a last day"):
        invite_member(actor=owner, email="a@example.test", role=role_of("auditor"), origin=ORIGIN)


def test_a_former_member_comes_back(
    organization: Organization, owner: Membership, invitation: Invitation, guest: User
) -> None:
    member = deactivate_member(actor=owner, member=add_member(organization, "picker", user=guest))
    back = accept_invitation(token=_token(invitation), user=guest)
    assert (back.pk, back.active, back.role.key) == (member.pk, True, "buyer")


def test_somebody_who_became_a_member_meanwhile_keeps_what_they_have(
    organization: Organization, invitation: Invitation, guest: User
) -> None:
    add_member(organization, "manager", user=guest)
    with pytest.raises(InvitationRefused, match=r"You are a member already"):
        accept_invitation(token=_token(invitation), user=guest)
    assert Membership.objects.select_related("role").get(user=guest).role.key == "manager"


def test_a_new_link_is_sent_and_the_old_mail_stays_behind(
    organization: Organization, owner: Membership, invitation: Invitation
) -> None:
    """The first message was still waiting when the second link was made: only the second is sent."""
    resend_invitation(actor=owner, invitation=invitation, origin=ORIGIN)
    _send(organization)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("happened", [_used, _withdrawn])
def test_what_is_over_is_neither_sent_nor_withdrawn(invitation: Invitation, owner: Membership, happened: Any) -> None:
    happened(invitation, owner)
    with pytest.raises(InvitationRefused):
        resend_invitation(actor=owner, invitation=invitation, origin=ORIGIN)
    with pytest.raises(InvitationRefused):
        withdraw_invitation(invitation=invitation)


def test_an_expired_one_can_be_sent_again(invitation: Invitation, owner: Membership, guest: User) -> None:
    _expired(invitation, owner)
    again = resend_invitation(actor=owner, invitation=invitation, origin=ORIGIN)
    assert accept_invitation(token=_token(again), user=guest).active
