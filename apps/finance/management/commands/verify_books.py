"""`manage.py verify_books`: recompute everything that the books keep, and name what is off."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.tenancy.context import tenant
from apps.core.tenancy.queries import organization_ids
from apps.finance.operations import verify_books
from apps.finance.verify import label_of
from apps.organizations.models import Organization


class Command(BaseCommand):
    help = "Check every entry, summary, control account and number series of every organization, or of one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", type=int, help="only this one, by its key")

    def handle(self, *_args: Any, **options: Any) -> None:
        wanted = options["organization"]
        faults = 0
        for key in [wanted] if wanted else organization_ids():
            with tenant(key):
                name = Organization.objects.get(pk=key).name
                found = verify_books()
            self.stdout.write(f"{name}: {found.fault_count or 'no'} faults")
            for result in found.results:
                self.stdout.write(f"  {label_of(result['name'])}: {result['looked_at']} looked at")
                for fault in result["faults"]:
                    self.stdout.write(f"    {fault}")
            faults += found.fault_count
        if faults:
            raise CommandError(f"{faults} faults in the books.")
