"""`manage.py verify_stock`: is the stock what its moves say?"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.tenancy.context import tenant
from apps.core.tenancy.queries import organization_ids
from apps.inventory.operations.verifying import verify_stock
from apps.inventory.queries.verification import Verification
from apps.organizations.models import Organization


class Command(BaseCommand):
    help = (
        "Rebuild every balance from the moves: stock, what is held, totals of products, figures of the whole stock. "
        "Name what differs. Exit code 1 when anything does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="only this organization")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["organization"]
        found, whole = 0, True
        for key in organization_ids():
            with tenant(key):
                slug = Organization.objects.get(pk=key).slug
                if wanted and slug != wanted:
                    continue
                found += 1
                whole &= self._say(slug, verify_stock())
        if wanted and not found:
            raise CommandError(f"There is no organization {wanted}.")
        if not whole:
            sys.exit(1)

    def _say(self, slug: str, result: Verification) -> bool:
        for difference in result.found:
            self.stdout.write(self.style.ERROR(f"{slug}: {difference}"))
        more = result.differences - len(result.found)
        if more > 0:
            self.stdout.write(self.style.ERROR(f"{slug}: and {more} more"))
        if result.clean:
            self.stdout.write(f"{slug}: {result.balances} balances are what {result.moves} moves say.")
        return result.clean
