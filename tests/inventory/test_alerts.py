"""Alerts: what they count, who is told what, and one summary a morning."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.core.outbox.models import OutboxMessage
from apps.core.outbox.tasks import dispatch_message
from apps.core.tenancy.context import tenant
from apps.inventory.models import AlertDigest, AlertSubscription, Batch, ReorderLevel
from apps.inventory.operations.alerting import choose_alerts, send_digests
from apps.inventory.queries import alerts
from apps.organizations.models import Membership
from tests import factories as people
from tests.inventory.factories import move, place, product, stocked
from tests.inventory.test_stock_pages import Shop, month_end, text_of
from tests.query_counts import CountQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def at(hour: int, *, days: int = 0) -> dt.datetime:
    """An hour of a day near today, in the organization's time zone."""
    return (timezone.localtime() + dt.timedelta(days=days)).replace(hour=hour, minute=5, second=0, microsecond=0)


def page(shop: Shop, path: str, **headers: str) -> str:
    response = shop.client.get(f"/o/{shop.organization.slug}/{path}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def choose(shop: Shop, **chosen: Any) -> Membership:
    member = people.owner_of(shop.organization)
    given = {"low_stock": True, "near_expiry_days": 90, "expired": True, "recalled": True, "licences": True}
    with tenant(shop.organization.pk):
        choose_alerts(member_id=member.pk, origin="https://erp.example", **given, **chosen)
    return member


def test_what_they_count(shop: Shop) -> None:
    with tenant(shop.organization.pk):
        Batch.objects.filter(pk=shop.tram.pk).update(state="recalled")
        now = alerts.alerts(timezone.localdate(), AlertSubscription())
    assert (now.low, now.near, now.expired, now.recalled) == (1, 1, 1, 1)
    assert now.number == 3


def test_nobody_is_told_what_they_did_not_ask_for(shop: Shop) -> None:
    with tenant(shop.organization.pk):
        silent = AlertSubscription(low_stock=False, near_expiry_days=0, expired=False, recalled=False, licences=False)
        assert alerts.alerts(timezone.localdate(), silent) == alerts.Alerts()


def test_low_is_on_hand_less_held_of_what_is_for_sale(shop: Shop) -> None:
    """DOMAIN, stock rules, 9: at or under the level, in places and batches for sale alone."""
    with tenant(shop.organization.pk):
        level = product("At its level", reorder_level=10)
        batch = stocked(11, product=level, place=shop.rack)
        names = [one.name for one in alerts.low_products(timezone.localdate(), 10)]
        assert "At its level" not in names
        move(batch, shop.rack, -1, kind="issue").save()
        (found,) = [one for one in alerts.low_products(timezone.localdate(), 10) if one.name == "At its level"]
        assert (found.free, found.reorder_level) == (10, 10)
        assert round(found.per_day * 30) == 1


def test_a_place_may_have_a_level_of_its_own(shop: Shop) -> None:
    with tenant(shop.organization.pk):
        shelf = place("A-04-2-1", parent=shop.rack, kind="bin")
        stocked(30, product=shop.tram.product, place=shelf)
        ReorderLevel.objects.create(product=shop.tram.product, place=shop.rack, level=74, quantity=100)
        (low,) = alerts.low_places()
        assert (low.place, low.free, low.level) == ("A-04-2", 74, 74)
        ReorderLevel.objects.update(level=73)
        assert alerts.low_places() == []


def test_the_bell_is_on_every_page_and_asks_again(shop: Shop) -> None:
    text = page(shop, "alerts/")
    assert 'id="count-inventory-alerts">2</span>' in text
    assert "1 product is low" in text_of(text)
    assert "1 batch has expired" in text_of(text)
    assert 'id="count-inventory-alerts">2</span>' in page(shop, "live/", **{"HX-Request": "true"})
    choose(shop, digest=False)
    with tenant(shop.organization.pk):
        AlertSubscription.objects.update(low_stock=False)
    assert 'id="count-inventory-alerts">1</span>' in page(shop, "live/", **{"HX-Request": "true"})


def test_the_low_panel_replaces_itself(shop: Shop) -> None:
    fragment = page(shop, "stock/low/panel/", **{"HX-Request": "true"})
    assert fragment.lstrip().startswith('<div id="low-stock"')
    assert 'hx-trigger="every 60s"' in fragment
    assert "Azivanta 500" in fragment
    assert "<!doctype" not in fragment


def test_the_home_page_tells_of_the_stock(shop: Shop) -> None:
    text = text_of(page(shop, ""))
    assert "Stock at cost" in text
    assert "Near expiry" in text
    assert "1 batch expires soon" in text


def test_low_products_as_a_list(shop: Shop) -> None:
    text = text_of(page(shop, "stock/low/"))
    assert "Azivanta 500" in text
    assert "1 product" in text
    assert "Glargiva" not in text
    assert "36" in text


def test_each_member_chooses(shop: Shop) -> None:
    address = f"/o/{shop.organization.slug}/alerts/choose/"
    answer = shop.client.post(address, {"low_stock": "on", "near_expiry_days": "30", "digest": "on"})
    assert answer.status_code == 302
    with tenant(shop.organization.pk):
        (kept,) = AlertSubscription.objects.all()
        assert (kept.low_stock, kept.near_expiry_days, kept.expired, kept.digest) == (True, 30, False, True)
        assert kept.origin == "http://testserver"
    assert shop.client.post(address, {"near_expiry_days": "31"}).status_code == 422
    other = Client()
    people.sign_in(other, people.member(shop.organization, "manager").user)
    other.post(address, {"near_expiry_days": "0"})
    with tenant(shop.organization.pk):
        assert AlertSubscription.objects.count() == 2


def _delivered(shop: Shop) -> None:
    with tenant(shop.organization.pk):
        keys = list(OutboxMessage.objects.filter(state="waiting").values_list("pk", flat=True))
    for key in keys:
        dispatch_message.call_local(shop.organization.pk, key)


def test_one_summary_a_morning(shop: Shop, mailoutbox: list[Any]) -> None:
    choose(shop, digest=True)
    with tenant(shop.organization.pk):
        assert send_digests(now=at(6)) == 0
        assert send_digests(now=at(7)) == 1
        assert send_digests(now=at(9)) == 0
        assert AlertDigest.objects.count() == 1
    _delivered(shop)
    (message,) = mailoutbox
    assert message.to == [people.owner_of(shop.organization).user.email]
    assert "3 to look at" in message.subject
    assert "Azivanta 500 strip of 10 tablets: 64 free, reorder at 100" in message.body
    assert f"https://erp.example/o/{shop.organization.slug}/stock/low/" in message.body
    _delivered(shop)
    assert len(mailoutbox) == 1
    with tenant(shop.organization.pk):
        assert send_digests(now=at(7, days=1)) == 1


@pytest.mark.parametrize("why", ["left", "not wanted any more", "nothing to tell"])
def test_no_summary_for_nothing(shop: Shop, mailoutbox: list[Any], why: str) -> None:
    member = choose(shop, digest=True)
    with tenant(shop.organization.pk):
        assert send_digests(now=at(7)) == 1
        if why == "left":
            Membership.objects.filter(pk=member.pk).update(active=False)
        elif why == "not wanted any more":
            AlertSubscription.objects.update(digest=False)
        else:
            AlertSubscription.objects.update(
                low_stock=False, near_expiry_days=0, expired=False, recalled=False, licences=False
            )
    _delivered(shop)
    assert mailoutbox == []


def test_the_bell_and_the_panel_cost_little(shop: Shop, count_queries: CountQueries) -> None:
    headers = {"HX-Request": "true"}
    page(shop, "live/", **headers)
    with count_queries("alerts: bell"):
        page(shop, "live/", **headers)
    with count_queries("alerts: low panel"):
        page(shop, "stock/low/panel/", **headers)


def test_another_organization_is_not_told(shop: Shop) -> None:
    other = people.organization()
    with tenant(other.pk):
        assert alerts.alerts(timezone.localdate(), AlertSubscription()) == alerts.Alerts()
        assert alerts.low_products(timezone.localdate(), 10) == []
        stocked(1, product=product("Elsewhere"), place=place(), expiry=month_end(-90))
    with tenant(shop.organization.pk):
        assert alerts.alerts(timezone.localdate(), AlertSubscription()).expired == 1
