"""Lists as files: same rows, constant memory, nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime as dt
import io
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.db.models import TextField, Value
from django.http import HttpResponseBase

from apps.core.exchange import export, workbook
from apps.core.exchange.cells import Cell
from apps.core.exchange.export import Column, Statement, export_response
from apps.core.refusals import Refusal
from apps.core.tenancy.context import active_organization_id, tenant
from apps.organizations.models import Branch, Organization
from tests.core.exchange.worlds import new_organization

HEADINGS = ["Name", "Code"]


def made(*makers: Callable[[Any], object]) -> list[Column]:
    """Columns that Python makes of the row."""
    return [Column(0, Cell(make=make)) for make in makers]


def each(number: int) -> list[Column]:
    """The same values, by way of Python."""
    return made(*[lambda row, place=place: row[place] for place in range(number)])


def content(response: HttpResponseBase) -> bytes:
    blocks = response.streaming_content  # type: ignore[attr-defined]
    assert isinstance(blocks, Iterable)
    return b"".join(blocks)


def rows_in(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def add(name: str, code: str) -> None:
    Branch.objects.create(name=name, code=code, state_code="27", address="x", city="Pune", pin_code="411001")


def test_a_queryset_is_streamed_after_its_transaction(organization: Organization) -> None:
    new_organization("Neighbour")
    with tenant(organization.pk):
        add("=cmd|' /C calc'!A0", "-5")
        rows = Branch.objects.order_by("id").values_list("name", "code", "active", "version")
        response = export_response(
            organization_id=organization.pk, name="Branches", format="csv",
            headings=[*HEADINGS, "Active", "Version"], rows=rows,
        )  # fmt: skip
    assert active_organization_id() is None
    assert rows_in(content(response)) == [
        ["Name", "Code", "Active", "Version"], ["Pune", "PUNE", "Yes", "1"], ["'=cmd|' /C calc'!A0", "-5", "Yes", "1"],
    ]  # fmt: skip
    assert active_organization_id() is None
    assert 'filename="branches-' in response.headers["Content-Disposition"]


def test_only_the_organizations_own_rows_leave(organization: Organization) -> None:
    other = new_organization("Neighbour")
    statement = Statement("SELECT name FROM organizations_branch WHERE name LIKE %s", ["%u%"])
    for number, expected in ((organization.pk, 1), (other.pk, 1)):
        assert len(rows_in(b"".join(export.stream_csv(number, ["Name"], statement)))) == 1 + expected
    unscoped = Statement("SELECT count(*) FROM organizations_branch")
    assert rows_in(b"".join(export.stream_csv(other.pk, ["n"], unscoped))) == [["n"], ["1"]]


def test_moments_are_written_in_the_time_of_the_place(organization: Organization) -> None:
    statement = Statement("SELECT timestamptz '2026-11-20 18:45:00+00', 1.50::numeric, date '2026-12-31'")
    direct = rows_in(b"".join(export.stream_csv(organization.pk, ["a", "b", "c"], statement)))[1]
    shown = rows_in(b"".join(export.stream_csv(organization.pk, ["a", "b", "c"], statement, each(3))))[1]
    assert direct == shown == ["2026-11-21 00:15:00", "1.50", "2026-12-31"]


def test_percent_signs_in_a_statement_without_parameters(organization: Organization) -> None:
    statement = Statement("SELECT name, '5%' FROM organizations_branch WHERE name LIKE 'P%'")
    assert rows_in(b"".join(export.stream_csv(organization.pk, HEADINGS, statement)))[1:] == [["Pune", "5%"]]


def test_cells_as_shown(organization: Organization) -> None:
    with tenant(organization.pk):
        rows = Branch.objects.annotate(none=Value(None, TextField())).values_list(
            "name", "created_at", "active", "none"
        )
        data = b"".join(
            export.stream_csv(
                organization.pk, ["a", "b", "c", "d"], rows,
                made(lambda row: f"+{row[0]}", lambda _row: Decimal("-1.50"), lambda _row: dt.date(2026, 12, 31),
                     lambda row: row[3]),
            )
        )  # fmt: skip
    assert rows_in(data)[1] == ["'+Pune", "-1.50", "2026-12-31", ""]


def test_a_workbook_keeps_types_and_runs_nothing(organization: Organization) -> None:
    with tenant(organization.pk):
        add("=1+1", "X")
        response = export_response(
            organization_id=organization.pk, name="branches", format="xlsx", headings=["Name", "Amount", "Day", "Yes"],
            rows=Branch.objects.order_by("id").values_list("name", "active"),
            columns=made(lambda row: row[0], lambda _row: Decimal("1.50"), lambda _row: dt.date(2026, 12, 31),
                         lambda row: row[1]),
        )  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(content(response))).active
    assert sheet is not None
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert found[2] == ["=1+1", 1.5, dt.datetime(2026, 12, 31), "Yes"]  # noqa: DTZ001 (Excel knows no zones)
    assert sheet["A3"].data_type in {"s", "inlineStr"}


def test_a_workbook_has_a_limit() -> None:
    with pytest.raises(Refusal, match="holds 3 rows"):
        workbook.write_workbook(["n"], iter([[n] for n in range(4)]), limit=3)


def test_leaving_in_the_middle_ends_the_transaction(organization: Organization) -> None:
    statement = Statement("SELECT g, repeat('x', 100) FROM generate_series(1, 100000) g")
    stream = export.stream_csv(organization.pk, HEADINGS, statement)
    assert isinstance(stream, Iterator)
    next(stream), next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert active_organization_id() is None
    with tenant(organization.pk):
        assert Branch.objects.count() == 1


def _stream(organization_id: int, **options: Any) -> tuple[float, int, int]:
    statement = Statement(
        "SELECT g, 'Product ' || g, now()::date, g * 1.5, 'BK/2627/' || g FROM generate_series(1, 1000000) g"
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    size, first = 0, 0.0
    for block in export.stream_csv(organization_id, ["a", "b", "c", "d", "e"], statement, **options):
        first = first or time.perf_counter() - start
        size += len(block)
    return first, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before


def test_a_million_rows_pass_in_constant_memory(organization: Organization) -> None:
    first, size, grown = _stream(organization.pk)
    assert first < 0.2
    assert size > 40_000_000
    assert grown < 16 * 1024


@pytest.mark.django_db(transaction=True)
def test_streaming_outside_any_transaction(transactional_db: None) -> None:
    organization = new_organization("Banyan & Kite")
    assert not transaction.get_connection().in_atomic_block
    with tenant(organization.pk):
        rows = Branch.objects.values_list("name", "code")
    assert rows_in(b"".join(export.stream_csv(organization.pk, HEADINGS, rows)))[1:] == [["Pune", "PUNE"]]
    assert rows_in(b"".join(export.stream_csv(organization.pk, HEADINGS, rows, each(2))))[1:] == [["Pune", "PUNE"]]
