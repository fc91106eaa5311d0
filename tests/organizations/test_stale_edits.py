"""Somebody saves between the moment a form is checked and the moment its operation holds the lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import models

from apps.core.refusals import Stale
from apps.core.tenancy.context import tenant
from apps.organizations import operations
from apps.organizations.models import Membership, NumberSeries, Organization, Role
from tests import factories
from tests.organizations.desk import Desk

pytestmark = pytest.mark.django_db

Change = Callable[..., Any]


@pytest.fixture
def organization() -> Organization:
    return factories.organization()


def _series(organization: Organization) -> tuple[Any, Change]:
    series = NumberSeries.objects.filter(next_number=models.F("first_number")).earliest("pk")
    given = {"prefix": series.prefix, "width": series.width, "first_number": series.first_number + 1}
    return series, lambda version: operations.change_series(series=series, version=version, **given)


def _member(organization: Organization) -> tuple[Any, Change]:
    member = factories.member(organization, "picker")
    owner = Membership.objects.select_related("role").get(pk=factories.owner_of(organization).pk)
    manager = Role.objects.get(key="manager")
    return member, lambda version: operations.change_member_role(
        actor=owner, member=member, role=manager, version=version
    )


def _role(organization: Organization) -> tuple[Any, Change]:
    owner = Membership.objects.select_related("role").get(pk=factories.owner_of(organization).pk)
    role = operations.create_role(actor=owner, name="Night desk", rights=["organizations.branch.view"])
    return role, lambda version: operations.change_role(
        actor=owner, role=role, name="Day desk", rights=["organizations.branch.view"], version=version
    )


@pytest.mark.parametrize("made", [_series, _member, _role])
def test_an_edit_of_another_version_is_refused_under_the_lock(
    organization: Organization, made: Callable[[Organization], tuple[Any, Change]]
) -> None:
    with tenant(organization.pk):
        record, change = made(organization)
        edited = record.version
        type(record).objects.filter(pk=record.pk).update(version=edited + 1)
        before = type(record).objects.filter(pk=record.pk).values().get()
        with pytest.raises(Stale):
            change(edited)
        assert type(record).objects.filter(pk=record.pk).values().get() == before
        change(edited + 1)
        assert type(record).objects.get(pk=record.pk).version == edited + 2


def test_the_page_shows_both_when_somebody_was_faster_at_the_last_moment(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant(organization.pk):
        series, _change = _series(organization)
    desk = Desk(organization, factories.owner_of(organization).user)
    change = operations.change_series

    def faster(**order: Any) -> Any:
        NumberSeries.objects.filter(pk=series.pk).update(version=series.version + 1, width=series.width + 1)
        return change(**order)

    monkeypatch.setattr(operations, "change_series", faster)
    answer = desk.post(f"series/{series.pk}/edit/", first_number="7")
    assert answer.status_code == 409
    with tenant(organization.pk):
        assert NumberSeries.objects.get(pk=series.pk).first_number == series.first_number
