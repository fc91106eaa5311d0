"""An organization to import into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.core.exchange.declaration import register, unregister
from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from tests.core.exchange.importers import BranchImporter
from tests.core.exchange.worlds import Importing, new_organization


@pytest.fixture
def organization(db: None) -> Organization:
    return new_organization("Banyan & Kite")


@pytest.fixture
def branch_importer() -> Iterator[BranchImporter]:
    importer = BranchImporter()
    register(importer)
    yield importer
    unregister(importer.name)


@pytest.fixture
def importing(
    organization: Organization, branch_importer: BranchImporter, settings: Any, tmp_path: Path
) -> Iterator[Importing]:
    """Inside the organization, with files in a folder of the test's own."""
    settings.DATA_DIR = tmp_path
    with tenant(organization.pk):
        yield Importing(organization.pk, branch_importer)
