"""See the package. Django looks for the class under this name."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Hands out connections that are known to live.

    psycopg's pool can check them itself, but after a restart of the server, when all that lie in it are dead, it tries
    one after the other with ever longer pauses, and requests wait in vain for seconds. Here one dead connection empties
    the pool.
    """

    def get_new_connection(self, conn_params: Any) -> Any:
        """A connection from the pool, or a new one where there is no pool.

        Raises:
            psycopg.OperationalError: the server does not answer.
        """
        connection = super().get_new_connection(conn_params)
        if self.pool is None:
            return connection
        try:
            connection.execute("")
        except psycopg.OperationalError:
            self.pool.putconn(connection)
            self.pool.drain()
            connection = super().get_new_connection(conn_params)
        return connection
