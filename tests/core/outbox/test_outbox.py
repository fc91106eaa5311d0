"""Facts are written with what made them true, reach every handler once, and are never lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from apps.core.outbox import operations, queries, registry
from apps.core.outbox.facts import emit, retry
from apps.core.outbox.models import OutboxMessage
from apps.core.outbox.registry import Fact
from apps.core.outbox.rules import MOST_ATTEMPTS
from apps.core.outbox.tasks import sweep
from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization, Role
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def organization() -> Organization:
    return factories.organization()


def test_each_handler_gets_the_fact_once(organization: Organization, outbox_handlers: dict[str, Any]) -> None:
    seen: list[tuple[str, Fact]] = []
    registry.register("bill.posted", "first", lambda fact: seen.append(("first", fact)))
    registry.register("bill.posted", "second", lambda fact: seen.append(("second", fact)))
    with tenant(organization.pk):
        emit(topic="bill.posted", payload={"bill": 7})
        assert seen == [], "nothing is handed over before the commit"
    assert [(name, fact.topic, fact.payload) for name, fact in seen] == [
        ("first", "bill.posted", {"bill": 7}),
        ("second", "bill.posted", {"bill": 7}),
    ]
    sweep()
    assert len(seen) == 2


def test_a_rolled_back_fact_never_happened(organization: Organization, outbox_handlers: dict[str, Any]) -> None:
    seen: list[Fact] = []
    registry.register("bill.posted", "first", seen.append)

    def fail_after_emitting() -> None:
        with tenant(organization.pk):
            emit(topic="bill.posted", payload={})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_emitting()
    sweep()
    assert seen == []
    with tenant(organization.pk):
        assert not OutboxMessage.objects.exists()


def test_a_failing_handler_leaves_nothing_behind_and_waits(
    organization: Organization, outbox_handlers: dict[str, Any]
) -> None:
    def half(fact: Fact) -> None:
        Role.objects.create(name="Half done")
        raise RuntimeError("the mail server is away")

    registry.register("bill.posted", "half", half)
    with tenant(organization.pk):
        emit(topic="bill.posted", payload={})
    with tenant(organization.pk):
        message = OutboxMessage.objects.get()
        assert message.state == OutboxMessage.State.WAITING
        assert message.attempts == 1
        assert "the mail server is away" in message.last_error
        assert message.due_at > timezone.now()
        assert not Role.objects.filter(name="Half done").exists()


def test_a_handler_that_always_fails_ends_as_a_dead_letter_and_can_be_retried(
    organization: Organization, outbox_handlers: dict[str, Any]
) -> None:
    working = False
    calls = 0

    def moody(fact: Fact) -> None:
        nonlocal calls
        calls += 1
        if not working:
            raise RuntimeError("still broken")

    registry.register("bill.posted", "moody", moody)
    with tenant(organization.pk):
        emit(topic="bill.posted", payload={})
    for _ in range(MOST_ATTEMPTS):
        with tenant(organization.pk):
            OutboxMessage.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))
        sweep()
    assert calls == MOST_ATTEMPTS
    assert queries.lag().dead == 1
    with tenant(organization.pk):
        message = OutboxMessage.objects.get()
        assert message.state == OutboxMessage.State.DEAD
        working = True
        retry(key=message.pk)
    assert calls == MOST_ATTEMPTS + 1
    with tenant(organization.pk):
        assert OutboxMessage.objects.get().state == OutboxMessage.State.DONE
    assert queries.lag().dead == 0


def test_a_handler_of_an_older_version_is_named(organization: Organization, outbox_handlers: dict[str, Any]) -> None:
    registry.register("bill.posted", "gone", lambda fact: None)
    with tenant(organization.pk), transaction.atomic():
        (message,) = emit(topic="bill.posted", payload={})
        outbox_handlers.clear()
    with tenant(organization.pk):
        message.refresh_from_db()
        assert "No handler is called gone" in message.last_error


def test_two_workers_run_a_message_once(organization: Organization, outbox_handlers: dict[str, Any]) -> None:
    calls: list[bool] = []

    def outer(fact: Fact) -> None:
        # Another worker comes along while this one holds the row.
        import threading

        thread = threading.Thread(
            target=lambda: calls.append(operations.dispatch(organization_id=organization.pk, key=fact.key))
        )
        thread.start()
        thread.join()

    registry.register("bill.posted", "outer", outer)
    with tenant(organization.pk):
        emit(topic="bill.posted", payload={})
    assert calls == [False]


def test_the_command_shows_and_retries(
    organization: Organization, outbox_handlers: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(fact: Fact) -> None:
        raise RuntimeError("no paper")

    registry.register("bill.posted", "printer", fail)
    with tenant(organization.pk):
        emit(topic="bill.posted", payload={})
    call_command("outbox")
    assert "1 waiting, 0 given up" in capsys.readouterr().out
    call_command("outbox", organization=organization.pk)
    assert "no paper" in capsys.readouterr().out


def test_names_of_handlers_are_unique(outbox_handlers: dict[str, Any]) -> None:
    registry.register("a", "same", lambda fact: None)
    with pytest.raises(ValueError, match="same"):
        registry.register("b", "same", lambda fact: None)
