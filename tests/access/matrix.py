"""Who may open what: one line for every address of the product.

A new page adds its line to ROUTES (and, if its address names a new kind of record, one to OBJECTS in
`tests/access/objects.py`). `tests/access/test_routes.py` walks the whole table as everybody; the browser tests visit
every page of it that answers a GET with 200.

    Route("organizations:branch_edit", "organizations.branch.edit", object="branch", post=422)

reads: a GET by a member with that right is 200 and an empty POST 422; without the right both are 403; for a stranger,
and for a branch of another organization, both are 404; signed out, both lead to the sign-in page. `post` is 405 unless
given: pages that only show.
"""

from __future__ import annotations

from dataclasses import dataclass

PUBLIC = "public"
"""Anybody, signed in or not."""
SIGNED_OUT = "signed out"
"""Ways in: somebody who is in already is sent on."""
SIGNED_IN = "signed in"
"""Every person, in whichever organization."""
MEMBER = "member"
"""Every member of the organization, whatever their role."""


@dataclass(frozen=True)
class Route:
    """An address, who may use it, and what it answers to them when an empty body is posted."""

    name: str
    access: str
    """PUBLIC, SIGNED_OUT, SIGNED_IN, MEMBER or the name of the right it needs."""
    object: str = ""
    get: int = 200
    post: int = 405
    csrf: bool = True
    """Whether a POST without a token is refused. Without it only where the address is for machines, with the reason."""

    @property
    def right(self) -> str | None:
        return self.access if "." in self.access else None


ROUTES: list[Route] = [
    # The service itself.
    Route("healthz", PUBLIC),
    Route("readyz", PUBLIC, get=503),
]
