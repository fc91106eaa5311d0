"""The page behind an invitation's link."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from apps.accounts.models import User
from apps.organizations import queries
from apps.organizations.operations import InvitationRefused, accept_invitation, sentence
from apps.organizations.rules.invitations import Reason
from apps.organizations.views.outside import home_of


@method_decorator(never_cache, name="dispatch")
class InvitationAccept(View):
    """Shows the offer to whoever has the link; accepting it needs the invited person, signed in."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        offer = queries.invitation_offer(token)
        if offer.reason is not None:
            return self._answer(request, {"problem": sentence(offer.reason), "reason": offer.reason}, status=410)
        return self._answer(request, {"offer": offer, "other_person": self._is_other(request, offer.email)})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if not isinstance(request.user, User):
            return redirect(request.path)
        try:
            membership = accept_invitation(token=token, user=request.user)
        except InvitationRefused as refusal:
            return self._answer(request, {"problem": str(refusal), "reason": refusal.reason}, status=409)
        messages.success(request, _("Welcome to %(name)s.") % {"name": membership.organization.name})
        return redirect(home_of(membership.organization))

    def _is_other(self, request: HttpRequest, email: str) -> bool:
        """Whether somebody is signed in whom the invitation does not name."""
        return isinstance(request.user, User) and not queries.has_address(request.user.pk, email)

    def _answer(self, request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
        context = {"title": _("Invitation"), "reasons": Reason, "next": request.path, **context}
        return render(request, "organizations/invitation_accept.html", context, status=status)
