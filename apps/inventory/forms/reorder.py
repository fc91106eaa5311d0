"""When a product is to be ordered again in a place of its own."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.ui.crispy import C4, C12, Card
from apps.core.ui.widgets import QuantityInput
from apps.inventory.forms.godown import PlaceChoice, usable_places
from apps.inventory.models import Place, ReorderLevel
from apps.inventory.rules.places import SALEABLE


class ReorderLevelForm(forms.ModelForm[ReorderLevel]):
    """Level and quantity for one place. Which product it is stands in the address."""

    place = PlaceChoice(
        queryset=Place.objects.none(),
        label=_("Place"),
        help_text=_("A godown counts with its racks and bins."),
    )

    layout: ClassVar[Layout] = Layout(Card(_("Reorder level of a place"), C12("place"), C4("level"), C4("quantity")))

    class Meta:
        model = ReorderLevel
        fields = ("place", "level", "quantity")
        widgets: ClassVar[dict[str, Any]] = {"level": QuantityInput(), "quantity": QuantityInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is not for sale is never low.
        cast(forms.ModelChoiceField, self.fields["place"]).queryset = usable_places().filter(kind__in=SALEABLE)
