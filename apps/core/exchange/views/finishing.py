"""Steps 4 and 5: the work going on, what came of it, and taking it back."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.exchange import operations, queries
from apps.core.exchange.export import csv_blocks, csv_response, xlsx_response
from apps.core.exchange.models import ImportJob
from apps.core.exchange.rules.states import WORKING, State
from apps.core.exchange.views.jobs import SMALL_ROWS, JobPage
from apps.core.exchange.workbook import MAX_ROWS, write_workbook
from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.core.ui.formats import num
from apps.core.ui.links import Link


class ShowProgress(JobPage):
    """How far the work is. The part asks again every second, and leads on when the work is done."""

    template_name = "exchange/progress.html"
    fragment = "progress"
    states = tuple(WORKING)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return self.render(self.get_context())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """Stop: of an import nothing is taken."""
        if self.job.state == State.IMPORTING:
            operations.stop_taking(job_number=self.job.pk)
        return self.go(self.url("exchange:import_progress", pk=self.job.pk))

    def get_context(self, **extra: Any) -> dict[str, Any]:
        state = self.job.state
        standing = queries.standing(self.job)
        self.step = {State.READING: 1, State.MATCHED: 3, State.MENDING: 3, State.IMPORTING: 4, State.UNDOING: 5}[state]
        return super().get_context(
            headline=self._headline(),
            standing=standing,
            left=_left(standing.seconds_left),
            here=self.url("exchange:import_progress", pk=self.job.pk),
            may_stop=state == State.IMPORTING,
            **extra,
        )

    def _headline(self) -> str:
        job = self.job
        if job.state == State.READING:
            return _("Reading %(file)s") % {"file": job.filename}
        if job.state == State.MATCHED:
            return ngettext("Checking %(count)s row", "Checking %(count)s rows", job.rows) % {"count": num(job.rows)}
        if job.state == State.MENDING:
            return _("Mending the rows")
        if job.state == State.UNDOING:
            return _("Undoing the import")
        return ngettext("Importing %(count)s row", "Importing %(count)s rows", job.importable) % {
            "count": num(job.importable)
        }


def _left(seconds: int | None) -> str:
    if seconds is None:
        return ""
    if seconds < 90:
        return ngettext("About %(count)s second left", "About %(count)s seconds left", seconds) % {"count": seconds}
    minutes = round(seconds / 60)
    return ngettext("About %(count)s minute left", "About %(count)s minutes left", minutes) % {"count": minutes}


class ShowResult(JobPage):
    """What came of it: counts, the rows left behind, and the way back."""

    template_name = "exchange/result.html"
    step = 5
    states = (State.DONE, State.UNDONE, State.FAILED)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return self.render(self.get_context())

    def get_context(self, **extra: Any) -> dict[str, Any]:
        job = self.job
        seconds = 1
        if job.started_at and job.finished_at:
            seconds = max(1, round((job.finished_at - job.started_at).total_seconds()))
        return super().get_context(
            headline=ngettext("%(count)s row imported", "%(count)s rows imported", job.taken)
            % {"count": num(job.taken)},
            duration=ngettext("in %(count)s second", "in %(count)s seconds", seconds) % {"count": seconds},
            not_imported=queries.not_imported(job),
            errors_url=self.url("exchange:import_errors", pk=job.pk) if job.errors and job.folder else "",
            errors_name=_errors_name(job),
            undo_url=self.url("exchange:import_undo", pk=job.pk) if job.state == State.DONE else "",
            start_url=self.url("exchange:import_start") + f"?kind={self.importer.name}",
            list_url=self.importer.list_url(self.request) or self.url("exchange:import_start"),
            **extra,
        )


def _errors_name(job: ImportJob) -> str:
    path = PurePath(job.filename)
    return f"{path.stem}-errors{'.xlsx' if _is_workbook(job) else '.csv'}"


def _is_workbook(job: ImportJob) -> bool:
    return queries.table_of(job).kind == "xlsx" if job.table else False


class ErrorsFile(JobPage):
    """The rows with errors, in the shape of the upload, with a first column that says what to change."""

    states = (State.CHECKED, State.IMPORTING, State.DONE)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:  # noqa: ARG002
        if not self.job.folder:
            raise Http404
        headings = [_("What to change"), *queries.table_of(self.job).headings]
        filename = _errors_name(self.job)
        if _is_workbook(self.job) and self.job.errors <= MAX_ROWS:
            return xlsx_response(filename, write_workbook(headings, queries.errors_in_shape(self.job, self.importer)))
        job, importer, organization_id = self.job, self.importer, self.request.organization.id

        def blocks() -> Any:
            yield b"\xef\xbb\xbf"
            yield from csv_blocks(iter([headings]))
            with tenant(organization_id):
                yield from csv_blocks(queries.errors_in_shape(job, importer))

        return csv_response(filename, blocks())


class UndoImport(JobPage):
    """Asks, then takes the import back."""

    template_name = "ui/action.html"
    step = 5
    tone = "del"
    states = (State.DONE,)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return self.render(self.get_context())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        try:
            self.job = operations.start_undo(job_number=self.job.pk, actor=self.request.member)
        except Refusal as refusal:
            self.toast(str(refusal), tone="bad")
            return self.go_on()
        return self.work(small=self.job.taken <= SMALL_ROWS)

    def get_title(self) -> str:
        return _("Undo the import of %(file)s") % {"file": self.job.filename}

    def crumbs(self) -> list[Link]:
        return [*super().crumbs(), Link(self.job.filename, self.url("exchange:import_result", pk=self.job.pk))]

    def get_context(self, **extra: Any) -> dict[str, Any]:
        points = []
        if self.job.created:
            points.append(
                ngettext("%(count)s new record goes.", "%(count)s new records go.", self.job.created)
                % {"count": num(self.job.created)}
            )
        if self.job.updated:
            points.append(
                ngettext(
                    "%(count)s changed record gets its values back.",
                    "%(count)s changed records get their values back.",
                    self.job.updated,
                )
                % {"count": num(self.job.updated)}
            )
        return super().get_context(
            form=forms.Form(),
            question=_("If a record was changed or used since, nothing is undone and you are told which."),
            points=points,
            submit=_("Undo this import"),
            cancel_url=self.url("exchange:import_result", pk=self.job.pk),
            **extra,
        )
