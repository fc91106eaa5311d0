"""Background work: huey on the application's own database, or on Redis where REDIS_URL names one."""

from ineat import databases, environment

# Tests run tasks where they are called; left to itself huey would do so whenever DEBUG is on.
HUEY = {
    "huey_class": "apps.core.background.queue.Queue",
    "name": "ineat",
    "immediate": environment.testing(),
    "results": False,
}
if environment.text("REDIS_URL"):
    HUEY |= {"huey_class": "huey.RedisHuey", "connection": {"url": environment.text("REDIS_URL")}}
else:
    HUEY |= {
        # huey's own connections: it commits each step for itself, and listens for new work.
        "connection": {"dsn": databases.app_conninfo(), "create_tables": False},
    }
