"""Roles and the matrix of rights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.core.ui.links import page_url
from apps.core.ui.pages.actions import DeletePage
from apps.core.ui.pages.base import ModelPage
from apps.core.ui.pages.detail import DetailPage
from apps.core.ui.pages.editing import CreatePage, EditPage
from apps.core.ui.pages.panels import PanelView, TablePanel
from apps.core.ui.tables import Badge
from apps.organizations import operations, queries
from apps.organizations.forms import RoleForm
from apps.organizations.models import Membership, Role
from apps.organizations.tables import MemberTable
from apps.organizations.views.pages import member_of

VIEW, EDIT = "organizations.member.view", "organizations.role.edit"


class RoleMatrix(ModelPage[Role]):
    """Every right in a row, every role in a column: who may do what, on one page."""

    model = Role
    right = VIEW
    title = _("Roles and rights")
    template_name = "organizations/roles.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        roles = queries.roles_with_members()
        held = {role.pk: role.rights for role in roles}
        heads = [{"role": role, "url": page_url(self.request, role, "detail")} for role in roles]
        groups = [
            {
                "label": group.label,
                "rows": [
                    {"label": right.label, "cells": [right.name in held[role.pk] for role in roles]}
                    for right in group.rights
                ],
            }
            for group in queries.right_groups()
        ]
        create = page_url(self.request, Role, "create")
        return self.render(self.get_context(heads=heads, groups=groups, create=create, width=1 + len(roles)))


class RightsPanel(PanelView):
    """What the role may do."""

    title = _("May do")
    template_name = "organizations/rights_panel.html"
    width = 6

    def context(self) -> dict[str, Any]:
        return {"groups": queries.right_groups(self.instance.rights)}


class HoldersPanel(TablePanel):
    """Members with the role."""

    title = _("Members with this role")
    table_class = MemberTable
    width = 12

    def get_queryset(self) -> QuerySet[Membership]:
        return queries.members().filter(role=self.instance, active=True).order_by("user__name", "id")


class RoleDetail(DetailPage[Role]):
    model = Role
    right = VIEW
    panels = (RightsPanel, HoldersPanel)

    def badges(self) -> Sequence[Badge]:
        return [Badge(_("Built in"), "line")] if self.instance.built_in else [Badge(_("Your own"), "acc")]

    def facts(self) -> Sequence[Any]:
        return [self.instance.description] if self.instance.description else []


class _RoleFormPage:
    """Offers the rights that the member holds."""

    def get_form_kwargs(self) -> dict[str, Any]:
        given: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        held = member_of(self.request).role.rights  # type: ignore[attr-defined]
        return given | {"groups": queries.right_groups(held)}


class RoleCreate(_RoleFormPage, CreatePage[Role]):
    model = Role
    right = EDIT
    form_class = RoleForm

    def save(self, form: Any) -> Role:
        return operations.create_role(actor=member_of(self.request), **form.cleaned_data)


class RoleEdit(_RoleFormPage, EditPage[Role]):
    model = Role
    right = EDIT
    form_class = RoleForm

    @classmethod
    def offers(cls, instance: Model) -> bool:
        return isinstance(instance, Role) and not instance.built_in

    def get_initial(self) -> dict[str, Any]:
        role = self.instance
        return {"name": role.name, "description": role.description, "rights": sorted(role.rights)}

    def save(self, form: Any, before: dict[str, Any]) -> bool:
        if not form.has_changed():
            return False
        self.instance = operations.change_role(
            actor=member_of(self.request), role=self.instance, version=before["version"], **form.cleaned_data
        )
        return True


class RoleDelete(DeletePage[Role]):
    model = Role
    right = EDIT

    @classmethod
    def offers(cls, instance: Model) -> bool:
        return isinstance(instance, Role) and not instance.built_in

    def perform(self, form: Any) -> None:  # noqa: ARG002
        operations.delete_role(role=self.instance)
