"""What all statements share: a sheet of cells that is a page, a print, a PDF, a CSV or a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.exchange.export import csv_blocks, csv_response, xlsx_response
from apps.core.exchange.workbook import write_workbook
from apps.core.paper import PdfFault, can_print
from apps.core.paper.mail import Document
from apps.core.ui import formats
from apps.core.ui.links import Link
from apps.core.ui.pages import Page
from apps.core.ui.widgets import DateInput
from apps.finance.queries.statements import Period, year_start
from apps.finance.rules.statements import year_ahead
from apps.organizations.models import Branch

Value = str | int | Decimal | dt.date | None


@dataclass(frozen=True)
class SheetColumn:
    """A column. `amount` columns stand right and are added up by spreadsheets."""

    label: str
    amount: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell, and where its figure opens to. `balance` amounts are written with Dr or Cr."""

    value: Value = None
    url: str = ""
    amount: bool = False
    balance: bool = False

    @property
    def text(self) -> str:
        """As it is read: nothing for nothing."""
        if self.value is None or self.value == "":
            return ""
        if isinstance(self.value, Decimal):
            if self.balance and self.value:
                side = _("Dr") if self.value > 0 else _("Cr")
                return f"{formats.money(abs(self.value))} {side}"
            return formats.money(self.value)
        return formats.day(self.value) if isinstance(self.value, dt.date) else str(self.value)


@dataclass(frozen=True)
class SheetRow:
    """A row; `level` is how deep it is set in, `total` draws a line above it."""

    cells: list[Cell]
    level: int = 0
    total: bool = False
    heading: bool = False


@dataclass(frozen=True)
class Sheet:
    """A statement, drawn."""

    columns: list[SheetColumn]
    rows: list[SheetRow]
    facts: list[tuple[str, str]] = field(default_factory=list)
    more_url: str = ""
    note: str = ""


def amount(value: Decimal | None, url: str = "", *, balance: bool = False) -> Cell:
    """A cell with money; nothing is left empty."""
    return Cell(value or None, url, amount=True, balance=balance)


class PeriodForm(forms.Form):
    """From when to when, which branch, compared with what."""

    branch = forms.ModelChoiceField(
        label=gettext_lazy("Branch"),
        queryset=Branch.objects.all(),
        required=False,
        empty_label=gettext_lazy("All branches"),
    )

    def __init__(self, data: Any, *, ranged: bool, compared: bool) -> None:
        super().__init__(data)
        if ranged:
            self.fields["from"] = forms.DateField(label=_("From"), required=False, widget=DateInput())
        self.fields["to"] = forms.DateField(label=_("To") if ranged else _("As of"), required=False, widget=DateInput())
        if compared:
            self.fields["compare"] = forms.ChoiceField(
                label=_("Compare with"),
                required=False,
                choices=[("", _("Nothing")), ("year", _("Same days a year ago")), ("before", _("Period before"))],
            )
        self.order_fields(["from", "to", "branch", "compare"])


class StatementPage(Page):
    """A statement of a period: `?from=&to=&branch=&compare=`, and `?as=csv|xlsx|print|pdf`."""

    right = "finance.statement.view"
    template_name = "finance/statement.html"
    ranged: ClassVar[bool] = True
    compared: ClassVar[bool] = True

    first: dt.date
    last: dt.date
    branch: Branch | None
    compare: str

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        """The statement as it is asked for. Dates that make no sense are named beside their fields."""
        form = PeriodForm(request.GET, ranged=self.ranged, compared=self.compared)
        valid = form.is_valid()
        cleaned = form.cleaned_data
        self.last = cleaned.get("to") or timezone.localdate()
        self.first = cleaned.get("from") or year_start(self.last)
        self.branch = cleaned.get("branch")
        self.compare = cleaned.get("compare", "")
        if valid and self.first > self.last:
            form.add_error("from" if self.ranged else "to", _("The first day comes after the last."))
            valid = False
        if not valid:
            return self.render(self.get_context(form=self._filled(form)), status=422)
        sheet = self.sheet()
        wanted = request.GET.get("as", "")
        if wanted in ("csv", "xlsx"):
            return self._file(sheet, wanted)
        if wanted in ("print", "pdf"):
            return self._paper(sheet, pdf=wanted == "pdf")
        return self.render(self.get_context(form=self._filled(form), sheet=sheet))

    def _filled(self, form: PeriodForm) -> PeriodForm:
        """The form with the days that are in force, so that a reader changes one of them."""
        if form.errors:
            return form
        data = self.request.GET.copy()
        data.setdefault("to", self.last.isoformat())
        if self.ranged:
            data.setdefault("from", self.first.isoformat())
        filled = PeriodForm(data, ranged=self.ranged, compared=self.compared)
        filled.is_valid()
        return filled

    # ---- what subclasses say ----

    def sheet(self) -> Sheet:
        """The statement."""
        raise NotImplementedError

    # ---- what they use ----

    @property
    def branch_id(self) -> int | None:
        return self.branch.pk if self.branch else None

    def periods(self) -> list[Period]:
        """The period asked for, and the one it is compared with."""
        found = [Period(self.first, self.last)]
        if self.compare == "year":
            found.append(Period(year_ahead(self.first, -1), year_ahead(self.last, -1)))
        elif self.compare == "before":
            length = self.last - self.first
            ends = self.first - dt.timedelta(days=1)
            found.append(Period(ends - length, ends))
        return found

    def at(self, name: str, *, first: dt.date | None = None, last: dt.date | None = None, **kwargs: Any) -> str:
        """Another statement of the same branch, for the period or a given one."""
        query = {"from": first or self.first, "to": last or self.last}
        text = "&".join(f"{key}={day.isoformat()}" for key, day in query.items())
        return f"{self.url(name, **kwargs)}?{text}" + (f"&branch={self.branch.pk}" if self.branch else "")

    def span_text(self) -> str:
        """The period in words."""
        if not self.ranged:
            return _("As of %(day)s") % {"day": formats.day(self.last)}
        return _("%(first)s to %(last)s") % {"first": formats.day(self.first), "last": formats.day(self.last)}

    def get_context(self, **extra: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("as", None)
        base = query.urlencode()
        faces = [("print", _("Print"), "printer"), ("csv", _("CSV"), "download"), ("xlsx", _("Excel"), "download")]
        return super().get_context(
            period=self.span_text(),
            actions=[
                Link(label, f"{self.request.path}?{base}{'&' if base else ''}as={kind}", icon)
                for kind, label, icon in faces
            ],
            **extra,
        )

    # ---- files and paper ----

    def _cells(self, sheet: Sheet) -> Iterator[list[Value]]:
        for row in sheet.rows:
            yield [cell.value for cell in row.cells]

    def _file(self, sheet: Sheet, kind: str) -> HttpResponseBase:
        name = f"{slugify(self.get_title())}-{self.last.isoformat()}.{kind}"
        headings = [column.label for column in sheet.columns]
        if kind == "xlsx":
            return xlsx_response(name, write_workbook(headings, self._cells(sheet)))
        rows: list[Sequence[Any]] = [headings, *self._cells(sheet)]
        return csv_response(name, csv_blocks(iter(rows)))

    def _paper(self, sheet: Sheet, *, pdf: bool) -> HttpResponse:
        query = self.request.GET.copy()
        query.pop("as", None)
        base = query.urlencode()
        address = f"{self.request.path}?{base}"
        facts = [(_("Period"), self.span_text()), (_("Branch"), str(self.branch or _("All branches"))), *sheet.facts]
        context = self.get_context(
            paper="a4",
            columns=[{"label": column.label, "number": column.amount} for column in sheet.columns],
            sheet=sheet,
            letterhead={"name": self.request.organization.name, "lines": []},
            document={"title": self.get_title(), "facts": facts},
            printed_at=timezone.now(),
            back_url=address,
            back_label=self.get_title(),
            pdf_url=f"{address}&as=pdf" if can_print() else "",
        )
        template = "finance/statement_print.html"
        if not pdf:
            return self.draw(template, context)
        document = Document(self.get_title(), render_to_string(template, context, self.request), "a4")
        try:
            content = document.pdf()
        except PdfFault:
            return self.draw(template, context | {"pdf_fault": True}, status=503)
        shown = content_disposition_header(as_attachment=False, filename=document.file_name)
        return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": shown})
