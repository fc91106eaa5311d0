"""Two organizations with everything that operations make, two more with a row in every table, all sealed and saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from apps.accounts.models import User
from apps.core.audit.operations import seal_organization
from apps.core.audit.queries import every_organization
from apps.core.outbox.facts import emit
from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from apps.organizations.rights import AUDITOR
from ineat import databases
from ineat.dumps import Database
from tests import factories
from tests.access.catalogue import Rows, may, tenant_tables
from tests.backup.installation import back_up_tests

PASSWORD = "a counter in Pune, 1987"
LICENCE = "media/licences/20B ₹.pdf"


class Source:
    """What was saved, and where."""

    ours: Organization
    theirs: Organization
    owner: User
    file: Path
    uploads: Path
    link: psycopg.Connection[Any]


@pytest.fixture
def source(
    transactional_db: None, owner_connection: psycopg.Connection[Any], tmp_path: Path, outbox_handlers: dict[str, Any]
) -> Source:
    made = Source()
    made.owner = factories.person("Olga Owner", email="olga@example.com", password=PASSWORD)
    made.ours = factories.organization("Banyan & Kite", owner=made.owner)
    made.theirs = factories.organization("Someone Else")
    for organization in (made.ours, made.theirs):
        factories.member(organization, AUDITOR)
        with tenant(organization.pk):
            emit(topic="bill.posted", payload={"rupees": "₹ 1,00,000.00", "words": "a\tb\nc\\d"})
    _fill_every_table()
    for organization_id in every_organization():
        seal_organization(organization_id)
    made.link = owner_connection
    made.link.execute("INSERT INTO django_session VALUES ('a-key-that-signs-in', 'data', now() + '1 day')")
    made.uploads = tmp_path / "uploads"
    made.file = tmp_path / "a backup.dump"
    licence = made.uploads / LICENCE
    licence.parent.mkdir(parents=True)
    licence.write_bytes(b"%PDF-1.7")
    (made.uploads / "secret_key").write_text("never in a backup")
    done = back_up_tests(made.file, data=made.uploads)
    assert done.returncode == 0, done.stderr
    assert "Saved 1 uploaded files" in done.stdout
    return made


def _fill_every_table() -> None:
    """So that no table is compared with nothing in it; seals are left out, for made-up ones would be found false."""
    parts = conninfo_to_dict(databases.app_conninfo(connection.settings_dict["NAME"]))
    with psycopg.connect(make_conninfo("", **parts)) as link, link.cursor() as cursor:
        for _ in range(2):
            rows = Rows(cursor)
            for table in tenant_tables(cursor):
                if may(cursor, "INSERT", table) and not table.startswith("audit_"):
                    rows.one(table)


@pytest.fixture
def another_database(transactional_db: None) -> Iterator[Database]:
    """An empty database on the tests' own server."""
    name = f"{connection.settings_dict['NAME']}_restored"
    with psycopg.connect(databases.owner_conninfo("postgres"), autocommit=True) as link:
        link.execute(f'DROP DATABASE IF EXISTS "{name}"')
        link.execute(f'CREATE DATABASE "{name}"')
        yield Database.reach(databases.owner_conninfo(name))
        link.execute(f'DROP DATABASE "{name}"')
