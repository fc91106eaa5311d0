"""The secret part of an invitation's link: signed by the server, kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing

_SALT = "organizations.invitation"


class InvalidToken(ValueError):
    """The text is no token of ours, or was cut short on its way."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a link names: the organization, the invitation in it, and which of its links this is."""

    organization_id: int
    invitation_id: int
    link_number: int


def make_token(offer: Offer) -> str:
    """The token of a link; it holds as long as the server's SECRET_KEY and the invitation allow."""
    return signing.dumps([offer.organization_id, offer.invitation_id, offer.link_number], salt=_SALT)


def read_token(token: str) -> Offer:
    """What the token names.

    Raises:
        InvalidToken: it was not signed by this server, or is not complete.
    """
    try:
        return Offer(*signing.loads(token, salt=_SALT))
    except (signing.BadSignature, TypeError, ValueError):
        raise InvalidToken from None
