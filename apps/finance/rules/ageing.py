"""How late money is, in buckets."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

DEFAULT_EDGES = (15, 30, 60, 90)
"""Last days of the buckets after "not yet due"; what is later falls in the last one."""

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Bucket:
    """Days late from `first` to `last`, both included. "Not yet due" has no first, "longer" no last."""

    index: int
    first: int | None
    last: int | None


def buckets(edges: Sequence[int] = DEFAULT_EDGES) -> list[Bucket]:
    """Not yet due, one for each edge, and everything later.

    Raises:
        ValueError: the edges do not rise from 1 on.
    """
    if not edges or edges[0] < 1 or any(high <= low for low, high in pairwise(edges)):
        raise ValueError("The days must rise, from 1 on.")
    firsts = [1, *(edge + 1 for edge in edges)]
    return [
        Bucket(0, None, 0),
        *(
            Bucket(number, first, last)
            for number, (first, last) in enumerate(zip(firsts, [*edges, None], strict=True), 1)
        ),
    ]


def days_late(due_on: dt.date, on: dt.date) -> int:
    """Days past the due date; 0 on the due date itself and before."""
    return max((on - due_on).days, 0)


def bucket_of(due_on: dt.date, on: dt.date, edges: Sequence[int] = DEFAULT_EDGES) -> int:
    """Index of the bucket: 0 when not yet due. What is due today is not late."""
    late = days_late(due_on, on)
    return 0 if late == 0 else 1 + bisect_left(edges, late)


def age(items: Iterable[tuple[dt.date, Decimal]], on: dt.date, edges: Sequence[int] = DEFAULT_EDGES) -> list[Decimal]:
    """Sums of (due date, open amount) by bucket."""
    sums = [ZERO] * (len(edges) + 2)
    for due_on, amount in items:
        sums[bucket_of(due_on, on, edges)] += amount
    return sums
