"""What a person finds in the menu under their name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.ui import registry


def register() -> None:
    """Called from `AppConfig.ready()`."""
    registry.add(
        registry.PersonLink(_("Your account"), icon="user-circle", route="account_settings", order=10),
        registry.PersonLink(_("Passkeys and password"), icon="key", route="mfa_index", order=20),
        registry.PersonLink(_("Signed-in devices"), icon="device-laptop", route="usersessions_list", order=30),
    )
