"""Form fields of buying: suppliers and products chosen by typing their name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.parties.models import Party


class SupplierField(forms.Field):
    """A supplier by name, with the names that fit offered while somebody types. Its value is the party."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Supplier"), **kwargs})

    def offer_names(self, organization: str) -> None:
        """Let the input ask for names; `organization` is its web address."""
        self.widget.attrs.update(
            {
                "hx-get": reverse("purchasing:supplier_names", kwargs={"organization": organization}),
                "hx-trigger": "input changed delay:150ms",
                "hx-target": "#supplier-names",
                "hx-include": "this",
                "hx-swap": "innerHTML",
                "autocomplete": "off",
                "list": "supplier-names",
            }
        )

    def to_python(self, value: Any) -> Party | None:
        if value in self.empty_values:
            return None
        if isinstance(value, Party):
            return value
        name = " ".join(str(value).split())
        found: Party | None = Party.objects.alias(key=Lower("name")).filter(key=name.lower()).first()
        if found is None:
            raise forms.ValidationError(
                _("Nobody is called %(name)s. Choose a supplier from the list.") % {"name": name}
            )
        return found

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = Party.objects.filter(pk=value).first()
        return str(value) if value is not None else ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial)).lower() != " ".join(str(data or "").split()).lower()
