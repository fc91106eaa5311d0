"""A document as PDF, from the very HTML of its print page."""

from __future__ import annotations

import importlib.util
import json
import logging
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.templatetags.static import static

from apps.core.paper.rules import font_css, plain_css

logger = logging.getLogger(__name__)

PAPERS: Final = ("a4", "a5", "slip", "labels65", "labels24", "roll50", "roll75")
SECONDS: Final = 30
"""After so long a document is given up. An invoice of 80 lines takes a fifth of a second."""

_HERE = Path(__file__).resolve().parent
_BASE = "ineat:"
_STYLES = ("app.css", "print.css")
_MARK = "mark.svg"
# Scripts, icons and what the browser loads ahead: paper needs none of it.
_HEAD_ONLY = re.compile(
    r"""<script\b.*?</script>|<link\b(?![^>]*\brel=["']?stylesheet)[^>]*>""", re.IGNORECASE | re.DOTALL
)


def can_print() -> bool:
    """Whether the engine is there: it comes as a wheel for Linux on x86-64 and for macOS 15 on ARM."""
    return importlib.util.find_spec("plutoprint") is not None


class PdfFault(Exception):
    """A document could not be printed. The log has what the engine said."""


def render_pdf(html: str, *, paper: str = "a4", title: str = "") -> bytes:
    """The page as PDF: `html` is a whole page made from `print.html`, `paper` one of PAPERS.

    Nothing is fetched on its behalf but the product's own style sheets and fonts: no address in it, of a file or of a
    host, is followed.

    Raises:
        PdfFault: there is no engine for this machine, it failed, or it took longer than SECONDS.
        ValueError: there is no such paper.
    """
    if paper not in PAPERS:
        raise ValueError(f"There is no paper called {paper}.")
    if not can_print():
        raise PdfFault("There is no printing engine for this kind of machine.")
    order = {
        "html": _HEAD_ONLY.sub("", html),
        "base": f"{_BASE}/",
        "files": _files(paper),
        "fonts": str(_HERE / "fonts"),
        "title": title,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_HERE / "press.py")],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        logger.error("Printing %r took more than %s s", title, SECONDS)
        raise PdfFault(f"{title or 'The document'} took too long to print.") from late
    said = done.stderr.decode(errors="replace").strip()
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        logger.error("Printing %r ended with %s: %s", title, done.returncode, said[-2000:])
        raise PdfFault(f"{title or 'The document'} could not be printed.")
    if said:
        logger.warning("Printing %r: %s", title, said[-2000:])
    return done.stdout


@lru_cache(maxsize=len(PAPERS))
def _files(paper: str) -> dict[str, tuple[str, str]]:
    """Kind and text of the files a sheet may name, under the addresses pages give them, in the engine's words."""
    folder = settings.BASE_DIR / "static"
    address = {name: f"{_BASE}{static(name)}" for name in (*_STYLES, _MARK)}
    sheets = {name: plain_css((folder / name).read_text(), paper) for name in _STYLES}
    sheets[_STYLES[-1]] += "\n" + font_css()
    return {
        **{address[name]: ("text/css", text) for name, text in sheets.items()},
        address[_MARK]: ("image/svg+xml", (folder / _MARK).read_text()),
    }
