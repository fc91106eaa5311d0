"""Goods-and-services tax: where a supply takes place, which taxes fall on it, and how much.

IGST: Integrated Goods and Services Tax Act 2017. CGST: Central Goods and Services Tax Act 2017. Rates are percentages,
amounts rupees. States are the two digits that begin a GSTIN.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from apps.finance.rules.rounding import paise
from apps.organizations.rules.states import ABROAD, STATES, UNION_TERRITORIES, current_state

ZERO = Decimal("0.00")

OTHER_TERRITORY = "97"
"""Beyond every State, such as the sea; a Union territory for this tax (section 2(114)(f), CGST)."""


class Rule(StrEnum):
    """The provision by which the place of supply was found."""

    MOVEMENT = "10(1)(a)"
    BILL_TO_SHIP_TO = "10(1)(b)"
    NO_MOVEMENT = "10(1)(c)"
    UNREGISTERED = "10(1)(ca)"
    INSTALLED = "10(1)(d)"
    EXPORT = "11(b)"
    SERVICE_REGISTERED = "12(2)(a)"
    SERVICE_ADDRESS = "12(2)(b)(i)"
    SERVICE_SUPPLIER = "12(2)(b)(ii)"


@dataclass(frozen=True)
class Place:
    """A State, and the provision of the IGST Act that says so."""

    state: str
    rule: Rule


def place_of_goods(
    *,
    supplier_state: str,
    registered: bool,
    delivered_in: str = "",
    directed_by: str = "",
    lies_in: str = "",
    address_state: str = "",
    installed_in: str = "",
) -> Place:
    """The place of supply of goods (sections 10 and 11, IGST).

    Args:
        supplier_state: of the branch that supplies.
        registered: whether the recipient has a GSTIN.
        delivered_in: where the movement ends, whoever moves them; "" when nothing moves; 96 when they leave India.
        directed_by: State of the principal place of the third person who has them delivered to another
            (bill-to/ship-to).
        lies_in: where the goods are at delivery when nothing moves; the supplier's State unless told.
        address_state: on the invoice, of somebody unregistered; the State alone is address enough.
        installed_in: where goods are assembled or installed.

    Raises:
        ValueError: a State code that does not exist.
    """
    home = _state(supplier_state)
    if delivered_in == ABROAD:
        return Place(ABROAD, Rule.EXPORT)
    if installed_in:
        return Place(_state(installed_in), Rule.INSTALLED)
    if directed_by:
        return Place(_state(directed_by), Rule.BILL_TO_SHIP_TO)
    if not registered:
        # In force from 1 October 2023, in spite of clauses (a) and (c): IGST (Amendment) Act 2023.
        return Place(_state(address_state) if address_state else home, Rule.UNREGISTERED)
    if delivered_in:
        return Place(_state(delivered_in), Rule.MOVEMENT)
    return Place(_state(lies_in) if lies_in else home, Rule.NO_MOVEMENT)


def place_of_service(*, supplier_state: str, recipient_state: str = "", registered: bool) -> Place:
    """The place of supply of a service within India under the general rule (section 12(2), IGST).

    Args:
        recipient_state: of a registered recipient, or of the address on record of anybody else; "" when unknown.
    """
    if registered:
        return Place(_state(recipient_state), Rule.SERVICE_REGISTERED)
    if recipient_state:
        return Place(_state(recipient_state), Rule.SERVICE_ADDRESS)
    return Place(_state(supplier_state), Rule.SERVICE_SUPPLIER)


def _state(code: str) -> str:
    today = current_state(code)
    if today not in STATES:
        raise ValueError(f"No State has the code {code!r}.")
    return today


class Levy(StrEnum):
    """Which taxes fall on a supply."""

    STATE = "state"
    """CGST and SGST, half each."""
    TERRITORY = "territory"
    """CGST and UTGST, half each."""
    INTER = "inter"
    """IGST."""
    NONE = "none"
    """No tax on the document: composition, or zero-rated under a letter of undertaking."""


class Reason(StrEnum):
    """Why a supply bears these taxes."""

    WITHIN_STATE = "within_state"
    BETWEEN_STATES = "between_states"
    SEZ = "sez"
    EXPORT = "export"
    COMPOSITION = "composition"


@dataclass(frozen=True)
class Determination:
    """What a document must carry.

    `zero_rated`: export or special economic zone (section 16, IGST). `reverse_charge`: the recipient pays the tax
    (section 9(3) and (4), CGST), so that the document names it and collects none. `tax_invoice`: else a bill of supply.
    """

    levy: Levy
    reason: Reason
    place: str
    zero_rated: bool = False
    reverse_charge: bool = False
    tax_invoice: bool = True


def determine(
    *,
    supplier_state: str,
    place: str,
    sez: bool = False,
    supplier_composition: bool = False,
    under_undertaking: bool = False,
    reverse_charge: bool = False,
) -> Determination:
    """Which taxes a supply bears.

    Args:
        place: the place of supply.
        sez: supplier or recipient is a unit or developer in a special economic zone; always inter-state
            (section 7(5)(b), IGST).
        supplier_composition: the supplier pays under section 10, CGST, and may collect no tax.
        under_undertaking: zero-rated without payment of tax (section 16(3)(a), IGST).
    """
    home, there = _state(supplier_state), _state(place)
    if supplier_composition:
        return Determination(Levy.NONE, Reason.COMPOSITION, there, tax_invoice=False)
    if there == ABROAD or sez:
        return Determination(
            Levy.NONE if under_undertaking else Levy.INTER,
            Reason.EXPORT if there == ABROAD else Reason.SEZ,
            there,
            zero_rated=True,
            reverse_charge=reverse_charge and there != ABROAD,
        )
    if home != there:
        return Determination(Levy.INTER, Reason.BETWEEN_STATES, there, reverse_charge=reverse_charge)
    levy = Levy.TERRITORY if there in UNION_TERRITORIES | {OTHER_TERRITORY} else Levy.STATE
    return Determination(levy, Reason.WITHIN_STATE, there, reverse_charge=reverse_charge)


@dataclass(frozen=True)
class Tax:
    """The taxes on one line, in rupees."""

    taxable: Decimal
    cgst: Decimal = ZERO
    sgst: Decimal = ZERO
    utgst: Decimal = ZERO
    igst: Decimal = ZERO
    cess: Decimal = ZERO

    @property
    def tax(self) -> Decimal:
        """All taxes together."""
        return self.cgst + self.sgst + self.utgst + self.igst + self.cess

    @property
    def total(self) -> Decimal:
        """Taxable value and taxes."""
        return self.taxable + self.tax


@dataclass(frozen=True)
class Taxed:
    """A line before tax: taxable value in rupees, rate and cess in per cent; a nil or exempt line has rate 0."""

    taxable: Decimal
    rate: Decimal
    cess_rate: Decimal = ZERO


def round_lines(taxables: Iterable[Decimal], rate: Decimal) -> list[Decimal]:
    """One tax on each line to two decimals, the error of each carried to the next.

    So the sum is the tax on the sum, rounded: three lines of 33.33 at 2.5% give 0.83, 0.84, 0.83, together 2.50.
    """
    error, found = Decimal(0), []
    for taxable in taxables:
        due = taxable * rate / 100 + error
        rounded = paise(due)
        error = due - rounded
        found.append(rounded)
    return found


def split(lines: Sequence[Taxed], levy: Levy) -> list[Tax]:
    """The taxes on each line of a document.

    Errors are carried within lines of one rate, so that the totals by rate, which returns and the summary by HSN
    show, are right to the paisa as well. CGST and SGST (UTGST) are half the rate each and always equal
    (sections 9 CGST and 7 UTGST).
    """
    if levy is Levy.NONE:
        return [Tax(line.taxable) for line in lines]
    main = _carried(lines, [line.rate if levy is Levy.INTER else line.rate / 2 for line in lines])
    cess = _carried(lines, [line.cess_rate for line in lines])
    return [
        Tax(
            line.taxable,
            cgst=ZERO if levy is Levy.INTER else tax,
            sgst=tax if levy is Levy.STATE else ZERO,
            utgst=tax if levy is Levy.TERRITORY else ZERO,
            igst=tax if levy is Levy.INTER else ZERO,
            cess=extra,
        )
        for line, tax, extra in zip(lines, main, cess, strict=True)
    ]


def _carried(lines: Sequence[Taxed], rates: Sequence[Decimal]) -> list[Decimal]:
    by_rate: dict[Decimal, list[int]] = defaultdict(list)
    for index, rate in enumerate(rates):
        by_rate[rate].append(index)
    found = [ZERO] * len(lines)
    for rate, indexes in by_rate.items():
        taxes = round_lines((lines[index].taxable for index in indexes), rate)
        for index, tax in zip(indexes, taxes, strict=True):
            found[index] = tax
    return found


def sum_of(taxes: Iterable[Tax]) -> Tax:
    """The foot of a document."""
    rows = list(taxes)
    return Tax(
        *(
            sum((getattr(row, name) for row in rows), start=ZERO)
            for name in ("taxable", "cgst", "sgst", "utgst", "igst", "cess")
        )
    )


def taxable_of_inclusive(amount: Decimal, rate: Decimal) -> Decimal:
    """The taxable value inside an amount that includes the tax (rule 35, CGST Rules): 105.00 at 5% is 100.00."""
    return paise(amount * 100 / (100 + rate))
