"""Document numbers and financial years.

Rule 46(b) of the CGST Rules 2017: a consecutive serial number of at most sixteen characters, of letters, digits,
hyphen and slash, unique for a financial year. The e-invoice schema INV-01 adds that it starts with neither 0, hyphen
nor slash.
"""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum

from apps.organizations.rules.broken import RuleBroken, gettext_noop

MOST_CHARACTERS = 16
MOST_DIGITS = 9
_PREFIX = re.compile(r"[A-Z1-9][A-Z0-9/-]*")


class InvalidSeries(RuleBroken):
    """A series would break rule 46(b). `field` names the part to mend."""

    def __init__(self, field: str, template: str, **params: object) -> None:
        super().__init__(template, **params)
        self.field = field


class DocumentKind(StrEnum):
    """Documents that carry a consecutive number of their own."""

    INVOICE = "invoice"
    BILL_OF_SUPPLY = "bill_of_supply"
    CREDIT_NOTE = "credit_note"
    DEBIT_NOTE = "debit_note"
    CHALLAN = "challan"
    RECEIPT = "receipt"
    PAYMENT = "payment"
    PURCHASE_ORDER = "purchase_order"
    GOODS_RECEIPT = "goods_receipt"
    JOURNAL_VOUCHER = "journal_voucher"
    CONTRA_VOUCHER = "contra_voucher"
    PARTY_DEBIT_NOTE = "party_debit_note"
    PARTY_CREDIT_NOTE = "party_credit_note"

    @property
    def caption(self) -> str:
        """Its name, marked for translation."""
        return _KINDS[self][0]

    @property
    def mark(self) -> str:
        """The letter that tells its series from the invoices' in a default prefix; none for the tax invoice itself."""
        return _KINDS[self][1]

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Kind and name, for a field's choices."""
        return [(kind.value, kind.caption) for kind in cls]


_KINDS: dict[DocumentKind, tuple[str, str]] = {
    DocumentKind.INVOICE: (gettext_noop("Tax invoice"), ""),
    DocumentKind.BILL_OF_SUPPLY: (gettext_noop("Bill of supply"), "B"),
    DocumentKind.CREDIT_NOTE: (gettext_noop("Credit note"), "C"),
    DocumentKind.DEBIT_NOTE: (gettext_noop("Debit note"), "D"),
    DocumentKind.CHALLAN: (gettext_noop("Delivery challan"), "H"),
    DocumentKind.RECEIPT: (gettext_noop("Receipt"), "R"),
    DocumentKind.PAYMENT: (gettext_noop("Payment"), "P"),
    DocumentKind.PURCHASE_ORDER: (gettext_noop("Purchase order"), "O"),
    DocumentKind.GOODS_RECEIPT: (gettext_noop("Goods receipt note"), "G"),
    DocumentKind.JOURNAL_VOUCHER: (gettext_noop("Journal voucher"), "J"),
    DocumentKind.CONTRA_VOUCHER: (gettext_noop("Contra voucher"), "T"),
    DocumentKind.PARTY_DEBIT_NOTE: (gettext_noop("Debit note without tax"), "M"),
    DocumentKind.PARTY_CREDIT_NOTE: (gettext_noop("Credit note without tax"), "N"),
}


def financial_year(day: dt.date, start_month: int = 4) -> int:
    """The calendar year in which the financial year of that day begins."""
    return day.year if day.month >= start_month else day.year - 1


def year_bounds(year: int, start_month: int = 4) -> tuple[dt.date, dt.date]:
    """First and last day of the financial year that begins in `year`."""
    return dt.date(year, start_month, 1), dt.date(year + 1, start_month, 1) - dt.timedelta(days=1)


def year_label(year: int, start_month: int = 4) -> str:
    """As tax returns write it: 2026-27; a calendar year is 2026."""
    return str(year) if start_month == 1 else f"{year}-{(year + 1) % 100:02d}"


def year_digits(year: int, start_month: int = 4) -> str:
    """As document numbers write it: 2627; a calendar year is 2026."""
    return str(year) if start_month == 1 else f"{year % 100:02d}{(year + 1) % 100:02d}"


def format_number(prefix: str, number: int, width: int) -> str:
    """The document number: the prefix, then the number with leading zeros up to `width` digits."""
    return f"{prefix}{number:0{width}d}"


def default_prefix(branch_code: str, year: int, kind: DocumentKind, start_month: int = 4) -> str:
    """What a series begins with when nobody chose: BK/2627/ for invoices, BK/C2627/ for credit notes."""
    return f"{branch_code.upper()}/{kind.mark}{year_digits(year, start_month)}/"


def following_prefix(prefix: str, year: int, next_year: int, start_month: int = 4) -> str:
    """The same pattern in another financial year: every spelling of the old year becomes the new one's.

    A prefix that does not name its year stays, which the rule allows: numbers are unique within a year.
    """
    for spell in (_year_long, year_label, _year_short, year_digits):
        old, new = spell(year, start_month), spell(next_year, start_month)
        if old in prefix:
            return prefix.replace(old, new)
    return prefix


def _year_long(year: int, start_month: int) -> str:
    return str(year) if start_month == 1 else f"{year}-{year + 1}"


def _year_short(year: int, start_month: int) -> str:
    return str(year) if start_month == 1 else f"{year % 100:02d}-{(year + 1) % 100:02d}"


def capacity(prefix: str, width: int) -> int:
    """The highest number of the series. Numbers may outgrow `width` as long as sixteen characters are enough."""
    return int("9" * min(max(width, MOST_CHARACTERS - len(prefix)), MOST_DIGITS))


def clean_prefix(prefix: str) -> str:
    """The prefix as it will be printed: capitals, no blanks. Numbers compare without regard to case (e-invoice)."""
    return re.sub(r"\s+", "", prefix).upper()


def check_series(prefix: str, width: int, first_number: int = 1) -> None:
    """Refuse a series whose numbers could break the rule, now or after thousands of documents.

    The prefix ends in no digit: so a number can be read apart, and no two series can ever make the same one.

    Raises:
        InvalidSeries: with the reason and the field to mend.
    """
    _check_prefix(prefix)
    if not 1 <= width <= MOST_DIGITS:
        raise InvalidSeries("width", gettext_noop("Take 1 to %(most)d digits"), most=MOST_DIGITS)
    length = len(prefix) + width
    if length > MOST_CHARACTERS:
        raise InvalidSeries(
            "width",
            gettext_noop(
                "%(highest)s has %(length)d characters and rule 46 allows %(most)d. "
                "Shorten the prefix by %(excess)d, or take fewer digits"
            ),
            highest=format_number(prefix, int("9" * width), width),
            length=length,
            most=MOST_CHARACTERS,
            excess=length - MOST_CHARACTERS,
        )
    if first_number < 1:
        raise InvalidSeries("first_number", gettext_noop("Numbers start at 1 or later"))
    if len(str(first_number)) > width:
        raise InvalidSeries(
            "first_number",
            gettext_noop("%(number)d needs more than %(width)d digits. Take more digits"),
            number=first_number,
            width=width,
        )


def _check_prefix(prefix: str) -> None:
    if not prefix:
        raise InvalidSeries("prefix", gettext_noop("Numbers need a prefix, such as BK/2627/"))
    if prefix[0] == "0":
        raise InvalidSeries("prefix", gettext_noop("A document number does not start with 0. Start with a letter"))
    if prefix[0] in "/-":
        raise InvalidSeries(
            "prefix",
            gettext_noop("The e-invoice portal refuses numbers that start with %(found)s. Start with a letter"),
            found=prefix[0],
        )
    if not _PREFIX.fullmatch(prefix):
        found = next(character for character in prefix if not re.fullmatch(r"[A-Z0-9/-]", character))
        raise InvalidSeries(
            "prefix",
            gettext_noop("Rule 46 allows letters, digits, hyphen and slash, but no %(found)s"),
            found=found,
        )
    if prefix[-1].isdigit():
        raise InvalidSeries(
            "prefix", gettext_noop("End the prefix with / or -, so that the running number can be told apart")
        )
