"""Child processes that work on the test database, for tests that kill them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from ineat import environment

_PREAMBLE = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "ineat.settings"
import django
django.setup()
"""


def database_url() -> str:
    """DATABASE_URL of the test database, in the role that the tests have."""
    settings = connection.settings_dict
    password = f":{quote(settings['PASSWORD'])}" if settings.get("PASSWORD") else ""
    host = quote(str(settings["HOST"]), safe="")
    port = f":{settings['PORT']}" if settings.get("PORT") else ""
    return f"postgres://{settings['USER']}{password}@{host}{port}/{settings['NAME']}"


def start(source: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python process with Django set up on the test database, running the source with `sys.argv[1:]`."""
    return subprocess.Popen(
        [sys.executable, "-c", _PREAMBLE + textwrap.dedent(source), *arguments],
        cwd=environment.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url(), "INEAT_MODE": "development"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for(path: Path, process: subprocess.Popen[str], seconds: float = 30) -> None:
    """Wait until the process has made the file, which says how far it is."""
    deadline = time.monotonic() + seconds
    while not path.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise AssertionError(f"The process did not get there: {process.communicate()[0]}")
        time.sleep(0.02)
