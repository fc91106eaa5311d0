"""One line of the access matrix: an address and who may open it."""

from __future__ import annotations

from dataclasses import dataclass

PUBLIC = "public"
"""Anybody, signed in or not."""
SIGNED_OUT = "signed out"
"""Ways in: somebody who is in already is sent on."""
SIGNED_IN = "signed in"
"""Every person, in whichever organization."""
MEMBER = "member"
"""Every member of the organization, whatever their role."""


@dataclass(frozen=True)
class Route:
    """An address, who may use it, and what it answers to them when an empty body is posted."""

    name: str
    access: str
    """PUBLIC, SIGNED_OUT, SIGNED_IN, MEMBER or the name of the right it needs."""
    object: str = ""
    get: int = 200
    post: int = 405
    csrf: bool = True
    """Whether a POST without a token is refused. Without it only where the address is for machines, with the reason."""
    signed_out: tuple[int, int] | None = None
    """PUBLIC only: GET and POST for somebody who is not signed in, where they differ."""
    page: bool = True
    """False for what is no page by itself: a part that a page asks for, a file, an answer to a machine."""
    equipped: bool = False
    """Asked for by somebody who has a password, an authenticator app, recovery codes and a passkey."""

    @property
    def right(self) -> str | None:
        return self.access if "." in self.access else None
