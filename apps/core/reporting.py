"""What each log line says about who was at work and for whom, and what none may say."""

from __future__ import annotations

import re

from structlog.typing import EventDict, WrappedLogger

from apps.core.tenancy.context import active_organization_id


def add_who_and_where(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Adds the organization entered, and request id and person where Django hands the request along.

    It asks the database nothing: a log line must not fail, least of all one that says the database is away.
    """
    request = getattr(event.get("_record"), "request", None)
    if request is not None:
        event.setdefault("request_id", getattr(request, "request_id", ""))
        event.setdefault("user", person_of(request))
    organization_id = active_organization_id()
    if organization_id is not None:
        event.setdefault("organization", organization_id)
    return event


# Links that let in whoever has them: invitations, and new passwords before allauth moves the key into the session.
_LET_IN = re.compile(r"(/invitations/|/password/reset/key/)(?!\d+-set-password/)[^/\s\"'?]+")


def without_secrets(text: str) -> str:
    """The text with the secret part of such addresses cut out: logs are read by more people than mailboxes."""
    return _LET_IN.sub(r"\1…", text)


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Applies `without_secrets` to what a log line says and to the address it names."""
    for name in ("event", "path"):
        if isinstance(event.get(name), str):
            event[name] = without_secrets(event[name])
    return event


def person_of(request: object) -> int | None:
    """Key of the signed-in person if the request has asked for it already; None when nobody has, or nobody is."""
    member = getattr(request, "member", None)
    if member is not None:
        return int(member.user_id)
    user = getattr(request, "_cached_user", None)
    return None if user is None else user.pk
