"""Sheets and rolls of labels: how many to a page, and which stay empty because they are used up already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from apps.organizations.rules.broken import gettext_noop

T = TypeVar("T")
MOST = 2_000
"""Labels of one print: about thirty sheets of the smallest."""


@dataclass(frozen=True)
class LabelPaper:
    """A sheet of labels, or one label of a roll. Its measures are in `static/print.css`, under its key."""

    key: str
    caption: str
    columns: int = 1
    rows: int = 1

    @property
    def per_page(self) -> int:
        return self.columns * self.rows


PAPERS: Final = {
    paper.key: paper
    for paper in (
        LabelPaper("labels65", gettext_noop("A4, 65 labels of 38 × 21 mm"), 5, 13),
        LabelPaper("labels24", gettext_noop("A4, 24 labels of 64 × 34 mm"), 3, 8),
        LabelPaper("roll50", gettext_noop("Label printer, 50 × 25 mm")),
        LabelPaper("roll75", gettext_noop("Label printer, 75 × 50 mm")),
    )
}


def pages(labels: Sequence[T], paper: LabelPaper, *, used: int = 0) -> list[list[T | None]]:
    """The labels page by page. `used`: how many of the first sheet are gone; they come out as None.

    Raises:
        ValueError: more are used than a page has.
    """
    if not 0 <= used < max(paper.per_page, 1):
        raise ValueError(f"A page has {paper.per_page} labels.")
    cells: list[T | None] = [*([None] * used), *labels]
    return [cells[start : start + paper.per_page] for start in range(0, len(cells), paper.per_page)]
