"""Sessions in the database, each read together with the person on whose device it is.

Django reads the session, and then the person whom it names, on every request. The list of devices knows both, so one
statement does. Named by `SESSION_ENGINE`.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from apps.accounts.models import User
from apps.core.written import Written

_READ = Written(
    """
    SELECT {session}, {person} FROM django_session session
    LEFT JOIN usersessions_usersession device ON device.session_key = session.session_key
    LEFT JOIN accounts_user person ON person.id = device.user_id
    WHERE session.session_key = %s AND session.expire_date > %s
    """,
    session=Session,
    person=User,
)


class SessionStore(db.SessionStore):
    """`person` is whoever the device belongs to, once the session has been read. Whether the session lets them in is
    for the middleware to say."""

    person: User | None = None

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing when there is none, or its time is over."""
        found = _READ.fetch(self.session_key, timezone.now()) if self.session_key else []
        if not found:
            self._session_key = None
            return {}
        session, self.person = found[0]
        return self.decode(session.session_data)
