"""What a deployment must know about its sign-in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks

CONSOLE = "django.core.mail.backends.console.EmailBackend"


@checks.register(checks.Tags.security, deploy=True)
def mail_leaves_the_house(**_options: Any) -> list[checks.CheckMessage]:
    """Codes and reset links printed into a log would let its readers in, and nobody else."""
    if settings.EMAIL_BACKEND != CONSOLE:
        return []
    return [
        checks.Warning(
            "E-mail is printed to the log: nobody receives a sign-up code, an invitation or a reset link.",
            hint="Set EMAIL_URL, such as smtps://user:password@mail.example:465, and DEFAULT_FROM_EMAIL.",
            id="accounts.W001",
        )
    ]
