"""What the lists of organizations can be narrowed by."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.outbox.models import OutboxMessage
from apps.organizations.models import Branch, BranchLicence, Invitation, Membership, NumberSeries, Role
from apps.organizations.rules.licences import RENEWAL_DAYS
from apps.organizations.rules.states import STATE_CHOICES

YES_NO = [("true", _("Yes")), ("false", _("No"))]


def _roles(_request: Any) -> QuerySet[Role]:
    found: QuerySet[Role] = Role.objects.order_by("id")
    return found


def _branches(_request: Any) -> QuerySet[Branch]:
    found: QuerySet[Branch] = Branch.objects.all()
    return found


class ActiveFilter(django_filters.ChoiceFilter):
    """Active or archived."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Active"), choices=YES_NO, empty_label=_("Any"), **kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        return qs.filter(active=value == "true") if value in {"true", "false"} else qs


class BranchFilter(django_filters.FilterSet):
    state_code = django_filters.ChoiceFilter(label=_("State"), choices=STATE_CHOICES)
    active = ActiveFilter()

    class Meta:
        model = Branch
        fields = ("state_code", "active")


class LicenceFilter(django_filters.FilterSet):
    branch = django_filters.ModelChoiceFilter(label=_("Branch"), queryset=_branches)
    standing = django_filters.ChoiceFilter(
        label=_("Standing"),
        method="by_standing",
        choices=[
            ("valid", _("Valid")),
            ("ending", _("Ending within 90 days")),
            ("ended", _("Ended")),
            ("not_yet", _("Not begun")),
        ],
    )

    class Meta:
        model = BranchLicence
        fields = ("branch", "form")

    def by_standing(self, queryset: Any, _name: str, value: str) -> Any:
        """Rows of one standing; `apps.organizations.rules.licences.standing` says the same of one licence."""
        today = timezone.localdate()
        notice = today + dt.timedelta(days=RENEWAL_DAYS)
        begun = Q(valid_from__lte=today)
        chosen = {
            "valid": begun & Q(valid_to__gt=notice),
            "ending": begun & Q(valid_to__gte=today, valid_to__lte=notice),
            "ended": begun & Q(valid_to__lt=today),
            "not_yet": Q(valid_from__gt=today),
        }
        return queryset.filter(chosen[value])


class MemberFilter(django_filters.FilterSet):
    role = django_filters.ModelChoiceFilter(label=_("Role"), queryset=_roles)
    active = ActiveFilter()

    class Meta:
        model = Membership
        fields = ("role", "active")


class InvitationFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="by_state",
        choices=[
            ("open", _("Open")),
            ("accepted", _("Accepted")),
            ("expired", _("Expired")),
            ("withdrawn", _("Withdrawn")),
        ],
    )

    class Meta:
        model = Invitation
        fields: tuple[str, ...] = ()

    def by_state(self, queryset: Any, _name: str, value: str) -> Any:
        """Rows of one state; `apps.organizations.rules.invitations.standing` says the same of one invitation."""
        now = timezone.now()
        neither = Q(accepted_at=None, withdrawn_at=None)
        chosen = {
            "open": neither & Q(expires_at__gt=now),
            "accepted": Q(accepted_at__isnull=False),
            "expired": neither & Q(expires_at__lte=now),
            "withdrawn": Q(accepted_at=None, withdrawn_at__isnull=False),
        }
        return queryset.filter(chosen[value])


class SeriesFilter(django_filters.FilterSet):
    branch = django_filters.ModelChoiceFilter(label=_("Branch"), queryset=_branches)
    financial_year = django_filters.NumberFilter(label=_("Financial year from"))

    class Meta:
        model = NumberSeries
        fields = ("branch", "kind", "financial_year")


class OutboxFilter(django_filters.FilterSet):
    class Meta:
        model = OutboxMessage
        fields = ("state",)
