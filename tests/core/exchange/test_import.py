"""An import from the upload to its undoing."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from apps.core.exchange import operations, queries, staging
from apps.core.exchange.models import (
    ColumnMemory,
    ImportedChunk,
    ImportJob,
    ImportProgress,
    RowProblem,
    StagedRow,
)
from apps.core.exchange.operations import ImportRefused, taking, working
from apps.core.exchange.progress import Progress, Stopped
from apps.core.exchange.rules.states import MOVES, State, may_move
from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch
from tests.core.exchange.worlds import Importing, new_organization

GOOD = "Shop,Code,State,City,Remarks\nNagpur,NAG,MH,Nagpur,x\nMysuru,MYS,Karnataka (29),Mysuru,\n"
BAD = (
    "Shop,Code,State,City,Pincode,GSTIN\n"
    "Nagpur,NAG,MH,Nagpur,440001,\n"  # 2: good
    ",KOL,19,Kolkata,700001,\n"  # 3: no name
    "Mysuru,MYSORE,Karnatka (29),Mysuru,57,27 AAPFU0939F1ZV\n"  # 4: long code, unknown State, PIN, GSTIN with a blank
    "Nagpur,NG2,27,Nagpur,440001,\n"  # 5: same name as row 2
    "Camp,CAMP,29,Pune,411001,\n"  # 6: wrong State
    "Deccan,DEC,29,Pune,411004,\n"  # 7: wrong State
    "Kothrud,PUNE,27,Pune,411038,\n"  # 8: code of another branch
    "Wakad,WAK,27,Pune,411057,,surplus\n"  # 9: more cells than headings
)


def branches() -> set[str]:
    return set(Branch.objects.values_list("name", flat=True))


def test_good_rows_are_taken_and_undone(importing: Importing) -> None:
    job = importing.check(GOOD)
    assert (job.status, job.rows, job.ready, job.errors) == ("checked", 2, 2, 0)
    assert job.mapping == ["name", "code", "state_code", "city", ""]
    job = importing.take(job)
    assert (job.status, job.created, job.updated, job.message) == ("done", 2, 0, "")
    assert branches() == {"Pune", "Nagpur", "Mysuru"}
    mysuru = Branch.objects.get(name="Mysuru")
    assert (mysuru.state_code, mysuru.address, mysuru.active, mysuru.version) == ("29", "-", True, 1)
    assert not StagedRow.objects.exists()
    assert ImportedChunk.objects.get().created
    job = importing.undo(job)
    assert (job.status, branches()) == ("undone", {"Pune"})
    assert not ImportedChunk.objects.exists()


def test_columns_are_remembered_for_files_of_the_shape(importing: Importing) -> None:
    heading = "Shop,Code,State,City,Where\n"
    chosen = ["name", "code", "state_code", "address", "city"]
    importing.check(heading + "Nagpur,NAG,MH,MG Road,Nagpur\n", chosen)
    assert ColumnMemory.objects.get().filename == "list.csv"
    job = importing.upload(heading.upper() + "Mysuru,MYS,29,Main Road,Mysuru\n")
    assert job.mapping == chosen
    match = queries.guessed_mapping(importing.importer, queries.table_of(job))
    assert {found.reason for found in match} == {"remembered"}


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        (["name", "code", "state_code", "", ""], "Choose which column holds: City."),
        (["name", "name", "state_code", "city", ""], "Shop and Code both go to Branch name. Leave one of them out."),
        (["name", "code", "state_code", "city", "colour"], "There is no such column. Choose another."),
    ],
)
def test_a_match_that_cannot_be(importing: Importing, mapping: list[str], sentence: str) -> None:
    job = importing.upload(GOOD)
    with pytest.raises(ImportRefused) as caught:
        operations.match_columns(job_number=job.pk, mapping=mapping, remember=False)
    assert str(caught.value) == sentence


def test_every_bad_cell_has_its_reason_and_its_fix(importing: Importing) -> None:
    job = importing.check(BAD)
    assert importing.problems(job) == [
        (3, "name", "Branch name is empty.", None),
        (4, "code", "Short code has 6 characters. Up to 4 fit.", None),
        (4, "gstin", "GSTIN has 16 characters. Up to 15 fit.", "27AAPFU0939F1ZV"),
        (4, "state_code", "State is none of the known values. Did you mean Karnataka (29)?", "Karnataka (29)"),
        (4, "pin_code", "PIN code is not written as it should be.", None),
        (5, "name", "Same branch name as row 2.", None),
        (6, "state_code", "Pune lies in Maharashtra.", "27"),
        (7, "state_code", "Pune lies in Maharashtra.", "27"),
        (8, "code", "PUNE is taken by Pune.", None),
        (9, "", "This row has more cells than there are headings.", None),
    ]
    assert (job.ready, job.warnings, job.errors) == (1, 0, 7)
    page = queries.rows_page(job, importing.importer, "errors", 1, queries.shown_columns(job, importing.importer))
    assert [row.number for row in page] == [3, 4, 5, 6, 7, 8, 9]
    assert [cell.tone for cell in page[1].cells] == ["", "bad", "bad", "bad", "", "bad"]
    groups = queries.same_problems(job)
    assert [(group.column, group.fix, group.rows) for group in groups] == [("state_code", "27", 2)]


def test_one_fix_mends_the_same_problem_everywhere(importing: Importing) -> None:
    job = importing.check(BAD)
    job = operations.fix_all(job_number=job.pk, column="state_code", code="pune_state", fix="27")
    assert (job.ready, job.errors) == (3, 5)
    assert {row for row, *_ in importing.problems(job)} == {3, 4, 5, 8, 9}
    with pytest.raises(ImportRefused, match="solved already"):
        operations.fix_all(job_number=job.pk, column="state_code", code="pune_state", fix="27")


def test_mending_row_four_cell_by_cell(importing: Importing) -> None:
    job = importing.check(BAD)
    proposals = RowProblem.objects.filter(job_number=job.pk, row=4, fix__isnull=False)
    for key in list(proposals.values_list("pk", flat=True)):
        operations.fix_row(job_number=job.pk, problem=key)
    operations.edit_cell(job_number=job.pk, row=4, column="code", text=" mys ")
    job = operations.edit_cell(job_number=job.pk, row=4, column="pin_code", text="57")
    assert [column for row, column, *_ in importing.problems(job) if row == 4] == ["pin_code"]
    job = operations.edit_cell(job_number=job.pk, row=4, column="pin_code", text="570001")
    assert importing.cells(job, 4)[:4] == ["Mysuru", "MYS", "27AAPFU0939F1ZV", "29"]
    assert (job.ready, job.errors) == (2, 6)
    job = importing.take(job)
    assert branches() == {"Pune", "Nagpur", "Mysuru"}
    assert (job.created, job.errors) == (2, 6)


def test_editing_a_key_moves_the_clash(importing: Importing) -> None:
    job = importing.check("Shop,Code,State,City\nA,A1,27,X\nB,B1,27,X\n")
    job = operations.edit_cell(job_number=job.pk, row=3, column="name", text="a")
    assert importing.problems(job) == [(3, "name", "Same branch name as row 2.", None)]
    job = operations.drop_rows(job_number=job.pk, rows=[2])
    assert (importing.problems(job), job.ready, job.dropped) == ([], 1, 1)
    assert importing.take(job).created == 1
    assert "a" in branches()


def test_dropping_every_copy(importing: Importing) -> None:
    job = importing.check("Shop,Code,State,City\nA,A1,27,X\nA,A2,27,X\nA,A3,27,X\n")
    assert [row for row, *_ in importing.problems(job)] == [3, 4]
    job = operations.fix_all(job_number=job.pk, column="name", code="same_name", fix=None)
    assert (job.ready, job.errors, job.dropped) == (1, 0, 2)


def test_the_errors_file_has_the_shape_of_the_upload(importing: Importing) -> None:
    job = importing.check(BAD)
    operations.edit_cell(job_number=job.pk, row=4, column="code", text="MYS")
    rows = list(queries.errors_in_shape(job, importing.importer))
    assert rows[0] == ["Branch name is empty.", "", "KOL", "19", "Kolkata", "700001", ""]
    assert rows[1][1:] == ["Mysuru", "MYS", "Karnatka (29)", "Mysuru", "57", "27 AAPFU0939F1ZV"]
    assert rows[-1][-1] == "surplus"
    job = importing.take(importing.fresh(job))
    assert len(list(queries.errors_in_shape(job, importing.importer))) == 7


def test_all_or_the_good_rows_only(importing: Importing) -> None:
    job = importing.check(BAD)
    with pytest.raises(ImportRefused, match="Some rows have errors"):
        operations.start_taking(job_number=job.pk, only_good=False)
    job = importing.check("Shop,Code,State,City\n,A1,27,X\n")
    with pytest.raises(ImportRefused, match="No row can be imported yet"):
        operations.start_taking(job_number=job.pk, only_good=True)


def test_warnings_are_taken(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    job = importing.upload(GOOD)
    job.options["warn"] = "yes"
    job.save()
    job = importing.step(operations.match_columns(job_number=job.pk, mapping=job.mapping, remember=False))
    assert (job.ready, job.warnings) == (0, 2)
    page = queries.rows_page(job, importing.importer, "warnings", 1, queries.shown_columns(job, importing.importer))
    assert [row.number for row in page] == [2, 3]
    assert importing.take(job).created == 2


def test_records_that_exist_are_updated_or_left_and_given_back(importing: Importing) -> None:
    data = "Shop,Code,State,City,Pincode\nPUNE,PUNE,27,Poona,411002\nNagpur,NAG,27,Nagpur,440001\n"
    job = importing.take(importing.check(data))
    assert (job.created, job.updated, job.unchanged) == (1, 1, 0)
    pune = Branch.objects.get(name="Pune")
    assert (pune.city, pune.pin_code, pune.version) == ("Poona", "411002", 2)
    again = importing.take(importing.check(data))
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    job = importing.undo(job)
    pune.refresh_from_db()
    assert (job.status, pune.city, pune.pin_code, pune.version) == ("undone", "Pune", "411001", 3)
    left = importing.take(importing.check(data, existing="skip"))
    assert (left.created, left.updated, left.unchanged) == (1, 0, 1)


def test_undo_is_refused_when_records_changed_or_are_used(importing: Importing) -> None:
    job = importing.take(importing.check(GOOD))
    Branch.objects.filter(name="Nagpur").update(version=2)
    job = importing.undo(job)
    assert (job.status, job.message) == (
        "done", "1 imported records were changed since: Nagpur. Undo would lose those changes.",
    )  # fmt: skip
    Branch.objects.filter(name="Nagpur").update(version=1)
    Branch.objects.get(name="Nagpur").licences.create(
        form="20B", number="MH-1", valid_from="2026-01-01", valid_to="2030-01-01"
    )
    job = importing.undo(job)
    assert job.message == (
        "The imported records are used by drug licences: 20B MH-1. Remove those first, or keep the import."
    )
    assert branches() == {"Pune", "Nagpur", "Mysuru"}


def test_a_row_that_somebody_else_was_faster_with_is_told(importing: Importing) -> None:
    job = importing.check(GOOD)
    Branch.objects.create(name="Other", code="nag", state_code="27", address="-", city="X", pin_code="440001")
    job = importing.take(job)
    assert (job.status, job.created, job.errors) == ("done", 1, 1)
    assert importing.problems(job)[0][2] == "Another record has the same values. Check which of them is right."
    assert [row[1] for row in queries.errors_in_shape(job, importing.importer)] == ["Nagpur"]


def test_slices_add_up(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "SLICE", 7)
    rows = "".join(f"Shop {n},C{n},27,City {n % 3}\n" for n in range(50))
    job = importing.take(importing.check("Shop,Code,State,City\n" + rows))
    assert (job.created, Branch.objects.count()) == (50, 51)
    assert ImportedChunk.objects.count() == 8
    importing.undo(job)
    assert branches() == {"Pune"}


def test_a_failure_in_the_middle_leaves_nothing(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "SLICE", 1)
    job = importing.check(GOOD)
    real, calls = importing.importer.take, []

    def failing(batch: object) -> object:
        calls.append(batch)
        if len(calls) == 2:
            raise ZeroDivisionError
        return real(batch)  # type: ignore[arg-type]

    monkeypatch.setattr(importing.importer, "take", failing)
    operations.start_taking(job_number=job.pk, only_good=True)
    with pytest.raises(ZeroDivisionError):
        importing.step(job)
    job = importing.fresh(job)
    assert job.status == "checked"
    assert "nothing was changed" in job.message
    assert (branches(), StagedRow.objects.count()) == ({"Pune"}, 2)
    monkeypatch.setattr(importing.importer, "take", real)
    assert importing.take(job).created == 2


def test_stopping_leaves_nothing(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "SLICE", 1)

    class Impatient(Progress):
        def report(self, done: int) -> None:
            raise Stopped

    job = operations.start_taking(job_number=importing.check(GOOD).pk, only_good=True)
    operations.step(organization_id=importing.organization_id, job_number=job.pk, progress=Impatient())
    job = importing.fresh(job)
    assert (job.status, job.message, branches()) == ("checked", "Stopped. Nothing was imported.", {"Pune"})
    assert operations.drop_rows(job_number=job.pk, rows=[2]).message == ""


def test_back_to_matching_gives_up_the_rows(importing: Importing) -> None:
    job = operations.back_to_matching(job_number=importing.check(BAD).pk)
    assert (job.status, StagedRow.objects.count(), RowProblem.objects.count()) == ("uploaded", 0, 0)
    job = importing.take(
        importing.step(operations.match_columns(job_number=job.pk, mapping=job.mapping, remember=False))
    )
    with pytest.raises(ImportRefused, match="has gone on"):
        operations.back_to_matching(job_number=job.pk)
    with pytest.raises(ImportRefused, match="has gone on"):
        operations.edit_cell(job_number=job.pk, row=2, column="name", text="x")


def test_a_column_matched_wrongly_is_no_list_of_a_million_errors(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "MAX_FINDINGS", 3)
    job = importing.check("Shop,Code,State,City\n" + "A,A,Atlantis,X\n" * 5)
    assert job.status == "uploaded"
    assert job.message.startswith("More than 3 cells cannot be read; the first is in row 2: State is none")


def test_the_database_refuses_moves_that_are_not_declared(importing: Importing) -> None:
    job = importing.upload(GOOD)
    with pytest.raises(DatabaseError, match="status"), transaction.atomic():
        ImportJob.objects.filter(pk=job.pk).update(status=State.DONE)
    assert may_move(State.UPLOADED, State.MATCHED)
    assert not may_move(State.DONE, State.CHECKED)
    assert MOVES.keys() == set(State)


def test_neighbours_neither_see_nor_touch_an_import(importing: Importing) -> None:
    job = importing.check(GOOD)
    other = new_organization("Neighbour")
    with tenant(other.pk):
        assert not ImportJob.objects.exists()
        assert not StagedRow.objects.exists()
        operations.work_on(organization_id=other.pk, job_number=job.pk)
        with pytest.raises(ImportJob.DoesNotExist):
            operations.start_taking(job_number=job.pk, only_good=True)
    assert importing.fresh(job).status == "checked"


def test_work_given_up_after_three_interruptions(importing: Importing) -> None:
    job = operations.start_taking(job_number=importing.check(GOOD).pk, only_good=True)
    ImportJob.objects.filter(pk=job.pk).update(attempts=working.MAX_ATTEMPTS)
    operations.work_on(organization_id=importing.organization_id, job_number=job.pk)
    job = importing.fresh(job)
    assert (job.status, job.message) == ("checked", "It was interrupted 3 times, so it was given up.")


def test_the_sweep_begins_again_what_nobody_is_at(importing: Importing) -> None:
    job = operations.start_taking(job_number=importing.check(GOOD).pk, only_good=True)
    asked: list[tuple[int, int]] = []
    assert operations.recover_jobs(lambda *key: asked.append(key), importing.organization_id) == 0
    ImportJob.objects.filter(pk=job.pk).update(queued_at="2026-01-01T00:00:00Z")
    assert operations.recover_jobs(lambda *key: asked.append(key), importing.organization_id) == 1
    assert asked == [(importing.organization_id, job.pk)]
    assert operations.recover_jobs(lambda *key: asked.append(key), importing.organization_id) == 0


def test_progress_and_standing(importing: Importing) -> None:
    job = importing.check(GOOD)
    assert queries.standing(job).percent == 0
    ImportProgress.objects.create(
        job_number=job.pk, phase="importing", done=1, total=2, started_at="2026-01-01T00:00:00Z"
    )
    found = queries.standing(job)
    assert (found.done, found.total, found.percent, found.stopping) == (1, 2, 50, False)
    assert found.seconds_left
    operations.stop_taking(job_number=job.pk)
    assert queries.standing(job).stopping


def test_a_refusal_from_the_importer_is_shown(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(batch: object) -> None:
        raise Refusal("The year is closed.")

    job = importing.check(GOOD)
    monkeypatch.setattr(importing.importer, "take", refuse)
    job = importing.take(job)
    assert (job.status, job.message) == ("checked", "The year is closed.")
