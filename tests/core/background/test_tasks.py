"""Work left to the background: after the commit, inside its organization, once per run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import HUEY

from apps.core.background import queries, tasks
from apps.core.background.models import PeriodicRun
from apps.core.background.operations import claim_run
from apps.core.tenancy.context import active_organization_id
from apps.core.tenancy.queries import organization_ids
from tests import factories

pytestmark = pytest.mark.django_db

seen: list[Any] = []


@pytest.fixture(autouse=True)
def _forget() -> None:
    seen.clear()


def _source() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pghistory.context_metadata', true)::json ->> 'source'")
        return str(cursor.fetchone()[0])


@tasks.tenant_task
def note(organization_id: int, words: str) -> None:
    seen.append((organization_id, active_organization_id(), words, _source()))


@tasks.task
def plain(words: str) -> None:
    seen.append((words, active_organization_id()))


@tasks.tenant_task(retries=2, retry_delay=0)
def stubborn(organization_id: int) -> None:
    seen.append(organization_id)
    raise ValueError("not yet")


def test_a_task_waits_for_the_commit(django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    organization = factories.organization()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        note(organization.pk, "hello")
        assert seen == []
    assert seen == [(organization.pk, organization.pk, "hello", "task note")]
    assert active_organization_id() is None


def test_what_is_rolled_back_leaves_no_task(django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        plain("hello")
        transaction.set_rollback(True)
    assert seen == []


def test_a_plain_task_is_in_no_organization(django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        plain("hello")
    assert seen == [("hello", None)]


def test_a_task_can_be_done_here_and_now() -> None:
    organization = factories.organization()
    note.call_local(organization.pk, "now")
    assert seen == [(organization.pk, organization.pk, "now", "task note")]


def test_a_task_that_fails_is_tried_again(django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    organization = factories.organization()
    with django_capture_on_commit_callbacks(execute=True):
        stubborn(organization.pk)
    assert seen == [organization.pk] * 3


def test_a_run_is_claimed_once_a_minute() -> None:
    moment = datetime(2026, 4, 1, 9, 30, 5, tzinfo=UTC)
    assert claim_run(task="x", moment=moment)
    assert not claim_run(task="x", moment=moment + timedelta(seconds=50))
    assert claim_run(task="y", moment=moment)
    assert claim_run(task="x", moment=moment + timedelta(seconds=55))
    assert not claim_run(task="x", moment=moment), "a worker whose clock is late does not run it again"


def test_a_periodic_task_runs_only_for_the_worker_that_claims_it() -> None:
    @tasks.periodic(crontab(minute="*"))
    def chime() -> None:
        seen.append("chime")

    name = f"{chime.__module__}.{chime.__qualname__}"
    registered = [task for task in HUEY._registry.periodic_tasks if task.name == name]
    try:
        for _ in range(2):
            registered[0].execute()
        assert seen == ["chime"]
        PeriodicRun.objects.filter(task=name).update(ran_at=timezone.now() - timedelta(minutes=2))
        registered[0].execute()
        assert seen == ["chime", "chime"]
    finally:
        HUEY._registry.unregister(type(registered[0]))


def test_each_organization_gets_its_turn_even_after_one_failed(caplog: pytest.LogCaptureFixture) -> None:
    first, broken, last, closed = (factories.organization() for _ in range(4))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.organization_id', %s, true)", [str(closed.pk)])
        cursor.execute("UPDATE organizations_organization SET active = false WHERE id = %s", [closed.pk])
        cursor.execute("SELECT set_config('app.organization_id', '', true)")

    def visit(organization_id: int) -> None:
        if organization_id == broken.pk:
            raise ValueError("broken")
        seen.append((organization_id, active_organization_id(), _source()))

    with caplog.at_level(logging.ERROR), pytest.raises(ExceptionGroup) as group:
        tasks.for_each_organization(visit, source="visit")
    mine = [entry for entry in seen if entry[0] in {first.pk, last.pk, closed.pk}]
    assert mine == [(first.pk, first.pk, "task visit"), (last.pk, last.pk, "task visit")]
    assert [str(error) for error in group.value.exceptions] == ["broken"]
    assert f"visit failed for organization {broken.pk}" in caplog.text


def test_the_serving_role_learns_the_keys_of_active_organizations_and_nothing_else() -> None:
    organization = factories.organization()
    assert organization.pk in organization_ids()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM organizations_organization")
        assert cursor.fetchone()[0] == 0


def test_the_heartbeat_is_late_after_three_minutes() -> None:
    PeriodicRun.objects.all().delete()
    assert queries.worker_heartbeat() is None
    assert queries.worker_is_late()
    tasks.first_heartbeat()
    age = queries.worker_heartbeat()
    assert age is not None
    assert age < timedelta(seconds=30)
    assert not queries.worker_is_late()
    PeriodicRun.objects.update(ran_at=timezone.now() - timedelta(minutes=4))
    assert queries.worker_is_late()


def test_the_heartbeat_is_the_run_that_is_read() -> None:
    names = [task.name for task in HUEY._registry.periodic_tasks]
    assert queries.HEARTBEAT in names
