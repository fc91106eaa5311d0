"""What the addresses of the matrix name: one maker for each kind of record.

Each takes the organization (or, for pages about oneself, the person) and answers with the arguments of the address.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.accounts.models import User
from apps.organizations.models import Organization
from tests import factories

Arguments = dict[str, Any]


def _branch(organization: Organization) -> Arguments:
    return {"pk": factories.first_branch(organization).pk}


OBJECTS: dict[str, Callable[[Organization], Arguments]] = {
    "branch": _branch,
}

OWN_OBJECTS: dict[str, Callable[[User], Arguments]] = {}
