"""From an uploaded file to a table whose columns can be matched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from apps.core.exchange import storage
from apps.core.exchange.declaration import Importer, importer_named
from apps.core.exchange.models import ImportJob, ImportProgress, RowProblem, StagedRow
from apps.core.exchange.progress import Progress
from apps.core.exchange.queries import guessed_mapping
from apps.core.exchange.reading import read_table
from apps.core.exchange.rules.faults import FileFault
from apps.core.exchange.rules.states import State
from apps.core.exchange.wording import file_sentence
from apps.core.http import Member
from apps.core.refusals import Refusal
from apps.core.tenancy.context import current_organization_id


class ImportRefused(Refusal):
    """The file or the step is not possible; the message says why."""


def upload_file(
    *, importer: Importer, filename: str, chunks: Iterable[bytes], options: Mapping[str, str], actor: Member | None
) -> ImportJob:
    """Keep an uploaded file for `read_job`.

    Raises:
        ImportRefused: it is too large or empty.
    """
    organization_id = current_organization_id()
    folder = storage.new_folder()
    try:
        size = storage.keep(organization_id, folder, chunks)
        if not size:
            storage.forget(organization_id, folder)
            raise FileFault("empty")
    except FileFault as fault:
        raise ImportRefused(file_sentence(fault), field="file") from None
    job: ImportJob = ImportJob.objects.create(
        importer=importer.name,
        filename=filename[-200:] or "file",
        size=size,
        folder=folder,
        options=_options(importer, options),
        language=get_language() or "en",
        person_id=actor.user_id if actor else None,
        person_name=actor.name if actor else "",
        queued_at=timezone.now(),
    )
    return job


def _options(importer: Importer, given: Mapping[str, str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for option in importer.all_options():
        values = [value for value, _label in option.choices]
        chosen[option.name] = given[option.name] if given.get(option.name) in values else values[0]
    return chosen


def read_job(job: ImportJob, progress: Progress) -> None:
    """Read the whole file, find its headings and guess where the columns go. `job` is locked and READING.

    Raises:
        ImportRefused: with what is wrong with the file.
    """
    importer = importer_named(job.importer)
    progress.begin("reading", 0)
    with override(job.language):
        try:
            table = read_table(
                storage.upload_path(current_organization_id(), job.folder),
                storage.converted_path(current_organization_id(), job.folder),
                importer.known_headings,
                progress.report,
            )
        except FileFault as fault:
            raise ImportRefused(file_sentence(fault), field="file") from None
    job.table = table.as_json()
    job.rows = table.rows
    job.mapping = [match.target for match in guessed_mapping(importer, table)]
    job.status = State.UPLOADED
    job.save(update_fields=["table", "rows", "mapping", "status"])


def back_to_matching(*, job_number: int) -> ImportJob:
    """Match the columns again. What was mended in the rows is given up, for it belongs to the columns as they were.

    Raises:
        ImportRefused: the import has gone on.
    """
    job: ImportJob = ImportJob.objects.select_for_update().get(pk=job_number)
    if job.state == State.UPLOADED:
        return job
    if job.state != State.CHECKED:
        raise ImportRefused(gone_on(job))
    clear_rows(job)
    job.status = State.UPLOADED
    job.save(update_fields=["status"])
    return job


def clear_rows(job: ImportJob) -> None:
    """Let go of the rows in hand."""
    for model in (StagedRow, RowProblem):
        model.objects.filter(job_number=job.pk).delete()


def await_work(job: ImportJob, state: State, *changed: str) -> None:
    """Leave the job in a state that background work ends.

    The old progress goes here and never within the work: its own connection would wait for the row that the work holds.
    """
    ImportProgress.objects.filter(job_number=job.pk).delete()
    job.status = state
    job.queued_at = timezone.now()
    job.attempts = 0
    job.message = ""
    job.save(update_fields=["status", "queued_at", "attempts", "message", *changed])


def gone_on(job: ImportJob) -> str:
    """The page shows a state that is over."""
    return _("%(file)s has gone on since this page was opened. Open it again.") % {"file": job.filename}
