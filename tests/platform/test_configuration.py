"""The documentation names every variable that the code reads, and no other."""

from __future__ import annotations

import re

from ineat.environment import BASE_DIR

_READ = re.compile(r'\b(?:text|words|flag|number)\(\s*"([A-Z][A-Z_]+)"|environ(?:\.get\(|\[)\s*"([A-Z][A-Z_]+)"')
_ROW = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)
# Set by make and by Django's own entry points, not by whoever runs iNEAT.
_INTERNAL = {"DJANGO_SETTINGS_MODULE", "MAKELEVEL"}


def read_by_the_code() -> set[str]:
    sources = [
        *(BASE_DIR / "ineat").rglob("*.py"),
        *(BASE_DIR / "apps").rglob("*.py"),
        *(BASE_DIR / "deploy").glob("*.py"),
        BASE_DIR / "tools" / "find_browser.py",
    ]
    found = {name for path in sources for pair in _READ.findall(path.read_text()) for name in pair if name}
    return found - _INTERNAL


def test_every_variable_is_documented_and_every_documented_one_is_read() -> None:
    documented = _ROW.findall((BASE_DIR / "docs" / "configuration.md").read_text())
    assert len(documented) == len(set(documented))
    assert set(documented) == read_by_the_code()


def test_the_code_that_reads_them_is_seen() -> None:
    assert {"SECRET_KEY", "DATABASE_URL", "INEAT_PG_BIN", "WEB_THREADS"} <= read_by_the_code()
