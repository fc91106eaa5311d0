"""The places that every branch has without anybody making them."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.models import Place, PlaceKind
from apps.organizations.models import Branch

STANDING = (PlaceKind.GODOWN, PlaceKind.QUARANTINE, PlaceKind.EXPIRED, PlaceKind.TRANSIT)


def furnish_branch(branch: Branch) -> None:
    """Give a new branch its places: one to sell from, and those of goods that are not for sale."""
    for kind in STANDING:
        standing_place(branch_id=branch.pk, kind=kind)


@transaction.atomic
def standing_place(*, branch_id: int, kind: PlaceKind) -> Place:
    """The branch's place of that kind, such as the one for expired goods; the oldest where there are several.

    It is made when the branch has none.
    """
    found = Place.objects.filter(branch=branch_id, kind=kind, active=True).order_by("id").first()
    if found is None:
        names = {
            PlaceKind.GODOWN: _("Main godown"),
            PlaceKind.QUARANTINE: _("Quarantine"),
            PlaceKind.EXPIRED: _("Expired goods"),
            PlaceKind.TRANSIT: _("In transit"),
        }
        name = names.get(kind, str(kind.label))
        taken = Place.objects.filter(branch=branch_id, parent=None, name__iexact=name).exists()
        found = Place(branch_id=branch_id, kind=kind, name=f"{name} 2" if taken else name)
        found.save(force_insert=True)
    return found
