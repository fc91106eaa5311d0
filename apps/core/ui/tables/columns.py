"""Columns: how a value is shown in a cell, and what it is in a file.

All are django-tables2 columns. `cell` gives text, which is escaped, or SafeString; `export` gives a value that CSV and
XLSX keep as what it is: a number stays a number there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

import django_tables2
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_tables2.columns.base import library

from apps.core.amounts import round_half_up
from apps.core.exchange.cells import Cell, Kind
from apps.core.ui import formats
from apps.core.ui.templatetags.ui import badge, heat

Text = str | Promise


@dataclass(frozen=True)
class Badge:
    """A status in one or two words, with its tone."""

    text: Text
    tone: str = ""
    icon: str = ""

    def __str__(self) -> str:
        return str(badge(self.text, self.tone, self.icon))

    def __html__(self) -> str:
        return str(self)


class Column(django_tables2.Column):
    """A column of text. `css`: classes of its cells and head. `sources`: further paths that `record` must have. `few`:
    the cell depends on its value and its sources alone, and they are few, so that each kind of cell is drawn once.
    """

    kind: ClassVar[Kind] = "text"
    css: ClassVar[str] = ""
    folds_case: ClassVar[bool] = False
    """Whether it sorts without regard to case."""
    usually_few: ClassVar[bool] = False
    """Whether it is `few` unless the table draws its cells itself."""

    def __init__(
        self,
        verbose_name: Text | None = None,
        *,
        css: str = "",
        sources: tuple[str, ...] = (),
        few: bool | None = None,
        **kwargs: Any,
    ):
        self.leads = kwargs.get("linkify", False) is True
        # True would make django-tables2 ask a model object for its address; our rows are not objects.
        if self.leads:
            kwargs["linkify"] = False
        super().__init__(verbose_name, **kwargs)
        self.classes = " ".join(filter(None, (type(self).css, css)))
        self.sources = sources
        self.few = few
        self.choices: dict[Any, Any] = {}
        self.boolean = False

    def bind(self, field: models.Field[Any, Any] | None) -> None:
        """Learn from the model's field, once per table class."""
        self.boolean = isinstance(field, models.BooleanField)
        if field is not None and field.choices:
            self.choices = dict(field.flatchoices)

    def cell(self, value: Any, record: Any) -> str:  # noqa: ARG002 - for subclasses
        """What stands in the cell: text that is escaped, or safe HTML."""
        return str(self.choices.get(value, value)) if self.choices else str(value)

    def export(self, value: Any, record: Any) -> Any:
        """What stands in a file."""
        return self.cell(value, record)

    def file_cell(self) -> Cell | None:
        """What `export` gives, for PostgreSQL to write it without Python; None where it cannot.

        A subclass whose cells or files differ says so here too, else its rows pass through Python.
        """
        return Cell(self.kind, self.choices)

    def render(self, value: Any, record: Any) -> str:
        return self.cell(value, record)


def says_all(column: type[Column]) -> bool:
    """Whether `file_cell` was written with the class's own `cell` and `export` in mind."""

    def place(name: str) -> int:
        return next(number for number, one in enumerate(column.__mro__) if name in vars(one))

    return place("file_cell") <= min(place("cell"), place("export"))


@library.register
class TextColumn(Column):
    """Text that sorts without regard to case. `linkify=True` leads to the record; `secondary` is a path whose text
    follows in grey and is cut first when room is short; `after` makes of a record what stands between the two, such as
    badges, escaped or as safe HTML."""

    folds_case = True

    def __init__(
        self,
        verbose_name: Text | None = None,
        *,
        secondary: str = "",
        after: Callable[[Any], str] | None = None,
        **kwargs: Any,
    ) -> None:
        if secondary:
            kwargs["sources"] = (*kwargs.get("sources", ()), secondary)
        super().__init__(verbose_name, **kwargs)
        self.secondary = secondary
        self.after = after

    @classmethod
    def from_field(cls, field: models.Field[Any, Any], **kwargs: Any) -> Column:
        kwargs.pop("linkify", None)
        return _column_class(field)(**kwargs)


class CodeColumn(Column):
    """A code that people compare by eye: GSTIN, batch, bill number."""

    css = "code"


class ChoiceColumn(Column):
    """A choice, by its label; with `badges` of value to tone as a badge."""

    usually_few = True

    def __init__(self, verbose_name: Text | None = None, *, badges: Mapping[Any, str] | None = None, **kwargs: Any):
        super().__init__(verbose_name, **kwargs)
        self.badges = badges or {}

    def cell(self, value: Any, record: Any) -> str:
        text = super().cell(value, record)
        return badge(text, self.badges[value]) if value in self.badges else text

    def export(self, value: Any, record: Any) -> Any:
        return super().cell(value, record)

    def file_cell(self) -> Cell | None:
        return Cell("text", self.choices)


class FlagColumn(Column):
    """Yes or no. `on` and `off` are a Badge, a text, or None for an empty cell."""

    usually_few = True

    def __init__(
        self,
        verbose_name: Text | None = None,
        *,
        on: Badge | Text | None = "",
        off: Badge | Text | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(verbose_name, **kwargs)
        self.on, self.off = on, off

    def cell(self, value: Any, record: Any) -> str:  # noqa: ARG002
        shown = self.on if value else self.off
        if isinstance(shown, Badge):
            return SafeString(shown)
        return _("Yes") if shown == "" else "" if shown is None else str(shown)

    def export(self, value: Any, record: Any) -> Any:  # noqa: ARG002
        return _("Yes") if value else _("No")

    def file_cell(self) -> Cell | None:
        return Cell("flag") if self.boolean else None


class NumberColumn(Column):
    """A quantity. Decimals only where `places` asks for them; `strong` for the number that matters most."""

    kind: ClassVar[Kind] = "number"
    css = "num"
    places = 0

    def __init__(
        self, verbose_name: Text | None = None, *, places: int | None = None, strong: bool = False, **kwargs: Any
    ):
        super().__init__(verbose_name, css="m" if strong else "", **kwargs)
        self.digits = self.places if places is None else places

    def cell(self, value: Any, record: Any) -> str:  # noqa: ARG002
        return formats.num(value, self.digits)

    def export(self, value: Any, record: Any) -> Decimal | int:  # noqa: ARG002
        # Adding nothing takes the sign from a zero.
        return value if isinstance(value, int) else round_half_up(Decimal(value), self.digits) + 0

    def file_cell(self) -> Cell | None:
        return Cell(self.kind, places=self.digits)


class MoneyColumn(NumberColumn):
    """Rupees, two decimals, no sign: the head says what it is."""

    kind = "money"
    places = 2


class PercentColumn(Column):
    """A rate without trailing zeros: 2.5%."""

    kind = "percent"
    css = "num"

    def cell(self, value: Any, record: Any) -> str:  # noqa: ARG002
        return formats.percent(value)

    def export(self, value: Any, record: Any) -> Any:  # noqa: ARG002
        return value

    def file_cell(self) -> Cell | None:
        return Cell(self.kind)


class DateColumn(Column):
    """A date: 20 Nov 2026."""

    kind = "date"
    css = "tn"

    def cell(self, value: Any, record: Any) -> str:  # noqa: ARG002
        return formats.day(value)

    def export(self, value: Any, record: Any) -> Any:  # noqa: ARG002
        return value

    def file_cell(self) -> Cell | None:
        return Cell(self.kind)


class DateTimeColumn(Column):
    """A moment in IST, as short as it stays clear."""

    kind = "datetime"
    css = "tn"

    def cell(self, value: Any, record: Any) -> str:  # noqa: ARG002
        return formats.moment(value)

    def export(self, value: Any, record: Any) -> Any:  # noqa: ARG002
        return timezone.localtime(value).replace(tzinfo=None)

    def file_cell(self) -> Cell | None:
        return Cell(self.kind)


class MonthColumn(Column):
    """An expiry, with its heat and the time left in words; `heat=False` for a month of manufacture."""

    kind = "month"
    css = "tn"
    usually_few = True

    def __init__(self, verbose_name: Text | None = None, *, heat: bool = True, **kwargs: Any) -> None:
        super().__init__(verbose_name, **kwargs)
        self.heat = heat

    def cell(self, value: dt.date, record: Any) -> str:  # noqa: ARG002
        return heat(value) if self.heat else formats.exp(value)

    def export(self, value: Any, record: Any) -> Any:  # noqa: ARG002
        return value

    def file_cell(self) -> Cell | None:
        return Cell(self.kind)


_CLASSES: list[tuple[type[models.Field[Any, Any]], type[Column]]] = [
    (models.BooleanField, FlagColumn),
    (models.DateTimeField, DateTimeColumn),
    (models.DateField, DateColumn),
    (models.DecimalField, MoneyColumn),
    (models.IntegerField, NumberColumn),
]


def _column_class(field: models.Field[Any, Any] | None) -> type[Column]:
    if field is None:
        return Column
    if field.choices:
        return ChoiceColumn
    return next((column for kind, column in _CLASSES if isinstance(field, kind)), TextColumn)


def adapted(column: django_tables2.Column, field: models.Field[Any, Any] | None) -> Column:
    """Ours for a column of django-tables2 itself."""
    if isinstance(column, Column):
        return column
    made = _column_class(field)(
        column.verbose_name, accessor=column.accessor, orderable=column.orderable, order_by=column.order_by
    )
    made.empty_values = column.empty_values
    return made


def linked(url: str, content: str, css: str = "name t") -> SafeString:
    """The record's link."""
    return format_html('<a class="{}" href="{}">{}</a>', css, url, content)
