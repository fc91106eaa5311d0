"""Which PostgreSQL this process talks to, and as which role.

`erp_owner` owns the tables and migrates; `erp_app` serves. Neither is a superuser, so row-level security holds for both
kinds of mistake: a forgotten filter and a forgotten policy (see docs/architecture.md, Tenancy).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import dj_database_url
from psycopg.conninfo import make_conninfo

from ineat import environment, postgres

# Commands that create or change tables. Everything else, the web and the worker included, connects as erp_app.
OWNER_COMMANDS = frozenset(
    {"migrate", "makemigrations", "create_huey_tables", "createcachetable", "pgtrigger", "release", "backup", "restore"}
)


def runs_as_owner() -> bool:
    """Whether this process needs the owner's role.

    The test runner creates and migrates its database as the owner; `tests/conftest.py` then steps down to erp_app.
    """
    return environment.testing() or (len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS)


def configure(data: Path) -> dict[str, Any]:
    """Django's DATABASES["default"]: the PostgreSQL of DATABASE_URL, else the embedded one in the data folder."""
    testing = environment.testing()
    as_owner = runs_as_owner()
    owner_url, app_url = environment.text("DATABASE_OWNER_URL"), environment.text("DATABASE_URL")
    if url := (owner_url or app_url) if as_owner else app_url:
        settings: dict[str, Any] = dict(dj_database_url.parse(url))
    else:
        cluster = postgres.ensure_running(data / ("pgtest" if testing else "pg"), durable=not testing)
        settings = {
            "NAME": "erp",
            "USER": postgres.OWNER_ROLE if as_owner else postgres.APP_ROLE,
            "HOST": str(cluster.socket_dir),
            "PORT": str(cluster.port),
        }
    settings["ENGINE"] = "django.db.backends.postgresql"
    options = settings.setdefault("OPTIONS", {})
    # Sizes above the thread count of one gunicorn worker; psycopg_pool's default of 4 makes requests queue for 30 s.
    options.setdefault("pool", {"min_size": 1, "max_size": environment.number("DATABASE_POOL", 10), "timeout": 10})
    settings["CONN_MAX_AGE"] = 0  # required by the pool
    settings["CONN_HEALTH_CHECKS"] = True
    settings["TIME_ZONE"] = None
    settings["ATOMIC_REQUESTS"] = False
    return settings


def app_role() -> str:
    """The role that the web and the worker connect as; migrations grant it what it needs."""
    if url := environment.text("DATABASE_URL"):
        return str(dj_database_url.parse(url).get("USER") or postgres.APP_ROLE)
    return postgres.APP_ROLE


def app_password() -> str:
    """Password of the serving role; empty for the embedded server, whose socket only its own user can reach."""
    if url := environment.text("DATABASE_URL"):
        return str(dj_database_url.parse(url).get("PASSWORD") or "")
    return ""


def owner_conninfo(name: str | None = None) -> str:
    """libpq connection string of the owner's role, for the tools that need it; `name` picks another database."""
    if url := environment.text("DATABASE_OWNER_URL") or environment.text("DATABASE_URL"):
        parsed: dict[str, Any] = dict(dj_database_url.parse(url))
        parts = {
            "host": parsed.get("HOST"),
            "port": parsed.get("PORT"),
            "user": parsed.get("USER"),
            "password": parsed.get("PASSWORD"),
            "dbname": name or parsed.get("NAME"),
        }
    else:
        folder = "pgtest" if environment.testing() else "pg"
        cluster = postgres.ensure_running(environment.data_dir() / folder, durable=not environment.testing())
        parts = {
            "host": str(cluster.socket_dir),
            "port": cluster.port,
            "user": postgres.OWNER_ROLE,
            "dbname": name or "erp",
        }
    return make_conninfo("", **{key: str(value) for key, value in parts.items() if value})
