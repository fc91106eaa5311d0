"""Members: their role, their last day, and their way out."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.operations import end_all_sessions
from apps.core.refusals import Refusal, Stale
from apps.core.tenancy.context import current_organization_id
from apps.organizations.models import Membership, Organization, Role
from apps.organizations.rights import AUDITOR, OWNER


class MemberRefused(Refusal):
    """A member cannot be changed like that."""


def lock_members() -> Organization:
    """Let only one change of members run at a time in this organization.

    Who is the last owner is a question about all of them; locking single memberships would let two owners demote each
    other. NO KEY: rows that refer to the organization are inserted all the while.
    """
    return Organization.objects.select_for_update(no_key=True).get(pk=current_organization_id())


def check_role(*, actor: Membership, role: Role, ends_on: dt.date | None) -> None:
    """Whether the actor may give that role until that day.

    Raises:
        MemberRefused: the role can do what the actor cannot, an auditor has no last day, or the day is over.
    """
    if not role.rights <= actor.role.rights:
        raise MemberRefused(
            _("%(role)s may do things that you may not. Ask an owner to give it.") % {"role": role.name}, field="role"
        )
    if role.key == AUDITOR and ends_on is None:
        raise MemberRefused(_("Every auditor has a last day. Enter it"), field="ends_on")
    if ends_on is not None and ends_on < timezone.localdate():
        raise MemberRefused(_("That day is over. Enter today or later, or deactivate the member"), field="ends_on")


def change_member_role(
    *,
    actor: Membership,
    member: Membership,
    role: Role,
    ends_on: dt.date | None = None,
    version: int | None = None,
) -> Membership:
    """Give the member another role or another last day. `version` is the one that was edited.

    Raises:
        Stale: the membership has another version by now.
        MemberRefused: the actor may not, an auditor has no last day, or no lasting owner would remain.
    """
    with transaction.atomic():
        lock_members()
        member = Membership.objects.select_related("role", "user").get(pk=member.pk)
        if version not in {None, member.version}:
            raise Stale
        _check_target(actor, member)
        check_role(actor=actor, role=role, ends_on=ends_on)
        if role.key != OWNER or ends_on is not None:
            _check_owner_remains(member)
        member.role = role
        member.ends_on = ends_on
        member.version += 1
        member.save(update_fields=["role", "ends_on", "version"])
    return member


def deactivate_member(*, actor: Membership, member: Membership) -> Membership:
    """End the membership now, and every sign-in of that person. What they did stays theirs.

    Raises:
        MemberRefused: the actor may not, or no lasting owner would remain.
    """
    with transaction.atomic():
        lock_members()
        member = Membership.objects.select_related("role", "user").get(pk=member.pk)
        if not member.active:
            return member
        _check_target(actor, member)
        _check_owner_remains(member)
        member.active = False
        member.version += 1
        member.save(update_fields=["active", "version"])
        end_all_sessions(user_id=member.user_id)
    return member


def reactivate_member(*, actor: Membership, member: Membership) -> Membership:
    """Let a deactivated member in again, with the role they had.

    Raises:
        MemberRefused: the actor may not, or their last day is over.
    """
    with transaction.atomic():
        lock_members()
        member = Membership.objects.select_related("role", "user").get(pk=member.pk)
        if member.active:
            return member
        check_role(actor=actor, role=member.role, ends_on=member.ends_on)
        member.active = True
        member.version += 1
        member.save(update_fields=["active", "version"])
    return member


def _check_target(actor: Membership, member: Membership) -> None:
    if not member.role.rights <= actor.role.rights:
        raise MemberRefused(
            _("%(name)s may do things that you may not. Ask an owner to change that.") % {"name": member.name}
        )


def _check_owner_remains(member: Membership) -> None:
    """Somebody must be left who can do everything, without a last day."""
    if member.role.key != OWNER:
        return
    lasting = Membership.objects.filter(Q(role__key=OWNER), active=True, ends_on=None, user__is_active=True)
    if not lasting.exclude(pk=member.pk).exists():
        raise MemberRefused(_("%(name)s is the last owner. Make somebody else an owner first.") % {"name": member.name})
