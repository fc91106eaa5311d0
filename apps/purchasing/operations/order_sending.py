"""Orders on their way to the supplier."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.core.paper.mail import post_document
from apps.core.tenancy.context import current_organization_id
from apps.organizations.models import Organization
from apps.purchasing.models import PurchaseOrder
from apps.purchasing.operations.orders import send_order

ORDER_PAPER = "purchasing.order"
"""Kind of the paper; stored with waiting messages, so it never changes."""


@transaction.atomic
def dispatch_order(*, pk: int, actor: Member, email: str = "", text: str = "") -> PurchaseOrder:
    """Mark the order as sent, and send it as PDF once the transaction is over if there is an address.

    Raises:
        OrderClosed: it is not approved, or over.
    """
    order = send_order(pk=pk, actor=actor, to=email.strip())
    if order.sent_to:
        name = Organization.objects.values_list("name", flat=True).get(pk=current_organization_id())
        post_document(
            kind=ORDER_PAPER,
            record=order.pk,
            to=[order.sent_to],
            subject=_("Purchase order %(number)s from %(organization)s") % {"number": order, "organization": name},
            text=text.strip()
            or _("Dear %(party)s,\n\nour order %(number)s is attached.\n\n%(organization)s")
            % {"party": order.supplier.name, "number": order, "organization": name},
            reply_to=order.branch.email,
        )
    return order
