"""The same form sent at the same moment, by one person twice or by two people, over real connections."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from apps.core.tenancy.context import tenant
from apps.core.ui.models import Submission
from apps.core.ui.pages import saving
from apps.organizations.models import Branch
from tests.core.ui.conftest import House, make_house
from tests.core.ui.test_forms import NEW, fields, opened

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def shared_house(transactional_db: None, settings: Any) -> House:
    settings.ROOT_URLCONF = "tests.core.ui.scratch"
    return make_house()


def _at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run the calls in threads that start together, each with a connection of its own."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def _posts(house: House, path: str, forms: Iterable[dict[str, Any]]) -> list[Any]:
    """Send each form from a window of its own, all at once."""

    def call(data: dict[str, Any]) -> Callable[[], Any]:
        browser = Client()
        browser.cookies.update(house.client.cookies)
        return lambda: browser.post(house.url(path), data)

    return _at_once([call(data) for data in forms])


def test_a_form_sent_four_times_at_once_makes_one_row(shared_house: House) -> None:
    house = shared_house
    data = fields(house.get("branches/new/").content.decode()) | NEW
    answers = _posts(house, "branches/new/", [data] * 4)
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.url for answer in answers}) == 1
    with tenant(house.organization.pk):
        assert Branch.objects.filter(name="Nashik").count() == 1
        assert Submission.objects.count() == 1


def test_without_its_key_the_race_is_there(shared_house: House) -> None:
    """The control: the same four without a key race each other, and only the unique name holds them."""
    house = shared_house
    answers = _posts(house, "branches/new/", [NEW] * 4)
    assert sorted(answer.status_code for answer in answers) == [302, 422, 422, 422]


def _save_at_once(house: House) -> list[int]:
    branch = house.branch()
    mine = opened(house, branch)
    wanted = [mine | {"city": "Chinchwad"}, mine | {"city": "Pimpri"}]
    answers = _posts(house, f"branches/{branch.pk}/edit/", wanted)
    return sorted(answer.status_code for answer in answers)


def test_two_people_saving_at_once_do_not_overwrite_each_other(
    shared_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Both have read the row before either writes: the worst moment, made sure of.
    both_read = Barrier(2)
    monkeypatch.setattr("apps.core.ui.pages.editing.find_taken", lambda instance, form: both_read.wait(10))
    assert _save_at_once(shared_house) == [302, 409]
    with tenant(shared_house.organization.pk):
        assert Branch.objects.get().version == 2


def test_without_the_version_the_later_one_would_win_unseen(
    shared_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: an UPDATE that does not name the version loses the other's change."""

    def careless(instance: Any, before: dict[str, Any]) -> bool:
        values = {field.attname: getattr(instance, field.attname) for field in saving.changed_fields(instance, before)}
        return bool(type(instance)._default_manager.filter(pk=instance.pk).update(**values))

    both_read = Barrier(2)
    monkeypatch.setattr("apps.core.ui.pages.editing.find_taken", lambda instance, form: both_read.wait(10))
    monkeypatch.setattr("apps.core.ui.pages.editing.save_changes", careless)
    assert _save_at_once(shared_house) == [302, 302]
