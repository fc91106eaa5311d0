"""The organization itself: what it is called, and how its members sign in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.ui.links import Link, may_open
from apps.core.ui.pages.detail import Card, DetailPage, Fact
from apps.core.ui.pages.editing import EditPage
from apps.organizations import operations
from apps.organizations.forms import SettingsForm
from apps.organizations.models import Organization
from apps.organizations.rules.time_zones import time_zones
from apps.organizations.views.pages import organization_of

VIEW, EDIT = "organizations.organization.view", "organizations.organization.edit"


class _OwnOrganization:
    """The record is the organization of the address, so the address names no key."""

    def load(self) -> Organization:
        # Its own copy: a refused name must not appear in the frame of the page.
        return Organization.objects.get(pk=organization_of(self.request).pk)  # type: ignore[attr-defined]

    def detail_url(self) -> str:
        return str(self.url("organizations:settings"))  # type: ignore[attr-defined]

    def history_url(self) -> str:
        return f"{self.detail_url()}#history"


class Settings(_OwnOrganization, DetailPage[Organization]):
    model = Organization
    right = VIEW
    title = _("Settings")
    cards = (
        Card(
            _("The business"),
            (
                "name",
                Fact(_("Web address"), lambda one: f"/o/{one.slug}/", css="code"),
                "financial_year_start",
                Fact(_("Time zone"), lambda one: dict(time_zones()).get(one.time_zone, one.time_zone)),
            ),
        ),
        Card(
            _("Signing in"),
            (
                Fact(
                    _("Second factor"),
                    lambda one: _("Every member needs one") if one.require_second_factor else _("Each member decides"),
                ),
            ),
        ),
    )

    def actions(self) -> Sequence[Link | None]:
        found = (
            ("organizations:role_list", _("Roles and rights"), "shield-lock"),
            ("organizations:seals", _("Sealed history"), "history"),
        )
        return [self.link(name, label, icon) for name, label, icon in found]

    def get_context(self, **extra: Any) -> dict[str, Any]:
        context = super().get_context(**extra)
        name = "organizations:settings_edit"
        context["edit_url"] = self.url(name) if may_open(self.request, name) else None
        return context


class SettingsEdit(_OwnOrganization, EditPage[Organization]):
    model = Organization
    right = EDIT
    title = _("Edit settings")
    form_class = SettingsForm

    def crumbs(self) -> list[Link]:
        return [Link(_("Settings"), self.detail_url())]

    def save(self, form: Any, before: dict[str, Any]) -> bool:  # noqa: ARG002
        if not form.has_changed():
            return False
        self.instance = operations.change_organization(organization=self.instance, **form.cleaned_data)
        return True
