"""PostgreSQL writes a cell as Python would: the same file, whichever of them made it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from apps.core.exchange import export
from apps.core.exchange.cells import Cell
from apps.core.exchange.export import Column, Statement, export_response
from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from tests.core.exchange.test_export import content

pytestmark = pytest.mark.django_db

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30) | st.text(
    st.sampled_from("=+-@\t\r\n'\"<>&\\_x000D_ ,%5.＝\x01\x1f\ufffe"), max_size=12
)
NUMBER = st.decimals("-99999999.9999", "99999999.9999", places=4)
MOMENT = st.datetimes(dt.datetime(1900, 3, 2), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
DAY = st.dates(dt.date(1900, 3, 1), dt.date(2200, 1, 1))
CHOICES = {"a": "=Über & <alles>", "b": "B"}

QUERY = Statement(
    "SELECT %s::text, %s::numeric, %s::bigint, %s::date, %s::timestamptz, %s::boolean, %s::text, %s::date, %s::numeric"
)
KINDS = [
    Cell("text"), Cell("money", places=2), Cell("number"), Cell("date"), Cell("datetime"), Cell("flag"),
    Cell("text", CHOICES), Cell("month"), Cell("percent"),
]  # fmt: skip


def half_up(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.01"), "ROUND_HALF_UP") + 0


def by_python(place: int) -> Cell:
    cell = KINDS[place]

    def make(row: Any) -> object:
        value = row[place]
        if place == 1:
            return half_up(value)
        return CHOICES.get(value, value) if place == 6 else value

    return Cell(cell.kind, places=cell.places, make=make)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    row=st.tuples(
        *[
            st.none() | kind
            for kind in (
                TEXT, NUMBER, st.integers(-(2**60), 2**60), DAY, MOMENT, st.booleans(),
                st.sampled_from(["a", "b", "other", ""]), DAY, NUMBER,
            )
        ]
    )
)  # fmt: skip
@example(
    row=("_x000D_ <b>\\\n", Decimal("-0.005"), 10**15, dt.date(2028, 8, 31), None, True, "a", None, Decimal("2.5"))
)
def test_both_make_the_same_file(organization: Organization, row: tuple[Any, ...]) -> None:
    statement = Statement(QUERY.sql, row)
    headings = [f"h{place}" for place in range(len(KINDS))]
    by_sql = [Column(place, cell) for place, cell in enumerate(KINDS)]
    by_hand = [Column(place, by_python(place)) for place in range(len(KINDS))]
    mixed = [by_hand[place] if place % 2 else by_sql[place] for place in range(len(KINDS))]
    files = [
        b"".join(export.stream_csv(organization.pk, headings, statement, columns))
        for columns in (by_sql, by_hand, mixed)
    ]
    tables = [list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""))) for file in files]
    assert tables[0] == tables[1] == tables[2]
    sheets = []
    with tenant(organization.pk):
        for columns in (by_sql, by_hand, mixed):
            made = export_response(
                organization_id=organization.pk, name="x", format="xlsx", headings=headings, rows=statement,
                columns=columns,
            )  # fmt: skip
            sheet: Any = openpyxl.load_workbook(io.BytesIO(content(made))).active
            sheets.append([(cell.value, cell.number_format) for cell in sheet[2]])
    assert sheets[0] == sheets[1] == sheets[2]


def test_a_sheet_keeps_what_a_person_would_read(organization: Organization) -> None:
    """The values as given, for two writers could be wrong in the same way."""
    row = ("=1+1 <b>&\n", Decimal("1234.5"), 7, dt.date(2026, 12, 31), dt.datetime(2026, 11, 20, 18, 45, tzinfo=dt.UTC),
           False, "a", dt.date(2028, 8, 31), Decimal("2.50"))  # fmt: skip
    with tenant(organization.pk):
        made = export_response(
            organization_id=organization.pk, name="x", format="xlsx", headings=["h"] * len(KINDS),
            rows=Statement(QUERY.sql, row), columns=[Column(place, cell) for place, cell in enumerate(KINDS)],
        )  # fmt: skip
    sheet: Any = openpyxl.load_workbook(io.BytesIO(content(made))).active
    assert [cell.value for cell in sheet[2]] == [
        "=1+1 <b>&\n", 1234.5, 7, dt.datetime(2026, 12, 31), dt.datetime(2026, 11, 21, 0, 15), "No",  # noqa: DTZ001
        "=Über & <alles>", dt.datetime(2028, 8, 31), 2.5,  # noqa: DTZ001
    ]  # fmt: skip
    assert {cell.data_type for cell in sheet[2]} == {"s", "n", "d"}
    assert sheet.freeze_panes == "A2"


def test_what_no_sheet_can_hold_stays_text(organization: Organization) -> None:
    with tenant(organization.pk):
        made = export_response(
            organization_id=organization.pk, name="x", format="xlsx", headings=["a", "b", "c"],
            rows=Statement("SELECT 8901234567890123456, date '1857-05-10', repeat('x', 40000)"),
        )  # fmt: skip
    sheet: Any = openpyxl.load_workbook(io.BytesIO(content(made))).active
    assert [cell.value for cell in sheet[2]] == ["8901234567890123456", "1857-05-10", "x" * 32_767]
