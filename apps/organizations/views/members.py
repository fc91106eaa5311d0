"""Members and invitations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.ui.formats import EMPTY, ago, day
from apps.core.ui.links import Link, page_url
from apps.core.ui.pages.actions import ActionPage
from apps.core.ui.pages.base import Text
from apps.core.ui.pages.detail import Card, DetailPage, Fact
from apps.core.ui.pages.editing import CreatePage, EditPage
from apps.core.ui.pages.listbase import Empty
from apps.core.ui.pages.listing import ListPage
from apps.core.ui.tables import Badge
from apps.organizations import operations, queries
from apps.organizations.filters import InvitationFilter, MemberFilter
from apps.organizations.forms import InviteForm, MemberForm
from apps.organizations.mail import invitation_path
from apps.organizations.models import Invitation, Membership
from apps.organizations.tables import InvitationTable, MemberTable, invitation_badge
from apps.organizations.views.pages import member_of, origin_of

VIEW, EDIT = "organizations.member.view", "organizations.member.edit"


class MemberList(ListPage[Membership]):
    model = Membership
    right = VIEW
    table_class = MemberTable
    filterset_class = MemberFilter
    search_fields = ("user__name", "user__email")
    search_hint = _("Name or e-mail")
    ordering = ("user__name", "id")
    default_filters = "active=true"

    def get_queryset(self) -> QuerySet[Membership]:
        return queries.members()

    def create_link(self) -> Link | None:
        url = page_url(self.request, Invitation, "create")
        return Link(_("Invite a member"), url, "user-plus", primary=True) if url else None

    def actions(self) -> list[Link]:
        waiting = queries.open_invitations().count()
        label = _now("Invitations (%(count)d open)") % {"count": waiting} if waiting else _now("Invitations")
        found = [
            self.link("organizations:invitation_list", label, "mail"),
            self.link("organizations:role_list", _("Roles and rights"), "shield-lock"),
        ]
        return [link for link in found if link is not None]


class MemberDetail(DetailPage[Membership]):
    model = Membership
    right = VIEW
    cards = (
        Card(
            _("Membership"),
            (
                Fact(_("Role"), lambda one: one.role.name),
                Fact(_("What it is for"), lambda one: one.role.description),
                Fact(_("Last day"), lambda one: day(one.ends_on) if one.ends_on else _now("none set")),
                Fact(_("Member since"), lambda one: day(one.created_at)),
            ),
        ),
        Card(
            _("The person"),
            (
                Fact(_("E-mail"), lambda one: one.user.email),
                Fact(_("Second factor"), lambda one: _now("On") if one.second_factor else _now("None")),
                Fact(_("Last seen"), lambda one: ago(one.last_seen) if one.last_seen else EMPTY),
            ),
        ),
    )

    def get_queryset(self) -> QuerySet[Membership]:
        return queries.members()

    def badges(self) -> Sequence[Badge]:
        return [] if self.instance.active else [Badge(_("Deactivated"))]

    def menu(self) -> Sequence[Link | None]:
        found = (
            ("deactivate", _("Deactivate member"), "user-off", "del"),
            ("reactivate", _("Reactivate member"), "user-check", ""),
        )
        return [
            Link(label, url, icon, tone=tone)
            for kind, label, icon, tone in found
            if (url := page_url(self.request, self.instance, kind))
        ]


class _MemberPage:
    """A page that shows the member's name, which lies in another table."""

    def get_queryset(self) -> QuerySet[Membership]:
        found: QuerySet[Membership] = Membership.objects.select_related("user", "role")
        return found


class MemberEdit(_MemberPage, EditPage[Membership]):
    model = Membership
    right = EDIT
    form_class = MemberForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"roles": queries.roles_to_give(member_of(self.request))}

    def save(self, form: Any, before: dict[str, Any]) -> bool:
        if not form.has_changed():
            return False
        self.instance = operations.change_member_role(
            actor=member_of(self.request), member=self.instance, version=before["version"], **form.cleaned_data
        )
        return True


class MemberDeactivate(_MemberPage, ActionPage[Membership]):
    model = Membership
    right = EDIT
    tone = "del"

    @classmethod
    def offers(cls, instance: Model) -> bool:
        return isinstance(instance, Membership) and instance.active

    def get_title(self) -> str:
        return _now("Deactivate %(name)s") % {"name": self.instance.name}

    def question(self) -> str:
        return _now("%(name)s is signed out everywhere at once and cannot come back in here. What they did stays.") % {
            "name": self.instance.name
        }

    def perform(self, form: Any) -> None:  # noqa: ARG002
        operations.deactivate_member(actor=member_of(self.request), member=self.instance)

    def success_text(self) -> Text:
        return _now("%(name)s is deactivated") % {"name": self.instance.name}

    def undo_url(self) -> str:
        return self.url("organizations:membership_reactivate", pk=self.instance.pk)


class MemberReactivate(_MemberPage, ActionPage[Membership]):
    model = Membership
    right = EDIT

    @classmethod
    def offers(cls, instance: Model) -> bool:
        return isinstance(instance, Membership) and not instance.active

    def get_title(self) -> str:
        return _now("Reactivate %(name)s") % {"name": self.instance.name}

    def question(self) -> str:
        return _now("%(name)s can come in again as %(role)s.") % {
            "name": self.instance.name,
            "role": self.instance.role.name,
        }

    def perform(self, form: Any) -> None:  # noqa: ARG002
        operations.reactivate_member(actor=member_of(self.request), member=self.instance)

    def success_text(self) -> Text:
        return _now("%(name)s is back") % {"name": self.instance.name}


class InvitationList(ListPage[Invitation]):
    model = Invitation
    right = VIEW
    table_class = InvitationTable
    filterset_class = InvitationFilter
    search_fields = ("email",)
    search_hint = _("E-mail")
    default_filters = "state=open"
    ordering = ("-id",)
    empty = Empty(_("Nobody has been invited yet"), _("Invite people by e-mail. The link works once, for a week."))

    def create_link(self) -> Link | None:
        url = page_url(self.request, Invitation, "create")
        return Link(_("Invite a member"), url, "user-plus", primary=True) if url else None


class InvitationCreate(CreatePage[Invitation]):
    model = Invitation
    right = EDIT
    title = _("Invite a member")
    form_class = InviteForm
    submit_label = _("Send invitation")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"roles": queries.roles_to_give(member_of(self.request))}

    def save(self, form: Any) -> Invitation:
        return operations.invite_member(
            actor=member_of(self.request), origin=origin_of(self.request), **form.cleaned_data
        )

    def success_text(self, instance: Invitation) -> Text:
        return _now("An invitation is on its way to %(email)s") % {"email": instance.email}


class InvitationDetail(DetailPage[Invitation]):
    """An invitation with its link, for whoever may invite: mail gets lost, a chat message does not."""

    model = Invitation
    right = VIEW
    template_name = "organizations/invitation.html"
    cards = (
        Card(
            _("Invitation"),
            (
                Fact(_("Role"), lambda one: one.role.name),
                "ends_on",
                Fact(_("Invited by"), lambda one: one.invited_by.name),
                "created_at",
                "expires_at",
                "accepted_at",
                "withdrawn_at",
            ),
        ),
    )

    def get_queryset(self) -> QuerySet[Invitation]:
        return super().get_queryset().select_related("role", "invited_by__user")

    def badges(self) -> Sequence[Badge]:
        return [invitation_badge(self.instance, self.instance.expires_at)]

    def actions(self) -> Sequence[Link | None]:
        url = page_url(self.request, self.instance, "resend")
        return [Link(_("Send again"), url, "send")] if url else []

    def menu(self) -> Sequence[Link | None]:
        url = page_url(self.request, self.instance, "withdraw")
        return [Link(_("Withdraw invitation"), url, "ban", tone="del")] if url else []

    def get_context(self, **extra: Any) -> dict[str, Any]:
        usable = _is_open(self.instance) and self.request.member.may(EDIT)
        link = origin_of(self.request) + invitation_path(self.instance) if usable else ""
        return super().get_context(link=link, **extra)


def _is_open(instance: Model) -> bool:
    return isinstance(instance, Invitation) and instance.accepted_at is None and instance.withdrawn_at is None


class InvitationResend(ActionPage[Invitation]):
    model = Invitation
    right = EDIT
    title = _("Send the invitation again")

    @classmethod
    def offers(cls, instance: Model) -> bool:
        return _is_open(instance)

    def question(self) -> str:
        return _now("%(email)s gets a new link, valid for a week. Links sent before stop working.") % {
            "email": self.instance.email
        }

    def perform(self, form: Any) -> None:  # noqa: ARG002
        operations.resend_invitation(
            actor=member_of(self.request), invitation=self.instance, origin=origin_of(self.request)
        )

    def success_text(self) -> Text:
        return _now("A new link is on its way to %(email)s") % {"email": self.instance.email}


class InvitationWithdraw(ActionPage[Invitation]):
    model = Invitation
    right = EDIT
    title = _("Withdraw the invitation")
    tone = "del"

    @classmethod
    def offers(cls, instance: Model) -> bool:
        return _is_open(instance)

    def question(self) -> str:
        return _now("The link sent to %(email)s stops working.") % {"email": self.instance.email}

    def perform(self, form: Any) -> None:  # noqa: ARG002
        operations.withdraw_invitation(invitation=self.instance)

    def success_text(self) -> Text:
        return _now("The invitation of %(email)s is withdrawn") % {"email": self.instance.email}
