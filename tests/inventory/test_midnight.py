"""Goods expire at each organization's own midnight, and its morning summary comes at its own seven o'clock."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.inventory.models import AlertDigest, AlertSubscription, Stock
from apps.inventory.tasks import expire_all_stock, send_all_digests
from apps.organizations.models import Membership, Organization
from tests import factories
from tests.inventory import factories as goods

pytestmark = pytest.mark.django_db

LAST_DAY = dt.date(2026, 11, 30)


def _in(time_zone: str) -> Organization:
    """An organization there, with goods that expire at the end of November and somebody who wants the summary."""
    made = factories.organization()
    with tenant(made.pk):
        Organization.objects.filter(pk=made.pk).update(time_zone=time_zone)
    with tenant(made.pk):
        goods.stocked(5, expiry=LAST_DAY, product=goods.product(), place=goods.place())
        AlertSubscription.objects.create(member=Membership.objects.get(), digest=True)
    return made


def _it_is(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    at = dt.datetime.fromisoformat(moment)
    monkeypatch.setattr(timezone, "now", lambda: at)


def _lie_in(organization: Organization) -> list[str]:
    with tenant(organization.pk):
        return list(Stock.objects.filter(in_stock=True).values_list("place__kind", flat=True))


def test_goods_expire_at_the_organizations_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    india, america = _in("Asia/Kolkata"), _in("America/New_York")
    _it_is(monkeypatch, "2026-11-30T18:29:00+00:00")
    expire_all_stock()
    assert (_lie_in(india), _lie_in(america)) == (["godown"], ["godown"])
    # One minute past midnight in India, the afternoon before in New York.
    _it_is(monkeypatch, "2026-11-30T18:31:00+00:00")
    expire_all_stock()
    assert (_lie_in(india), _lie_in(america)) == (["expired"], ["godown"])
    _it_is(monkeypatch, "2026-12-01T05:01:00+00:00")
    expire_all_stock()
    assert _lie_in(america) == ["expired"]


def test_the_summary_comes_at_the_organizations_seven(monkeypatch: pytest.MonkeyPatch) -> None:
    india, america = _in("Asia/Kolkata"), _in("America/New_York")

    def due() -> list[int]:
        send_all_digests()
        counts = []
        for organization in (india, america):
            with tenant(organization.pk):
                counts.append(AlertDigest.objects.count())
        return counts

    # 6:55 in India on the 30th; in New York the evening of the 29th, whose summary is due since seven.
    _it_is(monkeypatch, "2026-11-30T01:25:00+00:00")
    assert due() == [0, 1]
    _it_is(monkeypatch, "2026-11-30T01:35:00+00:00")
    assert due() == [1, 1]
    _it_is(monkeypatch, "2026-11-30T11:55:00+00:00")
    assert due() == [1, 1]
    _it_is(monkeypatch, "2026-11-30T12:05:00+00:00")
    assert due() == [1, 2]
