"""Places: the ones every branch has, and taking one out of use."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.inventory.models import Place, Stock
from apps.inventory.operations.ledger import hold_still


class PlaceInUse(Refusal):
    """Goods lie in the place, or racks and bins of it are in use."""


@transaction.atomic
def archive_place(*, place: Place) -> None:
    """Take a place out of lists and choices. Its moves stay.

    Raises:
        PlaceInUse: goods lie in it or in part of it.
    """
    hold_still()
    locked = Place.objects.select_for_update().get(pk=place.pk)
    if Stock.objects.filter(place=locked, in_stock=True).exists():
        raise PlaceInUse(_("Goods lie in %(place)s. Move them first.") % {"place": locked})
    if Place.objects.filter(parent=locked, active=True).exists():
        raise PlaceInUse(_("%(place)s has racks or bins in use. Archive those first.") % {"place": locked})
    Place.objects.filter(pk=locked.pk).update(active=False, version=F("version") + 1)
