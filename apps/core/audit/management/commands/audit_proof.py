"""`manage.py audit_proof`: the proof of one event, for `tools/verify_seal.py`."""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.audit.proofs import NoProof, build_proof
from apps.core.audit.queries import every_organization
from apps.core.tenancy.context import tenant


class Command(BaseCommand):
    help = "Write the proof that one event of the history is as it was sealed. Check it with tools/verify_seal.py."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", metavar="SLUG")
        parser.add_argument("table", help="history table, such as organizations_branchevent")
        parser.add_argument("event", type=int, help="number of the event")
        parser.add_argument("--through", type=int, metavar="SEAL", help="link every seal up to this one as well")

    def handle(self, *args: Any, **options: Any) -> None:
        for key in every_organization():
            with tenant(key):
                if apps.get_model(settings.TENANT_MODEL)._default_manager.get(pk=key).slug != options["organization"]:
                    continue
                try:
                    proof = build_proof(options["table"], options["event"], through=options["through"])
                except NoProof as reason:
                    raise CommandError(str(reason)) from None
            self.stdout.write(json.dumps(proof, indent=1))
            return
        raise CommandError(f"There is no organization {options['organization']}.")
