"""Step 2: which column of the file goes where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.exchange import operations, queries
from apps.core.exchange.declaration import Column
from apps.core.exchange.operations.checking import reading_of
from apps.core.exchange.rules.cells import Choice, Day, Integer, Month, Number, YesNo
from apps.core.exchange.rules.matching import readable_count
from apps.core.exchange.rules.states import State
from apps.core.exchange.views.jobs import SMALL_ROWS, JobPage
from apps.core.refusals import Refusal
from apps.core.ui.formats import num

_DELIMITERS = {
    ",": gettext_lazy("comma separated"),
    ";": gettext_lazy("semicolon separated"),
    "\t": gettext_lazy("tab separated"),
    "|": gettext_lazy("bar separated"),
}
_ENCODINGS = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
_SHOWN = 3


@dataclass(frozen=True)
class MatchRow:
    """One column of the file on the page."""

    place: int
    heading: str
    sample: str
    target: str
    tone: str
    check: str


@dataclass(frozen=True)
class GivenRow:
    """A column that the file lacks, and the value for all rows."""

    column: Column
    value: str
    choices: Sequence[tuple[str, str]]
    required: bool
    invalid: bool


class MatchColumns(JobPage):
    """Match your columns."""

    template_name = "exchange/match.html"
    fragment = "matches"
    step = 2
    states = (State.UPLOADED, State.CHECKED)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.render(self.get_context(mapping=self._chosen(request.GET) or self.job.mapping))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        mapping = self._chosen(request.POST) or []
        try:
            # From the check back to here: what was mended there is given up only now.
            operations.back_to_matching(job_number=self.job.pk)
            self.job = operations.match_columns(
                job_number=self.job.pk, mapping=mapping, remember="remember" in request.POST, given=self._given()
            )
        except Refusal as refusal:
            context = self.get_context(
                mapping=mapping or self.job.mapping, problem=str(refusal), problem_field=refusal.field or "c0"
            )
            return self.draw(self.template_name, context, status=422)
        return self.work(small=self.job.rows <= SMALL_ROWS)

    def _given(self) -> dict[str, str]:
        """What was typed for columns that the file lacks: g-state_code, …; what is kept when the page is opened."""
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        if "c0" not in data:
            return dict(self.job.given)
        return {name: data[f"g-{name}"] for name in self.importer.by_name if data.get(f"g-{name}", "").strip()}

    def _lacking(self, mapping: Sequence[str], given: dict[str, str], problem_field: str) -> list[GivenRow]:
        """The columns that the file lacks."""
        return [
            GivenRow(
                column,
                given.get(column.name, ""),
                list(column.kind.labels.items()) if isinstance(column.kind, Choice) else (),
                required=column.required and not column.default,
                invalid=problem_field == f"g-{column.name}",
            )
            for column in self.importer.columns
            if column.name not in mapping
        ]

    def _chosen(self, data: QueryDict) -> list[str] | None:
        """What the selects say: c0, c1, …; None when the page was only opened."""
        if "c0" not in data:
            return None
        names = self.importer.by_name
        chosen = (data.get(f"c{place}", "") for place in range(len(self.job.mapping)))
        return [name if name in names else "" for name in chosen]

    def get_context(self, **extra: Any) -> dict[str, Any]:
        mapping: Sequence[str] = extra["mapping"]
        table = queries.table_of(self.job)
        given = self._given()
        lacking = self._lacking(mapping, given, extra.get("problem_field", ""))
        rows = [self._row(place, table.headings, table.sample, mapping) for place in range(len(table.headings))]
        missing = [
            str(column.label)
            for column in self.importer.columns
            if column.required and not column.default and column.name not in mapping and column.name not in given
        ]
        memory = queries.remembered(self.importer, table)
        facts = [
            ngettext("%(count)s row", "%(count)s rows", table.rows) % {"count": num(table.rows)},
            _("Excel sheet %(name)s") % {"name": table.sheet} if table.sheet else str(_DELIMITERS[table.delimiter]),
            "" if table.sheet else _ENCODINGS.get(table.encoding, "UTF-16"),
            _("headings in row %(row)s") % {"row": table.heading_row}
            if table.heading_row
            else _("no headings, so columns go by their letter"),
        ]
        return super().get_context(
            rows=rows,
            facts=" · ".join(filter(None, facts)),
            matched=sum(1 for target in mapping if target),
            missing=", ".join(missing),
            wanted=[row for row in lacking if row.required or row.column.wanted or row.value],
            others=[row for row in lacking if not (row.required or row.column.wanted or row.value)],
            memory=memory,
            **extra,
        )

    def _row(self, place: int, headings: Sequence[str], samples: Any, mapping: Sequence[str]) -> MatchRow:
        target = mapping[place]
        tone, check = "", _("Not imported")
        if target and mapping.count(target) > 1:
            tone, check = "bad", _("Chosen twice")
        elif target:
            tone, check = self._check(self.importer.by_name[target], samples[place])
        shown = " · ".join(cell[:40] for cell in samples[place][:_SHOWN])
        return MatchRow(place, headings[place], shown, target, tone, check)

    def _check(self, column: Column, sample: Sequence[str]) -> tuple[str, str]:
        """How the first values fit the column."""
        if not sample:
            return ("warn", _("Empty in the first rows")) if column.required else ("", _("Empty in the first rows"))
        fitting = readable_count(sample, column.kind, reading_of(self.job))
        if fitting == len(sample):
            return "ok", self._kind_word(column)
        refused = len(sample) - fitting
        return ("warn" if fitting else "bad"), ngettext(
            "%(count)s of the first %(all)s does not fit", "%(count)s of the first %(all)s do not fit", refused
        ) % {"count": refused, "all": len(sample)}

    def _kind_word(self, column: Column) -> str:
        kind = column.kind
        if isinstance(kind, Integer | Number):
            return _("Numbers")
        if isinstance(kind, Day):
            return _("Month first") if reading_of(self.job).month_first else _("Day first")
        if isinstance(kind, Month):
            return _("Months")
        if isinstance(kind, YesNo):
            return _("Yes and no")
        if isinstance(kind, Choice):
            return _("Known values")
        return _("Matches")
