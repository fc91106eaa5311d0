"""Pages as pictures: kept ones beside what is printed now.

`UPDATE_PICTURES=1` keeps what is printed now instead of comparing; look at the files before you commit them.
"""

from __future__ import annotations

import math
import os
from pathlib import Path

import pypdfium2
from PIL import Image

FOLDER = Path(__file__).parent / "pictures"
DOTS_OF_MM = 4
CELL = 2
"""Side of a cell in mm."""

Cells = set[tuple[int, int]]


def pictures(content: bytes) -> list[Image.Image]:
    """Each page in black and white."""
    return [
        page.render(scale=DOTS_OF_MM * 25.4 / 72, grayscale=True).to_pil().convert("1", dither=Image.Dither.NONE)
        for page in pypdfium2.PdfDocument(content)
    ]


def inked(picture: Image.Image) -> Cells:
    """The cells in which there is something."""
    side = CELL * DOTS_OF_MM
    small = picture.convert("L").reduce(side)
    return {
        (x, y)
        for x in range(small.width)
        for y in range(small.height)
        if small.getpixel((x, y)) < 250  # type: ignore[operator]
    }


def share_that_differs(content: bytes, name: str) -> float:
    """Of all cells with ink, the share that only one of the two pictures has: what is printed now, and what was kept.

    Raises:
        AssertionError: there are more or fewer pages than were kept.
    """
    now = pictures(content)
    if os.environ.get("UPDATE_PICTURES"):
        FOLDER.mkdir(exist_ok=True)
        for place, picture in enumerate(now, 1):
            picture.save(FOLDER / f"{name}-{place}.png", optimize=True)
    kept = sorted(FOLDER.glob(f"{name}-*.png"))
    assert len(kept) == len(now), f"{len(kept)} pages of {name} were kept, {len(now)} are printed"
    worst = 0.0
    for path, picture in zip(kept, now, strict=True):
        with Image.open(path) as before:
            one, other = inked(picture), inked(before)
        worst = max(worst, len(one ^ other) / max(len(one | other), 1))
    return math.ceil(worst * 1000) / 1000
