"""Writes about people and their sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase

from apps.accounts.models import User

# A counter PC stays signed in for one working day, counted from the sign-in.
COUNTER_PC = timedelta(hours=12)
# How stale "last seen" may be; every page view would otherwise cost a write.
SEEN_EVERY = timedelta(minutes=5)
_SEEN = "seen_at"


def keep_signed_in(session: SessionBase, *, now: datetime) -> None:
    """Let the session outlive the browser, until a fixed moment that use does not push away."""
    session.set_expiry(now + COUNTER_PC)


def end_with_browser(session: SessionBase) -> None:
    """Let the session end when the browser closes."""
    session.set_expiry(0)


def change_person(*, user: User, name: str, density: str, single_keys: bool) -> None:
    """Save what a person decided about themselves."""
    user.name, user.density, user.single_keys = name, density, single_keys
    user.save(update_fields=["name", "density", "single_keys"])


def end_session(*, user: User, session_id: int) -> UserSession | None:
    """Sign one device of the person out at once; None when it is not theirs or gone already."""
    found: UserSession | None = UserSession.objects.filter(user=user, pk=session_id).first()
    if found is not None:
        found.end()
    return found


def end_other_sessions(*, user: User, current_key: str | None) -> int:
    """Sign the person out everywhere but here, at once; returns from how many devices."""
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=current_key or ""))
    for session in sessions:
        session.end()
    return len(sessions)


def end_all_sessions(*, user_id: int) -> int:
    """Sign a person out everywhere at once; returns from how many devices."""
    sessions = list(UserSession.objects.filter(user_id=user_id))
    for session in sessions:
        session.end()
    return len(sessions)


def record_seen(*, session: SessionBase, user: User, ip: str, user_agent: str, now: datetime) -> None:
    """Keep the list of devices true, at most once in five minutes per session."""
    last = session.get(_SEEN)
    if last is not None and now.timestamp() - last < SEEN_EVERY.total_seconds():
        return
    agent = user_agent[: UserSession._meta.get_field("user_agent").max_length]
    UserSession.objects.update_or_create(
        session_key=session.session_key,
        defaults={"user": user, "ip": ip, "user_agent": agent, "last_seen_at": now},
    )
    session[_SEEN] = now.timestamp()
