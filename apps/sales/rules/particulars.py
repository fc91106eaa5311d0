"""Who sold to whom, as a posted document keeps it: a reprint years later says what was true on the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from apps.sales.rules.paper import Firm


@dataclass(frozen=True, slots=True)
class Particulars:
    """Both sides of a document; `ship_to` where the goods went to another address of the buyer."""

    supplier: Firm
    buyer: Firm
    ship_to: Firm | None = None

    def as_data(self) -> dict[str, Any]:
        """As JSON keeps it, without what is empty."""
        sides = {"supplier": self.supplier, "buyer": self.buyer, "ship_to": self.ship_to}
        return {
            name: {field: value for field, value in asdict(firm).items() if value}
            for name, firm in sides.items()
            if firm is not None
        }

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Particulars:
        """What `as_data` wrote, fields that were added later being empty."""
        ship_to = data.get("ship_to")
        return cls(_firm(data["supplier"]), _firm(data["buyer"]), _firm(ship_to) if ship_to else None)


def _firm(data: Mapping[str, Any]) -> Firm:
    known = {"name": "", "address": "", "state_code": "", **data}
    return Firm(**{**known, "licences": tuple(known.get("licences", ()))})


def one_line(address: str, city: str = "", pin_code: str = "") -> str:
    """An address in one line: its lines and the town joined by commas, the PIN code after the town."""
    lines = [line.strip().rstrip(",") for line in address.splitlines()]
    town = " ".join(filter(None, (city.strip(), pin_code.strip())))
    return ", ".join(filter(None, (*lines, town)))


def pan_of(gstin: str) -> str:
    """The PAN inside a GSTIN: its third to twelfth character."""
    return gstin[2:12]
