"""The document grid on the server: one line a request, conflicts, retries, without script, and what a line costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.core.ui.grid import Typed
from apps.inventory.models import Place, ReorderLevel
from apps.organizations.models import Organization
from apps.organizations.rights import PICKER
from tests import factories
from tests.core.ui.gridpage import levels, serve_grid, shelf
from tests.inventory.factories import product
from tests.query_counts import CountQueries

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


class Shop:
    """A place with products, and somebody's browser on its page."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.place, self.products = shelf(organization, ["Azivanta 500", "Cefquill 200", "Telmivox 40"])
        self.client = self.of(factories.owner_of(organization).user)
        self.path = f"/o/{organization.slug}/levels/{self.place.pk}/"

    @staticmethod
    def of(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def send(self, *, path: Any = "", script: Any = True, client: Any = None, **data: Any) -> Any:
        sent = {"do": "line", "token": "t1", "version": self.version(), **data}
        return (client or self.client).post(path or self.path, sent, headers=HTMX if script else None)

    def version(self) -> int:
        with tenant(self.organization.pk):
            return int(Place.objects.get(pk=self.place.pk).version)

    def kept(self) -> list[tuple[str, int, int | None]]:
        return levels(self.organization)

    def add(self, at: int, level: int = 10) -> int:
        with tenant(self.organization.pk):
            return int(ReorderLevel.objects.create(place=self.place, product=self.products[at], level=level).pk)


@pytest.fixture
def shop(settings: Any) -> Shop:
    serve_grid(settings)
    return Shop(factories.organization())


def body(response: Any) -> str:
    return str(response.content.decode())


def test_a_line_is_saved_alone_and_answered_with_itself_and_the_totals(shop: Shop) -> None:
    shop.add(1)
    response = shop.send(product="Azivanta 500", product_id=shop.products[0].pk, level="1,200", quantity="")
    assert response.status_code == 200
    assert shop.kept()[1] == ("Azivanta 500", 1200, None)
    text = body(response)
    assert text.count("<tbody") == 1
    assert "data-answer" in text
    assert 'id="total">1210<' in text
    assert "That is a lot." in text
    assert f'data-version="{shop.version()}"' in text
    assert "<html" not in text


def test_sent_again_because_the_answer_was_lost_it_is_one_line_with_the_newest_values(shop: Shop) -> None:
    data: dict[str, Any] = {"product": "Azivanta 500", "product_id": shop.products[0].pk}
    shop.send(**data, level="5")
    again = shop.send(**data, level="7")
    assert again.status_code == 200
    assert shop.kept() == [("Azivanta 500", 7, None)]


def test_what_is_refused_comes_back_as_it_was_typed_with_the_reason_in_its_cell(shop: Shop) -> None:
    response = shop.send(product="Azivanta 500", product_id=shop.products[0].pk, level="many", quantity="3")
    assert response.status_code == 422
    text = body(response)
    assert "Type a whole number." in text
    assert 'name="level" form="f-new" value="many"' in text
    assert 'aria-invalid="true" aria-describedby="e-new"' in text
    assert 'value="3"' in text
    assert "data-bad" in text
    assert shop.kept() == []
    # The token is free again for the corrected line.
    assert shop.send(product="Azivanta 500", product_id=shop.products[0].pk, level="4").status_code == 200
    assert len(shop.kept()) == 1


@pytest.mark.parametrize(
    ("level", "reason"),
    [
        ("", "Type a quantity."),
        ("0", "Type 1 or more."),
        ("-4", "Type a whole number."),
        ("1.5", "Type a whole number."),
        ("8901234567890", "barcode"),
        ("४", "Type"),
    ],
)
def test_bad_numbers(shop: Shop, level: str, reason: str) -> None:
    response = shop.send(product="Azivanta 500", product_id=shop.products[0].pk, level=level)
    if level == "४":
        # A digit of another script is a digit.
        assert shop.kept() == [("Azivanta 500", 4, None)]
        return
    assert response.status_code == 422
    assert reason in body(response)


def test_amounts_and_percentages_are_read_as_people_write_them() -> None:
    typed = Typed(
        None, {"rate": "₹1,234.50", "off": "2.5%", "long": "1.23456", "word": "ten", "much": "101", "dot": "."}
    )
    assert typed.amount("rate") == Decimal("1234.50")
    assert typed.percent("off") == Decimal("2.5")
    assert typed.percent("none") == 0
    assert typed.amount("none", empty=Decimal(0)) == 0
    for name, places in (("long", 4), ("word", 2), ("dot", 2), ("none", 2)):
        with pytest.raises(Refusal) as refusal:
            typed.amount(name, places=places)
        assert refusal.value.field == name
    for name in ("much", "word"):
        with pytest.raises(Refusal):
            typed.percent(name)


def test_two_people_in_one_line_choose_and_nothing_is_lost(shop: Shop) -> None:
    pk = shop.add(0, level=10)
    with tenant(shop.organization.pk):
        ReorderLevel.objects.filter(pk=pk).update(level=20)
    mine: dict[str, Any] = {
        "line": pk,
        "product": "Azivanta 500",
        "product_id": shop.products[0].pk,
        "level": "30",
        "was-level": "10",
    }
    response = shop.send(**mine, quantity="4")
    assert response.status_code == 409
    text = body(response)
    assert 'name="level" value="20"' in text
    assert 'name="level" value="30"' in text
    assert shop.kept() == [("Azivanta 500", 20, None)]
    # The dialog sends the chosen value without what stood there before.
    chosen = {key: value for key, value in mine.items() if key != "was-level"}
    assert shop.send(**chosen, quantity="").status_code == 200
    assert shop.kept() == [("Azivanta 500", 30, None)]


def test_cells_that_only_one_side_changed_are_merged(shop: Shop) -> None:
    pk = shop.add(0, level=10)
    with tenant(shop.organization.pk):
        ReorderLevel.objects.filter(pk=pk).update(quantity=50)
    mine: dict[str, Any] = {"product": "Azivanta 500", "product_id": shop.products[0].pk, "level": "30"}
    response = shop.send(line=pk, quantity="", **mine, **{"was-level": "10"})
    assert response.status_code == 200
    assert shop.kept() == [("Azivanta 500", 30, 50)]


def test_another_window_that_changed_the_document_is_told(shop: Shop) -> None:
    seen = shop.version()
    shop.send(product="Azivanta 500", product_id=shop.products[0].pk, level="5")
    response = shop.send(product="Cefquill 200", product_id=shop.products[1].pk, level="6", version=seen, token="t2")
    assert "data-foreign" in body(response)
    assert len(shop.kept()) == 2
    whole = body(shop.client.get(shop.path, {"part": "lines"}, headers=HTMX))
    assert "data-whole" in whole
    assert whole.count("data-line=") == 2


def test_a_line_that_somebody_else_removed_can_be_put_back(shop: Shop) -> None:
    pk = shop.add(0)
    with tenant(shop.organization.pk):
        ReorderLevel.objects.filter(pk=pk).delete()
    response = shop.send(line=pk, product="Azivanta 500", product_id=shop.products[0].pk, level="30")
    assert response.status_code == 422
    assert "Somebody else removed this line" in body(response)
    assert 'value="30"' in body(response)


def test_a_removed_line_comes_back_by_undo(shop: Shop) -> None:
    pk = shop.add(0, level=12)
    response = shop.send(do="remove", line=pk)
    assert f'data-gone="line-{pk}"' in body(response)
    assert shop.kept() == []
    undo = str(response.headers["HX-Trigger"]).split('"undo": "')[1].split('"')[0]
    assert shop.client.post(undo, headers=HTMX).status_code == 200
    assert shop.kept() == [("Azivanta 500", 12, None)]
    assert shop.client.post(undo.replace("line=", "line=x"), headers=HTMX).status_code == 404


def test_removing_twice_is_removing_once(shop: Shop) -> None:
    pk = shop.add(0)
    assert shop.send(do="remove", line=pk).status_code == 200
    assert shop.send(do="remove", line=pk).status_code == 200


def test_a_button_of_a_note_mends_the_line(shop: Shop) -> None:
    pk = shop.add(0, level=5000)
    assert "set:100" in body(shop.client.get(shop.path))
    response = shop.send(do="set:100", line=pk, product="Azivanta 500", product_id=shop.products[0].pk, level="5000")
    assert response.status_code == 200
    assert shop.kept() == [("Azivanta 500", 100, None)]


def test_the_head_is_saved_or_refused(shop: Shop) -> None:
    assert shop.send(do="head", name="B-01").status_code == 200
    response = shop.send(do="head", name=" ")
    assert response.status_code == 422
    assert "Type a name." in body(response)


def test_a_new_page_makes_its_document_with_the_first_line_and_only_once(shop: Shop) -> None:
    new = f"/o/{shop.organization.slug}/levels/new/"
    shop.client.get(new)
    with tenant(shop.organization.pk):
        before = Place.objects.count()
    line: dict[str, Any] = {
        "product": "Azivanta 500",
        "product_id": shop.products[0].pk,
        "level": "5",
        "document": "d1",
    }
    first, second = shop.send(path=new, **line), shop.send(path=new, **line)
    with tenant(shop.organization.pk):
        assert Place.objects.count() == before + 1
        made = Place.objects.latest("id")
    for response in (first, second):
        assert f'data-path="/o/{shop.organization.slug}/levels/{made.pk}/"' in body(response)
    assert shop.kept() == [("Azivanta 500", 5, None)]


def test_a_step_leads_on_and_a_closed_document_takes_no_more_lines(shop: Shop) -> None:
    assert shop.send(do="post").status_code == 422
    shop.add(0)
    response = shop.send(do="post")
    assert response.headers["HX-Redirect"] == shop.path
    late = shop.send(product="Cefquill 200", product_id=shop.products[1].pk, level="5")
    assert late.status_code == 409
    assert "is closed" in body(late)
    assert len(shop.kept()) == 1
    page = body(shop.client.get(shop.path))
    assert "<input" not in page.split("<tbody")[1].split("</tbody>")[0]


def test_a_step_that_asks_is_done_when_it_is_sure(shop: Shop) -> None:
    shop.add(0)
    asked = shop.send(do="close")
    assert "Sure?" in body(asked)
    assert "HX-Redirect" not in asked.headers
    assert "HX-Redirect" in shop.send(do="close", sure="1").headers


def test_who_may_only_look_changes_nothing(shop: Shop) -> None:
    reader = shop.of(factories.member(shop.organization, PICKER).user)
    page = reader.get(shop.path)
    assert page.status_code == 200
    assert "data-fresh" not in body(page)
    response = shop.send(product="Azivanta 500", product_id=shop.products[0].pk, level="5", client=reader)
    assert response.status_code == 422
    assert shop.kept() == []


def test_without_script_a_line_is_a_form(shop: Shop) -> None:
    response = shop.send(script=False, product="azivanta 500", product_id="", level="5")
    assert (response.status_code, response.headers["Location"]) == (302, shop.path)
    assert shop.kept() == [("Azivanta 500", 5, None)]
    refused = shop.send(script=False, product="Nothing such", level="5", token="t2")
    assert refused.status_code == 422
    assert "Pick a product." in body(refused)
    assert 'value="Nothing such"' in body(refused)
    with tenant(shop.organization.pk):
        pk = ReorderLevel.objects.get().pk
    # Another name typed over the old one: the key that the page carried along is not believed.
    changed = shop.send(
        script=False, line=pk, product="Cefquill 200", product_id=shop.products[0].pk, level="5", quantity=""
    )
    assert changed.status_code == 302
    assert shop.kept() == [("Cefquill 200", 5, None)]
    assert shop.send(script=False, do="remove", line=pk).status_code == 302
    assert shop.kept() == []


def test_a_stranger_and_a_foreign_document_are_404(shop: Shop) -> None:
    other = factories.organization()
    with tenant(other.pk):
        foreign = Place.objects.earliest("id").pk if Place.objects.exists() else 0
    path = shop.path.replace(str(shop.place.pk), str(foreign or 999999))
    assert shop.send(path=path, level="5").status_code == 404


def test_the_hundredth_line_costs_what_the_first_does(shop: Shop, count_queries: CountQueries) -> None:
    def asked(token: str, at: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            response = shop.send(product=f"P {at}", product_id=made[at].pk, level="5", token=token)
        assert response.status_code == 200, body(response)
        return len(queries)

    with tenant(shop.organization.pk):
        made = [product(f"P {number}") for number in range(103)]
    asked("warm", 0)
    first = asked("first", 1)
    with tenant(shop.organization.pk):
        for one in made[2:101]:
            ReorderLevel.objects.create(place=shop.place, product=one, level=5)
    assert asked("later", 101) == first
    with count_queries("ui: line of a grid"):
        shop.send(product="P 102", product_id=made[102].pk, level="5", token="last")
