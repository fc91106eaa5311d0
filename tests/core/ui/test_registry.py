"""What apps add to the frame: places, commands, search, panels, tiles, work; shown to those whose role opens them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from apps.core.http import TenantRequest
from apps.core.ui import registry
from apps.core.ui.pages import PanelView
from apps.core.ui.registry import (
    Command,
    Hit,
    HomePanel,
    NavEntry,
    NavGroup,
    Panel,
    SearchProvider,
    ShellFacts,
    Tile,
    TileValue,
    Work,
    WorkItem,
)
from apps.organizations.models import Branch
from tests.core.ui.conftest import House
from tests.core.ui.test_lists import squeezed

pytestmark = pytest.mark.django_db


def find_branches(request: TenantRequest, text: str) -> Sequence[Hit]:
    return [Hit(one.name, f"/b/{one.pk}/", one.city, "building") for one in Branch.objects.filter(name__icontains=text)]


def broken(request: TenantRequest, *rest: Any) -> Any:
    Branch.objects.filter(name=1 / 0)


def test_places_are_those_the_role_opens(house: House) -> None:
    registry.add(
        NavGroup("settings", "Settings", 90),
        NavEntry("", "Home", "home", "ui:home", keys="g h", phone="Home"),
        NavEntry("settings", "Branches", "building", "organizations:branch_list", keys="g b", count=lambda request: 7),
        NavEntry("settings", "Series", "list-numbers", "organizations:numberseries_list"),
        NavEntry("settings", "Nowhere", "x", "organizations:no_such_page"),
        Command("New branch", "plus", "organizations:branch_create", keys="n b"),
    )
    text = squeezed(house.get("branches/"))
    side = text.split('class="side"')[1].split("</nav>")[0]
    assert "Settings" in side
    assert "Nowhere" not in side
    assert 'aria-keyshortcuts="g b"' in side
    assert 'aria-current="page"' in side.split("Branches")[0].rsplit("<a", 1)[1]
    assert 'class="n">7<' in side
    assert 'aria-keyshortcuts="n b"' in text
    picker = squeezed(house.get("branches/", client=house.as_role("picker")))
    side = picker.split('class="side"')[1].split("</nav>")[0]
    assert "Branches" in side
    assert "Series" not in side
    assert 'aria-keyshortcuts="n b"' not in picker


def test_the_palette_finds_records_then_commands(house: House) -> None:
    registry.add(
        SearchProvider("Branches", find_branches, "organizations.branch.view", prefix="#"),
        SearchProvider("Numbers", lambda request, text: [Hit("Series P", "/s/1/")], "organizations.series.view"),
        Command("New branch", "plus", "organizations:branch_create"),
    )
    text = squeezed(house.get("palette/", q="pu", htmx=True))
    assert "<!doctype" not in text
    assert "<mark>Pu</mark>ne" in text
    assert "Series P" in text
    assert "New branch" not in text
    only = squeezed(house.get("palette/", q="# pu", htmx=True))
    assert "<mark>Pu</mark>ne" in only
    assert "Series P" not in only
    page = squeezed(house.get("palette/", q="n"))
    assert "<!doctype html>" in page
    assert "New branch" in page
    picker = squeezed(house.get("palette/", q="pu", client=house.as_role("picker"), htmx=True))
    assert "Series P" not in picker
    assert "Branches" in picker
    assert house.get("palette/", q="\x00").status_code == 200


def test_what_was_typed_is_marked_and_escaped(house: House) -> None:
    registry.add(SearchProvider("X", lambda request, text: [Hit("<b>a</b> A", "/s/1/")]))
    text = squeezed(house.get("palette/", q="a", htmx=True))
    assert "&lt;b&gt;<mark>a</mark>&lt;/b&gt;<mark>A</mark>" in text.replace(" ", "")


def test_a_broken_provider_closes_nobody_else(house: House) -> None:
    registry.add(SearchProvider("Broken", broken), SearchProvider("Branches", find_branches))
    response = house.get("palette/", q="pu", htmx=True)
    assert response.status_code == 200
    assert "ne" in response.content.decode()


class StockPanel(PanelView):
    title = "Stock here"
    right = "organizations.series.view"
    template_name = "ui/crumbs.html"

    def body(self) -> str | None:
        return f"<p>Holds {self.instance.name}</p>"


class BrokenPanel(PanelView):
    title = "Broken here"
    template_name = "ui/crumbs.html"

    def context(self) -> Any:
        return list(Branch.objects.extra(where=["no_such_column = 1"]))


def test_an_upper_app_adds_a_panel(house: House) -> None:
    registry.add(Panel("organizations.branch", StockPanel))
    path = f"branches/{house.branch().pk}/"
    text = squeezed(house.get(path))
    assert "Stock here" in text
    assert "<p>Holds Pune</p>" in text
    assert "Drug licences" in text
    assert "Stock here" not in squeezed(house.get(path, client=house.as_role("picker")))


def test_a_broken_panel_says_so_in_its_place(house: House) -> None:
    registry.add(Panel("organizations.Branch", BrokenPanel))
    response = house.get(f"branches/{house.branch().pk}/")
    assert response.status_code == 200
    text = squeezed(response)
    assert "Broken here" in text
    assert "This part did not load." in text
    # What comes after it in the same transaction still works.
    assert "History" in text


def test_home_has_work_before_numbers(house: House) -> None:
    class Checklist(PanelView):
        title = "Set up"
        template_name = "ui/crumbs.html"

        def body(self) -> str | None:
            return "<p>Two steps left</p>"

    class Gone(Checklist):
        title = "Done already"

        def body(self) -> str | None:
            return None

    registry.add(
        NavEntry("", "Branches", "building", "organizations:branch_list"),
        Tile("Branches", lambda request: TileValue("1", "in Pune", "/x/")),
        Tile("Hidden", lambda request: TileValue("9"), "no.such.right.view"),
        Tile("Empty", lambda request: None),
        Tile("Broken", broken),
        HomePanel(Checklist),
        HomePanel(Gone),
        Work(
            lambda request: [WorkItem("bell", "Small thing", cost=1), WorkItem("bell", "Big thing", url="/y/", cost=9)]
        ),
    )
    text = squeezed(house.get())
    assert house.organization.name in text
    assert text.index("Big thing") < text.index("Small thing")
    assert "Two steps left" in text
    assert "Done already" not in text
    assert "in Pune" in text
    assert "Empty" not in text
    assert "Could not be counted." in text
    picker = squeezed(house.get(client=house.as_role("picker")))
    assert "Hidden" not in picker


def test_home_without_rooms_still_leads_on(house: House) -> None:
    registry.add(NavEntry("", "Branches", "building", "organizations:branch_list"))
    text = squeezed(house.get())
    assert "Go to" in text
    assert house.url("branches/") in text


def test_facts_come_from_above(house: House) -> None:
    asked = []

    def facts(request: Any) -> ShellFacts:
        asked.append(request.path)
        return ShellFacts("Pune · FY 2026-27", [registry.Switch("Second", "/o/second/", "second")])

    registry.provide(shell_facts=facts, right_label=lambda right: f"Right {right}")
    text = squeezed(house.get("branches/"))
    assert "Pune · FY 2026-27" in text
    assert "/o/second/" in text
    assert len(asked) == 1
    house.get("branches/", htmx=True)
    assert len(asked) == 1
    text = squeezed(house.get("series/", client=house.as_role("picker")))
    assert "Right organizations.series.view" in text
    with pytest.raises(ValueError, match="twice"):
        registry.provide(right_label=lambda right: right)


def test_choices_of_the_browser(house: House) -> None:
    response: Any = house.client.post("/preferences/", {"theme": "dark", "density": "comfortable", "next": house.root})
    assert response.url == house.root
    text = house.get().content.decode()
    assert 'data-theme="dark"' in text
    assert 'data-density="comfortable"' in text
    response = house.client.post("/preferences/", {"theme": "pink", "next": "https://elsewhere.example/"})
    assert response.url == "/"
    assert "theme" not in response.cookies
