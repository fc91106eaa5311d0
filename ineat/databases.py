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
from psycopg.pq import Conninfo

from ineat import environment, postgres

# Commands that create or change tables. Everything else, the web and the worker included, connects as erp_app.
OWNER_COMMANDS = frozenset(
    {"migrate", "makemigrations", "createcachetable", "pgtrigger", "release", "backup", "restore"}
)


_LIBPQ = frozenset(part.keyword.decode() for part in Conninfo.get_defaults())


def runs_as_owner() -> bool:
    """Whether this process needs the owner's role.

    The test runner creates and migrates its database as the owner; `tests/conftest.py` then steps down to erp_app.
    """
    return environment.testing() or (len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS)


def configure() -> dict[str, Any]:
    """Django's DATABASES["default"]: the PostgreSQL of DATABASE_URL, else the embedded one in the data folder."""
    settings = _target(as_owner=runs_as_owner())
    settings["ENGINE"] = "ineat.backend"
    options = settings.setdefault("OPTIONS", {})
    options.setdefault(
        "pool",
        {
            "min_size": 1,
            # Above the thread count of one gunicorn worker; psycopg_pool's default of 4 makes requests queue.
            "max_size": environment.number("DATABASE_POOL", 10),
            # How long a request waits for a connection before it says that the database does not answer.
            "timeout": environment.number("DATABASE_TIMEOUT", 5),
            # Give up an attempt early: the next request starts a new one at once, while an old one waits ever longer.
            "reconnect_timeout": 2,
        },
    )
    options.setdefault("connect_timeout", environment.number("DATABASE_TIMEOUT", 5))
    settings["CONN_MAX_AGE"] = 0  # required by the pool
    settings["CONN_HEALTH_CHECKS"] = False  # `ineat.backend` checks, and faster gets over a restart
    settings["TIME_ZONE"] = None
    settings["ATOMIC_REQUESTS"] = False
    return settings


def app_role() -> str:
    """The role that the web and the worker connect as; migrations grant it what it needs."""
    return str(_target(as_owner=False).get("USER") or postgres.APP_ROLE)


def app_password() -> str:
    """Password of the serving role; empty for the embedded server, whose socket only its own user can reach."""
    return str(_target(as_owner=False).get("PASSWORD") or "")


def owner_conninfo(name: str | None = None) -> str:
    """libpq connection string of the owner's role, for the tools that need it; `name` picks another database."""
    return _conninfo(_target(as_owner=True), name)


def app_conninfo(name: str | None = None) -> str:
    """libpq connection string of the serving role, for what does not go through Django: the queue."""
    return _conninfo(_target(as_owner=False), name)


def embedded() -> bool:
    """Whether iNEAT starts its own PostgreSQL."""
    return not environment.text("DATABASE_URL")


def cluster_dir() -> Path:
    """Where the embedded server's data lies. Tests have servers of their own, which may lose it.

    Each worker of a test run has one: on a shared server an open transaction of one holds back the seals of the others.
    """
    return environment.data_dir() / (f"pgtest{environment.worker_of_tests()}" if environment.testing() else "pg")


def _target(*, as_owner: bool) -> dict[str, Any]:
    """Django's names for where and as whom to connect."""
    owner_url, app_url = environment.text("DATABASE_OWNER_URL"), environment.text("DATABASE_URL")
    if app_url:
        return dict(dj_database_url.parse((owner_url if as_owner else "") or app_url))
    cluster = postgres.ensure_running(cluster_dir(), durable=not environment.testing())
    return {
        "NAME": postgres.DATABASE,
        "USER": postgres.OWNER_ROLE if as_owner else postgres.APP_ROLE,
        "HOST": str(cluster.socket_dir),
        "PORT": str(cluster.port),
    }


def _conninfo(target: dict[str, Any], name: str | None) -> str:
    named = {
        "host": target.get("HOST"),
        "port": target.get("PORT"),
        "user": target.get("USER"),
        "password": target.get("PASSWORD"),
        "dbname": name or target.get("NAME"),
        # What the URL says of encryption and the like: sslmode, sslrootcert, options.
        **{key: value for key, value in target.get("OPTIONS", {}).items() if key in _LIBPQ},
    }
    return make_conninfo("", **{key: str(value) for key, value in named.items() if value})
