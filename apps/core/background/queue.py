"""Where tasks wait: PostgreSQL tables beside the application's own."""

from __future__ import annotations

from typing import Any

import psycopg
from huey import Huey
from huey.storage import PostgresStorage


class QueueStorage(PostgresStorage):
    """huey's PostgreSQL storage on a connection that is known to live.

    The database may have been restarted since the last task. Without the question the first task after that would be
    refused, and the page that wanted to leave it would fail.
    """

    @property
    def conn(self) -> Any:
        connection = super().conn
        try:
            connection.execute("")
        except psycopg.OperationalError:
            self._close_quiet(connection)
            connection = super().conn
        return connection


class Queue(Huey):
    """The queue on PostgreSQL."""

    storage_class = QueueStorage
