"""A file holds exactly what the list shows, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.exchange import workbook
from apps.core.exchange.export import csv_value
from apps.core.exchange.rules.formulas import neutralized
from apps.core.tenancy.context import active_organization_id, tenant
from apps.core.ui import tables
from apps.core.ui.tables.columns import says_all
from apps.organizations.models import Branch
from tests.core.ui.conftest import House
from tests.core.ui.test_lists import heads, shown

pytestmark = pytest.mark.django_db


def read_csv(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def read_xlsx(response: Any) -> list[list[Any]]:
    return [list(row) for row in sheet_of(response).iter_rows(values_only=True)]


def sheet_of(response: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active


@pytest.fixture
def full_house(house: House) -> House:
    house.add_branches("Nashik", "Nagpur", "Bengaluru", city="Elsewhere")
    house.add_branches("Mysuru", state_code="29", phone="+91 20 1")
    return house


@pytest.mark.parametrize(
    "query",
    ["", "q=na", "state_code=29", "sort=-name", "sort=code&q=n", "rows=25&sort=-state_code"],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_is_the_list(full_house: House, query: str, kind: str) -> None:
    house = full_house
    house.post("branches/", {"do": "columns", "column": ["gstin", "code", "phone"]})
    page = house.client.get(house.url(f"branches/?{query}")).content.decode()
    response = house.client.get(house.url(f"branches/?{query}&export={kind}"))
    rows = read_csv(response) if kind == "csv" else read_xlsx(response)
    assert rows[0] == heads(page)
    assert [row[0] for row in rows[1:]] == shown(page)
    assert f'.{kind}"' in response.headers["Content-Disposition"]


def test_the_links_keep_the_state(full_house: House) -> None:
    page = full_house.get("branches/", q="na", sort="-name").content.decode()
    assert f'href="{full_house.url("branches/?export=csv&amp;q=na&amp;sort=-name")}"' in page


def test_all_pages_are_in_the_file(house: House) -> None:
    house.add_branches(*[f"Branch {number:03d}" for number in range(120)])
    assert len(read_csv(house.get("branches/", export="csv", rows=25))) == 122


def test_values_are_typed_in_a_sheet(full_house: House) -> None:
    full_house.post("branches/", {"do": "columns", "column": ["created_at", "active"]})
    rows = read_xlsx(full_house.get("branches/", export="xlsx"))
    assert isinstance(rows[1][1], dt.datetime)
    assert rows[1][2] == "Yes"


def test_formulas_stay_text(house: House) -> None:
    house.add_branches('=HYPERLINK("http://evil.example","x")', phone="+91 20 1")
    row = next(row for row in read_csv(house.get("branches/", export="csv")) if "HYPERLINK" in row[0])
    assert row[0].startswith("'=")
    assert row[3] == "'+91 20 1"
    rows = read_xlsx(house.get("branches/", export="xlsx"))
    assert any(str(cell[0]).startswith("=HYPERLINK") for cell in rows)
    sheet = sheet_of(house.get("branches/", export="xlsx"))
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


@given(text=st.text(max_size=20))
def test_no_text_begins_like_a_formula(text: str) -> None:
    made = neutralized(text)
    assert not made.startswith(("=", "@", "\t", "\r", "\n"))
    assert not made.startswith(("+", "-")) or set(made) <= set("+-0123456789,.%")
    assert made.removeprefix("'") == text or made == text


def test_numbers_stay_numbers() -> None:
    assert csv_value(Decimal("-12.50"), "money") == Decimal("-12.50")
    assert csv_value(-3, "number") == -3
    assert csv_value(dt.date(2028, 8, 31), "month") == "08/2028"
    assert csv_value(dt.date(2028, 8, 31), "date") == "2028-08-31"
    assert csv_value(None, "text") == ""


def test_the_stream_enters_its_tenant_and_leaves_it(house: House) -> None:
    """It is read after the request is over, when no organization is entered any more."""
    response = house.get("branches/", export="csv")
    assert active_organization_id() is None
    assert len(read_csv(response)) == 2
    assert active_organization_id() is None


def test_a_stream_left_half_read_leaves_nothing_behind(house: House) -> None:
    response = house.get("branches/", export="csv")
    stream = response._iterator
    next(stream)
    assert active_organization_id() == house.organization.pk
    stream.close()
    assert active_organization_id() is None
    with tenant(house.organization.pk):
        assert Branch.objects.count() == 1


def test_a_sheet_that_would_overflow_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(workbook.write_sheet.__kwdefaults__ or {}, "limit", 3)
    house.add_branches("A", "B", "C")
    response = house.get("branches/", export="xlsx")
    assert response.status_code == 422
    assert "Export it as CSV" in response.content.decode()


def test_a_subclass_with_cells_of_its_own_is_not_written_by_postgresql() -> None:
    class Loud(tables.TextColumn):
        def cell(self, value: Any, record: Any) -> str:
            return f"{value}!"

    assert says_all(tables.TextColumn)
    assert says_all(tables.MoneyColumn)
    assert not says_all(Loud)
