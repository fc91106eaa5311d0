"""Who works in an organization, and with which rights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.organizations import rights


@audited
class Role(BusinessModel):
    """A set of rights. Built-in roles take theirs from the declared matrix, custom ones list them."""

    history_words: ClassVar[dict[str, Callable[[Any], str]]] = {"custom_rights": rights.in_words}

    name = models.CharField(_("role name"), max_length=60)
    key = models.CharField(max_length=20, blank=True, editable=False)
    description = models.CharField(_("what it is for"), max_length=200, blank=True)
    custom_rights = ArrayField(models.CharField(max_length=80), default=list, blank=True, verbose_name=_("rights"))

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("organization", Lower("name"), name="organizations_role_name_unique"),
            models.UniqueConstraint(
                "organization", "key", condition=~models.Q(key=""), name="organizations_role_key_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def built_in(self) -> bool:
        return bool(self.key)

    @property
    def rights(self) -> frozenset[str]:
        """Names of the rights it holds now."""
        return rights.held_by(self.key) if self.key else rights.known(self.custom_rights)


@audited
class Membership(BusinessModel):
    """A person's place in an organization. Never deleted: what they did stays theirs."""

    row_policies: ClassVar[dict[str, str]] = {"own": "FOR SELECT USING (user_id = app_user())"}

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    role = TenantForeignKey(Role, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("role"))
    active = models.BooleanField(_("active"), default=True)
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Access ends after this day. Every auditor needs one.")
    )

    # For the few reads that come before an organization is known; row-level security still limits them to the person.
    across_tenants: ClassVar[models.Manager[Membership]] = models.Manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        default_manager_name = "objects"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("organization", "user", name="organizations_membership_person_unique"),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def name(self) -> str:
        return str(self.user)

    @property
    def role_name(self) -> str:
        return self.role.name

    def may(self, right: str) -> bool:
        """Whether the member's role holds the right."""
        return right in self.role.rights

    def admits(self, day: dt.date) -> bool:
        """Whether the member may enter on that day."""
        return self.active and (self.ends_on is None or day <= self.ends_on)


# Which of its links is the present one is no business fact; that a new one was sent shows in its new expiry.
@audited(exclude=["link_number"])
class Invitation(BusinessModel):
    """An offer of membership, sent by e-mail.

    The link is signed with the server's secret and names organization, invitation and `link_number`: nobody who reads
    the database can make one, and the next link ends the one before it.
    """

    email = models.EmailField(_("e-mail"))
    role = TenantForeignKey(Role, on_delete=models.PROTECT, related_name="+", verbose_name=_("role"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    link_number = models.PositiveSmallIntegerField(default=1, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    invited_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("invited by")
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("email"),
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="organizations_invitation_open_unique",
            ),
        ]

    def __str__(self) -> str:
        return self.email
