"""kill -9 while a handler works: nothing is lost, nothing is done twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apps.core.outbox import registry
from apps.core.outbox.models import OutboxMessage
from apps.core.outbox.registry import Fact
from apps.core.outbox.tasks import sweep
from apps.core.tenancy.context import tenant
from apps.organizations.models import Role
from tests import factories, processes

_WORKER = """
import sys, time, pathlib
from apps.core.outbox import operations, registry
from apps.organizations.models import Role

def handler(fact):
    Role.objects.create(name="From the fact")
    pathlib.Path(sys.argv[3]).touch()
    time.sleep(60)

registry.register("bill.posted", "writes", handler)
operations.dispatch(organization_id=int(sys.argv[1]), key=int(sys.argv[2]))
"""


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_nothing_and_doubles_nothing(tmp_path: Path, outbox_handlers: dict[str, Any]) -> None:
    organization = factories.organization()
    done = 0

    def handler(fact: Fact) -> None:
        nonlocal done
        done += 1
        Role.objects.create(name="From the fact")

    # The web process dies before it could queue the message: only the row is left.
    registry.register("bill.posted", "writes", handler)
    with tenant(organization.pk):
        (message,) = OutboxMessage.objects.bulk_create([OutboxMessage(topic="bill.posted", handler="writes")])

    reached = tmp_path / "reached"
    worker = processes.start(_WORKER, str(organization.pk), str(message.pk), str(reached))
    processes.wait_for(reached, worker)
    worker.kill()
    worker.wait()

    with tenant(organization.pk):
        assert OutboxMessage.objects.get().state == OutboxMessage.State.WAITING
        assert not Role.objects.filter(name="From the fact").exists()
    for _ in range(100):
        sweep()  # the dead worker's lock goes with its connection, which the server may take a moment to notice
        if done:
            break
    sweep()
    assert done == 1
    with tenant(organization.pk):
        assert OutboxMessage.objects.get().state == OutboxMessage.State.DONE
        assert Role.objects.filter(name="From the fact").count() == 1
