"""Step 3: what is wrong with which row, and mending it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.exchange import operations, queries
from apps.core.exchange.declaration import Column
from apps.core.exchange.models import ImportJob, RowProblem
from apps.core.exchange.rules.states import State
from apps.core.exchange.views.jobs import JobPage
from apps.core.refusals import Refusal
from apps.core.ui.formats import num

_EDITED_AT_ONCE = 4


@dataclass(frozen=True)
class Tab:
    """Rows of one state, counted."""

    label: str
    url: str
    current: bool
    count: str


class CheckRows(JobPage):
    """Every row with what is wrong with it; buttons mend one cell or the same problem everywhere."""

    template_name = "exchange/check.html"
    fragment = "check"
    step = 3
    states = (State.CHECKED,)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return self.render(self.get_context())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """One of: fix, fix_all, drop, drop_all, take."""
        do = request.POST.get("do", "")
        try:
            if do == "take":
                self.job = operations.start_taking(job_number=self.job.pk, only_good=True)
                return self.work(small=False)
            if self._mend(do, request).state == State.MENDING:
                return self.work(small=False)
        except Refusal as refusal:
            return self.render(self.get_context(problem=str(refusal)), status=422)
        if not self.wants_fragment:
            return HttpResponseRedirect(request.get_full_path())
        self.job = ImportJob.objects.get(pk=self.job.pk)
        return self.render(self.get_context())

    def _mend(self, do: str, request: HttpRequest) -> ImportJob:
        job_number, data = self.job.pk, request.POST
        if do == "fix":
            return operations.fix_row(job_number=job_number, problem=_number(data.get("problem")))
        if do in {"fix_all", "drop_all"}:
            return operations.fix_all(
                job_number=job_number,
                column=data.get("column", ""),
                code=data.get("code", ""),
                fix=data.get("fix", "") if do == "fix_all" else None,
            )
        if do == "drop":
            return operations.drop_rows(job_number=job_number, rows=[_number(data.get("row"))])
        raise Refusal(_("Choose what to do with the rows."))

    def get_context(self, **extra: Any) -> dict[str, Any]:
        job = self.job
        tab = self.request.GET.get("show", "")
        if tab not in queries.TABS:
            tab = "errors" if job.errors else "warnings" if job.warnings else "all"
        counts = {
            "all": job.ready + job.warnings + job.errors,
            "ready": job.ready,
            "warnings": job.warnings,
            "errors": job.errors,
        }
        labels = {"all": _("All"), "ready": _("Ready"), "warnings": _("Warnings"), "errors": _("Errors")}
        base = self.url("exchange:import_check", pk=job.pk)
        last = max(1, -(-counts[tab] // queries.PAGE))
        page = min(max(1, _number(self.request.GET.get("page"), 1)), last)
        columns = queries.shown_columns(job, self.importer)
        rows = queries.rows_page(job, self.importer, tab, page, columns)
        first = (page - 1) * queries.PAGE + 1
        here = f"{base}?show={tab}"
        return super().get_context(
            tab=tab,
            tabs=[Tab(labels[name], f"{base}?show={name}", name == tab, num(counts[name])) for name in queries.TABS],
            columns=columns,
            rows=[(row, *self._foremost(row)) for row in rows],
            groups=[(group, self._group_words(group)) for group in queries.same_problems(job)],
            here=f"{here}&page={page}",
            shown=f"{num(first)}–{num(first + len(rows) - 1)}" if rows else "0",
            total=counts[tab],
            previous=f"{here}&page={page - 1}" if page > 1 else "",
            next=f"{here}&page={page + 1}" if page < last else "",
            errors_url=self.url("exchange:import_errors", pk=job.pk),
            match_url=self.url("exchange:import_match", pk=job.pk),
            **extra,
        )

    def _foremost(self, row: queries.Row) -> tuple[RowProblem | None, str]:
        """The row's problem to solve first, one that has a remedy if there is any, and the words of its button."""
        for problem in row.problems:
            if problem.drop:
                return problem, _("Drop row")
            if problem.fix is not None:
                return problem, _("Use %(value)s") % {"value": self._shown(problem.column, problem.fix)}
        return (row.problems[0] if row.problems else None), ""

    def _shown(self, column: str, value: str) -> str:
        """A proposed value as people read it: dates are proposed in canonical form."""
        kind = self.importer.by_name[column].kind
        try:
            return kind.show(value)
        except ValueError:
            return value

    def _group_words(self, group: queries.Group) -> str:
        if group.fix is None:
            return ngettext("drop it", "drop all %(count)s", group.rows) % {"count": num(group.rows)}
        return ngettext("set %(column)s to %(value)s", "set %(column)s to %(value)s for all %(count)s", group.rows) % {
            "column": self.importer.by_name[group.column].label,
            "value": self._shown(group.column, group.fix),
            "count": num(group.rows),
        }


class EditRow(JobPage):
    """The cells of one row that need a look, in a dialog; without script a page."""

    template_name = "exchange/row.html"
    fragment = "dialog"
    step = 3
    states = (State.CHECKED,)
    row: queries.Row

    def prepare(self) -> None:
        found = queries.one_row(self.job, self.importer, self.kwargs["row"], list(self.importer.columns))
        if found is None:
            raise Http404
        self.row = found

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return self.render(self.get_context())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        try:
            for cell in self._cells():
                text = request.POST.get(f"cell-{cell.column.name}")
                if text is not None and text.strip() != cell.text:
                    operations.edit_cell(
                        job_number=self.job.pk, row=self.row.number, column=cell.column.name, text=text
                    )
        except Refusal as refusal:
            return self.render(self.get_context(problem=str(refusal)), status=422)
        return self.go(self._back())

    def _cells(self) -> list[queries.Cell]:
        """The cells with problems; where none has any, the first ones of the row."""
        bad = [cell for cell in self.row.cells if cell.tone]
        return bad[:_EDITED_AT_ONCE] or self.row.cells[:_EDITED_AT_ONCE]

    def _back(self) -> str:
        """The list it was opened from."""
        tab = self.request.GET.get("show", "")
        query = f"?show={tab}" if tab in queries.TABS else ""
        page = _number(self.request.GET.get("page"), 1)
        return self.url("exchange:import_check", pk=self.job.pk) + (f"{query}&page={page}" if query else "")

    def get_title(self) -> str:
        return _("Row %(row)s") % {"row": num(self.row.number)}

    def get_context(self, **extra: Any) -> dict[str, Any]:
        def words(column: Column) -> str:
            return " ".join(problem.message for problem in self.row.problems if problem.column == column.name)

        return super().get_context(
            row=self.row,
            fields=[(cell, words(cell.column)) for cell in self._cells()],
            others=[problem.message for problem in self.row.problems if not problem.column],
            back=self._back(),
            here=self.request.get_full_path(),
            **extra,
        )


def _number(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else default
