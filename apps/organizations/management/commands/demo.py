"""Make the demo organization: `manage.py demo [--scale N] [--seed S]`."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.organizations import demo


class Command(BaseCommand):
    """Builds the invented organization that visitors look around in; run again, it adds what is missing."""

    help = "Make Banyan & Kite Distributors, the invented organization to look around in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="How many times the usual amount; 1 by default.")
        parser.add_argument("--seed", type=int, default=1, help="The same number makes the same data; 1 by default.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["scale"] < 1:
            raise CommandError("--scale is at least 1.")
        begun = time.monotonic()
        try:
            for told in demo.make(seed=options["seed"], scale=options["scale"]):
                self.stdout.write(f"  {told}")
        except demo.DemoInTheWay as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Banyan & Kite Distributors is ready ({time.monotonic() - begun:.1f} s).")
