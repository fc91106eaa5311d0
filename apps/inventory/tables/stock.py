"""Lists of stock, of moves, and of the places of a batch."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.amounts import round_half_up
from apps.core.ui import formats, tables
from apps.core.ui.templatetags.ui import badge, icon
from apps.inventory.models import Schedule, Stock, Storage
from apps.inventory.models.batch import BatchState

_COLD: dict[str, Any] = {Storage.COLD: _("2–8"), Storage.FROZEN: _("−20"), Storage.COOL: _("8–25")}


def marks(schedule: str, storage: str) -> SafeString:
    """What the law and the shelf say of a product, as badges: schedule, and cold chain where it has one."""
    return _marks(schedule, storage, get_language() or "")


@lru_cache(maxsize=256)
def _marks(schedule: str, storage: str, language: str) -> SafeString:  # noqa: ARG001 - texts are in it
    found = ""
    if schedule:
        found += " " + badge(schedule, "bad" if schedule in (Schedule.H1, Schedule.X) else "line")
    if storage in _COLD:
        found += format_html(
            ' <span class="badge info" title="{}">{}{}</span>',
            Storage(storage).label,
            icon("snowflake"),
            _COLD[storage],
        )
    return SafeString(found)


@lru_cache(maxsize=2)
def _day_at(second: int) -> dt.date:  # noqa: ARG001 - a page asks a hundred times within it
    return timezone.localdate()


def expired(record: Any) -> bool:
    """Whether a row of stock is past the last day on which it may be used."""
    return bool(record.expiry < _day_at(int(time.time())))


def blocked(batch_state: str, *, expired: bool) -> SafeString:
    """Why stock is not free: the batch is held, recalled or expired, or the place is not for sale."""
    if batch_state == BatchState.RECALLED:
        return badge(_now("Recalled"), "bad")
    if batch_state == BatchState.HELD:
        return badge(_now("On hold"))
    return badge(_now("Expired") if expired else _now("Not for sale"))


def free_of(record: Any) -> int | None:
    """What may be sold of a row of stock; None when none of it may."""
    if not record.saleable or expired(record):
        return None
    return int(record.on_hand - record.reserved)


def _of_product(record: Any) -> str:
    said = " · ".join(text for text in (record.product__composition, record.product__pack) if text)
    after = f'<span class="gen only-d">{escape(said)}</span>' if said else ""
    return SafeString(marks(record.product__schedule, record.product__storage) + after)


class _QuietColumn(tables.NumberColumn):
    """A number that matters less: grey, and a dash for none."""

    css = "num sub"


class PlainStockTable(tables.Table):
    """Batches in places, for members who may not see what goods cost."""

    product = tables.TextColumn(
        accessor="product__name",
        verbose_name=_("Product"),
        order_by=("product__name", "expiry"),
        linkify=True,
        after=_of_product,
        sources=("product__schedule", "product__storage", "product__composition", "product__pack"),
    )
    batch = tables.CodeColumn(accessor="batch__number", verbose_name=_("Batch"), orderable=False)
    expiry = tables.MonthColumn()
    place = tables.CodeColumn(accessor="place__name", verbose_name=_("Rack"), orderable=False, css="sub")
    on_hand = tables.NumberColumn(strong=True, orderable=False)
    reserved = _QuietColumn(orderable=False, empty_values=(None, 0))
    free = tables.NumberColumn(accessor="saleable", verbose_name=_("Free"), orderable=False, empty_values=(None,))
    mrp = tables.MoneyColumn(accessor="batch__mrp", verbose_name=_("MRP"), orderable=False)
    ptr = tables.MoneyColumn(accessor="batch__ptr", verbose_name=_("PTR"), orderable=False)
    pts = tables.MoneyColumn(accessor="batch__pts", verbose_name=_("PTS"), orderable=False)
    pack = tables.TextColumn(accessor="product__pack", verbose_name=_("Pack"), orderable=False)
    manufacturer = tables.TextColumn(
        accessor="product__manufacturer__name", verbose_name=_("Manufacturer"), orderable=False
    )
    branch = tables.TextColumn(accessor="place__branch__name", verbose_name=_("Branch"), orderable=False)
    received_on = tables.DateColumn(accessor="batch__received_on", verbose_name=_("Received"), orderable=False)
    state = tables.ChoiceColumn(
        accessor="batch__state",
        verbose_name=_("State"),
        orderable=False,
        badges={BatchState.HELD: "warn", BatchState.RECALLED: "bad"},
    )
    quantity = tables.NumberColumn(accessor="on_hand", verbose_name=_("On hand (free)"), orderable=False)

    default_columns: ClassVar[tuple[str, ...]] = (
        "product",
        "batch",
        "expiry",
        "place",
        "on_hand",
        "reserved",
        "free",
        "mrp",
        "ptr",
    )
    extra_fields = ("expiry", "on_hand", "reserved", "saleable", "batch__state", "product__totals__is_low", "batch_id")
    phone_top = "expiry"
    phone_detail = ("batch", "place", "pack")
    phone_end = "quantity"

    class Meta:
        model = Stock

    def render_on_hand(self, value: int, record: Any) -> str:
        """With a mark where the product is low."""
        if not record.product__totals__is_low:
            return formats.num(value)
        return format_html(
            '{}<span class="amb" title="{}"> ▾</span><span class="sr"> {}</span>',
            formats.num(value),
            _now("At or under the reorder level"),
            _now("low stock"),
        )

    def render_free(self, record: Any) -> str:
        free = free_of(record)
        if free is None:
            return blocked(record.batch__state, expired=expired(record))
        return formats.num(free)

    def value_free(self, record: Any) -> int:
        return free_of(record) or 0

    def render_quantity(self, value: int, record: Any) -> SafeString:
        free = free_of(record) or 0
        if free == value:
            return SafeString(f"<b>{formats.num(value)}</b>")
        said = _now("%(count)s free") % {"count": formats.num(free)}
        return SafeString(f'<b>{formats.num(value)}</b> <span class="mut">({escape(said)})</span>')


class StockTable(PlainStockTable):
    """The same with what the goods cost."""

    value = tables.MoneyColumn(accessor="cost", verbose_name=_("Cost value"), orderable=False)
    cost = tables.NumberColumn(verbose_name=_("Cost"), places=4, orderable=False)

    default_columns = (*PlainStockTable.default_columns, "value")

    class Meta:
        model = Stock

    def render_value(self, value: Decimal, record: Any) -> str:
        return formats.money(round_half_up(value * record.on_hand))

    def value_value(self, value: Decimal, record: Any) -> Decimal:
        return round_half_up(value * record.on_hand)
