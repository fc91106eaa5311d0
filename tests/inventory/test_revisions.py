"""Revising prices of many products: preview, apply, undo."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.inventory.models import Product, ProductPrice, RateRevision, RateRevisionLine
from apps.inventory.operations.revisions import (
    Change,
    RevisionNotOpen,
    RevisionUsed,
    apply_revision,
    discard_revision,
    draw_up_revision,
    undo_revision,
)
from apps.inventory.queries.catalogue import prices_on
from apps.organizations.models import Organization
from tests import factories
from tests.inventory.factories import batch, manufacturer, product

pytestmark = pytest.mark.django_db

LONG_AGO, DAY = dt.date(2026, 1, 1), dt.date(2030, 1, 1)
BEFORE = DAY - dt.timedelta(days=1)


@pytest.fixture
def organization() -> Organization:
    return factories.organization()


def priced(name: str, mrp: str = "100", *, on: dt.date = LONG_AGO, **fields: Any) -> Product:
    made = product(name, **fields)
    ProductPrice.objects.create(product=made, effective_from=on, mrp=mrp, ptr="80", pts="70")
    return made


def ten_percent_more(*products: Product) -> RateRevision:
    keys = [one.pk for one in products]
    return draw_up_revision(name="December", effective_from=DAY, products=keys, change=Change(percent=Decimal(10)))


def mrp(made: Product, on: dt.date) -> Decimal | None:
    found = prices_on([made.pk], on).get(made.pk)
    return found.mrp if found else None


def test_a_preview_changes_nothing_and_applying_does_from_its_day_on(organization: Organization) -> None:
    with tenant(organization.pk):
        one, other, without = priced("One"), priced("Other", "33.33"), product("Without")
        revision = ten_percent_more(one, other, without)
        lines = {line.product_id: line for line in RateRevisionLine.objects.filter(revision=revision)}
        assert {key: (line.old_mrp, line.new_mrp) for key, line in lines.items()} == {
            one.pk: (Decimal("100.00"), Decimal("110.00")),
            other.pk: (Decimal("33.33"), Decimal("36.66")),
        }
        assert [lines[one.pk].new_ptr, lines[one.pk].new_pts] == [Decimal(88), Decimal(77)]
        assert mrp(one, DAY) == 100
        apply_revision(revision=revision)
        assert [mrp(one, day) for day in (BEFORE, DAY)] == [100, 110]
        assert mrp(without, DAY) is None
        with pytest.raises(RevisionNotOpen):
            apply_revision(revision=revision)
        with pytest.raises(RevisionNotOpen):
            discard_revision(revision=revision)


def test_undo_gives_back_what_held_before(organization: Organization) -> None:
    with tenant(organization.pk):
        one, same_day = priced("One"), priced("Same day", "50", on=DAY)
        before = list(ProductPrice.objects.order_by("id").values_list("product", "effective_from", "mrp", "ptr", "pts"))
        revision = ten_percent_more(one, same_day)
        apply_revision(revision=revision)
        assert mrp(same_day, DAY) == 55
        assert undo_revision(revision=revision).state == "undone"
        after = list(ProductPrice.objects.order_by("id").values_list("product", "effective_from", "mrp", "ptr", "pts"))
        assert after == before


def test_undo_is_refused_once_a_batch_came_in_or_a_price_was_changed(organization: Organization) -> None:
    with tenant(organization.pk):
        one = priced("One")
        revision = ten_percent_more(one)
        apply_revision(revision=revision)
        made = batch(one, mrp=Decimal(110))
        with pytest.raises(RevisionUsed, match="One"):
            undo_revision(revision=revision)
        made.delete()
        ProductPrice.objects.filter(effective_from=DAY).update(mrp=120)
        with pytest.raises(RevisionUsed, match="changed since"):
            undo_revision(revision=revision)
        assert mrp(one, DAY) == 120


def address(organization: Organization, name: str, **kwargs: Any) -> str:
    return reverse(f"inventory:raterevision_{name}", kwargs={"organization": organization.slug, **kwargs})


def test_the_page_chooses_products_shows_prices_and_applies(client: Client, organization: Organization) -> None:
    client.force_login(factories.owner_of(organization).user)
    with tenant(organization.pk):
        maker = manufacturer()
        one = priced("One", manufacturer=maker)
        priced("Stranger")
        priced("Discontinued one", manufacturer=maker, active=False)
    today = timezone.localdate()
    asked = {
        "name": "December",
        "effective_from": today.isoformat(),
        "manufacturer": "lantern remedies",
        "percent": "10",
    }
    for change, message in (
        ({"percent": ""}, "Say either by how much"),
        ({"mrp": "5"}, "Say either by how much"),
        ({"effective_from": "2020-01-01"}, "Prices of the past are not changed"),
        ({"words": "nothing has this"}, "No active product is chosen"),
        ({"percent": "0.0001"}, "No price would change"),
        ({"percent": "-95"}, "Change by"),
    ):
        answer = client.post(address(organization, "create"), {**asked, **change})
        assert answer.status_code == 422
        assert message in answer.content.decode()
    answer = client.post(address(organization, "create"), asked)
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).content.decode()
    for words in ("One", "110.00", "+10%", "Apply"):
        assert words in page
    assert "Stranger" not in page
    assert "Discontinued one" not in page
    with tenant(organization.pk):
        key = RateRevision.objects.get().pk
    assert client.post(address(organization, "apply", pk=key)).status_code == 302
    with tenant(organization.pk):
        assert mrp(one, today) == 110
    assert client.post(address(organization, "undo", pk=key)).status_code == 302
    with tenant(organization.pk):
        assert mrp(one, today) == 100
