"""Imports at each of their steps, for the addresses of the access matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.core.exchange import operations
from apps.core.exchange.declaration import importer_named
from apps.core.exchange.models import ImportJob
from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from tests.core.exchange.worlds import Importing

# The second row has no name, so that there is something to mend.
_FILE = "Business name,State,City\nAsha Medical,27,Pune\n,27,Nagpur\n"


def _uploaded(organization: Organization) -> ImportJob:
    with tenant(organization.pk):
        return Importing(organization.pk, importer_named("parties")).upload(_FILE)


def _checked(organization: Organization) -> ImportJob:
    with tenant(organization.pk):
        return Importing(organization.pk, importer_named("parties")).check(_FILE)


def _running(organization: Organization) -> ImportJob:
    job = _checked(organization)
    with tenant(organization.pk):
        return operations.start_taking(job_number=job.pk, only_good=True)


def _done(organization: Organization) -> ImportJob:
    job = _checked(organization)
    with tenant(organization.pk):
        return Importing(organization.pk, importer_named("parties")).take(job)


def _key(made: Callable[[Organization], ImportJob]) -> Callable[[Organization], dict[str, Any]]:
    return lambda organization: {"pk": made(organization).pk}


OBJECTS: dict[str, Callable[[Organization], dict[str, Any]]] = {
    "import_uploaded": _key(_uploaded),
    "import_checked": _key(_checked),
    "import_row": lambda organization: {"pk": _checked(organization).pk, "row": 3},
    "import_running": _key(_running),
    "import_done": _key(_done),
}
