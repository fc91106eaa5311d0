"""The people who walk the addresses, and what a request changed."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.core.exchange.declaration import importers
from apps.core.tenancy.context import tenant
from apps.organizations import rights
from apps.organizations.models import Membership, Role
from tests import factories
from tests.access.objects import OBJECTS, OWN_OBJECTS
from tests.access.route import Route

# Tables that a refused request may touch all the same.
OWN_BUSINESS = {
    "django_session": "signing in, a message, the last activity",
    "usersessions_usersession": "the last activity of a device",
    "django_cache": "rate limits",
}

_WRITES = """
SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""


class World:
    """Two organizations with the same things in them, and everybody who may come to the door of the first."""

    def __init__(self) -> None:
        self.ours = factories.organization("Banyan & Kite")
        self.theirs = factories.organization("Someone Else")
        self.owner = factories.owner_of(self.ours).user
        self.stranger = factories.owner_of(self.theirs).user
        self.equipped = factories.equip(factories.member(self.ours, rights.MANAGER).user)
        self._members: dict[frozenset[str], User] = {}
        self._objects: dict[tuple[str, int], dict[str, Any]] = {}

    def client(self, user: User | None, **options: Any) -> Client:
        client = Client(raise_request_exception=False, **options)
        if user is not None:
            factories.sign_in(client, user)
        return client

    def member_with(self, held: frozenset[str]) -> User:
        """A member whose custom role holds exactly these rights."""
        if held not in self._members:
            with tenant(self.ours.pk):
                role = Role.objects.create(name=f"Role {len(self._members)}", custom_rights=sorted(held))
                user = factories.person()
                Membership.objects.create(user=user, role=role)
            self._members[held] = user
        return self._members[held]

    def member_without(self, right: str) -> User:
        """A member who may do everything but this. Any right to import opens the pages of imports: all of those go."""
        importing = {importer.right for importer in importers()}
        gone = importing if right in importing else {right}
        return self.member_with(frozenset(one.name for one in rights.declared()) - gone)

    def auditor(self) -> User:
        return factories.member(self.ours, rights.AUDITOR).user

    def deactivated(self) -> User:
        return factories.member(self.ours, rights.OWNER, active=False).user

    def ended(self) -> User:
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        return factories.member(self.ours, rights.OWNER, ends_on=yesterday).user

    def arguments(self, route: Route, *, foreign: bool = False, person: User | None = None) -> dict[str, Any]:
        """Arguments of the route's address; `foreign` names a record of the other organization."""
        if not route.object:
            return {}
        if route.object in OWN_OBJECTS:
            return OWN_OBJECTS[route.object](person or (self.equipped if route.equipped else self.owner))
        organization = self.theirs if foreign else self.ours
        key = (route.object, organization.pk)
        if key not in self._objects:
            self._objects[key] = OBJECTS[route.object](organization)
        return self._objects[key]


@dataclass
class Answer:
    """What came back, and which tables were written meanwhile."""

    status: int
    location: str
    written: set[str]
    fault: str
    headers: Any

    def __str__(self) -> str:
        return f"{self.status} {self.location} {self.fault}".strip()


def ask(client: Client, method: str, url: str, **headers: str) -> Answer:
    """Send one request without a body, see what it wrote, and take it back.

    The statistics of the running transaction also count what the request itself rolled back, so not even an attempt to
    write stays unseen.
    """
    cookies = copy.deepcopy(client.cookies)
    with _undone():
        before = _written()
        response: HttpResponse = getattr(client, method.lower())(url, headers=headers)
        if getattr(response, "streaming", False):
            b"".join(response.streaming_content)  # type: ignore[attr-defined]
        after = _written()
    client.cookies = cookies
    error = getattr(response, "exc_info", None)
    return Answer(
        status=response.status_code,
        location=response.headers.get("Location", ""),
        written={table for table, count in after.items() if count != before.get(table, 0)} - OWN_BUSINESS.keys(),
        fault=repr(error[1]) if error else "",
        headers=response.headers,
    )


def _written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITES)
        return dict(cursor.fetchall())


@contextmanager
def _undone() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        pass


class _Undo(Exception):
    pass


@cache
def table_names() -> frozenset[str]:
    """All tables, to prove that OWN_BUSINESS names none that is gone."""
    return frozenset(connection.introspection.table_names())
