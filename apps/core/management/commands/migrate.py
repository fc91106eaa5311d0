"""`manage.py migrate`: Django's, in a fraction of the time."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as DjangoCommand

from apps.core.management.light_states import light_states


class Command(DjangoCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        with light_states():
            super().handle(*args, **options)
