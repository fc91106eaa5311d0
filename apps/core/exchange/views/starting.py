"""Step 1: what comes in, and the file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.exchange import operations, queries, tasks
from apps.core.exchange.declaration import Importer
from apps.core.exchange.export import FORMATS, csv_blocks, xlsx_response
from apps.core.exchange.models import ImportJob
from apps.core.exchange.reading.limits import MAX_BYTES, MAX_ROWS
from apps.core.exchange.rules.states import State
from apps.core.exchange.views.jobs import SMALL_BOOK_BYTES, SMALL_BYTES, STEPS, ImportPage, importers_for
from apps.core.exchange.wording import RESULTS, TONES
from apps.core.exchange.workbook import write_workbook
from apps.core.refusals import Refusal

_RECENT = 5


class StartImport(ImportPage):
    """What are you bringing in? And the latest imports."""

    title = gettext_lazy("Import")
    template_name = "exchange/start.html"
    fragment = "kind"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.render(self.get_context(chosen=self._chosen(request.GET.get("kind", ""))))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        chosen = self._chosen(request.POST.get("kind", ""))
        file = request.FILES.get("file")
        if file is None:
            return self._refuse(chosen, _("Choose a file first."))
        try:
            job = operations.upload_file(
                importer=chosen,
                filename=file.name or "",
                chunks=file.chunks(),
                options=request.POST.dict(),
                actor=self.request.member,
            )
        except Refusal as refusal:
            return self._refuse(chosen, str(refusal))
        workbook = job.filename.lower().endswith(".xlsx")
        if job.size <= (SMALL_BOOK_BYTES if workbook else SMALL_BYTES):
            operations.step(organization_id=self.request.organization.id, job_number=job.pk)
            job = ImportJob.objects.get(pk=job.pk)
            if job.state == State.FAILED:
                return self._refuse(chosen, job.message)
        else:
            tasks.work_on_import(self.request.organization.id, job.pk)
            return self.wait(self.go(self.url("exchange:import_job", pk=job.pk)))
        return self.go(self.url("exchange:import_job", pk=job.pk))

    def _chosen(self, name: str) -> Importer:
        offered = importers_for(self.request.member)
        return next((importer for importer in offered if importer.name == name), offered[0])

    def _refuse(self, chosen: Importer, problem: str) -> HttpResponse:
        return self.draw(self.template_name, self.get_context(chosen=chosen, problem=problem), status=422)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        chosen: Importer = extra["chosen"]
        offered = importers_for(self.request.member)
        labels = {importer.name: importer.label for importer in offered}
        return super().get_context(
            kinds=offered,
            options=[
                (option, self.request.POST.get(option.name, option.choices[0][0])) for option in chosen.all_options()
            ],
            templates=[
                (file_format, f"{self.url('exchange:import_template')}?kind={chosen.name}&format={file_format}")
                for file_format in FORMATS
            ],
            recent=[
                (job, labels[job.importer], RESULTS[job.state], TONES.get(job.state, "info"))
                for job in queries.recent_jobs(list(labels), _RECENT)
            ],
            all_url=self.url("exchange:importjob_list"),
            steps=STEPS,
            step=1,
            megabytes=MAX_BYTES // 1024**2,
            rows=MAX_ROWS,
            **extra,
        )


class TemplateFile(ImportPage):
    """A file with the headings and no rows, to be filled in."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        offered = {importer.name: importer for importer in importers_for(self.request.member)}
        kind = request.GET.get("kind", next(iter(offered)))
        file_format = request.GET.get("format", FORMATS[0])
        if kind not in offered or file_format not in FORMATS:
            raise Http404
        headings = [str(column.label) for column in offered[kind].columns]
        filename = f"{kind}-template.{file_format}"
        if file_format == "xlsx":
            return xlsx_response(filename, write_workbook(headings, iter(())))
        response = HttpResponse(
            b"\xef\xbb\xbf" + b"".join(csv_blocks(iter([headings]))), content_type="text/csv; charset=utf-8"
        )
        response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
        return response
