"""Reads about people and their sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings

from apps.accounts.models import User
from apps.accounts.rules import Device, device_of

# The demo organization's own domain; `.example` can belong to nobody (RFC 2606).
DEMO_DOMAIN = "@banyankite.example"


@dataclass(frozen=True, slots=True)
class SignedInDevice:
    """One place where a person is signed in."""

    id: int
    device: Device
    ip: str
    signed_in_at: datetime
    last_seen_at: datetime
    current: bool


def devices_of(user: User, current_key: str | None) -> list[SignedInDevice]:
    """Where the person is signed in: this device first, then by last use. Sessions that ended are forgotten."""
    found = [
        SignedInDevice(
            id=session.pk,
            device=device_of(session.user_agent),
            ip=session.ip,
            signed_in_at=session.created_at,
            last_seen_at=session.last_seen_at,
            current=session.session_key == current_key,
        )
        for session in UserSession.objects.purge_and_list(user)
    ]
    return sorted(found, key=lambda one: (not one.current, -one.last_seen_at.timestamp()))


def demo_people() -> list[User]:
    """The people a visitor of the demo may be, nobody outside demo mode.

    Somebody who signed up with such an address has set a password, so they are not offered.
    """
    if not settings.DEMO:
        return []
    people = User.objects.filter(email__iendswith=DEMO_DOMAIN, is_active=True).order_by("id")
    return [person for person in people if not person.has_usable_password()]
