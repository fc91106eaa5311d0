"""What was chosen of the proposals, product by product."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.organizations.models import Branch
from apps.purchasing.operations.orders import Terms
from apps.purchasing.operations.reordering import Wanted
from apps.purchasing.queries.reorder import Proposed
from apps.purchasing.rules.reorder import free_goods

_MOST_DIGITS = 14


class ReorderForm(forms.Form):
    """The rows are named after their product: `quantity-12`, `rate-12`; `product` names those that are ticked.

    `only` limits the order to one supplier. Errors of rows are in `row_errors` by the input's name.
    """

    branch = forms.ModelChoiceField(
        label=gettext_lazy("Goods come to"), queryset=Branch.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, proposals: list[Proposed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = Branch.objects.filter(active=True)  # type: ignore[attr-defined]
        self.proposals = {one.product_id: one for one in proposals}
        self.row_errors: dict[str, str] = {}
        self.wanted: list[Wanted] = []

    @property
    def chosen(self) -> set[int]:
        """Products that are ticked."""
        return {int(key) for key in cast(QueryDict, self.data).getlist("product") if key.isascii() and key.isdecimal()}

    def typed(self, name: str, product: int, otherwise: str) -> str:
        """What a row's input holds."""
        return str(self.data.get(f"{name}-{product}", otherwise)) if self.is_bound else otherwise

    def clean(self) -> dict[str, Any]:
        only = self.data.get("only", "")
        for key in sorted(self.chosen):
            supplier = self._whole("supplier", key)
            if only and str(supplier) != only:
                continue
            self.wanted.append(Wanted(supplier, self._terms(key, supplier), self._expected(key)))
        if self.row_errors:
            raise forms.ValidationError(_("Mend the marked rows, then order again."))
        if not self.wanted:
            raise forms.ValidationError(_("Nothing is chosen. Tick what to order."))
        return self.cleaned_data

    def _terms(self, product: int, supplier: int) -> Terms:
        """What was typed; what was left empty is as the chosen supplier asks."""
        known = self.proposals.get(product)
        offers = known.offers if known else ()
        offer = next((one for one in offers if one.supplier_id == supplier), None)
        quantity = self._whole("quantity", product)
        return Terms(
            product,
            quantity,
            self._whole(
                "free", product, empty=free_goods(quantity, offer.scheme_paid, offer.scheme_free) if offer else 0
            ),
            self._number("rate", product, empty=offer.rate if offer else Decimal(0)),
            self._number("discount", product, empty=offer.discount if offer else Decimal(0)),
        )

    def _expected(self, product: int) -> dt.date | None:
        known = self.proposals.get(product)
        return timezone.localdate() + dt.timedelta(days=known.facts.lead_days) if known else None

    def _whole(self, name: str, product: int, *, empty: int | None = None) -> int:
        text = self.data.get(f"{name}-{product}", "").strip().replace(",", "")
        if not text and empty is not None:
            return empty
        if not (text.isascii() and text.isdecimal()) or len(text) > _MOST_DIGITS:
            self.row_errors[f"{name}-{product}"] = (
                _("Choose a supplier.") if name == "supplier" else _("Type a whole number.")
            )
            return 0
        return int(text)

    def _number(self, name: str, product: int, *, empty: Decimal) -> Decimal:
        text = self.data.get(f"{name}-{product}", "").strip().replace(",", "")
        if not text:
            return empty
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= Decimal(10) ** 10:
            self.row_errors[f"{name}-{product}"] = _("Type a number, such as 12.50.")
            return Decimal(0)
        return round(number, 4 if name == "rate" else 2)
