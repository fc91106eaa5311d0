"""An organization's day begins at its own midnight."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import StreamingHttpResponse
from django.utils import timezone

from apps.core.background.tasks import for_each_organization, tenant_task
from apps.core.tenancy.context import tenant
from apps.organizations import queries
from apps.organizations.models import Membership, Organization
from apps.organizations.operations.organization import OrganizationRefused, change_organization
from apps.organizations.rules.time_zones import is_time_zone, time_zones
from tests.organizations.desk import Desk, text_of
from tests.organizations.factories import make_organization, owner_of

pytestmark = pytest.mark.django_db

# 29 November in Honolulu and London, 30 November in Pune and Auckland.
MOMENT = dt.datetime(2026, 11, 29, 19, 0, tzinfo=dt.UTC)
EVENING, MORNING = dt.date(2026, 11, 29), dt.date(2026, 11, 30)


@pytest.fixture
def _night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: MOMENT)


def _in_zone(name: str) -> Organization:
    organization = make_organization()
    with tenant(organization.pk):
        Organization.objects.filter(pk=organization.pk).update(time_zone=name)
    return organization


@pytest.mark.usefixtures("_night")
def test_today_is_that_of_the_organization_entered_and_of_the_one_before_afterwards() -> None:
    west, east = _in_zone("Pacific/Honolulu"), _in_zone("Asia/Kolkata")
    with tenant(west.pk):
        assert timezone.localdate() == EVENING
        with tenant(east.pk):
            assert timezone.localdate() == MORNING
        assert timezone.localdate() == EVENING
        with pytest.raises(ZeroDivisionError), tenant(east.pk):
            _ = 1 / 0
        assert timezone.localdate() == EVENING
    assert timezone.localdate() == MORNING  # the server's


@pytest.mark.usefixtures("_night")
def test_background_work_knows_the_day_of_each() -> None:
    west, east = _in_zone("Pacific/Honolulu"), _in_zone("Pacific/Auckland")
    seen: dict[int, dt.date] = {}

    def look(organization_id: int) -> None:
        seen[organization_id] = timezone.localdate()

    for_each_organization(look, source="look")
    assert (seen[west.pk], seen[east.pk]) == (EVENING, MORNING)

    seen.clear()
    tenant_task(look).call_local(west.pk)
    assert seen == {west.pk: EVENING}


def test_pages_show_the_hours_of_the_organization(shop: Organization, owner: Desk) -> None:
    with tenant(shop.pk):
        Organization.objects.filter(pk=shop.pk).update(time_zone="Asia/Dubai")
        created = Organization.objects.get(pk=shop.pk).created_at
    assert f"{created.astimezone(dt.timezone(dt.timedelta(hours=4))):%H:%M}" in text_of(owner.get("settings/"))


@pytest.mark.usefixtures("_night")
def test_what_is_streamed_after_the_page_is_of_the_same_day(shop: Organization, owner: Desk) -> None:
    for name, day in (("Pacific/Honolulu", EVENING), ("Pacific/Auckland", MORNING)):
        with tenant(shop.pk):
            Organization.objects.filter(pk=shop.pk).update(time_zone=name)
        answer = owner.get("branches/", export="csv")
        assert isinstance(answer, StreamingHttpResponse)
        assert f"{day:%Y-%m-%d}" in answer["Content-Disposition"]
        b"".join(answer.streaming_content)  # type: ignore[arg-type]
    assert timezone.get_current_timezone_name() == "Asia/Kolkata"


@pytest.mark.usefixtures("_night")
def test_a_membership_ends_at_the_midnight_of_its_organization() -> None:
    for name, admitted in (("Pacific/Honolulu", True), ("Pacific/Auckland", False)):
        organization = _in_zone(name)
        member = owner_of(organization)
        with tenant(organization.pk):
            Membership.objects.filter(pk=member.pk).update(ends_on=EVENING)
        assert bool(queries.memberships_of(member.user_id)) is admitted


def test_the_owner_chooses_it_and_nobody_invents_one(shop: Organization, owner: Desk) -> None:
    assert owner.post("settings/edit/", time_zone="Asia/Kathmandu").status_code == 302
    assert "Asia: Kathmandu" in text_of(owner.get("settings/"))
    assert owner.post("settings/edit/", time_zone="Mars/Olympus").status_code == 422
    with tenant(shop.pk):
        assert Organization.objects.get(pk=shop.pk).time_zone == "Asia/Kathmandu"
        with pytest.raises(OrganizationRefused, match="no time zone of that name") as caught:
            change_organization(
                organization=shop,
                name="Kite",
                financial_year_start=4,
                time_zone="Mars/Olympus",
                require_second_factor=False,
            )
    assert caught.value.field == "time_zone"


def test_every_zone_offered_is_one_and_is_offered_once() -> None:
    names = [name for name, _label in time_zones()]
    assert len(names) == len(set(names)) > 300
    assert all(is_time_zone(name) for name in names)
    assert dict(time_zones())["Asia/Kolkata"] == "Asia: Kolkata"
    assert max(len(name) for name in names) <= 40
