"""Unit quantity codes of the tax returns, and the one that a base unit of the trade is reported in."""

from __future__ import annotations

# "Unit quantity code" master of the GSTR-1 offline utility (gst.gov.in).
UQC = {
    "BAG": "bags",
    "BAL": "bale",
    "BDL": "bundles",
    "BKL": "buckles",
    "BOU": "billion of units",
    "BOX": "box",
    "BTL": "bottles",
    "BUN": "bunches",
    "CAN": "cans",
    "CBM": "cubic metres",
    "CCM": "cubic centimetres",
    "CMS": "centimetres",
    "CTN": "cartons",
    "DOZ": "dozens",
    "DRM": "drums",
    "GGK": "great gross",
    "GMS": "grammes",
    "GRS": "gross",
    "GYD": "gross yards",
    "KGS": "kilograms",
    "KLR": "kilolitre",
    "KME": "kilometre",
    "MLT": "millilitre",
    "MTR": "metres",
    "MTS": "metric ton",
    "NOS": "numbers",
    "OTH": "others",
    "PAC": "packs",
    "PCS": "pieces",
    "PRS": "pairs",
    "QTL": "quintal",
    "ROL": "rolls",
    "SET": "sets",
    "SQF": "square feet",
    "SQM": "square metres",
    "SQY": "square yards",
    "TBS": "tablets",
    "TGM": "ten gross",
    "THD": "thousands",
    "TON": "tonnes",
    "TUB": "tubes",
    "UGS": "US gallons",
    "UNT": "units",
    "YDS": "yards",
}

_OF_BASE_UNIT = {
    "strip": "PAC",
    "packet": "PAC",
    "pack": "PAC",
    "sachet": "PAC",
    "bottle": "BTL",
    "tube": "TUB",
    "box": "BOX",
    "tablet": "TBS",
    "bag": "BAG",
    "pair": "PRS",
    "piece": "PCS",
    "roll": "ROL",
    "kit": "SET",
    "can": "CAN",
}

# What wholesalers count in, for choosing while typing.
BASE_UNITS = (
    "strip",
    "bottle",
    "vial",
    "ampoule",
    "tube",
    "piece",
    "packet",
    "box",
    "sachet",
    "bag",
    "inhaler",
    "pen",
    "cartridge",
    "roll",
    "pair",
    "kit",
)


def uqc_of(base_unit: str) -> str:
    """The unit quantity code that fits a base unit; `NOS` (numbers) for what has none of its own, such as vials."""
    return _OF_BASE_UNIT.get(base_unit.strip().lower(), "NOS")
