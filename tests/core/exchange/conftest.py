"""An organization to import into."""

from __future__ import annotations

import pytest

from apps.organizations.models import Organization
from tests.core.exchange.worlds import new_organization


@pytest.fixture
def organization(db: None) -> Organization:
    return new_organization("Banyan & Kite")
