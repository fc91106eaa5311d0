"""Every committed event is sealed once: late commits, two sealers and an open writer included."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from huey.contrib import djhuey

from apps.core.audit import operations, rules, tasks
from apps.core.audit.history import history_model, history_models
from apps.core.audit.models import Seal, SealedTable
from apps.core.audit.operations import NumberingWentBack, seal_all, seal_organization
from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch
from tests.core.audit.conftest import Background, new_branch, new_organization

pytestmark = [pytest.mark.concurrency, pytest.mark.database]


def sealed(table: str = "organizations_branchevent") -> list[int]:
    """Numbers of the sealed events of a table, in the order of the seals."""
    parts = SealedTable.objects.filter(event_table=table).order_by("seal__number")
    return [event for part in parts for event in part.event_ids]


def events() -> dict[str, int]:
    """The number of each branch's first event, by the branch's name."""
    return dict(history_model(Branch).objects.filter(pgh_label="insert").values_list("name", "pgh_id"))


class OpenWriter:
    """Somebody whose transaction has written a branch and is still open."""

    def __init__(self, organization: int, name: str) -> None:
        self._written, self._may_end = threading.Event(), threading.Event()
        self._thread = Background(lambda: self._write(organization, name))
        assert self._written.wait(10)

    def _write(self, organization: int, name: str) -> None:
        with tenant(organization):
            new_branch(name)
            self._written.set()
            assert self._may_end.wait(20)

    def commit(self) -> None:
        self._may_end.set()
        self._thread.result()


def test_a_seal_holds_every_event_and_follows_the_one_before(organization: int, branches: list[Branch]) -> None:
    first = seal_organization(organization)
    with tenant(organization):
        new_branch("Kolhapur")
    second = seal_organization(organization)
    assert [seal.number for seal in first + second] == [1, 2]
    assert first[0].previous == rules.to_hex(rules.NO_SEAL)
    assert second[0].previous == first[0].hash
    with tenant(organization):
        total = sum(model.objects.count() for model in history_models())
        assert first[0].count + second[0].count == total
        assert sorted(sealed()) == sorted(history_model(Branch).objects.values_list("pgh_id", flat=True))


def test_nothing_new_makes_no_seal(organization: int) -> None:
    assert len(seal_organization(organization)) == 1
    assert seal_organization(organization) == []
    assert seal_all() == 0


def test_every_organization_with_something_new_is_sealed(organization: int) -> None:
    new_organization("kite")
    assert seal_all() == 2
    with tenant(organization):
        new_branch("Pune")
    assert seal_all() == 1


def test_a_late_commit_is_neither_skipped_nor_sealed_twice(organization: int) -> None:
    seal_organization(organization)
    late = OpenWriter(organization, "Late")
    with tenant(organization):
        new_branch("Early")
    assert seal_organization(organization) == [], "the later transaction waits for the earlier one"
    late.commit()
    with tenant(organization):
        numbers = events()
        # The control: the late event has the lower number, so "every event above the last one sealed" would skip it.
        assert numbers["Late"] < numbers["Early"]
    assert len(seal_organization(organization)) == 1
    assert seal_organization(organization) == []
    with tenant(organization):
        assert sorted(sealed()) == sorted(numbers.values())


def test_what_ended_before_the_open_transaction_is_sealed(organization: int) -> None:
    seal_organization(organization)
    with tenant(organization):
        new_branch("Before")
    late = OpenWriter(organization, "Open")
    assert len(seal_organization(organization)) == 1
    with tenant(organization):
        assert sealed() == [events()["Before"]]
    late.commit()
    assert len(seal_organization(organization)) == 1
    with tenant(organization):
        assert sealed() == [events()["Before"], events()["Open"]]


def test_a_sealer_inside_a_transaction_leaves_its_own_writes(organization: int) -> None:
    seal_organization(organization)
    with tenant(organization):
        new_branch("Pune")
        assert seal_organization(organization) == []
    assert len(seal_organization(organization)) == 1


def test_a_rolled_back_write_leaves_nothing_to_seal(organization: int) -> None:
    seal_organization(organization)
    with tenant(organization):
        new_branch("Pune")
        transaction.set_rollback(True)
    assert seal_organization(organization) == []


def test_many_sealers_make_one_chain(organization: int, branches: list[Branch]) -> None:
    start = threading.Barrier(6)

    def run() -> list[Seal]:
        start.wait(10)
        return seal_organization(organization)

    made = [seal for thread in [Background(run) for _ in range(6)] for seal in thread.result()]
    assert [seal.number for seal in made] == [1]
    with tenant(organization):
        assert sorted(sealed()) == sorted(history_model(Branch).objects.values_list("pgh_id", flat=True))


def test_without_the_lock_two_sealers_collide_and_the_database_keeps_one_chain(
    organization: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the race is real, and the unique constraints are the belt."""
    both_have_read = threading.Barrier(2)
    read = operations._hash_new_events

    def read_together(*arguments: Any) -> Any:
        manifest = read(*arguments)
        both_have_read.wait(10)
        return manifest

    monkeypatch.setattr(operations, "_only_sealer", lambda *_arguments: True)
    monkeypatch.setattr(operations, "_hash_new_events", read_together)
    threads = [Background(lambda: seal_organization(organization)) for _ in range(2)]
    outcomes: list[Any] = []
    for thread in threads:
        try:
            outcomes.append(len(thread.result()))
        except IntegrityError:
            outcomes.append("refused")
    assert sorted(map(str, outcomes)) == ["1", "refused"]
    with tenant(organization):
        assert Seal.objects.count() == 1


def test_sealing_holds_up_no_writer(organization: int, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, may_go_on = threading.Event(), threading.Event()
    read = operations._hash_new_events

    def read_slowly(*arguments: Any) -> Any:
        manifest = read(*arguments)
        reading.set()
        assert may_go_on.wait(20)
        return manifest

    monkeypatch.setattr(operations, "_hash_new_events", read_slowly)
    sealer = Background(lambda: seal_organization(organization))
    assert reading.wait(10)
    with tenant(organization):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
        branch = new_branch("Pune")
        Branch.objects.filter(pk=branch.pk).update(city="Satara")
        branch.delete()
    may_go_on.set()
    assert len(sealer.result()) == 1


def test_the_worker_seals_every_minute(organization: int) -> None:
    periodic = [task.name for task in djhuey.HUEY._registry.periodic_tasks]
    assert any(name.endswith("apps.core.audit.tasks.seal") for name in periodic)
    tasks.seal()
    with tenant(organization):
        assert Seal.objects.count() == 1


def test_a_long_backlog_is_cut_between_transactions(organization: int, monkeypatch: pytest.MonkeyPatch) -> None:
    seal_organization(organization)
    monkeypatch.setattr(operations, "LARGEST_SEAL", 5)
    for day in range(4):
        with tenant(organization):
            for branch in range(3):
                new_branch(f"{day}-{branch}", code=f"{day}{branch}")
    made = seal_organization(organization)
    assert [seal.count for seal in made] == [6, 6]
    with tenant(organization):
        assert sorted(sealed()) == sorted(events().values())


def test_one_transaction_larger_than_a_seal_is_sealed_whole(organization: int, monkeypatch: pytest.MonkeyPatch) -> None:
    seal_organization(organization)
    monkeypatch.setattr(operations, "LARGEST_SEAL", 2)
    with tenant(organization):
        for number in range(7):
            new_branch(f"B{number}")
    assert [seal.count for seal in seal_organization(organization)] == [7]


def test_the_root_is_that_of_the_listed_events(organization: int, branches: list[Branch]) -> None:
    (seal,) = seal_organization(organization)
    with tenant(organization):
        leaves = [
            rules.event_leaf(part.event_table, event, bytes(content))
            for part in SealedTable.objects.filter(seal=seal)
            for event, content in zip(part.event_ids, part.hashes, strict=True)
        ]
    assert rules.to_hex(rules.MerkleTree.of(leaves).root) == seal.root
    assert len(leaves) == seal.count


def test_a_restored_database_is_refused_until_it_is_migrated(organization: int) -> None:
    (seal,) = seal_organization(organization)
    with tenant(organization):
        Seal.objects.create(
            number=2,
            previous=seal.hash,
            root=seal.root,
            count=1,
            horizon=10**12,
            sealed_at=seal.sealed_at,
            hash=rules.to_hex(b"h" * 32),
        )
        new_branch("Pune")
    with pytest.raises(NumberingWentBack, match=r"manage\.py migrate"):
        seal_organization(organization)


def test_one_organization_that_cannot_be_sealed_does_not_keep_the_others(
    organization: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = new_organization("kite")
    seal = operations._seal

    def fail_for_the_first(cursor: Any, stretch: Any, last: Any) -> Any:
        if stretch.organization_id == organization:
            raise RuntimeError("disk full")
        return seal(cursor, stretch, last)

    monkeypatch.setattr(operations, "_seal", fail_for_the_first)
    with pytest.raises(ExceptionGroup, match="1 organizations") as group:
        seal_all()
    assert group.group_contains(RuntimeError, match="disk full")
    with tenant(other):
        assert Seal.objects.count() == 1
