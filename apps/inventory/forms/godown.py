"""Forms that begin documents of the godown, and the one that takes a transfer in."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.widgets import QuantityInput
from apps.inventory.models import MoveReason, Place, PlaceKind, StockAdjustment, StockCount, Transfer, WriteKind
from apps.inventory.operations.refusals import StockRefused
from apps.inventory.operations.transfers import check_way


def usable_places() -> QuerySet[Place]:
    """Places that somebody may name: in use, and not the road between branches."""
    found: QuerySet[Place] = (
        Place.objects.filter(active=True).exclude(kind=PlaceKind.TRANSIT).select_related("branch", "parent")
    )
    return found.order_by("branch__name", "name", "id")


class PlaceChoice(forms.ModelChoiceField):
    """A place by its name, with the branch and what it lies in."""

    def label_from_instance(self, obj: Any) -> str:
        return " · ".join(str(part) for part in (obj, obj.parent, obj.branch) if part)


class TransferForm(forms.ModelForm[Transfer]):
    from_place = PlaceChoice(queryset=Place.objects.none(), label=gettext_lazy("From"))
    to_place = PlaceChoice(queryset=Place.objects.none(), label=gettext_lazy("To"))

    class Meta:
        model = Transfer
        fields = ("from_place", "to_place", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("from_place", "to_place"):
            cast(forms.ModelChoiceField, self.fields[name]).queryset = usable_places()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("from_place"), cleaned.get("to_place")
        if start and end:
            try:
                check_way(start=start, end=end)
            except StockRefused as refusal:
                self.add_error("to_place", str(refusal))
        return cleaned


class AdjustmentForm(forms.ModelForm[StockAdjustment]):
    place = PlaceChoice(queryset=Place.objects.none(), label=gettext_lazy("Place"))

    class Meta:
        model = StockAdjustment
        fields = ("kind", "place", "reason", "note", "witness", "method")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Goods lost between branches are written off where they are missed: in transit.
        cast(forms.ModelChoiceField, self.fields["place"]).queryset = Place.objects.filter(active=True).select_related(
            "branch", "parent"
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("reason") == MoveReason.OTHER and not cleaned.get("note"):
            self.add_error("note", _("Say in a note what “Other” is."))
        if cleaned.get("kind") == WriteKind.DESTRUCTION and not cleaned.get("witness"):
            self.add_error("witness", _("Name who saw the destruction."))
        return cleaned


class CountForm(forms.ModelForm[StockCount]):
    place = PlaceChoice(queryset=Place.objects.none(), label=gettext_lazy("Place"))

    class Meta:
        model = StockCount
        fields = ("place", "freeze", "blind", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["place"]).queryset = usable_places()


class QuarantineForm(forms.Form):
    note = forms.CharField(label=gettext_lazy("Why"), max_length=200)


class MoveRowsForm(forms.Form):
    to_place = PlaceChoice(queryset=Place.objects.none(), label=gettext_lazy("To"))
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["to_place"]).queryset = usable_places()


def take_in_form(transfer: Transfer, data: Any = None) -> forms.Form:
    """One box for what arrived of each line, and where it is put."""
    places = usable_places().filter(branch=transfer.to_place.branch_id)
    fields: dict[str, forms.Field] = {
        "place": PlaceChoice(queryset=places, label=gettext_lazy("Put into"), initial=transfer.to_place_id)
    }
    for item in transfer.items.select_related("batch__product"):
        fields[f"arrived-{item.pk}"] = forms.IntegerField(
            label=format_lazy("{} · {}", item.batch.product, item.batch),
            min_value=0,
            max_value=item.quantity,
            initial=item.quantity,
            widget=QuantityInput(),
            help_text=_("%(count)d sent") % {"count": item.quantity},
            error_messages={"max_value": _("%(count)d were sent. Type that or fewer.") % {"count": item.quantity}},
        )
    form = forms.Form(data)
    form.fields.update(fields)
    return form
