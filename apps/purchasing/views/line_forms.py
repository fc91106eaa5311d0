"""Lines of a draft order, one form each."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.links import Link, org_url, page_url
from apps.core.ui.pages import ActionPage, CreatePage, EditPage
from apps.purchasing.forms.lines import OrderLineForm
from apps.purchasing.models import OrderLine, PurchaseOrder
from apps.purchasing.operations.orders import put_line, remove_line
from apps.purchasing.queries.orders import usual_terms
from apps.purchasing.views.orders import EDIT, State


class _OrderLine:
    """What the pages of a line share: the way back to its order."""

    request: Any
    order: PurchaseOrder

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"organization": self.request.organization.slug}

    def crumbs(self) -> list[Link]:
        orders = org_url(self.request, "purchasing:purchaseorder_list")
        return [Link(_("Purchase orders"), orders), Link(str(self.order), self.cancel_url())]

    def cancel_url(self) -> str:
        return page_url(self.request, self.order, "detail") or ""

    def success_url(self, instance: OrderLine) -> str:  # noqa: ARG002
        return self.cancel_url()


class OrderLineAdd(_OrderLine, CreatePage[OrderLine]):
    model = OrderLine
    right = EDIT
    template_name = "purchasing/named_form.html"
    fragment = "ui/form.html#form"
    form_class = OrderLineForm
    title = gettext_lazy("Add a line")
    submit_label = gettext_lazy("Add line")

    def prepare(self) -> None:
        found = PurchaseOrder.objects.filter(pk=self.kwargs["order"]).first()
        if found is None:
            raise Http404
        self.order = found

    def save(self, form: OrderLineForm) -> OrderLine:
        key, quantity = form.cleaned_data["product"].pk, form.cleaned_data["quantity"]
        usual = usual_terms(self.order.supplier_id, key, max(quantity, 0), self.order.on_date)
        return put_line(pk=self.order.pk, terms=form.terms(usual))


class _Existing(_OrderLine):
    """A line that is there already, of a draft."""

    instance: OrderLine

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return isinstance(instance, OrderLine) and instance.order.state == State.DRAFT

    def get_queryset(self) -> models.QuerySet[OrderLine]:
        return super().get_queryset().select_related("order", "product")  # type: ignore[misc, no-any-return]

    def prepare(self) -> None:
        super().prepare()  # type: ignore[misc]
        self.order = self.instance.order

    def detail_url(self) -> str:
        return self.cancel_url()


class OrderLineEdit(_Existing, EditPage[OrderLine]):
    model = OrderLine
    right = EDIT
    template_name = "purchasing/line_form.html"
    fragment = "ui/form.html#form"
    form_class = OrderLineForm

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(remove_url=page_url(self.request, self.instance, "remove"), **extra)

    def get_initial(self) -> dict[str, Any]:
        one = self.instance
        return {
            "product": one.product,
            "quantity": one.quantity,
            "free": one.free or None,
            "rate": one.rate or None,
            "discount": one.discount or None,
        }

    def save(self, form: OrderLineForm, before: dict[str, Any]) -> bool:
        if not form.has_changed():
            return False
        put_line(pk=self.order.pk, line_id=self.instance.pk, version=before["version"], terms=form.terms())
        return True


class OrderLineRemove(_Existing, ActionPage[OrderLine]):
    model = OrderLine
    right = EDIT
    tone = "del"
    submit_label = gettext_lazy("Remove line")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def get_title(self) -> str:
        return _("Remove %(line)s") % {"line": self.name}

    def perform(self, form: Any) -> None:  # noqa: ARG002
        remove_line(pk=self.order.pk, line_id=self.instance.pk)

    def success_text(self) -> str:
        return _("%(line)s removed") % {"line": self.name}

    def success_url(self, instance: OrderLine | None = None) -> str:  # noqa: ARG002
        return self.cancel_url()
