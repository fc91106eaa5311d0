"""Form fields that read values as people here write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.exchange.rules.faults import CellFault
from apps.core.exchange.rules.numbers import parse_number
from apps.core.ui.formats import money
from apps.core.ui.widgets import MoneyInput


class MoneyField(forms.DecimalField):
    """Rupees, typed as 1,22,000.50, ₹500 or 500/-; at most two decimals. Shown with lakh grouping."""

    widget = MoneyInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 14, "decimal_places": 2, **kwargs})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip():
            try:
                value = parse_number(value.strip())
            except CellFault:
                raise ValidationError(_("Type an amount in rupees, such as 1,250.50."), code="invalid") from None
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return money(value) if isinstance(value, Decimal) else value
