"""The list of stock: rows, strip, totals, views, search and what may be done with many rows at once."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.inventory.models import Barcode, Batch, PlaceKind
from apps.organizations import rights
from apps.organizations.models import Organization
from tests import factories as people
from tests.inventory.factories import manufacturer, move, place, product, stocked
from tests.query_counts import CountQueries

pytestmark = pytest.mark.django_db


def month_end(days: int) -> dt.date:
    """The end of the month that lies so many days ahead."""
    first = (timezone.localdate() + dt.timedelta(days=days)).replace(day=1)
    return (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


class Shop:
    """An organization with a little of everything in stock, and its pages as some member sees them."""

    def __init__(self, role: str = rights.OWNER) -> None:
        self.organization = people.organization()
        self.client = Client()
        with tenant(self.organization.pk):
            rack, quarantine = place("A-04-2"), place("QTN-1", kind=PlaceKind.QUARANTINE)
            aziva = product("Azivanta 500", schedule="H", composition="Azithromycin 500 mg", reorder_level=100)
            pen = product("Glargiva Pen", storage="cold", composition="Insulin glargine 100 IU")
            tram = product("Tramelin 50", schedule="H1", manufacturer=manufacturer())
            Barcode.objects.create(product=pen, code="08901234567894")
            self.old = stocked(84, product=aziva, place=quarantine, number="AZ0001", expiry=month_end(-60))
            self.soon = stocked(64, product=aziva, place=rack, number="AZ4410", expiry=month_end(45))
            self.pen = stocked(18, product=pen, place=rack, number="GLP-0925", expiry=month_end(120))
            self.tram = stocked(44, product=tram, place=rack, number="TM50-118", expiry=month_end(400))
            self.rack = rack
        self.enter(role)

    def enter(self, role: str) -> None:
        owner = role == rights.OWNER
        member = people.owner_of(self.organization) if owner else people.member(self.organization, role)
        people.sign_in(self.client, member.user)

    def get(self, query: str = "", *, htmx: bool = False) -> str:
        headers = {"HX-Request": "true", "HX-Request-Type": "partial"} if htmx else {}
        response = self.client.get(f"/o/{self.organization.slug}/stock/{query}", headers=headers)
        assert response.status_code == 200
        return response.content.decode()

    def batches(self, query: str = "") -> list[str]:
        text = self.get(query)
        return [number for number in re.findall(r'<td class="code">([^<]+)</td>', text) if number[-1].isdigit()]


@pytest.fixture
def shop() -> Shop:
    return Shop()


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_first_to_expire_on_top(shop: Shop) -> None:
    assert shop.batches() == ["AZ0001", "AZ4410", "GLP-0925", "TM50-118"]
    text = text_of(shop.get())
    assert "4 batches of 3 products ₹840.00 at cost" in text
    assert "Sorted by expiry, soonest first: the order bills pick in" in text


def test_by_name_and_back(shop: Shop) -> None:
    assert shop.batches("?sort=product") == ["AZ0001", "AZ4410", "GLP-0925", "TM50-118"]
    assert shop.batches("?sort=-product") == ["TM50-118", "GLP-0925", "AZ4410", "AZ0001"]


def test_the_strip_is_legend_summary_and_filter(shop: Shop) -> None:
    text = text_of(shop.get())
    assert "Expired 1 ₹336" in text
    assert "91 to 180 days 1 ₹72" in text
    assert shop.batches("?band=expired") == ["AZ0001"]
    assert shop.batches("?band=180") == ["GLP-0925"]
    assert shop.batches("?band=later") == ["TM50-118"]
    chosen = re.search(r'<a href="[^"]*band=180" aria-current="true">', shop.get("?band=180"))
    assert chosen


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("band=soon&saleable=true", ["AZ4410"]),
        ("low=true", ["AZ0001", "AZ4410"]),
        ("saleable=false", ["AZ0001"]),
        ("storage=cold", ["GLP-0925"]),
        ("schedule=H1", ["TM50-118"]),
    ],
)
def test_saved_views_count_what_they_show(shop: Shop, query: str, found: list[str]) -> None:
    assert shop.batches(f"?{query}") == found
    tab = re.search(rf'<a href="[^"]*\?{query.replace("&", "&amp;")}"[^>]*>(.*?)</a>', shop.get(), re.S)
    assert tab
    number = re.search(r'class="n">([\d,]+)<', tab[1])
    if query != "low=true":
        assert number
        assert int(number[1]) == len(found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("aziva", ["AZ0001", "AZ4410"]),
        ("glargine", ["GLP-0925"]),
        ("az44", ["AZ4410"]),
        ("8901234567894", ["GLP-0925"]),
        ("a-04", ["AZ4410", "GLP-0925", "TM50-118"]),
        ("tr", ["TM50-118"]),
        ("t", ["TM50-118"]),
        ("%", []),
        ("_", []),
        ("100%", []),
        ("अज़ी", []),
        ("nothing at all", []),
    ],
)
def test_search_by_what_people_know(shop: Shop, text: str, found: list[str]) -> None:
    assert shop.batches(f"?q={text.replace('%', '%25')}") == found


def test_many_matches_walk_the_list(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.inventory.queries.stock_search.FEW", 0)
    assert shop.batches("?q=500") == ["AZ0001", "AZ4410"]
    assert shop.batches("?q=a-04") == ["AZ4410", "GLP-0925", "TM50-118"]
    assert shop.batches("?q=glargine") == ["GLP-0925"]


def test_totals_are_of_all_that_match(shop: Shop) -> None:
    foot = re.search(r"<tfoot>.*?</tfoot>", shop.get(), re.S)
    assert foot
    assert text_of(foot[0]) == "4 batches 210 0 126 840.00"
    foot = re.search(r"<tfoot>.*?</tfoot>", shop.get("?q=azi"), re.S)
    assert foot
    assert text_of(foot[0]) == "2 batches 148 0 592.00"
    assert "<tfoot>" in shop.get("?band=expired")


def test_who_may_not_know_cost_sees_none() -> None:
    shop = Shop(rights.PICKER)
    text = shop.get()
    assert "Cost value" not in text
    assert "at cost" not in text
    assert "₹" not in text_of(re.search(r'<nav class="stats".*?</nav>', text, re.S)[0])  # type: ignore[index]
    assert "840" not in shop.client.get(f"/o/{shop.organization.slug}/stock/?export=csv").getvalue().decode()


def test_what_is_not_for_sale_is_not_free(shop: Shop) -> None:
    def row(number: str) -> str:
        found = re.search(rf'<tr id="row-\d+">(?:(?!</tr>).)*{number}.*?</tr>', shop.get(), re.S)
        assert found
        return found[0]

    assert '<span class="badge">Expired</span>' in row("AZ0001")
    with tenant(shop.organization.pk):
        stocked(5, product=shop.tram.product, place=place(kind=PlaceKind.QUARANTINE), number="TM50-119")
    assert '<span class="badge">Not for sale</span>' in row("TM50-119")
    with tenant(shop.organization.pk):
        Batch.objects.filter(pk=shop.old.pk).update(state="held")
    assert "On hold" in shop.get("?band=expired")


def test_low_stock_has_a_mark_and_words(shop: Shop) -> None:
    assert shop.get().count("low stock</span>") == 2


def test_hold_many_with_a_reason(shop: Shop) -> None:
    with tenant(shop.organization.pk):
        keys = list(Batch.objects.filter(number__startswith="AZ").values_list("stock__pk", flat=True))
    post = {"action": "hold", "pk": keys, "query": ""}
    address = f"/o/{shop.organization.slug}/stock/"
    asked = shop.client.post(address, post)
    assert "Put 2 batches on hold?" in text_of(asked.content.decode())
    refused = shop.client.post(address, post | {"confirmed": "1", "reason": ""})
    assert refused.status_code == 422
    assert shop.client.post(address, post | {"confirmed": "1", "reason": "Seal broken"}).status_code == 302
    with tenant(shop.organization.pk):
        assert set(Batch.objects.filter(state="held").values_list("number", "state_reason")) == {
            ("AZ0001", "Seal broken"),
            ("AZ4410", "Seal broken"),
        }


def test_a_fragment_brings_rows_strip_and_totals(shop: Shop) -> None:
    text = shop.get("?band=expired", htmx=True)
    assert "<!doctype" not in text
    assert "AZ0001" in text
    assert 'hx-target="#list-stats"' in text
    assert "<tfoot>" in text


def test_queries_stay_as_few(shop: Shop, count_queries: CountQueries) -> None:
    address = f"/o/{shop.organization.slug}/stock/"
    fragment = {"HX-Request": "true", "HX-Request-Type": "partial"}
    shop.client.get(address)
    with count_queries("stock list"):
        shop.client.get(address)
    with count_queries("stock list, fragment"):
        shop.client.get(address, headers=fragment)
    with count_queries("stock list, search"):
        shop.client.get(f"{address}?q=azi", headers=fragment)


def test_value_is_rounded_row_by_row_in_a_file(shop: Shop) -> None:
    with tenant(shop.organization.pk):
        Batch.objects.filter(pk=shop.tram.pk).update(cost=Decimal("1.2345"))
    text = shop.client.get(f"/o/{shop.organization.slug}/stock/?q=tramelin&export=csv").getvalue().decode()
    assert "54.32" in text


def test_another_organization_sees_nothing_of_it(shop: Shop) -> None:
    other = Shop()
    with tenant(other.organization.pk):
        Batch.objects.filter(pk=other.tram.pk).update(number="OTHER-1")
    assert "OTHER-1" not in shop.get()
    assert "OTHER-1" not in shop.get("?q=other")
    assert isinstance(shop.organization, Organization)


def test_the_page_of_a_product_tells_of_its_stock(shop: Shop) -> None:
    with tenant(shop.organization.pk):
        move(shop.soon, shop.rack, -30, kind="issue").save()
    address = f"/o/{shop.organization.slug}/products/{shop.soon.product_id}/"
    text = text_of(shop.client.get(address).content.decode())
    assert "Batches in picking order" in text
    assert "Free for sale 34 Low Reorder at 100" in text
    assert "Sells a day 1.0 Lasts 34 days" in text
    assert "Gone each month" in shop.client.get(address).content.decode()


def test_batches_of_a_product_are_grouped_and_let_go_again(shop: Shop) -> None:
    page = shop.get("?storage=room")
    assert "Group by product" in page
    assert "?sort=product&amp;storage=room" in page or "?storage=room&amp;sort=product" in page
    switch = re.search(
        r'<a class="chip add only-d" aria-current="true" href="([^"]*)"', shop.get("?sort=product&storage=room")
    )
    assert switch
    assert switch[1].endswith("/stock/?storage=room")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_search_that_finds_nothing_is_a_file_of_headings(shop: Shop, kind: str) -> None:
    response = shop.client.get(f"/o/{shop.organization.slug}/stock/?q=qxzwv&export={kind}")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert response.status_code == 200
    if kind == "csv":
        assert content.decode("utf-8-sig").startswith("Product,Batch,Expiry,Rack,")
        assert content.count(b"\n") == 1
    else:
        assert content.startswith(b"PK")
