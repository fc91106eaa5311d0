"""Form controls with the right keyboard, class and help from the browser.

The templates under `templates/django/forms` draw them; besides HTML attributes they know `prefix`, `suffix`, `icon`,
`note` (beside the label) and `span` (c4, c6, …).
"""

from __future__ import annotations

from typing import Any

from django import forms


class _Defaults(forms.Widget):
    """Attributes a control has unless the caller gives its own."""

    defaults: dict[str, Any] = {}

    def __init__(self, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(attrs={**self.defaults, **(attrs or {})}, **kwargs)


class CodeInput(_Defaults, forms.TextInput):
    """A code people compare by eye (GSTIN, batch, licence, bill number): slashed zero, no spell check, capitals."""

    defaults = {"class": "code", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class MoneyInput(_Defaults, forms.TextInput):
    """Rupees. A text field, because number fields refuse 1,23,456 and change on the mouse wheel."""

    defaults = {"class": "num", "inputmode": "decimal", "autocomplete": "off"}


class QuantityInput(_Defaults, forms.TextInput):
    """A whole quantity, with the digits keyboard on phones."""

    defaults = {"class": "num", "inputmode": "numeric", "autocomplete": "off"}


class ExpiryInput(_Defaults, forms.TextInput):
    """A month as printed on the pack; 0828 and 8/28 become 08/2028 when the field is left."""

    defaults = {
        "class": "tn",
        "inputmode": "numeric",
        "autocomplete": "off",
        "placeholder": "MM/YYYY",
        "data-expiry": True,
    }


class DateInput(_Defaults, forms.DateInput):
    """A calendar date with the browser's own picker; it shows the date as the reader's system writes it."""

    input_type = "date"
    defaults = {"class": "tn"}

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        # The picker takes and gives ISO dates whatever the language of the page.
        super().__init__(attrs, format="%Y-%m-%d")


class SearchInput(_Defaults, forms.TextInput):
    """A search box with its magnifying glass."""

    input_type = "search"
    defaults = {"icon": "search", "autocomplete": "off"}
