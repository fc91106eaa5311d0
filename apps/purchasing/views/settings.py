"""Pages of the two rows of settings: ordering, and receiving."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.pages import FormPage
from apps.core.ui.pages.base import M
from apps.purchasing.forms.orders import OrderSettingsForm
from apps.purchasing.forms.receiving import ReceivingSettingsForm
from apps.purchasing.models import OrderSettings, ReceivingSettings
from apps.purchasing.operations.settings import set_ordering, set_receiving
from apps.purchasing.queries.receiving import receiving_settings
from apps.purchasing.queries.reorder import order_settings


class SettingsPage(FormPage[M]):
    """The one row of an organization: shown as it is, and kept by one operation. It leads back to a list."""

    submit_label = gettext_lazy("Save settings")
    list_route: ClassVar[str]
    list_label: ClassVar[str | Promise]

    def held(self) -> models.Model:
        """The row, or one with the usual values where nobody changed any."""
        raise NotImplementedError

    def keep(self, values: dict[str, Any]) -> None:
        """Call the operation."""
        raise NotImplementedError

    def crumbs(self) -> list[Any]:
        link = self.link(self.list_route, self.list_label)
        return [link] if link else []

    def cancel_url(self) -> str:
        return self.url(self.list_route)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.held()}

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return self.show(self.make_form(bound=False))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        form = self.make_form(bound=True)
        if not form.is_valid():
            return self.show(form, status=422)
        self.keep(form.cleaned_data)
        self.toast(_("%(title)s saved") % {"title": self.get_title()})
        return self.go(self.cancel_url())


class OrderSettingsPage(SettingsPage[OrderSettings]):
    """Who approves what, and for how long goods should last."""

    model = OrderSettings
    right = "purchasing.order.approve"
    title = gettext_lazy("Settings of ordering")
    form_class = OrderSettingsForm
    list_route, list_label = "purchasing:purchaseorder_list", gettext_lazy("Purchase orders")

    def held(self) -> models.Model:
        return order_settings()

    def keep(self, values: dict[str, Any]) -> None:
        set_ordering(**values)


class ReceivingSettingsPage(SettingsPage[ReceivingSettings]):
    """Shelf life, rounding, charges, tax held back."""

    model = ReceivingSettings
    right = "purchasing.receipt.allow"
    title = gettext_lazy("Settings of receiving")
    form_class = ReceivingSettingsForm
    list_route, list_label = "purchasing:goodsreceipt_list", gettext_lazy("Receipts")

    def held(self) -> models.Model:
        return receiving_settings()

    def keep(self, values: dict[str, Any]) -> None:
        set_receiving(**values)
