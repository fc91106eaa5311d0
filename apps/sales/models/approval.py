"""Questions to the owner: may this bill break that rule?"""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.audit.history import audited
from apps.core.tenancy.models import BusinessModel, TenantForeignKey
from apps.organizations.models import Membership
from apps.sales.models.bill import Bill
from apps.sales.rules import states


class ApprovalState(models.TextChoices):
    """What became of the question."""

    WAITING = states.Answer.WAITING.value, _("Waiting for an answer")
    ALLOWED = states.Answer.ALLOWED.value, _("Allowed")
    REFUSED = states.Answer.REFUSED.value, _("Refused")


@audited
class BillApproval(BusinessModel):
    """One rule that one bill breaks, and what somebody with `sales.bill.allow` said to it.

    It holds for what was asked: `measure` is how far the rule is broken (rupees over the limit, days overdue, per cent
    of discount, days of shelf life missing), and a bill that goes further is asked about again.
    """

    bill = TenantForeignKey(Bill, on_delete=models.CASCADE, related_name="approvals", verbose_name=_("bill"))
    # Which rule, as `rules.gates` names it.
    code = models.CharField(_("rule"), max_length=20)
    # The position of the line, or 0 for the whole bill.
    line = models.PositiveSmallIntegerField(_("line"), default=0)
    measure = models.DecimalField(_("how far"), max_digits=14, decimal_places=2, default=Decimal(0))
    question = models.CharField(_("question"), max_length=300)
    asked_by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("asked by")
    )
    state = models.CharField(
        _("answer"), max_length=8, choices=ApprovalState, default=ApprovalState.WAITING, editable=False
    )
    answered_by = TenantForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answer_note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("question to the owner")
        verbose_name_plural = _("questions to the owner")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "bill",
                "code",
                "line",
                condition=Q(state="waiting"),
                name="sales_billapproval_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at__isnull=True)
                | (~Q(state="waiting") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="sales_billapproval_answered",
            ),
        ]
        indexes = [
            models.Index("organization", "id", name="sales_billapproval_waiting", condition=Q(state="waiting")),
        ]
        triggers = [
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[
                    (before.value, after.value) for before, ends in states.ANSWERS.items() for after in sorted(ends)
                ],
            )
        ]

    def __str__(self) -> str:
        return self.question
