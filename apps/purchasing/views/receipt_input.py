"""What is typed at the receiving desk, read the way people type it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.core.ui.grid import Typed
from apps.inventory.models import Place
from apps.inventory.rules.expiry import InvalidExpiry, parse_expiry
from apps.organizations.operations.sentences import told


def read_month(typed: Typed) -> dt.date | None:
    """The expiry of a line; None while it is empty.

    Raises:
        Refusal: it is no month.
    """
    text = typed.text("expiry")
    if not text:
        return None
    try:
        return parse_expiry(text)
    except InvalidExpiry as error:
        raise Refusal(told(error), field="expiry") from None


def read_day(text: str, field: str) -> dt.date | None:
    """A day as a date field sends it; None while it is empty.

    Raises:
        Refusal: it is none.
    """
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Refusal(_("That is no day."), field=field)
    return day


def read_degrees(text: str) -> Decimal | None:
    """Degrees Celsius; None while it is empty.

    Raises:
        Refusal: it is no number.
    """
    cleaned = text.replace("−", "-").replace("°C", "").strip()
    if not cleaned:
        return None
    try:
        degrees = Decimal(cleaned)
    except ArithmeticError:
        degrees = Decimal("NaN")
    if not degrees.is_finite() or abs(degrees) > 999:
        raise Refusal(_("That is no temperature of goods. Type degrees Celsius."), field="temperature")
    return degrees.quantize(Decimal("0.1"))


def read_place(text: str, branch_id: int) -> int | None:
    """A place of the branch by its name or scan code; None while it is empty.

    Raises:
        Refusal: there is none.
    """
    if not text:
        return None
    places = Place.objects.filter(branch=branch_id, active=True)
    found = places.filter(name__iexact=text).first() or places.filter(code__iexact=text).first()
    if found is None:
        raise Refusal(_("There is no such place in this branch."), field="place")
    return int(found.pk)


def posted(values: object) -> Typed:
    """The fields of a form beside the grid, to be read as a line's cells are."""
    pairs = values.items() if hasattr(values, "items") else ()
    return Typed(None, {name: str(value).replace("\0", "").strip()[:200] for name, value in pairs})
