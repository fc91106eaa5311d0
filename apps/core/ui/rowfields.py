"""A form field of several rows, such as the salts of a product: typed without a mouse, and without script.

    salts = RowsField(label=_("Salts"), columns=(RowColumn("name", _("Salt"), list="salts"), RowColumn("strength", …)))

Every row posts `salts-0-name`, `salts-0-strength`, and so on. Some empty rows wait below the filled ones; with script
another appears when the last is typed in. Rows left empty, or emptied, are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

from django import forms
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.safestring import SafeString

Text = str | Promise


@dataclass(frozen=True)
class RowColumn:
    """One input of a row. `list` is the id of a `datalist`; its inputs have the widget's `hx-` attributes too."""

    key: str
    label: Text
    list: str = ""
    placeholder: Text = ""
    code: bool = False
    numeric: bool = False


class Row(Sequence[str]):
    """What one row says; as text its cells with blanks between."""

    __slots__ = ("cells",)

    def __init__(self, cells: Iterable[str]) -> None:
        self.cells = tuple(cells)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: int | slice) -> str | tuple[str, ...]:
        return self.cells[place]

    def __len__(self) -> int:
        return len(self.cells)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and self.cells == other.cells

    def __hash__(self) -> int:
        return hash(self.cells)

    def __str__(self) -> str:
        return " ".join(filter(None, self.cells))


class RowsInput(forms.Widget):
    """The rows as a table of inputs."""

    template_name = "django/forms/widgets/rows.html"
    use_fieldset = True
    most = 60

    def __init__(self, columns: Sequence[RowColumn], *, spare: int = 3, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.columns = columns
        self.spare = spare

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:  # noqa: ARG002
        rows: list[Row] = []
        for number in range(self.most):
            names = [f"{name}-{number}-{column.key}" for column in self.columns]
            if not any(one in data for one in names):
                break
            rows.append(Row(str(data.get(one, "")).strip() for one in names))
        return [row for row in rows if any(row)]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:  # noqa: ARG002
        return not any(key.startswith(f"{name}-0-") for key in data)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-{self.columns[0].key}" if id_ else ""

    def _attributes(self, column: RowColumn, given: Mapping[str, Any], *, first: bool) -> SafeString:
        found = {"autocomplete": "off"}
        if column.list:
            found |= {"list": column.list, **{key: value for key, value in given.items() if key.startswith("hx-")}}
        found |= {key: given[key] for key in ("disabled", "aria-invalid", "aria-describedby") if given.get(key)}
        if first and column.placeholder:
            found["placeholder"] = str(column.placeholder)
        return flatatt(found)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, None, attrs)
        filled = [tuple(row) for row in value or ()]
        blank = ("",) * len(self.columns)
        rows = [*filled, *([blank] * self.spare)][: self.most]
        id_ = (attrs or {}).get("id", f"id_{name}")
        context["widget"] |= {
            "columns": self.columns,
            "rows": [
                [
                    {
                        "column": column,
                        "name": f"{name}-{number}-{column.key}",
                        "id": f"{id_}-{number}-{column.key}",
                        "value": text,
                        "number": number + 1,
                        "attrs": self._attributes(column, context["widget"]["attrs"], first=number == 0),
                    }
                    for column, text in zip(self.columns, row, strict=False)
                ]
                for number, row in enumerate(rows)
            ],
        }
        return context


class RowsField(forms.Field):
    """Rows of text. `clean` gives a list of `Row`; what they mean is for the form to say."""

    def __init__(self, *, columns: Sequence[RowColumn], spare: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(widget=RowsInput(columns, spare=spare), **kwargs)

    def to_python(self, value: Any) -> list[Row]:
        return [Row(map(str, row)) for row in value or ()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)

    def prepare_value(self, value: Any) -> Any:
        return [list(row) for row in value or ()]
