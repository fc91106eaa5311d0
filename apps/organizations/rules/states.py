"""State codes of the Indian tax system, as they begin every GSTIN."""

from __future__ import annotations

STATES: dict[str, str] = {
    "01": "Jammu & Kashmir",
    "02": "Himachal Pradesh",
    "03": "Punjab",
    "04": "Chandigarh",
    "05": "Uttarakhand",
    "06": "Haryana",
    "07": "Delhi",
    "08": "Rajasthan",
    "09": "Uttar Pradesh",
    "10": "Bihar",
    "11": "Sikkim",
    "12": "Arunachal Pradesh",
    "13": "Nagaland",
    "14": "Manipur",
    "15": "Mizoram",
    "16": "Tripura",
    "17": "Meghalaya",
    "18": "Assam",
    "19": "West Bengal",
    "20": "Jharkhand",
    "21": "Odisha",
    "22": "Chhattisgarh",
    "23": "Madhya Pradesh",
    "24": "Gujarat",
    "26": "Dadra & Nagar Haveli and Daman & Diu",
    "27": "Maharashtra",
    "29": "Karnataka",
    "30": "Goa",
    "31": "Lakshadweep",
    "32": "Kerala",
    "33": "Tamil Nadu",
    "34": "Puducherry",
    "35": "Andaman & Nicobar",
    "36": "Telangana",
    "37": "Andhra Pradesh",
    "38": "Ladakh",
    "96": "Foreign",
    "97": "Other territory",
}

# Codes of former States: no longer given out, but old registrations still carry them.
LEGACY_STATES: dict[str, str] = {"25": "Daman & Diu", "28": "Andhra Pradesh (before 2014)"}

# Where the former States lie today.
SUCCESSORS: dict[str, str] = {"25": "26", "28": "37"}

# Registrations kept by the centre itself, such as foreign suppliers of online services; no State's.
CENTRE = "99"

# Abroad is a place of supply, never the State of a registration or a branch.
ABROAD = "96"

STATE_CHOICES = [(code, f"{name} ({code})") for code, name in STATES.items() if code != ABROAD]

# Union territories without a legislature of their own levy UTGST in place of SGST (section 2(114), CGST Act 2017).
UNION_TERRITORIES = frozenset({"04", "26", "31", "35", "38"})


def state_name(code: str) -> str:
    """The State's name; the code itself when nobody knows it.

    A former State keeps its own name, since papers of its time carry it.
    """
    return STATES.get(code) or LEGACY_STATES.get(code) or code


def state_label(code: str) -> str:
    """Name and code, as forms and tax invoices write it: Maharashtra (27)."""
    return f"{state_name(code)} ({code})"


def current_state(code: str) -> str:
    """The State that a code means today: former States' registrations count for their successors."""
    return SUCCESSORS.get(code, code)
