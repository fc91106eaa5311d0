"""The raw limits, and what a page costs besides time."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection
from django.test import Client

from benchmarks.place import House, Server
from ineat import databases


class Probe:
    """One connection in the role that serves, inside the organization, as fast as PostgreSQL answers."""

    def __init__(self) -> None:
        self.connection = psycopg.connect(databases.app_conninfo(), autocommit=True)

    def _enter(self, house: House) -> None:
        self.connection.execute("SELECT set_config('app.organization_id', %s, false)", [str(house.key)])

    def fetch(self, house: House, query: str, *values: Any) -> list[Any]:
        """Rows of a hand-written query."""
        self._enter(house)
        return self.connection.execute(query.encode(), values or None).fetchall()

    def copy(self, house: House, query: str) -> int:
        """Bytes that COPY writes for the query."""
        self._enter(house)
        with self.connection.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT csv)".encode()) as copy:
            return sum(len(piece) for piece in copy)

    def queries(self, path: str, house: House, headers: dict[str, str]) -> int:
        """How many statements a page sends, counted in this process."""
        counted = 0

        def count(execute: Any, *given: Any) -> Any:
            nonlocal counted
            counted += 1
            return execute(*given)

        client = Client(
            SERVER_NAME="localhost", headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        client.cookies.load(house.cookie)
        client.get(path)
        with connection.execute_wrapper(count):
            client.get(path)
        return counted

    def cpu(self, server: Server, path: str, house: House, headers: dict[str, str], requests: int = 50) -> float:
        """Milliseconds of CPU that one request takes in the server."""
        before = server.cpu_seconds()
        for _ in range(requests):
            server.get(path, house.cookie, **headers)
        return (server.cpu_seconds() - before) * 1000 / requests
