"""Pages before an organization is entered: home, choosing one, setting one up, and checks while typing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from apps.accounts.models import User
from apps.core.refusals import Refusal
from apps.organizations import queries
from apps.organizations.forms import OrganizationForm, StateForm
from apps.organizations.models import Organization
from apps.organizations.operations import check_gstin, create_organization, free_slug
from apps.organizations.rules.slugs import slug_from
from apps.organizations.rules.states import state_name


def home_of(organization: Organization) -> str:
    """The address of an organization's home page."""
    return reverse("ui:home", kwargs={"organization": organization.slug})


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The address without a path: on to sign in, to the one organization, to choose one, or to set one up."""
    if not isinstance(request.user, User):
        return redirect(settings.LOGIN_URL)
    memberships = queries.memberships_of(request.user.pk)
    if not memberships:
        return redirect("organizations:set_up")
    if len(memberships) > 1:
        return redirect("organizations:choose")
    return redirect(home_of(memberships[0].organization))


@require_safe
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """The organizations of whoever is signed in."""
    assert isinstance(request.user, User)  # noqa: S101  login_required
    memberships = queries.memberships_of(request.user.pk)
    if not memberships:
        return redirect("organizations:set_up")
    choices = [{"name": one.organization.name, "url": home_of(one.organization)} for one in memberships]
    return render(request, "organizations/choose.html", {"title": _("Choose an organization"), "choices": choices})


class SetUp(LoginRequiredMixin, FormView[OrganizationForm]):
    """A new organization, in one short page."""

    template_name = "organizations/set_up.html"
    form_class = OrganizationForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"title": _("Set up an organization")}

    def form_valid(self, form: OrganizationForm) -> HttpResponse:
        assert isinstance(self.request.user, User)  # noqa: S101  LoginRequiredMixin
        try:
            organization = create_organization(user=self.request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("%(name)s is set up.") % {"name": organization.name})
        return redirect(home_of(organization))

    def form_invalid(self, form: OrganizationForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


@require_safe
@login_required
def gstin_check(request: HttpRequest) -> HttpResponse:
    """What a GSTIN says or what is wrong with it, and the State chosen by it, for any form with both fields."""
    text = request.GET.get("gstin", "")
    context: dict[str, Any] = {}
    if text.strip():
        try:
            found = check_gstin(text, sandbox="gstin_sandbox" in request.GET)
        except Refusal as refusal:
            # Only a complete number is called wrong: nobody has 15 characters at the first key.
            complete = len("".join(text.split())) >= 15
            context = {"problem": str(refusal)} if complete else {"unfinished": len("".join(text.split()))}
        else:
            context = {
                "holder": _(found.pan.holder) if found.pan else "",
                "state": state_name(found.state_code),
                "form": StateForm(initial={"state_code": found.current_state_code}),
            }
    return render(request, "organizations/gstin_check.html", context)


@require_safe
@login_required
def slug_suggestion(request: HttpRequest) -> HttpResponse:
    """The web address that a business name would get."""
    name = request.GET.get("name", "").strip()[:120]
    slug = free_slug(slug_from(name)) if name else ""
    return render(request, "organizations/slug_suggestion.html", {"slug": slug})
