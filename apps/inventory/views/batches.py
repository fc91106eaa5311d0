"""Pages of a batch: where it is, where it came from and went, and whom to call when something is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.exchange.export import csv_blocks
from apps.core.ui import formats
from apps.core.ui.links import Link, page_url, row_links
from apps.core.ui.pages import Badge, Card, DetailPage, Empty, Fact, ListPage, ObjectPage, PrintPage
from apps.core.ui.templatetags.ui import heat
from apps.inventory.filters.moves import MoveFilter
from apps.inventory.models import Batch, BatchState, Move, StockVerification
from apps.inventory.panels.batches import CustomersPanel, MovesPanel, SuppliersPanel, WherePanel
from apps.inventory.queries import trace
from apps.inventory.tables.moves import MoveTable, VerificationTable
from apps.parties.models import Party

SEE, SEE_COST, SEE_PARTIES = "inventory.stock.view", "inventory.cost.view", "parties.party.view"


def title_of(batch: Batch) -> str:
    """A batch is known by its product and its number."""
    return f"{batch.product} · {batch.number}"


def _rate(value: Decimal) -> str:
    """A rate or cost: two decimals, and the further ones it has."""
    return formats.money(value) if value == round(value, 2) else formats.num(value, 4)


class BatchPage(ObjectPage[Batch]):
    """A page about one batch."""

    model = Batch
    right = SEE

    def get_queryset(self) -> QuerySet[Batch]:
        found: QuerySet[Batch] = super().get_queryset().select_related("product")
        return found

    def prepare(self) -> None:
        super().prepare()
        self.name = title_of(self.instance)

    def list_link(self) -> list[Link]:
        link = self.link("inventory:stock_list", _("Stock on hand"))
        return [link] if link else []


class BatchDetail(BatchPage, DetailPage[Batch]):
    panels = (WherePanel, SuppliersPanel, CustomersPanel, MovesPanel)

    @property
    def cards(self) -> Sequence[Card]:  # type: ignore[override]
        """What the batch cost is told to those who may know it."""
        sees_cost = self.request.member.may(SEE_COST)
        return (
            Card(
                gettext_lazy("Batch"),
                (
                    Fact(gettext_lazy("product"), lambda batch: batch.product),
                    "number",
                    Fact(gettext_lazy("expiry"), lambda batch: heat(batch.expiry)),
                    Fact(gettext_lazy("manufactured"), lambda batch: formats.exp(batch.manufactured)),
                    "received_on",
                    *(("state", "state_reason") if self.instance.state != BatchState.OK else ()),
                ),
            ),
            Card(
                gettext_lazy("Prices"),
                (
                    "mrp",
                    "mrp_from",
                    Fact(gettext_lazy("PTR"), lambda batch: _rate(batch.ptr)),
                    Fact(gettext_lazy("PTS"), lambda batch: _rate(batch.pts)),
                    *((Fact(gettext_lazy("cost"), lambda batch: _rate(batch.cost)),) if sees_cost else ()),
                ),
            ),
        )

    def badges(self) -> Sequence[Badge]:
        tones = {BatchState.HELD: "warn", BatchState.RECALLED: "bad"}
        if self.instance.state in tones:
            return [Badge(self.instance.get_state_display(), tones[BatchState(self.instance.state)])]
        return []

    def actions(self) -> Sequence[Link | None]:
        product = page_url(self.request, self.instance.product, "detail")
        return [
            Link(_("Product"), product, "pill") if product else None,
            self._labels(),
            self._action("release", _("Release"), "lock-open"),
            self._action("hold", _("Put on hold"), "lock"),
            self._action("recall", _("Recall"), "alert-triangle"),
        ]

    def _labels(self) -> Link | None:
        page = self.link("inventory:labels", _("Labels"), "tag")
        return Link(page.label, f"{page.url}?batch={self.instance.pk}", page.icon) if page else None

    def _action(self, kind: str, label: str, icon: str) -> Link | None:
        url = page_url(self.request, self.instance, kind)
        return Link(label, url, icon) if url else None


class _LotPage(BatchPage):
    """Everybody who had any of the lot: the same number under another MRP is the same lot."""

    right = SEE

    @cached_property
    def lot(self) -> list[int]:
        return trace.lot(self.instance.pk)

    @cached_property
    def trades(self) -> list[trace.Trade]:
        return trace.trades(self.lot, trace.Side.SOLD)

    def heads(self) -> list[str]:
        return [
            _("Party"),
            _("City"),
            _("Phone"),
            _("E-mail"),
            _("Sold"),
            _("Came back"),
            _("May still have"),
            _("Last bill"),
            _("On"),
        ]

    def facts_of(self) -> list[str]:
        """What the list says of itself in a line."""
        remaining = sum(trade.remaining for trade in self.trades)
        parties = ngettext("%(count)s party", "%(count)s parties", len(self.trades))
        return [
            parties % {"count": formats.num(len(self.trades))},
            _("%(count)s units may still be with them") % {"count": formats.num(remaining)},
        ]


class BatchParties(_LotPage):
    """The list to call from, complete within the time of one request; `?export=csv` is the same as a file."""

    template_name = "inventory/batch_parties.html"
    title = gettext_lazy("Who got it")

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if request.GET.get("export") == "csv":
            return self._csv()
        address = row_links(self.request, Party)
        rows = [vars(trade) | {"remaining": trade.remaining, "url": address(trade.party_id) if address else ""}
                for trade in self.trades]  # fmt: skip
        return self.render(
            self.get_context(
                rows=rows,
                meta=[self.name, *self.facts_of()],
                csv_url=f"{request.path}?export=csv",
                print_url=page_url(self.request, self.instance, "parties_print"),
            )
        )

    def _csv(self) -> HttpResponse:
        rows = [
            (
                trade.name,
                trade.city,
                trade.phone,
                trade.email,
                trade.quantity,
                trade.came_back,
                trade.remaining,
                trade.last_document,
                trade.last_on,
            )
            for trade in self.trades
        ]
        content = b"".join(csv_blocks(iter([self.heads(), *rows])))
        name = slugify(f"{self.instance.product} {self.instance.number}") or "batch"
        headers = {"Content-Disposition": f'attachment; filename="{name}-parties.csv"'}
        return HttpResponse("\ufeff".encode() + content, content_type="text/csv; charset=utf-8", headers=headers)


class BatchPartiesPrint(_LotPage, PrintPage[Batch]):
    """The same on paper."""

    template_name = "inventory/batch_parties_print.html"

    def detail_url(self) -> str:
        return self.url("inventory:batch_parties", pk=self.instance.pk)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        heads = self.heads()
        del heads[3]  # paper is narrow, and people call
        numbers = {_("Sold"), _("Came back"), _("May still have")}
        return super().get_context(
            columns=[{"label": head, "number": head in numbers} for head in heads],
            rows=[
                [
                    {"text": trade.name},
                    {"text": trade.city},
                    {"text": trade.phone},
                    {"text": formats.num(trade.quantity), "number": True},
                    {"text": formats.num(trade.came_back), "number": True},
                    {"text": formats.num(trade.remaining), "number": True},
                    {"text": trade.last_document},
                    {"text": formats.day(trade.last_on)},
                ]
                for trade in self.trades
            ],
            letterhead={"name": self.request.organization.name, "lines": []},
            document={
                "title": _("Who got batch %(number)s") % {"number": self.instance.number},
                "facts": [
                    (_("Product"), self.instance.product),
                    (_("Expiry"), formats.exp(self.instance.expiry)),
                    (_("State"), self.instance.get_state_display()),
                ],
            },
            printed_at=timezone.now(),
            **extra,
        )


class MoveList(ListPage[Move]):
    """The whole ledger, the latest on top; from a batch, a product or a party it is that one's trace."""

    model = Move
    right = SEE
    table_class = MoveTable
    filterset_class = MoveFilter
    ordering = ("-id",)
    late_join = True
    all_label = gettext_lazy("All moves")
    empty = Empty(
        gettext_lazy("Nothing moved yet"),
        gettext_lazy("Every receipt, bill, transfer and count writes down here what it changed."),
        icon="arrows-exchange",
    )

    def row_url_maker(self) -> Callable[[Any], str | None] | None:
        make = row_links(self.request, Batch)
        return None if make is None else lambda record: make(record.batch_id)


class VerificationList(ListPage[StockVerification]):
    """The nightly proofs that the balances are what the moves make them."""

    model = StockVerification
    right = SEE
    title = gettext_lazy("Proofs of the stock")
    table_class = VerificationTable
    ordering = ("-ran_at",)
    empty = Empty(
        gettext_lazy("No proof yet"),
        gettext_lazy("Every night all balances are rebuilt from the moves, and each difference is named here."),
        icon="shield-check",
    )
