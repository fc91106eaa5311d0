"""Organizations for tests of the exchange."""

from __future__ import annotations

import itertools

from apps.accounts.models import User
from apps.organizations.models import Organization
from apps.organizations.operations import create_organization

_numbers = itertools.count(1)


def new_organization(name: str) -> Organization:
    """An organization with an owner and one branch, Pune (code PUNE)."""
    user = User.objects.create_user(
        email=f"owner{next(_numbers)}@example.test", password="correct horse battery staple"
    )
    return create_organization(
        user=user, name=name, branch_name="Pune", branch_code="PUNE", address="12 MG Road", city="Pune",
        pin_code="411001", state_code="27",
    )  # fmt: skip
