"""The columns of a file of parties, and the headings that other software gives them."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext_lazy

from apps.core.exchange.declaration import Column
from apps.core.exchange.rules.cells import Choice, Day, Integer, Number, Text
from apps.organizations.rules.states import LEGACY_STATES, STATES

_GSTIN_LIKE = re.compile(r"\s*[0-9]{2}[A-Za-z]{5}[0-9]{4}[A-Za-z][0-9A-Za-z]{3}\s*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PIN = re.compile(r"[1-9][0-9]{5}")
# Other software writes the State by name as often as by code.
_STATE_NAMES = {name.lower(): code for code, name in (*STATES.items(), *LEGACY_STATES.items())}


def _compact(text: str) -> str | None:
    """The text without blanks and hyphens, where that is what was meant."""
    compact = re.sub(r"[\s-]", "", text)
    return compact if compact != text else None


COLUMNS = (
    Column(
        "name",
        gettext_lazy("Business name"),
        Text(120),
        required=True,
        synonyms=("Name", "Party name", "Party", "Customer", "Customer name", "Supplier", "Ledger", "Firm"),
        example="Peepal Tree Chemists",
    ),
    Column(
        "kind",
        gettext_lazy("Kind"),
        Choice.of(
            [
                ("customer", "Customer"),
                ("supplier", "Supplier"),
                ("both", "Both"),
            ],
            debtor="customer",
            creditor="supplier",
            c="customer",
            s="supplier",
        ),
        default="customer",
        synonyms=("Type", "Group", "Party type", "Account group"),
        help=gettext_lazy("Customer, Supplier or Both. Customer when empty."),
        example="Customer",
    ),
    Column(
        "gstin",
        gettext_lazy("GSTIN"),
        Text(15, code=True),
        synonyms=("GST", "GST no", "GST number", "GSTIN/UIN", "GSTIN no"),
        like=_GSTIN_LIKE,
        fix=_compact,
        example="27AAPFU0939F1ZV",
    ),
    Column("pan", gettext_lazy("PAN"), Text(10, code=True), synonyms=("PAN no", "IT PAN"), fix=_compact),
    Column(
        "state_code",
        gettext_lazy("State"),
        Choice.of([(code, f"{name} ({code})") for code, name in STATES.items()], **_STATE_NAMES),
        wanted=True,
        synonyms=("State code", "State name", "Place of supply"),
        help=gettext_lazy("Name or code. Read from the GSTIN when empty."),
        example="Maharashtra",
    ),
    Column(
        "address",
        gettext_lazy("Address"),
        Text(300, lines=True),
        synonyms=("Address 1", "Address line 1", "Street"),
        example="14 Station Road",
    ),
    Column("city", gettext_lazy("City"), Text(60), synonyms=("Town", "Area", "Station", "Place"), example="Pune"),
    Column(
        "pin_code",
        gettext_lazy("PIN code"),
        Text(6, pattern=_PIN),
        synonyms=("PIN", "Pincode", "Postal code", "Zip"),
        like=_PIN,
        fix=_compact,
        example="411001",
    ),
    Column(
        "phone",
        gettext_lazy("Phone"),
        Text(20),
        synonyms=("Mobile", "Mobile no", "Phone no", "Contact no", "Telephone"),
        example="98765 43210",
    ),
    Column(
        "email",
        gettext_lazy("E-mail"),
        Text(254, pattern=_EMAIL),
        synonyms=("Email", "Mail", "Email id", "E-mail address"),
        like=_EMAIL,
        example="shop@example.com",
    ),
    Column("route", gettext_lazy("Route"), Text(60), synonyms=("Beat", "Line"), example="Camp"),
    Column(
        "price_group",
        gettext_lazy("Price group"),
        Text(60),
        synonyms=("Rate list", "Price list", "Rate type"),
        example="Hospital",
    ),
    Column(
        "credit_limit",
        gettext_lazy("Credit limit"),
        Number(2, 14, minimum=Decimal(0)),
        synonyms=("Limit", "Credit amount", "Cr limit"),
        help=gettext_lazy("In rupees. Empty for no limit, 0 for cash only."),
        example="1,00,000",
    ),
    Column(
        "credit_days",
        gettext_lazy("Credit days"),
        Integer(0, 365),
        default="0",
        synonyms=("Days", "Credit period", "Terms", "Cr days"),
        example="21",
    ),
    Column(
        "minimum_shelf_life_days",
        gettext_lazy("Minimum shelf life"),
        Integer(0, 1825),
        default="0",
        synonyms=("Shelf life days", "Minimum expiry days"),
        example="90",
    ),
    Column(
        "licence_20",
        gettext_lazy("Drug licence 20/20B"),
        Text(40),
        synonyms=("DL No", "DL No 1", "Drug licence", "Drug licence no", "DL 20B", "20B", "D.L. No."),
        help=gettext_lazy("The number with its form, such as 20B-MH-123456."),
        example="20B-MH-123456",
    ),
    Column(
        "licence_21",
        gettext_lazy("Drug licence 21/21B"),
        Text(40),
        synonyms=("DL No 2", "Drug licence 2", "DL 21B", "21B"),
        example="21B-MH-123457",
    ),
    Column(
        "licence_from",
        gettext_lazy("Licence valid from"),
        Day(),
        synonyms=("DL from", "DL issue date", "Licence date"),
    ),
    Column(
        "licence_to",
        gettext_lazy("Licence valid to"),
        Day(),
        synonyms=("DL expiry", "DL valid upto", "DL valid till", "Licence expiry", "DL exp date"),
        example="31/12/2028",
    ),
)
