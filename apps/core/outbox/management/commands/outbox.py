"""`manage.py outbox`: what waits, what was given up, and another try by hand."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.outbox import facts, queries
from apps.core.outbox.models import OutboxMessage
from apps.core.tenancy.context import tenant


class Command(BaseCommand):
    help = "Show the outbox; with --organization and --retry try messages again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", type=int, metavar="ID", help="list this organization's open messages")
        parser.add_argument("--retry", metavar="KEY", help="a message's key, or `dead` for all that were given up")

    def handle(self, *args: Any, organization: int | None, retry: str | None, **options: Any) -> None:
        if organization is None:
            if retry:
                raise CommandError("--retry needs --organization.")
            lag = queries.lag()
            self.stdout.write(f"{lag.waiting} waiting, {lag.dead} given up, {lag.oldest_due_seconds:.0f} s behind")
            return
        with tenant(organization):
            if retry:
                self._retry(retry)
            for message in OutboxMessage.objects.exclude(state=OutboxMessage.State.DONE)[:100]:
                self.stdout.write(
                    f"{message.pk}  {message.get_state_display()}  {message}  "
                    f"{message.attempts} attempts  next {message.due_at:%Y-%m-%d %H:%M:%S}  {message.last_error}"
                )

    def _retry(self, which: str) -> None:
        if which == "dead":
            keys = list(OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD).values_list("pk", flat=True))
        elif which.isdecimal():
            keys = [int(which)]
        else:
            raise CommandError("--retry takes a message's key, or `dead`.")
        for key in keys:
            try:
                facts.retry(key=key)
            except OutboxMessage.DoesNotExist:
                raise CommandError(f"This organization has no open message {key}.") from None
        self.stdout.write(f"{len(keys)} to be tried again")
