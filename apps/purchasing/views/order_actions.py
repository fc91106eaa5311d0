"""What becomes of a purchase order."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.refusals import Refusal, Stale
from apps.core.ui import formats
from apps.core.ui.pages import ActionPage
from apps.purchasing.forms.orders import ExpectForm, ReasonForm, SendForm
from apps.purchasing.models import OPEN_STATES, PurchaseOrder
from apps.purchasing.operations import order_sending, orders
from apps.purchasing.queries.reorder import order_settings
from apps.purchasing.views.orders import APPROVE, EDIT, State


class _OrderAction(ActionPage[PurchaseOrder]):
    """One step of an order, offered in some states."""

    model = PurchaseOrder
    right = EDIT
    states: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") in cls.states

    def get_queryset(self) -> models.QuerySet[PurchaseOrder]:
        return super().get_queryset().select_related("supplier", "branch")


class OrderSubmit(_OrderAction):
    states = (State.DRAFT,)
    submit_label = gettext_lazy("Approve")

    def get_title(self) -> str:
        return _("Approve %(order)s") % {"order": self.name}

    def question(self) -> str:
        limit = order_settings().approval_limit
        facts = {"amount": formats.inr(self.instance.amount), "supplier": self.instance.supplier}
        if limit is not None and self.instance.amount > limit and not self.request.member.may(APPROVE):
            return _("%(amount)s to %(supplier)s is over the limit of %(limit)s: it will wait for approval.") % {
                **facts,
                "limit": formats.inr(limit),
            }
        return _("%(amount)s before tax are ordered from %(supplier)s. The order gets its number.") % facts

    def perform(self, form: Any) -> None:  # noqa: ARG002
        self.instance = orders.submit_order(pk=self.instance.pk, actor=self.request.member)

    def success_text(self) -> str:
        if self.instance.state == State.WAITING:
            return _("%(order)s waits for approval") % {"order": self.instance}
        return _("%(order)s approved") % {"order": self.instance}


class OrderApprove(_OrderAction):
    right = APPROVE
    states = (State.WAITING,)
    submit_label = gettext_lazy("Approve")

    def get_title(self) -> str:
        return _("Approve %(order)s") % {"order": self.name}

    def question(self) -> str:
        return _("%(amount)s before tax are ordered from %(supplier)s in your name.") % {
            "amount": formats.inr(self.instance.amount),
            "supplier": self.instance.supplier,
        }

    def hidden(self, form: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        return [("version", str(self.instance.version))]

    def perform(self, form: Any) -> None:  # noqa: ARG002
        seen = self.request.POST.get("version", "")
        try:
            self.instance = orders.approve_order(
                pk=self.instance.pk,
                actor=self.request.member,
                version=int(seen[:9]) if seen.isdecimal() else None,
            )
        except Stale:
            raise Refusal(_("Somebody changed %(order)s meanwhile. Look at it again.") % {"order": self.name}) from None

    def success_text(self) -> str:
        return _("%(order)s approved") % {"order": self.instance}


class OrderSendBack(_OrderAction):
    right = APPROVE
    states = (State.WAITING,)
    form_class = ReasonForm
    submit_label = gettext_lazy("Send back")

    def get_title(self) -> str:
        return _("Send %(order)s back") % {"order": self.name}

    def question(self) -> str:
        return _("It becomes a draft again, with your reason, for whoever made it.")

    def perform(self, form: Any) -> None:
        orders.send_back_order(pk=self.instance.pk, **form.cleaned_data)


class OrderReopen(_OrderAction):
    states = (State.APPROVED,)
    submit_label = gettext_lazy("Make it a draft")

    def get_title(self) -> str:
        return _("Change %(order)s") % {"order": self.name}

    def question(self) -> str:
        return _("The order was not sent yet. It becomes a draft again and keeps its number.")

    def perform(self, form: Any) -> None:  # noqa: ARG002
        orders.reopen_order(pk=self.instance.pk)


class OrderSend(_OrderAction):
    states = OPEN_STATES
    form_class = SendForm

    def get_title(self) -> str:
        return _("Send %(order)s") % {"order": self.name}

    def get_initial(self) -> dict[str, Any]:
        return {"email": self.instance.supplier.email}

    def question(self) -> str:
        return _("The order goes to %(supplier)s as PDF. Without a text the usual one is sent.") % {
            "supplier": self.instance.supplier
        }

    def perform(self, form: Any) -> None:
        self.instance = order_sending.dispatch_order(
            pk=self.instance.pk, actor=self.request.member, **form.cleaned_data
        )

    def success_text(self) -> str:
        if self.instance.sent_to:
            return _("%(order)s goes to %(address)s") % {"order": self.instance, "address": self.instance.sent_to}
        return _("%(order)s is marked as sent") % {"order": self.instance}


class OrderExpect(_OrderAction):
    states = (State.DRAFT, State.WAITING, *OPEN_STATES)
    form_class = ExpectForm
    submit_label = gettext_lazy("Save day")

    def get_title(self) -> str:
        return _("When %(order)s is expected") % {"order": self.name}

    def get_initial(self) -> dict[str, Any]:
        return {"expected_on": self.instance.expected_on}

    def perform(self, form: Any) -> None:
        self.instance = orders.expect_order(pk=self.instance.pk, **form.cleaned_data)

    def success_text(self) -> str:
        return _("%(order)s saved") % {"order": self.instance}


class OrderCancel(_OrderAction):
    states = (State.DRAFT, State.WAITING, State.APPROVED, State.SENT)
    form_class = ReasonForm
    tone = "del"
    submit_label = gettext_lazy("Cancel order")

    def get_title(self) -> str:
        return _("Cancel %(order)s") % {"order": self.name}

    def question(self) -> str:
        return _("Nothing is expected of it any more. It keeps its number, and cannot be opened again.")

    def perform(self, form: Any) -> None:
        self.instance = orders.cancel_order(pk=self.instance.pk, **form.cleaned_data)

    def success_text(self) -> str:
        return _("%(order)s cancelled") % {"order": self.instance}


class OrderClose(_OrderAction):
    states = (State.PART_RECEIVED,)
    form_class = ReasonForm
    submit_label = gettext_lazy("Close short")

    def get_title(self) -> str:
        return _("Close %(order)s short") % {"order": self.name}

    def question(self) -> str:
        return _("What did not come is not expected any more.")

    def perform(self, form: Any) -> None:
        self.instance = orders.close_short(pk=self.instance.pk, **form.cleaned_data)

    def success_text(self) -> str:
        return _("%(order)s closed short") % {"order": self.instance}


class OrderDiscard(_OrderAction):
    tone = "del"
    submit_label = gettext_lazy("Discard draft")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == State.DRAFT and not getattr(instance, "number", "")

    def get_title(self) -> str:
        return _("Discard %(order)s") % {"order": self.name}

    def question(self) -> str:
        return _("The draft goes; it never had a number.")

    def perform(self, form: Any) -> None:  # noqa: ARG002
        orders.discard_order(pk=self.instance.pk)

    def success_text(self) -> str:
        return _("%(order)s discarded") % {"order": self.name}

    def success_url(self) -> str:
        return self.url("purchasing:purchaseorder_list")
