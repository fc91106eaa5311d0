"""Statements and reminders by e-mail, through the outbox."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.amounts import inr
from apps.core.paper.mail import post_document
from apps.core.refusals import Refusal
from apps.core.tenancy.context import current_organization_id
from apps.finance.models import Reminder
from apps.finance.queries.exposure import exposure
from apps.organizations.models import Organization
from apps.parties.models import Party

STATEMENT = "finance.statement"


class ReminderRefused(Refusal):
    """There is nobody to write to, or nothing to write about."""


def _address(party: Party, email: str) -> str:
    address = email.strip() or party.email
    if not address:
        raise ReminderRefused(
            _("%(party)s has no e-mail address. Add one to the party, or type one here.") % {"party": party.name},
            field="email",
        )
    return address


def send_statement(*, party: Party, email: str = "", text: str = "") -> str:
    """Send the party its statement of account as PDF once the transaction is over; returns the address.

    Raises:
        ReminderRefused: no address is known.
    """
    address = _address(party, email)
    name = _own_name()
    post_document(
        kind=STATEMENT,
        record=party.pk,
        to=[address],
        subject=_("Statement of account from %(organization)s") % {"organization": name},
        text=text.strip()
        or _("Dear %(party)s,\n\nyour statement of account is attached.\n\n%(organization)s")
        % {"party": party.name, "organization": name},
    )
    return address


def send_reminder(*, party: Party, on_date: dt.date, email: str = "", person_id: int | None = None) -> Reminder:
    """Remind a party of what is overdue, with its statement as PDF, and keep that it was reminded.

    Raises:
        ReminderRefused: nothing is overdue, no address is known, or it was reminded that day already.
    """
    with transaction.atomic():
        # Two clerks at once: the second waits for the party's row and then finds the reminder of the first.
        Party.objects.select_for_update().get(pk=party.pk)
        owed = exposure(party.pk, on=on_date)
        if owed.overdue <= 0 or owed.oldest_due is None:
            raise ReminderRefused(_("%(party)s owes nothing that is overdue.") % {"party": party.name})
        if Reminder.objects.filter(party=party, on_date=on_date).exists():
            raise ReminderRefused(_("%(party)s was reminded today already.") % {"party": party.name})
        name = _own_name()
        address = send_statement(
            party=party,
            email=email,
            text=_(
                "Dear %(party)s,\n\n%(overdue)s is overdue, the oldest since %(day)s. Your statement of account is "
                "attached. If you have paid in the meantime, tell us the reference.\n\n%(organization)s"
            )
            % {
                "party": party.name,
                "overdue": inr(owed.overdue),
                "day": date_format(owed.oldest_due, "j M Y"),
                "organization": name,
            },
        )
        return Reminder.objects.create(  # type: ignore[no-any-return]
            party=party, on_date=on_date, overdue=owed.overdue, email=address, person_id=person_id
        )


def _own_name() -> str:
    return str(Organization.objects.values_list("name", flat=True).get(pk=current_organization_id()))
