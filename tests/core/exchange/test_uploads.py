"""Files that cannot be taken, and what is kept of those that can."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from apps.core.exchange import operations, storage, wording
from apps.core.exchange.models import ImportJob, StagedRow
from apps.core.exchange.operations import ImportRefused
from tests.core.exchange.test_import import BAD, GOOD
from tests.core.exchange.worlds import Importing


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", None),
        (b"Shop,Code\n", "The file has headings and no rows under them."),
        (b"\x89PNG\r\n\x1a\n\0", "This is a picture. Ask for the list as CSV or Excel."),
        (b'Shop,Code\n"A,B\n', 'The quote (") that opens in row 2 is never closed. Close it, or remove it.'),
        (b"Shop,Shop\nA,B\n", "Two columns are called Shop: A and B. Rename one of them."),
        (b"Shop,Code\n" + b"x" * 10_000_000 + b",1\n", "A cell in row 2 is longer than 32,767 characters."),
        (b",".join(b"c%d" % n for n in range(1000)) + b"\n1\n", "The file has 1,000 columns. Up to 256 are read"),
        ("Shop,Code\nपुणे,1\n".encode() + "Café,2\n".encode("cp1252"), "The file mixes two encodings: line 2 is UTF-8"),
    ],
)
def test_a_bad_file_is_one_sentence_and_nothing_more(importing: Importing, data: bytes, sentence: str | None) -> None:
    if sentence is None:
        with pytest.raises(ImportRefused, match="The file is empty"):
            importing.upload(data)
        return
    job = importing.upload(data)
    assert job.status == "failed"
    assert job.message.startswith(sentence)
    assert not StagedRow.objects.exists()


def test_every_fault_has_a_sentence() -> None:
    """Rules know codes only; a code without words would be a page of faults."""
    source = "".join(path.read_text() for path in Path("apps/core/exchange").rglob("*.py"))
    files = set(re.findall(r'FileFault\(\s*"(\w+)"', source)) | {"old_excel", "pdf", "image", "document", "archive"}
    cells = set(re.findall(r'CellFault\(\s*"(\w+)"', source))
    assert files - wording._file_sentences().keys() == set()
    assert cells - wording._cell_sentences().keys() == set()


def test_a_file_that_is_too_large_is_not_kept(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "MAX_BYTES", 2 * 1024**2)
    chunks = (b"x" * 1024**2 for _ in range(100))
    with pytest.raises(ImportRefused, match="larger than 2 MB"):
        operations.upload_file(importer=importing.importer, filename="x.csv", chunks=chunks, options={}, actor=None)
    assert next(chunks)  # the rest was not even read
    assert not ImportJob.objects.exists()
    assert not list((Path(settings.DATA_DIR) / "imports").glob("*/*"))


def test_old_files_are_forgotten_and_what_was_imported_stays(importing: Importing) -> None:
    done, unfinished, fresh = importing.take(importing.check(GOOD)), importing.check(BAD), importing.check(BAD)
    ImportJob.objects.exclude(pk=fresh.pk).update(created_at="2026-01-01T00:00:00Z")
    paths = [storage.upload_path(importing.organization_id, job.folder) for job in (done, unfinished, fresh)]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in paths)
    assert operations.forget_old_files(importing.organization_id) == 2
    assert [path.exists() for path in paths] == [False, False, True]
    assert importing.fresh(unfinished).status == "failed"
    assert set(StagedRow.objects.values_list("job_number", flat=True)) == {fresh.pk}
    assert importing.undo(done).status == "undone"
    assert operations.forget_old_files(importing.organization_id) == 0
