"""How numbers, money, dates and expiries are written on screen and paper, everywhere (UI rules, section 15).

Django has no `en_IN` locale, and lakh grouping must not depend on the language of the page, so these are plain
functions. Amounts are `Decimal` or `int`: a float is a `TypeError`, because it has lost paise already. `None` is
written as an en dash, never as 0.00.
"""

from __future__ import annotations

import calendar
import datetime as dt
from decimal import Decimal
from typing import Final

from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext, ngettext

from apps.core import amounts
from apps.core.amounts import CRORE, LAKH, MINUS, RUPEE, THOUSAND, Amount, exact, round_half_up

EMPTY: Final = "\N{EN DASH}"


def num(value: Amount | None, places: int = 0) -> str:
    """A number with lakh grouping and a fixed number of decimals: 1,23,456 or −700.34, with a true minus."""
    return EMPTY if value is None else amounts.num(value, places)


def money(value: Amount | None) -> str:
    """Money in a column, where the head says rupees: 1,23,456.00."""
    return num(value, 2)


def inr(value: Amount | None, places: int = 2) -> str:
    """Money standing alone: ₹1,23,456.00, −₹700.34."""
    return EMPTY if value is None else amounts.inr(value, places)


def inr_short(value: Amount | None) -> str:
    """Money for tiles, legends and chart axes only, where the full figure is one click away: ₹48.2 L, ₹2.42 Cr."""
    if value is None:
        return EMPTY
    amount = exact(value)
    size, minus = abs(amount), MINUS if amount < 0 else ""
    if round_half_up(size, 0) < THOUSAND:
        return f"{minus if round_half_up(size, 0) else ''}{RUPEE}{num(size)}"
    for unit, name in ((THOUSAND, "K"), (LAKH, "L")):
        # Decided after rounding, so that 99,960 is ₹1.0 L and never ₹100.0 K.
        if round_half_up(size / unit, 1) < 100:
            return f"{minus}{RUPEE}{num(size / unit, 1)} {name}"
    return f"{minus}{RUPEE}{num(size / CRORE, 2)} Cr"


def trim(value: Amount | None) -> str:
    """A rate without trailing zeros: 2.50 becomes 2.5, 18.00 becomes 18."""
    if value is None:
        return EMPTY
    rate = exact(value).normalize()
    text = f"{abs(rate):f}"
    return MINUS + text if rate < 0 else text


def percent(value: Amount | None) -> str:
    """A percentage as printed beside a tax or a discount: 2.5%."""
    return EMPTY if value is None else f"{trim(value)}%"


def tokens(value: Decimal | None, symbol: str, places: int = 2) -> str:
    """An amount of an on-chain currency, grouped as its own users do it: 1,008.25 USDC."""
    if value is None:
        return EMPTY
    rounded = round_half_up(value, places)
    return f"{MINUS if rounded < 0 else ''}{abs(rounded):,f} {symbol}"


def middle(text: str, head: int = 4, tail: int = 4) -> str:
    """Cut an address or a hash in the middle, because both ends are what people compare: 0x7c…41Ae."""
    return text if len(text) <= head + tail + 1 else f"{text[:head]}…{text[-tail:]}"


# ---- dates and times ----


def _local(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    return timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value


def _month(number: int) -> str:
    return str(MONTHS_3[number]).capitalize()


def day(value: dt.date | dt.datetime | None) -> str:
    """A date, always with its year: 20 Nov 2026."""
    if value is None:
        return EMPTY
    value = _local(value)
    return f"{value.day:02d} {_month(value.month)} {value.year}"


def day_month(value: dt.date | dt.datetime | None) -> str:
    """A date in a list that itself shows the period: 20 Nov."""
    if value is None:
        return EMPTY
    value = _local(value)
    return f"{value.day:02d} {_month(value.month)}"


def clock(value: dt.datetime | None, *, seconds: bool = False) -> str:
    """A time of day in IST, 24 hours: 10:42, or 10:42:07 where a save is confirmed."""
    if value is None:
        return EMPTY
    local = _local(value)
    return f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"


def moment(value: dt.datetime | None, *, now: dt.datetime | None = None) -> str:
    """When something happened, as short as it stays clear: 10:42 today, 19 Nov 23:30 this year, else the whole date."""
    if value is None:
        return EMPTY
    local, today = _local(value), _local(now or timezone.now())
    if (local.year, local.month, local.day) == (today.year, today.month, today.day):
        return clock(value)
    return f"{day_month(value) if local.year == today.year else day(value)} {clock(value)}"


def ago(value: dt.datetime | None, *, now: dt.datetime | None = None) -> str:
    """Time passed, while that says more than the date does: 2 s ago, 27 days ago; from 60 days on, the date."""
    if value is None:
        return EMPTY
    seconds = max(int(((now or timezone.now()) - value).total_seconds()), 0)
    if seconds < 60:
        return gettext("%(count)d s ago") % {"count": seconds}
    if seconds < 60 * 60:
        return gettext("%(count)d min ago") % {"count": seconds // 60}
    if seconds < 24 * 60 * 60:
        return gettext("%(count)d h ago") % {"count": seconds // 3600}
    days = seconds // (24 * 60 * 60)
    if days < 60:
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    return day(value)


def late(due: dt.date | None, today: dt.date) -> str:
    """How late a payment is: 27 days late; empty while it is not late; from 60 days on, since when."""
    if due is None or due >= today:
        return ""
    days = (today - due).days
    if days < 60:
        return ngettext("%(count)d day late", "%(count)d days late", days) % {"count": days}
    return gettext("late since %(day)s") % {"day": day(due)}


# ---- expiry ----


def month_end(year: int, month: int) -> dt.date:
    """The last day of a month: what an expiry printed as a month means in law. ValueError for a month past 12."""
    if not 1 <= month <= 12:
        raise ValueError(f"Month must be 1 to 12, not {month}")
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def exp(value: dt.date | None) -> str:
    """An expiry or manufacturing month: 08/2028."""
    return EMPTY if value is None else f"{value.month:02d}/{value.year}"


def heat(days: int) -> str:
    """The heat class of an expiry that is so many days away: h0 expired, h1 to 30, h2 to 90, h3 to 180, h4 later."""
    if days < 0:
        return "h0"
    return next((f"h{step}" for step, limit in ((1, 30), (2, 90), (3, 180)) if days <= limit), "h4")


def time_left(days: int) -> str:
    """The words beside an expiry, because colour alone says nothing: 10 d left, 51 d ago, 21 mo."""
    if days < 0:
        return gettext("%(count)d d ago") % {"count": -days}
    if days == 0:
        return gettext("last day")
    if days <= 90:
        return gettext("%(count)d d left") % {"count": days}
    # 30.4 days is a month on average; near expiry is counted in days above, so this is only an order of size.
    return gettext("%(count)d mo") % {"count": round(days * 10 / 304)}
