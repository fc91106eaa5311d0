"""People and organizations for tests, made by the operations themselves."""

from __future__ import annotations

import itertools
from typing import Any

from allauth.account.models import EmailAddress

from apps.accounts.models import User
from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch, Membership, Organization, Role
from apps.organizations.operations import create_organization

_numbers = itertools.count(1)


def make_user(name: str = "", *, email: str = "", verified: bool = True) -> User:
    """A person with a confirmed address."""
    number = next(_numbers)
    email = email or f"person{number}@example.test"
    user = User.objects.create_user(email, name=name or f"Person {number}")
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return user


def make_organization(user: User | None = None, **given: Any) -> Organization:
    """An organization in Pune with one branch; `user` becomes its owner."""
    number = next(_numbers)
    values = {
        "name": f"Sample Distributors {number}",
        "branch_name": "Pune",
        "branch_code": "PN",
        "address": "Unit 7, Old Tram Shed Lane",
        "city": "Pune",
        "pin_code": "411001",
        "state_code": "27",
    }
    return create_organization(user=user or make_user(), **{**values, **given})


def owner_of(organization: Organization) -> Membership:
    with tenant(organization.pk):
        found: Membership = Membership.objects.select_related("role", "user").get(role__key="owner")
        return found


def role_of(key: str) -> Role:
    """A built-in role of the current organization."""
    found: Role = Role.objects.get(key=key)
    return found


def add_member(organization: Organization, key: str = "biller", user: User | None = None, **given: Any) -> Membership:
    """A member with a built-in role, put in directly."""
    with tenant(organization.pk):
        member = Membership(user=user or make_user(), role=role_of(key), **given)
        member.save(force_insert=True)
        return member


def only_branch() -> Branch:
    """The one branch of the current organization."""
    found: Branch = Branch.objects.get()
    return found
