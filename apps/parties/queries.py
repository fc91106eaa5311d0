"""Reads about parties that take more than one table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.organizations.models import Branch
from apps.parties.models import Party, PartyLicence
from apps.parties.rules import phone_key


class Likeness(StrEnum):
    """What two parties share, the surest sign first."""

    GSTIN = "gstin"
    LICENCE = "licence"
    PHONE = "phone"
    PAN = "pan"


@dataclass(frozen=True)
class Duplicates:
    """Parties that share a number that should be one party's own."""

    likeness: Likeness
    value: str
    party_ids: tuple[int, ...]

    @property
    def caption(self) -> str:
        """What kind of number it is, for people."""
        return str(_CAPTIONS[self.likeness])


_CAPTIONS = {
    Likeness.GSTIN: _("GSTIN"),
    Likeness.LICENCE: _("Drug licence"),
    Likeness.PHONE: _("Phone"),
    Likeness.PAN: _("PAN"),
}


# One PAN under several GSTINs is one firm in several States, which is right; it is listed last for that reason.
_GROUPS = """
SELECT * FROM (
    SELECT 'gstin' AS likeness, 1 AS rank, gstin AS value, array_agg(id ORDER BY id) AS ids
    FROM parties_party WHERE gstin <> '' GROUP BY gstin HAVING count(*) > 1
  UNION ALL
    SELECT 'licence', 2, min(form || ' ' || number), array_agg(DISTINCT party_id ORDER BY party_id)
    FROM parties_partylicence GROUP BY form, upper(number) HAVING count(DISTINCT party_id) > 1
  UNION ALL
    SELECT 'phone', 3, phone_key, array_agg(id ORDER BY id)
    FROM parties_party WHERE phone <> '' AND length(phone_key) = 10 GROUP BY phone_key HAVING count(*) > 1
  UNION ALL
    SELECT 'pan', 4, pan, array_agg(id ORDER BY id)
    FROM parties_party WHERE pan <> '' GROUP BY pan HAVING count(*) > 1
) AS found ORDER BY rank, value LIMIT %s
"""


def sandbox_allowed() -> bool:
    """Whether a branch of the organization lets the tax portal's test numbers pass."""
    return Branch.objects.filter(active=True, gstin_sandbox=True).exists()


def duplicate_groups(most: int = 200) -> list[Duplicates]:
    """Parties of the current organization that look like one and the same, surest first."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, [most])
        return [Duplicates(Likeness(likeness), value, tuple(ids)) for likeness, _rank, value, ids in cursor.fetchall()]


def look_alikes(
    *, gstin: str = "", pan: str = "", phone: str = "", licences: Sequence[tuple[str, str]] = (), but: int | None = None
) -> list[tuple[Party, Likeness]]:
    """Parties that share one of the numbers being typed, each once with the surest sign.

    Args:
        licences: pairs of form and number.
        but: key of the party being edited, which resembles itself.
    """
    found: dict[int, tuple[Party, Likeness]] = {}
    others = Party.objects.exclude(pk=but) if but else Party.objects.all()

    def add(condition: Q, likeness: Likeness) -> None:
        for party in others.filter(condition)[:5]:
            found.setdefault(party.pk, (party, likeness))

    if gstin:
        add(Q(gstin=gstin.strip().upper()), Likeness.GSTIN)
    for form, number in licences:
        holders = PartyLicence.objects.filter(form=form, number__iexact=number.strip()).values("party_id")
        add(Q(pk__in=holders), Likeness.LICENCE)
    if key := phone_key(phone):
        add(~Q(phone="") & Q(phone_key=key), Likeness.PHONE)
    if pan:
        add(Q(pan=pan.strip().upper()), Likeness.PAN)
    return list(found.values())


def licences_ending(first: dt.date, last: dt.date, most: int = 50) -> list[PartyLicence]:
    """Licences of active parties whose last day lies between the two days, soonest first."""
    return list(
        PartyLicence.objects.select_related("party")
        .filter(valid_to__range=(first, last), party__active=True)
        .order_by("valid_to", "id")[:most]
    )
