"""`manage.py verify_audit`: does the history still read as it was sealed?"""

from __future__ import annotations

import re
import sys
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.audit.queries import every_organization
from apps.core.audit.verification import Report, verify_current_organization
from apps.core.tenancy.context import tenant

_NOTED = re.compile(r"^(?P<number>[1-9][0-9]*):(?P<hash>0x[0-9a-f]{64})$")


class Command(BaseCommand):
    help = (
        "Recompute every seal, compare every sealed event and every live row, and name what was altered, removed or "
        "added behind the application's back. Exit code 1 when anything was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="only this organization")
        parser.add_argument(
            "--expect",
            metavar="NUMBER:HASH",
            action="append",
            default=[],
            help="a seal noted elsewhere, as an earlier run printed it; shows whether the chain was written again. "
            "Needs --organization",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        expected = _noted(options["expect"])
        slug = options["organization"]
        if expected and not slug:
            raise CommandError("--expect needs --organization: seals are numbered in each organization.")
        found = whole = 0
        for organization_id in every_organization():
            with tenant(organization_id):
                organization = apps.get_model(settings.TENANT_MODEL)._default_manager.get(pk=organization_id)
                if slug and organization.slug != slug:
                    continue
                report = verify_current_organization(expected)
            found += 1
            whole += self._say(organization.slug, report)
        if slug and not found:
            raise CommandError(f"There is no organization {slug}.")
        if whole < found:
            sys.exit(1)

    def _say(self, slug: str, report: Report) -> bool:
        for finding in report.findings:
            self.stdout.write(self.style.ERROR(f"{slug}: {finding.text}"))
        if report.findings:
            return False
        self.stdout.write(
            f"{slug}: {report.seals} seals and {report.events} sealed events are as they were; "
            f"{report.waiting} events wait for a seal; {report.rows} live rows equal their latest event."
        )
        if report.last_seal:
            self.stdout.write(f"{slug}: note the last seal elsewhere: {report.last_seal}")
        return True


def _noted(values: list[str]) -> dict[int, str]:
    noted: dict[int, str] = {}
    for value in values:
        match = _NOTED.match(value.lower())
        if match is None:
            raise CommandError(f"{value!r} is no seal: write NUMBER:HASH as verify_audit printed it.")
        noted[int(match["number"])] = match["hash"]
    return noted
