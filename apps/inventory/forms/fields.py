"""Form fields of the catalogue: records chosen by their name, and rows of salts, packs and barcodes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.core.ui.rowfields import Row, RowColumn, RowsField
from apps.inventory.models import Manufacturer
from apps.inventory.operations.products import Code, Parts
from apps.inventory.rules.composition import Ingredient, parse_composition
from apps.inventory.rules.gtin import InvalidGtin, parse_gtin, shown_gtin
from apps.inventory.rules.packs import InvalidPack, Pack, read_packs, singular
from apps.inventory.rules.strengths import parse_strength
from apps.organizations.operations.sentences import told

_GTIN_LENGTHS = (8, 12, 13, 14)


class _NamedField(forms.Field):
    """A record chosen by typing its name; its value is the record."""

    widget = forms.TextInput

    def found(self, name: str) -> Any:
        """The record of that name.

        Raises:
            ValidationError: there is none.
        """
        raise NotImplementedError

    def of_key(self, key: int) -> Any:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return self.of_key(value)
        if not isinstance(value, str):
            return value
        name = " ".join(value.split())
        if len(name) > 120:
            raise forms.ValidationError(_("Type at most 120 letters"))
        return self.found(name) if name else None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = self.of_key(value)
        return str(value) if value is not None else ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial)).lower() != " ".join(str(data or "").split()).lower()


class ManufacturerField(_NamedField):
    """A manufacturer by name. With `may_make`, an unknown name gives a new one that is not saved yet."""

    may_make = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "label": _("Manufacturer"), **kwargs})

    def found(self, name: str) -> Manufacturer:
        known: Manufacturer | None = Manufacturer.objects.alias(key=Lower("name")).filter(key=name.lower()).first()
        if known is None and not self.may_make:
            raise forms.ValidationError(
                _("No manufacturer is called %(name)s. Choose another, or tick that it is new") % {"name": name}
            )
        return known or Manufacturer(name=name)

    def of_key(self, key: int) -> Manufacturer | None:
        known: Manufacturer | None = Manufacturer.objects.filter(pk=key).first()
        return known


class SaltsField(RowsField):
    """Salts with strengths; a whole composition may be pasted into one row. Its value is ingredients."""

    def __init__(self, **kwargs: Any) -> None:
        columns = (
            RowColumn("name", _("Salt"), list="salt-names", placeholder=_("Amoxicillin")),
            RowColumn("strength", _("Strength"), placeholder=_("500 mg")),
        )
        super().__init__(**{"columns": columns, "label": _("Salts and strengths"), **kwargs})

    def clean(self, value: Any) -> Any:
        found: dict[str, Ingredient] = {}
        for row in self.to_python(value):
            for ingredient in _ingredients(row):
                if found.setdefault(ingredient.name.lower(), ingredient) is not ingredient:
                    raise forms.ValidationError(_("%(salt)s is there twice") % {"salt": ingredient.name})
        return list(found.values())


def _ingredients(row: Row) -> list[Ingredient]:
    name, written = row
    if not name:
        raise forms.ValidationError(_("Type the salt of %(strength)s") % {"strength": written})
    if written:
        strength = parse_strength(written)
        if strength is None:
            raise forms.ValidationError(
                _("“%(text)s” is no strength. Write it as 500 mg, 5 mg/5 ml, 0.05%% w/w or 60000 IU")
                % {"text": written}
            )
        read = parse_composition(name)
        if len(read.ingredients) == 1 and not read.unread and read.ingredients[0].strength is None:
            return [Ingredient(read.ingredients[0].name, strength)]
        raise forms.ValidationError(_("“%(text)s” is not one salt. Type each in a row of its own") % {"text": name})
    read = parse_composition(name)
    if read.unread or not read.ingredients:
        raise forms.ValidationError(
            _("“%(text)s” was not understood. Type the salt, and its strength beside it")
            % {"text": ", ".join(read.unread) or name}
        )
    return list(read.ingredients)


class PacksField(RowsField):
    """Larger packs with what they hold. Its value is the rows; `read` says what they mean with the base unit."""

    def __init__(self, **kwargs: Any) -> None:
        columns = (
            RowColumn("name", _("Pack"), placeholder=_("box")),
            RowColumn("holds", _("Holds"), placeholder=_("10, or 20 boxes"), numeric=True),
        )
        super().__init__(**{"columns": columns, "label": _("Larger packs"), **kwargs})

    def read(self, rows: list[Row], base_unit: str) -> tuple[Pack, ...]:
        """Raises ValidationError: a row makes no pack."""
        try:
            return read_packs(((row[0], row[1]) for row in rows), base_unit)
        except InvalidPack as broken:
            raise forms.ValidationError(told(broken)) from None


class CodesField(RowsField):
    """Barcodes, each with the pack it is printed on. A number as long as a GTIN has its check digit checked."""

    def __init__(self, **kwargs: Any) -> None:
        columns = (
            RowColumn("code", _("Barcode"), code=True),
            RowColumn("pack", _("Printed on"), placeholder=_("base unit")),
        )
        super().__init__(**{"columns": columns, "spare": 2, "label": _("Barcodes"), **kwargs})

    def read(self, rows: list[Row], packs: tuple[Pack, ...], base_unit: str) -> tuple[Code, ...]:
        """Raises ValidationError: a code is wrong, there twice, or on an unknown pack."""
        names = {singular(pack.name): pack.name for pack in packs}
        found: dict[str, Code] = {}
        for code, pack in rows:
            kept = _code(code)
            if kept in found:
                raise forms.ValidationError(_("%(code)s is there twice") % {"code": code})
            key = singular(pack)
            if key and key != singular(base_unit) and key not in names:
                raise forms.ValidationError(_("No pack is called %(unit)s. Add it to the packs") % {"unit": pack})
            found[kept] = Code(kept, names.get(key, ""))
        return tuple(found.values())


def _code(text: str) -> str:
    if not text:
        raise forms.ValidationError(_("Type the barcode"))
    if len(text) > 80:
        raise forms.ValidationError(_("A barcode has at most 80 signs"))
    compact = text.replace(" ", "")
    if not (compact.isascii() and compact.isdigit() and len(compact) in _GTIN_LENGTHS):
        return text
    try:
        return parse_gtin(compact)
    except InvalidGtin as broken:
        raise forms.ValidationError(f"{text}: {told(broken)}") from None


def salt_rows(parts: Parts) -> list[Row]:
    """Salts as rows of their field."""
    return [Row((one.name, str(one.strength or ""))) for one in parts.ingredients]


def pack_rows(parts: Parts) -> list[Row]:
    """Packs as rows of their field."""
    return [Row((pack.name, str(pack.quantity))) for pack in parts.packs]


def code_rows(parts: Parts) -> list[Row]:
    """Barcodes as rows of their field."""
    return [Row((shown_gtin(one.code) if len(one.code) == 14 else one.code, one.pack)) for one in parts.codes]


def names_while_typing(address: str, target: str) -> dict[str, str]:
    """Attributes of an input whose datalist is filled while somebody types."""
    return {
        "hx-get": address,
        "hx-trigger": "input changed delay:150ms",
        "hx-target": target,
        "hx-include": "this",
        "hx-swap": "innerHTML",
        "autocomplete": "off",
    }
