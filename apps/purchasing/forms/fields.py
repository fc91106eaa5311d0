"""Form fields of buying: suppliers and products chosen by typing their name."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.inventory.models import Product
from apps.parties.models import Party


class _NameField(forms.Field):
    """A record chosen by typing its name, with the names that fit offered. Its value is the record."""

    widget = forms.TextInput
    model: ClassVar[type[Party] | type[Product]]
    kind: ClassVar[str]

    def offer_names(self, organization: str) -> None:
        """Let the input ask for names; `organization` is its web address."""
        self.widget.attrs.update(
            {
                "hx-get": reverse(f"purchasing:{self.kind}_names", kwargs={"organization": organization}),
                "hx-trigger": "input changed delay:150ms",
                "hx-target": f"#{self.kind}-names",
                "hx-include": "this",
                "hx-swap": "innerHTML",
                "autocomplete": "off",
                "list": f"{self.kind}-names",
            }
        )

    def found(self, name: str) -> Any:
        """The record of that name.

        Raises:
            ValidationError: there is none, or it is not clear which.
        """
        raise NotImplementedError

    def shown(self, record: Any) -> str:
        """How the input names a record."""
        return str(record)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        return value if isinstance(value, self.model) else self.found(" ".join(str(value).split())[:200])

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = self.model.objects.filter(pk=value).first()
        return self.shown(value) if isinstance(value, self.model) else value or ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial)).lower() != " ".join(str(data or "").split()).lower()


class SupplierField(_NameField):
    """A supplier by name. Whether the party is one, the operation says."""

    model = Party
    kind = "supplier"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Supplier"), **kwargs})

    def found(self, name: str) -> Party:
        known: Party | None = Party.objects.alias(key=Lower("name")).filter(key=name.lower()).first()
        if known is None:
            raise forms.ValidationError(
                _("Nobody is called %(name)s. Choose a supplier from the list.") % {"name": name}
            )
        return known


class ProductField(_NameField):
    """A product by name, with its pack where several have the name: “Azivanta 500 · strip of 10 tablets”."""

    model = Product
    kind = "product"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Product"), **kwargs})

    def found(self, name: str) -> Product:
        word, _dot, pack = name.partition(" · ")
        known = Product.objects.alias(key=Lower("name")).filter(key=word.lower())
        if pack:
            known = known.alias(pack_key=Lower("pack")).filter(pack_key=pack.lower())
        matches: list[Product] = list(known[:2])
        if len(matches) != 1:
            raise forms.ValidationError(
                _("Several products are called %(name)s. Choose one from the list.") % {"name": name}
                if matches
                else _("No product is called %(name)s. Choose one from the list.") % {"name": name}
            )
        return matches[0]

    def shown(self, record: Product) -> str:
        return product_name(record.name, record.pack)


def product_name(name: str, pack: str) -> str:
    """How a product is named where it is chosen by typing."""
    return f"{name} · {pack}" if pack else name
