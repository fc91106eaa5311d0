"""The program that prints: HTML in, PDF out. `apps.core.paper.pdf` runs it; it imports nothing of iNEAT.

It is a process of its own because the engine is native code that reads what people typed: should it crash or never
end, one document fails and no server. It reaches no file and no host: every address the document names is looked up
among what it was sent, and the fonts.

Standard input: JSON with `html`, `base`, `files` (address to its kind and text), `title`, `fonts` (folder). Standard
output: the PDF.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
from pathlib import Path

import plutoprint

FONT_ROOT = "ineat:/fonts/"
CPU_SECONDS = 30
MEMORY = 2 << 30
"""Bytes of addresses; an invoice of 80 lines takes a tenth of it, most of that the engine itself."""


class Shelf(plutoprint.ResourceFetcher):
    """Hands out what was sent along and the fonts, and refuses everything else."""

    def __init__(self, files: dict[str, tuple[str, str]], fonts: Path) -> None:
        super().__init__()
        self.files = files
        self.fonts = {FONT_ROOT + path.name: path for path in fonts.glob("*.woff2")}

    def fetch_url(self, url: str) -> plutoprint.ResourceData:
        if url in self.files:
            kind, text = self.files[url]
            return plutoprint.ResourceData(text.encode(), kind, "utf-8")
        if url in self.fonts:
            return plutoprint.ResourceData(self.fonts[url].read_bytes(), "font/woff2", "")
        raise LookupError(f"A document may not fetch {url[:200]}")


def main() -> None:
    """Print what comes in."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    if sys.platform == "linux":
        # Others count addresses differently, or do not limit them.
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    order = json.load(sys.stdin.buffer)
    book = plutoprint.Book(plutoprint.PAGE_SIZE_A4, plutoprint.PAGE_MARGINS_NONE, plutoprint.MEDIA_TYPE_PRINT)
    book.custom_resource_fetcher = Shelf(order["files"], Path(order["fonts"]))
    book.load_html(order["html"], base_url=order["base"])
    book.set_metadata(plutoprint.PDF_METADATA_TITLE, order["title"])
    book.set_metadata(plutoprint.PDF_METADATA_CREATOR, "iNEAT")
    stream = io.BytesIO()
    book.write_to_pdf_stream(stream)
    sys.stdout.buffer.write(stream.getvalue())
    sys.stdout.buffer.flush()
    # The engine's own clearing up at the end of a process crashes after custom fonts.
    os._exit(0)


if __name__ == "__main__":
    main()
