"""What was saved is what is restored: in a new cluster, row by row, with everything that guards the rows."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import psycopg
import pytest

from apps.core.audit.models import Seal
from apps.core.management.commands.backup import LEFT_OUT
from apps.core.tenancy.context import tenant
from ineat import postgres, uploads
from tests.backup.catalogue import GUARDS, guards, rows, tables
from tests.backup.conftest import LICENCE, PASSWORD, Source
from tests.backup.installation import Installation, back_up_tests

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("product")]

# What the restored installation is asked, as the role that serves.
_SERVES = """
import json, sys
from django.core.management import call_command
from django.db import connection
from django.test import Client
from apps.core.audit.operations import seal_organization
from apps.core.tenancy.checks import assert_isolated
from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch

ours, email, password = int(sys.argv[1]), sys.argv[2], sys.argv[3]
found = {}
assert_isolated()
with connection.cursor() as cursor:
    cursor.execute("SELECT current_user, count(*) FROM organizations_branch")
    found["role"], found["branches outside"] = cursor.fetchone()
    cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, audit_horizon()")
    found["counter"], found["horizon"] = cursor.fetchone()
client = Client(SERVER_NAME="localhost")
found["ready"] = client.get("/readyz").json()
found["signed in"] = client.post("/accounts/login/", {"login": email, "password": password}).status_code
found["home"] = client.get("/").headers["Location"]
with tenant(ours):
    found["branches"] = list(Branch.objects.values_list("name", flat=True))
    branch = Branch.objects.earliest("id")
    branch.city = "Satara"
    branch.save(update_fields=["city"])
found["sealed"] = [[seal.number, seal.count] for seal in seal_organization(ours)]
call_command("verify_audit", stdout=sys.stderr)
print(json.dumps(found))
"""


def test_everything_comes_back_in_a_new_cluster(source: Source, tmp_path: Path) -> None:
    installation = Installation(tmp_path / "another machine")
    done = installation.manage("restore", str(source.file))
    assert done.returncode == 0, done.stderr
    assert "Ready to serve" in done.stdout
    assert done.stdout.count("events are as they were") == 4

    with installation.running() as link:
        names = tables(source.link)
        assert tables(link) == names
        different = [name for name in names if name not in LEFT_OUT and rows(link, name) != rows(source.link, name)]
        assert different == []
        empty = {name for name in names if not rows(link, name)}
        assert empty >= set(LEFT_OUT), "whoever held a session's key would be signed in"
        assert rows(source.link, "django_session")
        assert not {name for name in empty if name.startswith(("organizations_", "audit_", "outbox_", "parties_"))}
        for what in GUARDS:
            assert guards(link, what) == guards(source.link, what), what
        _serves(installation, source)
    assert (installation.data / LICENCE).read_bytes() == b"%PDF-1.7"
    assert not (installation.data / "secret_key").exists()
    assert not list(installation.data.glob(".restoring-*"))


def _serves(installation: Installation, source: Source) -> None:
    with tenant(source.ours.pk):
        last = Seal.objects.order_by("-number").values_list("number", "horizon")[0]
    asked = installation.script(_SERVES, str(source.ours.pk), source.owner.email, PASSWORD)
    assert asked.returncode == 0, asked.stderr
    found = json.loads(asked.stdout.strip().splitlines()[-1])
    assert (found["role"], found["branches outside"]) == ("erp_app", 0)
    assert (found["ready"]["database"], found["ready"]["migrations"]) == ("ok", "ok")
    assert found["signed in"] == 302
    assert source.ours.slug in found["home"]
    assert found["branches"] == ["Pune"]
    # The new cluster counts from below, and still numbers above every transaction of the old one.
    assert found["counter"] < last[1] < found["horizon"]
    assert found["sealed"] == [[last[0] + 1, 1]]


def _is_private(path: Path) -> bool:
    return stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_saved_is_private_and_never_overwritten(source: Source) -> None:
    archive = uploads.archive_of(source.file)
    assert _is_private(source.file)
    assert _is_private(archive)
    before = source.file.read_bytes()
    done = back_up_tests(source.file, data=source.uploads)
    assert done.returncode != 0
    assert "exists already" in done.stderr
    assert "Traceback" not in done.stderr
    assert source.file.read_bytes() == before
    assert {path.name for path in source.file.parent.iterdir()} == {source.file.name, archive.name, "uploads"}


def test_a_database_in_use_is_replaced_only_when_told_and_only_when_nobody_works(
    source: Source, tmp_path: Path
) -> None:
    installation = Installation(tmp_path / "another machine")
    assert installation.manage("restore", str(source.file), "--no-verify").returncode == 0
    again = installation.manage("restore", str(source.file))
    assert again.returncode != 0
    assert "The database is not empty" in again.stderr
    unasked = installation.manage("restore", str(source.file), "--replace")
    assert unasked.returncode != 0, "without somebody to answer the question nothing is deleted"

    with installation.running() as link:
        link.execute("CREATE TABLE left_over (words text)")
        with psycopg.connect(postgres.Cluster(Path(link.info.host)).conninfo(postgres.APP_ROLE)):
            busy = installation.manage("restore", str(source.file), "--replace", "--no-input")
        assert "Stop them" in busy.stderr
        assert "left_over" in tables(link)
        done = installation.manage("restore", str(source.file), "--replace", "--no-input", "--no-verify")
        assert done.returncode == 0, done.stderr
        assert tables(link) == tables(source.link)
        assert rows(link, "organizations_branch") == rows(source.link, "organizations_branch")
