"""When a message that failed is tried again."""

from __future__ import annotations

import datetime as dt

# Tries spread over about a day: a mail server's bad morning passes, a bug does not.
MOST_ATTEMPTS = 10
_FIRST_WAIT = dt.timedelta(seconds=30)
_LONGEST_WAIT = dt.timedelta(hours=6)


def wait_after(attempts: int) -> dt.timedelta | None:
    """How long to wait after so many failed attempts, doubling from 30 s to 6 h; None when it is given up.

    Raises:
        ValueError: fewer than one attempt.
    """
    if attempts < 1:
        raise ValueError("A message waits only after an attempt.")
    if attempts >= MOST_ATTEMPTS:
        return None
    return min(_FIRST_WAIT * (1 << attempts - 1), _LONGEST_WAIT)
