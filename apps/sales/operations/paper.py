"""Documents go out: printed, fetched, sent by e-mail. Each copy is written down, so that the next one says reprint."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.members import Member
from apps.core.paper.mail import post_document
from apps.core.refusals import Refusal
from apps.sales.models import Bill, PrintedCopy, PrintWay, SalesReturn
from apps.sales.rules.paper import Copy


class SendRefused(Refusal):
    """There is nobody to write to."""


def note_copy(
    *, kind: str, record: int, copy: Copy, way: PrintWay, actor: Member | None, sent_to: str = ""
) -> PrintedCopy:
    """Write down that a copy went out."""
    made = PrintedCopy(
        document_kind=kind,
        document_id=record,
        copy=copy.value,
        way=way,
        sent_to=sent_to,
        person_id=actor.id if actor else None,
    )
    made.save(force_insert=True)
    return made


@transaction.atomic
def send_document(
    *, kind: str, document: Bill | SalesReturn, actor: Member, email: str = "", text: str = "", reply_to: str = ""
) -> str:
    """Send the customer the document as PDF once the transaction is over; returns the address.

    Raises:
        SendRefused: no address is known.
    """
    customer = document.customer
    address = email.strip() or (customer.email if customer else "")
    if not address:
        raise SendRefused(
            _("%(party)s has no e-mail address. Add one to the party, or type one here.") % {"party": customer},
            field="email",
        )
    words = {"number": document.number, "organization": document.organization.name, "party": customer}
    post_document(
        kind=kind,
        record=document.pk,
        to=[address],
        subject=_("%(number)s from %(organization)s") % words,
        text=text.strip() or _("Dear %(party)s,\n\n%(number)s is attached.\n\n%(organization)s") % words,
        reply_to=reply_to or document.branch.email,
    )
    note_copy(kind=kind, record=document.pk, copy=Copy.ORIGINAL, way=PrintWay.MAIL, actor=actor, sent_to=address)
    return address
