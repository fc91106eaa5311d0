"""The list of purchase orders, and one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.search import narrowed
from apps.core.ui.links import Link, org_url, page_url, row_links
from apps.core.ui.pages import (
    Badge,
    Card,
    CreatePage,
    DetailPage,
    EditPage,
    Empty,
    ListPage,
    Page,
    TablePanel,
    View,
)
from apps.inventory.models import Product
from apps.organizations.models import Branch
from apps.parties.models import Party
from apps.purchasing.filters.orders import OrderFilter
from apps.purchasing.forms.orders import OrderForm
from apps.purchasing.models import OrderLine, PurchaseOrder
from apps.purchasing.operations import orders
from apps.purchasing.tables.orders import TONES, OrderLineTable, OrderTable

SEE, EDIT, APPROVE = "purchasing.order.view", "purchasing.order.edit", "purchasing.order.approve"
State = PurchaseOrder.State
_NAMES = 20


class OrderList(ListPage[PurchaseOrder]):
    model = PurchaseOrder
    right = SEE
    table_class = OrderTable
    filterset_class = OrderFilter
    ordering = ("-on_date", "-id")
    same_for_all = True
    late_join = True
    search_hint = gettext_lazy("Number, supplier")
    views = (
        View(gettext_lazy("Drafts"), "state=draft", counted=True),
        View(gettext_lazy("Waiting for approval"), "state=waiting", counted=True),
        View(gettext_lazy("To send"), "state=approved"),
        View(gettext_lazy("Expected"), "expected=open"),
        View(gettext_lazy("Late"), "expected=late", counted=True),
    )
    empty = Empty(
        gettext_lazy("No purchase orders yet"),
        gettext_lazy("Order what runs low from its suppliers, or write an order line by line."),
        icon="shopping-cart",
    )

    def search(self, queryset: models.QuerySet[PurchaseOrder], text: str) -> models.QuerySet[PurchaseOrder]:
        """The beginning of a number, where one begins so; anything else is of the supplier."""
        numbered = queryset.filter(number__prefix=text.strip().upper())
        if any(sign.isdigit() for sign in text) and numbered.exists():
            return numbered
        return narrowed(queryset, text, function="party_search", through="supplier")

    def actions(self) -> list[Link]:
        found = [
            self.link("purchasing:reorder", _("Order what runs low"), "shopping-cart"),
            self.link("purchasing:order_settings", _("Settings"), "settings"),
        ]
        return [link for link in found if link]


class LinePanel(TablePanel):
    """What is ordered, and what came."""

    title = gettext_lazy("Lines")
    right = SEE
    table_class = OrderLineTable
    limit = 500
    empty = gettext_lazy("Nothing is on this order yet.")

    def get_queryset(self) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = OrderLine.objects.filter(order=self.instance).order_by("id")
        return found

    def row_url_maker(self) -> Callable[[Any], str | None] | None:
        """A draft's line leads to its form, any other to its product."""
        if self.instance.state == State.DRAFT and self.request.member.may(EDIT):
            return lambda record: org_url(self.request, "purchasing:orderline_edit", pk=record.pk)
        make = row_links(self.request, Product)
        return (lambda record: make(record.product_id)) if make else None

    def actions(self) -> list[Link | None]:
        if self.instance.state != State.DRAFT:
            return []
        return [self.link(_("Add line"), "purchasing:orderline_add", "plus", order=self.instance.pk)]


class OrderDetail(DetailPage[PurchaseOrder]):
    model = PurchaseOrder
    right = SEE
    cards = (
        Card(gettext_lazy("Order"), ("supplier", "branch", "on_date", "expected_on", "amount", "note")),
        Card(
            gettext_lazy("How far it is"),
            (
                "made_by",
                "approved_by",
                "approved_at",
                "sent_at",
                "sent_to",
                "first_received_on",
                "received_on",
                "reason",
            ),
        ),
    )
    panels = (LinePanel,)

    def get_queryset(self) -> models.QuerySet[PurchaseOrder]:
        people = ("made_by__user", "approved_by__user", "sent_by__user")
        return super().get_queryset().select_related("supplier", "branch", *people)

    def badges(self) -> list[Badge]:
        late = (
            self.instance.state in {State.APPROVED, State.SENT, State.PART_RECEIVED}
            and self.instance.expected_on is not None
            and self.instance.expected_on < timezone.localdate()
        )
        return [
            Badge(self.instance.get_state_display(), TONES[self.instance.state]),
            *([Badge(_("Late"), "bad")] if late else []),
        ]

    def actions(self) -> list[Link | None]:
        draft = self.instance.state == State.DRAFT
        return [
            self._to("lines", _("Write lines"), "pencil"),
            self._to("submit", _("Approve"), "check", primary=draft and self.instance.line_count > 0),
            self._to("approve", _("Approve"), "check", primary=True),
            self._to("send_back", _("Send back"), "arrow-back-up"),
            self._to("send", _("Send"), "send", primary=self.instance.state == State.APPROVED),
            self._to("print", _("Print"), "printer"),
        ]

    def menu(self) -> list[Link | None]:
        return [
            self._to("expect", _("Change the expected day"), "calendar"),
            self._to("reopen", _("Change the order"), "arrow-back-up"),
            self._to("close", _("Close short"), "circle-check"),
            self._to("cancel", _("Cancel order"), "ban"),
            self._to("discard", _("Discard draft"), "trash"),
        ]

    def _to(self, kind: str, label: str, icon: str, *, primary: bool = False) -> Link | None:
        url = page_url(self.request, self.instance, kind)
        return Link(label, url, icon, primary=primary) if url else None


class _Heading:
    """What both forms of a heading need to know of the request."""

    request: Any

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"organization": self.request.organization.slug}


class OrderCreate(_Heading, CreatePage[PurchaseOrder]):
    model = PurchaseOrder
    right = EDIT
    form_class = OrderForm
    template_name = "purchasing/named_form.html"
    fragment = "ui/form.html#form"
    submit_label = gettext_lazy("Write lines")

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("supplier", "")
        supplier = Party.objects.filter(pk=int(asked), is_supplier=True).first() if asked.isdecimal() else None
        branch = Branch.objects.filter(active=True).order_by("pk").first()
        return {"on_date": timezone.localdate(), "branch": branch, "supplier": supplier}

    def save(self, form: Any) -> PurchaseOrder:
        return orders.start_order(actor=self.request.member, **form.cleaned_data)

    def success_url(self, instance: PurchaseOrder) -> str:
        return page_url(self.request, instance, "lines") or super().success_url(instance)


class OrderEdit(_Heading, EditPage[PurchaseOrder]):
    model = PurchaseOrder
    right = EDIT
    form_class = OrderForm
    template_name = "purchasing/named_form.html"
    fragment = "ui/form.html#form"

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == State.DRAFT

    def get_initial(self) -> dict[str, Any]:
        one = self.instance
        return {
            "supplier": one.supplier,
            "branch": one.branch,
            "on_date": one.on_date,
            "expected_on": one.expected_on,
            "note": one.note,
        }

    def save(self, form: Any, before: dict[str, Any]) -> bool:
        if not form.has_changed():
            return False
        self.instance = orders.change_order(pk=self.instance.pk, version=before["version"], **form.cleaned_data)
        return True


class SupplierNames(Page):
    """Names of suppliers for a field's datalist. The name of the field does not matter: there is one value."""

    right = SEE
    template_name = "inventory/names.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        text = next((value for value in request.GET.values() if isinstance(value, str)), "")
        found: list[str] = []
        if text.strip():
            suppliers = Party.objects.filter(active=True, is_supplier=True)
            found = list(suppliers.matching(text).order_by("name", "id").values_list("name", flat=True)[:_NAMES])
        return self.render(self.get_context(names=found))
