"""An organization and its people at their pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from apps.organizations.models import Organization
from tests.organizations.desk import Desk
from tests.organizations.factories import add_member, make_organization, make_user, owner_of


@pytest.fixture
def shop() -> Organization:
    return make_organization(make_user("Anaya Kolhe"))


@pytest.fixture
def owner(shop: Organization) -> Desk:
    return Desk(shop, owner_of(shop).user)


@pytest.fixture
def as_role(shop: Organization) -> Callable[[str], Desk]:
    def enter(key: str) -> Desk:
        ends_on = timezone.localdate() + dt.timedelta(days=365) if key == "auditor" else None
        return Desk(shop, add_member(shop, key, ends_on=ends_on).user)

    return enter
