"""An installation of its own: a data folder with an embedded server, used through `manage.py` as an operator does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from ineat import databases, environment, postgres
from ineat.postgres import OWNER_ROLE
from tests.platform.product import plain_environment
from tests.processes import database_url

SECRET = "kept-with-the-backup-but-in-another-place-0123456789"


class Installation:
    """One data folder. Its server runs as long as a command does, or the `with` block of `running`."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def manage(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command of manage.py."""
        return self.python("manage.py", *arguments, **variables)

    def script(self, source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python with Django set up, as the serving role."""
        setup = "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'ineat.settings'\nimport django\ndjango.setup()\n"
        return self.python("-c", setup + source, *arguments)

    def python(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        settings = {"INEAT_DATA": str(self.data), "INEAT_MODE": "development", "SECRET_KEY": SECRET}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=environment.BASE_DIR,
            env=plain_environment(**settings | variables),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    @contextmanager
    def running(self) -> Iterator[psycopg.Connection[Any]]:
        """Keep the server up and connect to it as the owner."""
        folder = self.data / "pg"
        cluster = postgres.ensure_running(folder)
        try:
            with psycopg.connect(cluster.conninfo(OWNER_ROLE), autocommit=True) as link:
                yield link
        finally:
            postgres.release(folder)


def back_up_tests(target: Path, *options: str, data: Path) -> subprocess.CompletedProcess[str]:
    """`manage.py backup` of the database that the tests use; uploads are those of the data folder."""
    urls = {"DATABASE_URL": database_url(), "DATABASE_OWNER_URL": owner_url()}
    return Installation(data).manage("backup", str(target), *options, **urls)


def owner_url(name: str = "") -> str:
    """DATABASE_OWNER_URL of the tests' database, or of another on its server."""
    parts = conninfo_to_dict(databases.owner_conninfo(name or connection.settings_dict["NAME"]))
    password = f":{quote(str(parts['password']))}" if parts.get("password") else ""
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"postgres://{parts['user']}{password}@{quote(str(parts.get('host', '')), safe='')}{port}/{parts['dbname']}"
