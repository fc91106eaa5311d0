"""Lists: pages and fragments, filters, search, empty states, columns, phone cells, rights."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.tenancy.context import tenant
from apps.core.ui.models import ColumnChoice
from apps.core.ui.pages.filters import with_filters
from tests.core.ui.conftest import HTMX, House
from tests.core.ui.scratch import BranchFilter

pytestmark = pytest.mark.django_db


def squeezed(response: Any) -> str:
    """The page without the white space between tags and texts."""
    return re.sub(r"\s*([<>])\s*", r"\1", response.content.decode())


def shown(text: str) -> list[str]:
    """Names in the rows."""
    return re.findall(r'<tr id="row-\d+">.*?<a class="name t"[^>]*>([^<]*)</a>', text)


def heads(text: str) -> list[str]:
    return [name.strip() for name in re.findall(r'<th scope="col"[^>]*>\s*(?:<a[^>]*>)?([^<]+)', text)]


def test_a_list_is_a_page_and_a_fragment(house: House) -> None:
    page = house.get("branches/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "<!doctype html>" in text
    assert "New branch" in text
    assert f'href="{house.url("branches/")}{house.branch().pk}/"' in text
    assert "HX-Request" in page.headers["Vary"]
    fragment = house.get("branches/", htmx=True)
    text = fragment.content.decode()
    assert "<!doctype" not in text
    assert re.match(r'\s*<div class="scroll"\s+id="list"', text)
    assert 'hx-target="#list-foot"' in text
    assert "HX-Request" in fragment.headers["Vary"]


def test_marks_stand_between_a_name_and_its_grey_text(house: House) -> None:
    text = house.get("branches/").content.decode()
    code = house.branch().code
    assert f'</a> &lt;{code}&gt;<span class="gen only-d">' in text


def test_the_fragment_names_a_clean_address(house: House) -> None:
    """A form sends its empty fields along; the address that is kept has none."""
    response = house.get("branches/", htmx=True, q="pu", state_code="", created_after="", nonsense="1")
    assert response.headers["HX-Push-Url"] == house.url("branches/?q=pu")


def test_htmx_that_wants_a_body_gets_the_page(house: House) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "full"}
    response = house.client.get(house.url("branches/"), headers=headers)
    assert "<!doctype html>" in response.content.decode()


def test_what_is_shown_is_escaped(house: House) -> None:
    house.add_branches('<script>alert("x")</script>', city="<b>bold</b>", phone="<i>1</i>")
    text = house.get("branches/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in text
    assert "<b>bold</b>" not in text
    assert "<i>1</i>" not in text


def test_search_needs_every_word_anywhere(house: House) -> None:
    house.add_branches("Nashik Road", "Nagpur", city="Nashik")
    assert shown(house.get("branches/", q="nashik road").content.decode()) == ["Nashik Road"]
    assert shown(house.get("branches/", q="NASHIK").content.decode()) == ["Nagpur", "Nashik Road"]
    # A sign of LIKE is a letter like any other.
    assert shown(house.get("branches/", q="%").content.decode()) == []
    assert house.get("branches/", q="a\x00b").status_code == 200


def test_filters_are_chips_that_can_be_removed(house: House) -> None:
    house.add_branches("Bengaluru", state_code="29")
    text = squeezed(house.get("branches/", state_code="29", q="ben"))
    assert shown(text) == ["Bengaluru"]
    assert '<span class="k">State</span>Karnataka' in text
    assert f'href="{house.url("branches/?q=ben")}"' in text
    # The one form carries the whole state.
    assert '<input type="hidden" name="state_code" value="29">' in text


def test_filter_fields_come_when_they_are_asked_for(house: House) -> None:
    page = squeezed(house.get("branches/", state_code="29", q="ben", sort="-name"))
    assert "<select" not in page.split('id="filter-fields"')[1].split("</details>")[0]
    fields = house.get("branches/", state_code="29", q="ben", ask="filters", htmx=True)
    text = squeezed(fields)
    assert "<!doctype" not in text
    assert re.search(r'<option value="29" selected', text)
    assert "Apply filters" in text
    # Without script they are a page, which carries search and order along.
    text = squeezed(house.get("branches/", state_code="29", q="ben", sort="-name", ask="filters"))
    assert "Filter branches" in text
    assert re.search(r'<option value="29" selected', text)
    assert '<input type="hidden" name="q" value="ben">' in text
    assert '<input type="hidden" name="sort" value="-name">' in text
    assert house.get("series/", ask="filters").status_code == 404


def test_tabs_come_along_only_when_they_change(house: House) -> None:
    """Their counts cost more than the rows."""

    def fragment(before: str, **params: Any) -> str:
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{house.url(before)}"}
        return str(house.client.get(house.url("branches/"), params, headers=headers).content.decode())

    assert "#list-tabs" in fragment("branches/", q="pu")
    assert "#list-tabs" not in fragment("branches/?q=p", q="pu")
    assert "#list-tabs" in fragment("branches/?q=pu", state_code="27")
    assert "#list-tabs" not in fragment("branches/?rows=25&state_code=27&sort=-name", state_code="27", sort="name")
    assert "#list-tabs" in fragment("elsewhere/", q="pu")


def test_a_view_is_saved_of_what_is_on_screen(house: House) -> None:
    """The link may be of an older state: swaps leave the tabs alone while they look the same."""
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{house.url('branches/?q=new')}"}
    response = house.client.get(house.url("branches/?q=old&ask=view-save"), headers=headers)
    assert 'name="query" value="q=new"' in response.content.decode()


def test_the_count_is_carried_along(house: House) -> None:
    house.add_branches(*[f"Branch {number:03d}" for number in range(60)])
    text = house.get("branches/", rows=25).content.decode()
    following = text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    with CaptureQueriesContext(connection) as queries:
        text = house.client.get(following, headers=HTMX).content.decode()
    assert "of 61" in text
    assert not [one for one in queries if "LIMIT 10001" in one["sql"] and "state_code" not in one["sql"]]
    # Under another filter the page is not known, and the first one is shown and counted.
    text = squeezed(house.client.get(f"{following}&q=pune"))
    assert "61 branches" in text


def test_choosing_columns_returns_to_what_is_on_screen(house: House) -> None:
    data = {"do": "columns", "column": ["gstin"], "query": "q=old"}
    response: Any = house.client.post(
        house.url("branches/"), data, headers={"Referer": f"http://testserver{house.url('branches/?q=new')}"}
    )
    assert response.url == house.url("branches/?q=new")


def test_a_range_filter_reads_and_removes_both_ends(house: House) -> None:
    text = house.get("branches/", created_after="2020-01-01", created_before="2020-02-01").content.decode()
    text = " ".join(text.split())
    assert "01 Jan 2020 to 01 Feb 2020" in text
    assert shown(text) == []
    assert f'<a class="x" href="{house.url("branches/")}"' in text


def test_a_filter_that_makes_no_sense_finds_nothing_and_says_so(house: House) -> None:
    text = house.get("branches/", state_code="no-such").content.decode()
    assert shown(text) == []
    assert "Remove this filter" in text
    assert "State:" in text
    assert house.get("branches/", state_code="no-such", export="csv").status_code == 422


def test_a_default_filter_holds_until_something_else_is_chosen(house: House) -> None:
    house.add_branches("Old", active=False)
    text = squeezed(house.get("work/"))
    assert shown(text) == ["Pune"]
    assert '<span class="k">Active</span>Yes' in text
    assert f'<a class="x" href="{house.url("work/?active=")}"' in text
    assert shown(house.get("work/", active="").content.decode()) == ["Old", "Pune"]
    assert shown(house.get("work/", active="false").content.decode()) == ["Old"]
    # "unknown" is how the choice of three says that nothing was chosen.
    response = house.get("work/", active="unknown", q="", htmx=True)
    assert shown(response.content.decode()) == ["Old", "Pune"]
    assert response.headers["HX-Push-Url"] == house.url("work/?active=")
    # What holds anyway is not said in the address, so the whole list is no view that could be saved.
    response = house.get("work/", active="true", htmx=True)
    assert response.headers["HX-Push-Url"] == house.url("work/")
    assert "ask=view-save" not in squeezed(response)
    assert "ask=view-save" in squeezed(house.get("work/", active="", htmx=True))
    response = house.get("work/", q="old")
    assert f'href="{house.url("work/?active=&amp;q=old")}"' in squeezed(response)


def test_nothing_found_says_what_was_searched_and_offers_to_widen(house: House) -> None:
    text = house.get("branches/", q="zzz", state_code="29").content.decode()
    assert "No branches found" in text
    assert "“zzz”" in text
    assert "State: Karnataka" in text
    assert f'href="{house.url("branches/?q=zzz")}"' in text


def test_nothing_yet_has_one_way_in(house: House) -> None:
    with tenant(house.organization.pk):
        house.branch().series.all().delete()
        house.branch().places.all().delete()
        house.branch().delete()
    text = house.get("branches/").content.decode()
    assert "No branches yet" in text
    assert text.count(f'href="{house.url("branches/new/")}"') == 2  # header, empty state
    picker = house.as_role("picker")
    assert "branches/new/" not in house.get("branches/", client=picker).content.decode()


def test_columns_are_chosen_and_remembered(house: House, another_house: Callable[[], House]) -> None:
    assert heads(house.get("branches/").content.decode()) == ["Branch name", "Short code", "State", "Phone", "Active"]
    response = house.post(
        "branches/", {"do": "columns", "column": ["gstin", "name", "bogus"], "query": "q=pu&sort=code"}
    )
    assert response.status_code == 302
    assert response.url == house.url("branches/?q=pu&sort=code")
    assert heads(house.get("branches/").content.decode()) == ["Branch name", "GSTIN"]
    # Nobody else's list changes.
    assert len(heads(house.get("branches/", client=house.as_role("manager")).content.decode())) == 5
    other = another_house()
    assert len(heads(other.get("branches/").content.decode())) == 5
    house.post("branches/", {"do": "columns", "reset": "1", "column": ["name"]})
    assert len(heads(house.get("branches/").content.decode())) == 5
    with tenant(house.organization.pk):
        assert not ColumnChoice.objects.exists()


def test_the_naming_column_cannot_be_left_out(house: House) -> None:
    house.post("branches/", {"do": "columns", "column": ["gstin"]})
    assert heads(house.get("branches/").content.decode()) == ["Branch name", "GSTIN"]


def test_phone_rows_come_from_the_same_markup(house: House) -> None:
    text = house.get("branches/").content.decode()
    row = re.search(r'<tr id="row-\d+">.*?</tr>', text)
    assert row
    assert '<td class="ma clip">' in row[0]
    assert '<td class="mb code">PN</td>' in row[0]
    assert '<td class="mc only-m">Maharashtra (27)</td>' in row[0] or '<td class="mc only-m">Maharashtra</td>' in row[0]
    assert '<td class="ckc mk">' in row[0]


def test_totals_row(house: House) -> None:
    house.add_branches("Nashik")
    text = squeezed(house.get("branches/"))
    foot = text.split("<tfoot>")[1].split("</tfoot>")[0]
    assert "2 branches" in foot
    assert '<td class="code">2</td>' in foot


def test_built_in_views_are_tabs_with_counts(house: House) -> None:
    house.add_branches("Bengaluru", state_code="29")
    text = squeezed(house.get("branches/"))
    assert 'aria-current="page">All' in text
    assert f'<a href="{house.url("branches/?state_code=27")}">Maharashtra<span class="n">1</span>' in text
    text = squeezed(house.get("branches/", state_code="27"))
    assert 'aria-current="page">Maharashtra' in text


def test_rights_hide_and_refuse(house: House) -> None:
    picker = house.as_role("picker")
    text = house.get("branches/", client=picker).content.decode()
    assert shown(text) == ["Pune"]
    assert 'class="ckc' not in text
    assert "New branch" not in text
    assert house.get("series/", client=picker).status_code == 403
    fragment = house.get("series/", client=picker, htmx=True)
    assert fragment.status_code == 403
    text = fragment.content.decode()
    assert "See number series" in text or "organizations.series.view" in text
    assert "<!doctype" not in text
    assert house.get("branches/new/", client=picker).status_code == 403
    assert house.post("branches/", {"action": "close", "all": "1"}, client=picker).status_code == 403


def test_a_stranger_and_another_house_get_404(house: House, another_house: Callable[[], House]) -> None:
    other = another_house()
    assert house.get("branches/", client=other.client).status_code == 404
    foreign = house.branch().pk
    for path in ("", "edit/", "archive/", "delete/", "move/"):
        assert other.get(f"branches/{foreign}/{path}").status_code == 404
        assert other.post(f"branches/{foreign}/{path}").status_code in (404, 405)


def test_rows_lead_nowhere_without_a_detail_page(house: House) -> None:
    text = house.get("series/").content.decode()
    assert '<tr id="row-' in text
    assert 'class="name t"' not in text


def test_a_filterset_is_made_of_the_filters_in_use(house: House) -> None:
    """All of them would be copied for every request; one that looks at several together stays whole."""
    assert list(with_filters(BranchFilter, frozenset({"active"})).base_filters) == ["active"]
    assert with_filters(BranchFilter, frozenset({"active"})) is with_filters(BranchFilter, frozenset({"active"}))
    assert with_filters(BranchFilter, frozenset(BranchFilter.base_filters)) is BranchFilter

    class Together(BranchFilter):
        def filter_queryset(self, queryset: Any) -> Any:
            return super().filter_queryset(queryset)

    assert with_filters(Together, frozenset({"active"})) is Together
    house.add_branches("Old", active=False, state_code="29")
    assert shown(house.get("branches/", active="false", state_code="29").content.decode()) == ["Old"]
