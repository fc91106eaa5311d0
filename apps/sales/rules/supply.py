"""Where a sale takes place and which taxes it bears (sections 10, 12 and 16, IGST Act 2017)."""

from __future__ import annotations

from dataclasses import dataclass

from apps.finance.rules.gst import Determination, determine, place_of_goods

_SEZ = "sez"


@dataclass(frozen=True, slots=True)
class Supply:
    """What a bill must carry, and the provision that says where it takes place."""

    determination: Determination
    rule: str


def supply(
    *, supplier_state: str, composition: bool, buyer_state: str, gstin: str, registration: str, delivered_in: str = ""
) -> Supply:
    """The place of supply of goods that are delivered, and their taxes.

    Args:
        composition: the branch pays under section 10, CGST, and collects no tax.
        buyer_state: of the customer's main address.
        delivered_in: where the goods are delivered, if not there.
    """
    place = place_of_goods(
        supplier_state=supplier_state,
        registered=bool(gstin),
        delivered_in=delivered_in or buyer_state,
        address_state=delivered_in or buyer_state,
    )
    return Supply(
        determine(
            supplier_state=supplier_state,
            place=place.state,
            sez=registration == _SEZ,
            supplier_composition=composition,
        ),
        place.rule.value,
    )
