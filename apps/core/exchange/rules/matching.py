"""Which column of a file goes to which column of an importer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

from apps.core.exchange.rules.cells import DAY_FIRST, Kind, Reading
from apps.core.exchange.rules.faults import CellFault
from apps.core.exchange.rules.tables import normal_heading

# Under this, two headings have nothing to do with each other.
_SIMILAR = 0.82
# So much of a sample must look right before the values alone decide.
_MOSTLY = 0.8


class Target(Protocol):
    """A column of an importer, as matching sees it."""

    @property
    def name(self) -> str: ...
    @property
    def names(self) -> frozenset[str]:
        """Its normalized names: name, label and synonyms."""

    @property
    def kind(self) -> Kind: ...

    def looks_right(self, raw: str) -> bool:
        """Whether a cell has the unmistakable form of this column's values, as a GSTIN has."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where one column of the file goes, and why: `name`, `similar`, `content`, `remembered`, or `none`."""

    target: str
    reason: str


NO_MATCH = Match("", "none")


def shape_of(headings: Sequence[str]) -> str:
    """What files of the same make have in common: a digest of their headings in order."""
    text = "\x1f".join(normal_heading(heading) for heading in headings)
    return hashlib.sha256(text.encode()).hexdigest()


def match_columns(
    headings: Sequence[str],
    samples: Sequence[Sequence[str]],
    targets: Sequence[Target],
    remembered: Mapping[str, str] | None = None,
) -> list[Match]:
    """The most likely target of every column of the file; no target is used twice.

    `samples` holds, per column, cells that are not blank. What was chosen for such a file before wins over every guess.
    """
    found = [NO_MATCH] * len(headings)
    free = {target.name: target for target in targets}
    if remembered is not None:
        for index, heading in enumerate(headings):
            name = remembered.get(normal_heading(heading))
            if name in free:
                del free[name]
                found[index] = Match(name, "remembered")
        return found
    for score, index, name, reason in sorted(_scores(headings, samples, targets), reverse=True):
        if score and name in free and not found[index].target:
            del free[name]
            found[index] = Match(name, reason)
    return found


def _scores(
    headings: Sequence[str], samples: Sequence[Sequence[str]], targets: Sequence[Target]
) -> list[tuple[float, int, str, str]]:
    scores: list[tuple[float, int, str, str]] = []
    for index, heading in enumerate(headings):
        key = normal_heading(heading)
        for target in targets:
            score, reason = _name_score(key, target)
            readable = readable_share(samples[index], target.kind)
            if reason == "similar" and readable < _MOSTLY:
                # A column of other values: the likeness of the names is chance.
                score = 0
            if score < 1 and samples[index] and _share_right(samples[index], target) >= _MOSTLY:
                score, reason = max(score, 0.9), "content"
            # Equal names in two columns of the importer: the one whose values can be read.
            scores.append((score + readable / 100 if score else 0, index, target.name, reason))
    return scores


def _name_score(key: str, target: Target) -> tuple[float, str]:
    if not key:
        return 0, "none"
    if key in target.names:
        return 1, "name"
    best = max((_likeness(key, name) for name in target.names), default=0)
    return (best * 0.95, "similar") if best >= _SIMILAR else (0, "none")


def _likeness(key: str, name: str) -> float:
    if min(len(key), len(name)) >= 4 and (key.startswith(name) or key.endswith(name)):
        # `party name of the shop` for `party name`: more alike the more of it is the name.
        return max(_SIMILAR, len(name) / len(key))
    return SequenceMatcher(None, key, name).ratio()


def _share_right(sample: Sequence[str], target: Target) -> float:
    return sum(target.looks_right(cell) for cell in sample) / len(sample)


def readable_share(sample: Sequence[str], kind: Kind, reading: Reading = DAY_FIRST) -> float:
    """How much of a sample the kind understands; 1 for an empty sample."""
    return readable_count(sample, kind, reading) / len(sample) if sample else 1.0


def readable_count(sample: Sequence[str], kind: Kind, reading: Reading = DAY_FIRST) -> int:
    """How many cells of a sample the kind understands."""
    count = 0
    for cell in sample:
        try:
            kind.parse(cell, reading)
        except CellFault:
            continue
        count += 1
    return count
