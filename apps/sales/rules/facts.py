"""What the gates look at, and what they say: values that were read before, without a database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from apps.organizations.rules.licences import DrugClass

ZERO = Decimal(0)
WHOLE_BILL = 0
"""The line of a notice that is about the bill itself."""


class Level(StrEnum):
    """How much stands in the way."""

    STOP = "stop"
    """Nobody may post it so."""
    ASK = "ask"
    """Only if somebody with `sales.bill.allow` says so."""
    WARN = "warn"
    """Said, and no more."""


class Mend(StrEnum):
    """What the button beside the notice does."""

    NONE = ""
    SET_QUANTITY = "set_quantity"
    SET_RATE = "set_rate"
    SET_DISCOUNT = "set_discount"
    SUBSTITUTE = "substitute"
    OTHER_BATCH = "other_batch"
    CHOOSE_CUSTOMER = "choose_customer"
    OPEN_CUSTOMER = "open_customer"
    OPEN_BRANCH = "open_branch"
    OPEN_PRODUCT = "open_product"
    TAKE_PAYMENT = "take_payment"
    ASK_OWNER = "ask_owner"
    REMOVE_LINE = "remove_line"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that is off.

    Attributes:
        code: which rule, for tests and approvals; never changes.
        line: position of the line, 0 for the whole bill.
        mend, value: what mends it, such as the quantity to set.
        measure: how far the rule is broken; an approval holds up to the measure that was asked about.
        text: `template` with `params` in the reader's language, once somebody translated it.
    """

    code: str
    level: Level
    line: int
    template: str
    params: Mapping[str, object] = field(default_factory=dict)
    mend: Mend = Mend.NONE
    value: str = ""
    measure: Decimal = ZERO
    text: str = ""


@dataclass(frozen=True, slots=True)
class HeldLicence:
    """A drug licence of a party or a branch."""

    form: str
    first: dt.date
    last: dt.date
    number: str = ""


@dataclass(frozen=True, slots=True)
class Goods:
    """What the law and the business say of a product."""

    name: str
    schedule: str = ""
    licence_class: str = "other"
    ndps: bool = False
    active: bool = True
    # Base units in the smallest pack that may leave; 1 where it is sold loose.
    step: int = 1
    hsn: str = ""
    # Most that one party may have of it on one day; None for no limit.
    most_a_day: int | None = None

    @property
    def drug_class(self) -> DrugClass | None:
        """The class of drugs for whose licence it asks; None for what anybody may sell."""
        if self.schedule == "X":
            return DrugClass.X
        if self.licence_class == "c_c1":
            return DrugClass.C_C1
        return DrugClass.GENERAL if self.schedule or self.ndps else None


@dataclass(frozen=True, slots=True)
class Taken:
    """So much of a batch as it would leave. `rate` is per unit, `cost` too."""

    number: str
    expiry: dt.date
    quantity: int
    free: int
    mrp: Decimal
    rate: Decimal
    cost: Decimal
    saleable: bool = True


@dataclass(frozen=True, slots=True)
class Selling:
    """A line as the gates see it."""

    position: int
    product_id: int
    goods: Goods
    quantity: int
    free: int
    rate: Decimal
    discount: Decimal
    tax_rate: Decimal | None
    taken: tuple[Taken, ...] = ()
    # Free for the line, of what the customer takes; and further stock that is too near its expiry for this customer.
    available: int = 0
    short_dated: int = 0
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Buyer:
    """The customer as the gates see it. Rupees; `credit_limit` None is no limit, 0 is cash only."""

    name: str
    active: bool = True
    licences: tuple[HeldLicence, ...] = ()
    shelf_life_days: int = 0
    credit_limit: Decimal | None = None
    used: Decimal = ZERO
    oldest_due: dt.date | None = None
    # Bought today already, by product.
    today: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Terms:
    """How the business sells, and what the person at the desk may give."""

    on: dt.date
    credit_stops: bool = True
    most_overdue_days: int | None = None
    below_cost_stops: bool = True
    line_discount: Decimal | None = None
    bill_discount: Decimal | None = None
