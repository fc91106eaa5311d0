"""People, organizations and members for tests, made by the operations that pages use."""

from __future__ import annotations

import datetime as dt
import itertools

from allauth.account.models import EmailAddress
from django.utils import timezone

from apps.accounts.models import User
from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch, Membership, Organization, Role
from apps.organizations.operations import create_organization
from apps.organizations.rights import AUDITOR

_numbers = itertools.count(1)


def person(name: str = "", *, email: str = "", password: str | None = None) -> User:
    """Somebody with a verified e-mail address. Without a password: hashing one takes longer than most tests."""
    number = next(_numbers)
    name = name or f"Person {number}"
    user = User.objects.create_user(email or f"person{number}@example.com", password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def organization(name: str = "", *, owner: User | None = None) -> Organization:
    """A business in Pune with its built-in roles, an owner, and one branch with number series."""
    number = next(_numbers)
    return create_organization(
        user=owner or person("Olga Owner"),
        name=name or f"Distributor {number}",
        branch_name="Pune",
        branch_code="PUN",
        address="12 Laxmi Road",
        city="Pune",
        pin_code="411030",
        state_code="27",
    )


def member(
    organization: Organization,
    role: str,
    *,
    user: User | None = None,
    active: bool = True,
    ends_on: dt.date | None = None,
) -> Membership:
    """A member with a built-in role; an auditor's time ends in a year unless told otherwise."""
    if role == AUDITOR and ends_on is None:
        ends_on = timezone.localdate() + dt.timedelta(days=365)
    user = user or person(role.title())
    with tenant(organization.pk):
        return Membership.objects.create(
            organization=organization, user=user, role=Role.objects.get(key=role), active=active, ends_on=ends_on
        )


def owner_of(organization: Organization) -> Membership:
    """The membership of the organization's owner."""
    with tenant(organization.pk):
        return Membership.objects.select_related("user", "role").filter(role__key="owner").earliest("id")


def first_branch(organization: Organization) -> Branch:
    """The branch that the organization was set up with."""
    with tenant(organization.pk):
        return Branch.objects.earliest("id")
