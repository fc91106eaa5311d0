"""`manage.py backup FILE`: the whole installation, to be kept elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from psycopg import sql

from ineat import databases, uploads
from ineat.dumps import Database, DumpRefused

# Who holds a session's key is signed in, so no copy of them is made: after a restore everybody signs in again. The
# cache holds counters that are stale by then.
LEFT_OUT = ("django_session", "usersessions_usersession", "django_cache")

_OWNS = sql.SQL(
    "SELECT pg_get_userbyid(relowner) = current_user FROM pg_class WHERE oid = to_regclass('public.django_migrations')"
)


class Command(BaseCommand):
    """Writes the database as it was at one moment; people may go on working. Files follow after it, so that none is
    missing that the database names."""

    help = (
        "Save the database to FILE (pg_dump's custom format) and uploaded files to FILE.files.tar.gz. "
        "The SECRET_KEY is not in them: keep it apart."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="a name that is not taken")
        parser.add_argument("--no-files", action="store_true", help="save the database only")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"].absolute()
        _require_own_tables()
        connection.close()
        archive = uploads.archive_of(target)
        try:
            if archive.exists() and not options["no_files"]:
                raise DumpRefused(f"{archive} exists already. Choose another name.")
            Database.reach(databases.owner_conninfo(connection.settings_dict["NAME"])).save(
                target, without_rows_of=LEFT_OUT
            )
            count = 0 if options["no_files"] else _save_files(target, archive)
        except DumpRefused as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"Saved the database to {target} ({_megabytes(target)}).")
        if count:
            self.stdout.write(f"Saved {count} uploaded files to {archive} ({_megabytes(archive)}).")
        self.stdout.write(
            "Keep SECRET_KEY too, but elsewhere: without it nobody's authenticator app works after a restore."
        )


def _save_files(target: Path, archive: Path) -> int:
    try:
        return uploads.save(settings.DATA_DIR, archive)
    except DumpRefused:
        target.unlink()  # half a backup would be taken for a whole one
        raise


def _require_own_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_OWNS)
        row = cursor.fetchone()
    if row is None:
        raise CommandError("There is nothing to save: the database has no tables of iNEAT.")
    if not row[0]:
        raise CommandError("This role does not own the tables. Set DATABASE_OWNER_URL to the role that does.")


def _megabytes(path: Path) -> str:
    return f"{path.stat().st_size / 1_000_000:.1f} MB"
