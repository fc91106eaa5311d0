"""How log lines look: JSON for machines in production, plain lines for people elsewhere.

Everything goes through the standard library's logging; structlog only formats. Values bound with
`structlog.contextvars` (request, task) are on every line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Attributes that callers may add with `extra=`; everything else in a record is logging's own bookkeeping.
EXTRA = ["method", "path", "status", "ms", "user", "error_id"]

_COLUMNS = ("request_id", "organization", "user", "task")


def configuration(*, machine_readable: bool, processors: Sequence[Processor] = ()) -> dict[str, Any]:
    """A dictionary for logging.config; `processors` add what only the application knows."""
    last: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if machine_readable
        else [structlog.processors.format_exc_info, _plain]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [
                    structlog.stdlib.add_log_level,
                    structlog.stdlib.add_logger_name,
                    structlog.stdlib.ExtraAdder(allow=EXTRA),
                    structlog.processors.TimeStamper(fmt="iso", utc=True),
                    structlog.contextvars.merge_contextvars,
                    *processors,
                ],
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "gunicorn.error": {"level": "INFO", "propagate": True, "handlers": []},
            "gunicorn.access": {"level": "WARNING", "propagate": True, "handlers": []},
            # Django's own: through the root handler, and without its second copy of every fault by e-mail.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # The queue says each task twice, and the connection pool every attempt while the database is away. With no
            # handler of its own huey would add one.
            "huey": {"level": "WARNING", "handlers": ["console"], "propagate": False},
            "psycopg.pool": {"level": "ERROR"},
        },
    }


def _plain(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """`12:30:05 warning  words  [request_id=… user=3]`, and below it the traceback."""
    time = str(event.get("timestamp", ""))[11:19]
    known = " ".join(f"{name}={event[name]}" for name in _COLUMNS if event.get(name) not in (None, ""))
    line = f"{time} {event.get('level', ''):<7} {event.get('event', '')}" + (f"  [{known}]" if known else "")
    return f"{line}\n{event['exception']}" if event.get("exception") else line
