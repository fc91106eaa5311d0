"""Questions to the owner about bills: what was asked, and the answer, also on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.formats import inr
from apps.core.ui.links import Link
from apps.core.ui.pages import ActionPage, Badge, Card, DetailPage, Empty, Fact, ListPage, View
from apps.sales.filters.approvals import ApprovalFilter
from apps.sales.forms.bills import AnswerForm
from apps.sales.models import ApprovalState, BillApproval
from apps.sales.operations import answer_owner
from apps.sales.tables.approvals import ANSWERS, ApprovalTable

ALLOW = "sales.bill.allow"


class ApprovalList(ListPage[BillApproval]):
    model = BillApproval
    right = ALLOW
    table_class = ApprovalTable
    filterset_class = ApprovalFilter
    ordering = ("-id",)
    search_fields = ("question", "bill__customer__name")
    default_filters = "state=waiting"
    views = (View(gettext_lazy("Allowed"), "state=allowed"), View(gettext_lazy("Refused"), "state=refused"))
    empty = Empty(
        gettext_lazy("Nobody asks anything"),
        gettext_lazy("A bill that needs your word, over a credit limit for instance, stands here."),
    )


class ApprovalDetail(DetailPage[BillApproval]):
    model = BillApproval
    right = ALLOW
    cards = (
        Card(
            gettext_lazy("Question"),
            (
                "question",
                Fact(gettext_lazy("Customer"), lambda asked: str(asked.bill.customer or "")),
                Fact(gettext_lazy("Bill comes to"), lambda asked: inr(asked.bill.total)),
                "asked_by",
                "answered_by",
                "answered_at",
                "answer_note",
            ),
        ),
    )

    def get_queryset(self) -> models.QuerySet[BillApproval]:
        return super().get_queryset().select_related("bill__customer", "asked_by__user", "answered_by__user")

    def badges(self) -> Sequence[Badge]:
        return [Badge(ApprovalState(self.instance.state).label, ANSWERS[self.instance.state])]

    def actions(self) -> list[Link | None]:
        found = [self.link("sales:bill_detail", _("Open bill"), "file-text", pk=self.instance.bill_id)]
        if self.instance.state == ApprovalState.WAITING:
            found += [
                self.link("sales:billapproval_refuse", _("Refuse"), "x", pk=self.instance.pk),
                self.link("sales:billapproval_allow", _("Allow"), "check", pk=self.instance.pk),
            ]
        return found


class _Answer(ActionPage[BillApproval]):
    model = BillApproval
    right = ALLOW
    form_class = AnswerForm
    allow: ClassVar[bool]
    done: ClassVar[str | Promise]

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == ApprovalState.WAITING

    def get_title(self) -> str:
        return str(self.submit_label)

    def question(self) -> str:
        return str(self.instance.question)

    def perform(self, form: Any) -> None:
        answer_owner(
            approval_id=self.instance.pk, allow=self.allow, actor=self.request.member, note=form.cleaned_data["note"]
        )

    def success_text(self) -> str:
        return str(self.done)

    def success_url(self) -> str:
        return self.url("sales:billapproval_list")


class ApprovalAllow(_Answer):
    allow = True
    submit_label = gettext_lazy("Allow")
    done = gettext_lazy("Allowed. The bill can be posted.")


class ApprovalRefuse(_Answer):
    allow = False
    tone = "del"
    submit_label = gettext_lazy("Refuse")
    done = gettext_lazy("Refused.")
