"""An organization with a few branches, committed, because a seal takes only what is committed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from apps.core.audit.history import history_model, set_audit_context
from apps.core.audit.models import Seal
from apps.core.audit.operations import seal_organization
from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch, Organization


def new_organization(slug: str) -> int:
    """An organization made as its set-up page does: the key first, then everything inside its tenant."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('organizations_organization', 'id'))")
        organization_id = int(cursor.fetchone()[0])
    with tenant(organization_id):
        Organization.objects.create(id=organization_id, name=slug.title(), slug=slug)
    return organization_id


def new_branch(name: str, **fields: Any) -> Branch:
    """A branch of the organization entered."""
    values: dict[str, Any] = {
        "code": name[:4].upper(),
        "state_code": "27",
        "address": "12 Laxmi Road",
        "city": "Pune",
        "pin_code": "411030",
    }
    branch: Branch = Branch.objects.create(name=name, **(values | fields))
    return branch


@pytest.fixture
def organization(transactional_db: None) -> int:
    return new_organization("banyan")


@pytest.fixture
def branches(organization: int) -> list[Branch]:
    """Three branches; the first was edited twice, by two people, each in a transaction of their own."""
    with tenant(organization):
        set_audit_context(user_id=1, name="Asha Kulkarni", request_id="r-1", source="POST /o/banyan/branches/new/")
        made = [new_branch(name) for name in ("Pune", "Satara", "Nashik")]
    for city, name in (("Mumbai", "Ravi Shah"), ("Thane", "Asha Kulkarni")):
        with tenant(organization):
            set_audit_context(user_id=2, name=name, source="POST /o/banyan/branches/1/edit/")
            made[0].city = city
            made[0].save(update_fields=["city"])
    return made


class Background:
    """A call in a thread with its own connection; what it raises is raised again by `result`."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._value: Any = None
        self._fault: Exception | None = None
        self._thread = threading.Thread(target=self._run, args=(call,), daemon=True)
        self._thread.start()

    def _run(self, call: Callable[[], Any]) -> None:
        try:
            self._value = call()
        except Exception as fault:
            self._fault = fault
        finally:
            connections["default"].close()

    def result(self) -> Any:
        self._thread.join(20)
        assert not self._thread.is_alive(), "the thread did not end"
        if self._fault:
            raise self._fault
        return self._value


@pytest.fixture
def sealed(organization: int, branches: list[Branch]) -> list[Seal]:
    """Three seals: over the branches' history, over one more branch, over one more again."""
    seals = seal_organization(organization)
    for name in ("Kolhapur", "Solapur"):
        with tenant(organization):
            new_branch(name)
        seals += seal_organization(organization)
    return seals


def event(branch: Branch, label: str, place: int = 0) -> int:
    """The number of the branch's event of that label."""
    with tenant(int(branch.organization_id or 0)):
        found = history_model(Branch).objects.filter(id=branch.pk, pgh_label=label).order_by("pgh_id")
        return int(list(found.values_list("pgh_id", flat=True))[place])
