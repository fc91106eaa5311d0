"""E-mails of this app."""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from apps.core.outbox.registry import Fact
from apps.core.tenancy.context import current_organization_id
from apps.organizations.models import Invitation
from apps.organizations.tokens import Offer, make_token


def invitation_path(invitation: Invitation) -> str:
    """The path of the invitation's present link."""
    offer = Offer(current_organization_id(), invitation.pk, invitation.link_number)
    return reverse("organizations:invitation_accept", args=[make_token(offer)])


def send_invitation(fact: Fact) -> None:
    """Outbox handler: e-mail the link, unless the invitation was used, withdrawn or sent anew in the meantime."""
    invitation = (
        Invitation.objects.filter(
            pk=fact.payload["invitation"],
            link_number=fact.payload["link_number"],
            accepted_at=None,
            withdrawn_at=None,
        )
        .select_related("organization", "role", "invited_by__user")
        .first()
    )
    if invitation is None:
        return
    context = {"invitation": invitation, "link": fact.payload["origin"] + invitation_path(invitation)}
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string("organizations/mail/invitation_subject.txt", context).split()),
        body=render_to_string("organizations/mail/invitation.txt", context),
        to=[invitation.email],
        # Sent twice after a crash, the two carry the same name, and most mail programs show one.
        headers={"Message-ID": f"<invitation-{current_organization_id()}-{fact.key}@ineat.invalid>"},
    )
    message.attach_alternative(render_to_string("organizations/mail/invitation.html", context), "text/html")
    message.send()
