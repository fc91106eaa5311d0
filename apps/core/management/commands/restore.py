"""`manage.py restore FILE`: an installation out of what `manage.py backup` saved."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from apps.core.audit.install import number_anew
from ineat import databases, uploads
from ineat.dumps import Database, DumpRefused

_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND usename = %s AND pid <> pg_backend_pid()
"""


class Command(BaseCommand):
    """Puts back database and files, brings them to this version, and checks the history against its seals."""

    help = (
        "Put back what `manage.py backup` saved, into an empty database, and bring it to this version. Restore only "
        "files that you trust: a backup holds code that runs inside the database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--replace", action="store_true", help="delete what the database holds now")
        parser.add_argument("--no-input", action="store_true", help="do not ask before deleting")
        parser.add_argument("--no-files", action="store_true", help="leave the uploaded files aside")
        parser.add_argument("--no-verify", action="store_true", help="do not check the history against its seals")

    def handle(self, *args: Any, **options: Any) -> None:
        source: Path = options["file"].absolute()
        replace: bool = options["replace"]
        archive = uploads.archive_of(source)
        with_files = archive.exists() and not options["no_files"]
        name = connection.settings_dict["NAME"]
        try:
            database = Database.reach(databases.owner_conninfo(name))
            made_at = _check(database, source)
            self._require_room(database, with_files=with_files, replace=replace)
            if replace and not database.is_empty() and not options["no_input"]:
                _ask(name)
            with ExitStack() as stack:
                draft = stack.enter_context(uploads.unpacked(archive, settings.DATA_DIR)) if with_files else None
                database.restore(source, replace=replace)
                if draft:
                    uploads.put(draft, settings.DATA_DIR)
        except DumpRefused as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"Put back the database as it was at {made_at}" + (", and its files." if with_files else "."))
        self._bring_up_to_date()
        if not options["no_verify"]:
            call_command("verify_audit", stdout=self.stdout)
        self.stdout.write("Ready to serve. Sessions are not in a backup, so everybody signs in again.")

    def _require_room(self, database: Database, *, with_files: bool, replace: bool) -> None:
        if not replace:
            if not database.is_empty():
                raise CommandError(
                    "The database is not empty. Restore into an empty one (INEAT_DATA=another-folder), or delete what "
                    "it holds with --replace."
                )
            if with_files and (names := uploads.occupied(settings.DATA_DIR)):
                raise CommandError(
                    f"{settings.DATA_DIR} has uploaded files in {' and '.join(names)}. Move them away, or delete them "
                    "with --replace."
                )
        with connection.cursor() as cursor:
            cursor.execute(_OTHERS, [databases.app_role()])
            others = cursor.fetchone()[0]
        connection.close()
        if others:
            raise CommandError(f"The web or the worker is running ({others} connections). Stop them, then start again.")

    def _bring_up_to_date(self) -> None:
        number_anew(connection)
        call_command("release", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # a fresh copy has no statistics, and plans without them are slow


def _check(database: Database, source: Path) -> str:
    """When the file was made.

    Raises:
        DumpRefused: it is no backup of iNEAT.
        CommandError: a newer version of iNEAT made it.
    """
    found = database.contents(source)
    if not {"django_migrations", "organizations_organization"} <= found.tables:
        raise CommandError(f"{source} is a copy of another program's database. Nothing was changed.")
    loader = MigrationLoader(None)
    known = set(loader.disk_migrations) | {
        replaced for migration in loader.disk_migrations.values() for replaced in migration.replaces
    }
    ours = {app for app, _ in known}
    newer = [
        f"{row['app']}.{row['name']}"
        for row in database.rows(source, "django_migrations")
        if (row["app"], row["name"]) not in known and row["app"] in ours
    ]
    if newer:
        raise CommandError(
            f"{source} was made by a newer version of iNEAT: this one does not know {newer[-1]}. Install that version "
            "first. Nothing was changed."
        )
    return found.made_at


def _ask(name: str) -> None:
    answer = input(f"This deletes everything in the database {name}. Type its name to go on: ")
    if answer.strip() != name:
        raise CommandError("Nothing was changed.")
