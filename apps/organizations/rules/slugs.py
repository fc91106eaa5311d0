"""Web addresses of organizations: `/o/<slug>/`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MOST_CHARACTERS = 40

# Words that would be taken for a part of the product, or for us.
RESERVED = frozenset(
    re.split(
        r"\s+",
        "account accounts admin administrator api app assets auth billing demo help home ineat internal invitation "
        "invitations login logout mail metrics new o org organization organizations public root security settings "
        "signup static status styleguide support system test verify webhook www",
    )
)
_SHAPE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slug_from(name: str) -> str:
    """A web address made of the name: "Banyan & Kite Distributors" gives banyan-kite-distributors.

    A name without Latin letters or digits gives `organization`, which is reserved and so leads on to a numbered one.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > MOST_CHARACTERS:
            break
        slug = longer
    return slug or (words[0][:MOST_CHARACTERS] if words else "organization")


def is_well_formed(slug: str) -> bool:
    """Small letters and digits, in words joined by single hyphens."""
    return len(slug) <= MOST_CHARACTERS and _SHAPE.fullmatch(slug) is not None


def variants(slug: str, city: str = "") -> Iterator[str]:
    """The address itself, with the city, then numbered: what to offer when one is taken. Never ends."""
    yield slug
    if city and (place := slug_from(city)) not in slug:
        yield f"{slug[: MOST_CHARACTERS - len(place) - 1].rstrip('-')}-{place}"
    number = 2
    while True:
        ending = f"-{number}"
        yield f"{slug[: MOST_CHARACTERS - len(ending)].rstrip('-')}{ending}"
        number += 1
