"""How an invitation stands, and the sentence for it."""

from __future__ import annotations

from enum import StrEnum

from apps.organizations.rules.broken import gettext_noop

VALID_DAYS = 7


class Reason(StrEnum):
    """Why an invitation cannot be used."""

    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    EXPIRED = "expired"
    UNREADABLE = "unreadable"
    OTHER_PERSON = "other_person"
    UNCONFIRMED = "unconfirmed"
    MEMBER = "member"
    REFUSED = "refused"

    @property
    def sentence(self) -> str:
        """What happened and what to do, marked for translation; empty where it needs names filled in."""
        return _SENTENCES.get(self, "")


_SENTENCES = {
    Reason.ACCEPTED: gettext_noop("This invitation has been used. Sign in to open the organization."),
    Reason.WITHDRAWN: gettext_noop("This invitation was withdrawn. Ask whoever invited you."),
    Reason.REPLACED: gettext_noop("A newer link was sent. Use the one in the latest e-mail."),
    Reason.EXPIRED: gettext_noop("This invitation has expired. Ask whoever invited you to send it again."),
    Reason.UNREADABLE: gettext_noop("This link is not complete. Open it from the e-mail again, or copy all of it."),
}


def standing(*, accepted: bool, withdrawn: bool, replaced: bool, expired: bool) -> Reason | None:
    """Why it cannot be used, the most telling reason first; None when it can."""
    if accepted:
        return Reason.ACCEPTED
    if withdrawn:
        return Reason.WITHDRAWN
    if replaced:
        return Reason.REPLACED
    return Reason.EXPIRED if expired else None
