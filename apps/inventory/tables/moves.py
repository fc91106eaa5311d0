"""The ledger of moves, and where a batch lies."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.ui import formats, tables
from apps.inventory.models import Move, MoveKind, Stock, StockVerification
from apps.inventory.tables.stock import blocked, expired, free_of


class MoveTable(tables.Table):
    """Every change of a quantity, with who, when, why and which document."""

    moment = tables.DateTimeColumn(verbose_name=_("When"), orderable=False)
    kind = tables.ChoiceColumn(
        orderable=False,
        badges={
            MoveKind.RECEIPT: "ok",
            MoveKind.OPENING: "ok",
            MoveKind.ISSUE: "info",
            MoveKind.ADJUSTMENT: "warn",
            MoveKind.COUNT: "warn",
        },
    )
    product = tables.TextColumn(accessor="product__name", verbose_name=_("Product"), orderable=False)
    batch = tables.CodeColumn(accessor="batch__number", verbose_name=_("Batch"), orderable=False)
    place = tables.CodeColumn(accessor="place__name", verbose_name=_("Place"), orderable=False)
    quantity = tables.NumberColumn(strong=True, orderable=False)
    document = tables.CodeColumn(accessor="document_number", verbose_name=_("Document"), orderable=False)
    party = tables.TextColumn(accessor="party__name", verbose_name=_("Party"), orderable=False)
    reason = tables.ChoiceColumn(orderable=False)
    note = tables.TextColumn(orderable=False)
    person = tables.TextColumn(accessor="person__user__name", verbose_name=_("By"), orderable=False)
    on_date = tables.DateColumn(verbose_name=_("Date"), orderable=False)

    default_columns: ClassVar[tuple[str, ...]] = (
        "moment",
        "kind",
        "product",
        "batch",
        "place",
        "quantity",
        "document",
        "party",
        "reason",
        "person",
    )
    extra_fields = ("batch_id",)
    phone_top = "quantity"
    phone_detail = ("kind", "batch", "party")
    phone_end = "document"

    class Meta:
        model = Move

    def render_quantity(self, value: int) -> SafeString:
        """Signed: what came is green, what went is plain."""
        if value > 0:
            return format_html('<span class="grn">+{}</span>', formats.num(value))
        return format_html("{}", formats.num(value))


class BatchMoveTable(MoveTable):
    """The same on the page of a batch, which says product and batch once."""

    default_columns = ("moment", "kind", "place", "quantity", "document", "party", "reason", "note", "person")


class BatchStockTable(tables.Table):
    """Where a batch lies."""

    place = tables.TextColumn(accessor="place__name", verbose_name=_("Place"))
    branch = tables.TextColumn(accessor="place__branch__name", verbose_name=_("Branch"))
    kind = tables.ChoiceColumn(accessor="place__kind", verbose_name=_("Kind"))
    on_hand = tables.NumberColumn(strong=True)
    reserved = tables.NumberColumn()
    free = tables.NumberColumn(accessor="saleable", verbose_name=_("Free"), empty_values=(None,))

    extra_fields = ("expiry", "on_hand", "reserved", "saleable", "batch__state")
    phone_top = "on_hand"
    phone_detail = ("branch", "kind")
    phone_end = "free"

    class Meta:
        model = Stock

    def render_free(self, record: Any) -> str:
        free = free_of(record)
        return blocked(record.batch__state, expired=expired(record)) if free is None else formats.num(free)


class ProductBatchTable(tables.Table):
    """A product's batches in picking order."""

    batch = tables.CodeColumn(accessor="batch__number", verbose_name=_("Batch"))
    expiry = tables.MonthColumn()
    place = tables.CodeColumn(accessor="place__name", verbose_name=_("Place"))
    on_hand = tables.NumberColumn(strong=True)
    reserved = tables.NumberColumn()
    free = tables.NumberColumn(accessor="saleable", verbose_name=_("Free"), empty_values=(None,))
    mrp = tables.MoneyColumn(accessor="batch__mrp", verbose_name=_("MRP"))
    ptr = tables.MoneyColumn(accessor="batch__ptr", verbose_name=_("PTR"))
    received_on = tables.DateColumn(accessor="batch__received_on", verbose_name=_("Received"))

    extra_fields = ("expiry", "on_hand", "reserved", "saleable", "batch__state", "batch_id")
    phone_top = "expiry"
    phone_detail = ("place", "mrp")
    phone_end = "on_hand"

    class Meta:
        model = Stock

    def render_free(self, record: Any) -> str:
        free = free_of(record)
        return blocked(record.batch__state, expired=expired(record)) if free is None else formats.num(free)


class VerificationTable(tables.Table):
    """Every rebuilding of the balances from the moves."""

    ran_at = tables.DateTimeColumn(verbose_name=_("When"), orderable=False)
    moves = tables.NumberColumn(orderable=False)
    balances = tables.NumberColumn(orderable=False)
    differences = tables.NumberColumn(strong=True, orderable=False)
    found = tables.TextColumn(verbose_name=_("What differs"), orderable=False, empty_values=(None, "", []))

    phone_top = "differences"
    phone_detail = ("moves", "balances")

    class Meta:
        model = StockVerification

    def render_found(self, value: list[dict[str, str]]) -> str:
        """The first of them; the command `verify_stock` names all."""
        return "; ".join(str(_now("%(subject)s: %(stored)s stored, %(rebuilt)s rebuilt") % one) for one in value[:3])

    def value_found(self, value: list[dict[str, str]]) -> str:
        return self.render_found(value)
