"""`manage.py release`: what a new version needs before it serves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from apps.core.tenancy import leakproof

# Any number will do, as long as every release takes the same: two at once would migrate into each other.
_LOCK = 0x1AEA7


class Command(BaseCommand):
    """Migrates as the owner, makes the cache's table and, in production, collects the static files."""

    help = "Bring database and static files up to this version; run it before the new version serves."

    def handle(self, *args: Any, **options: Any) -> None:
        verbosity = options["verbosity"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            try:
                call_command("migrate", interactive=False, verbosity=verbosity)
                call_command("createcachetable", verbosity=0)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        if warning := leakproof.warning():
            self.stderr.write(self.style.WARNING(f"{warning}\nSee docs/deployment.md, Database."))
        if settings.MODE == "production":
            call_command("collectstatic", interactive=False, verbosity=0)
