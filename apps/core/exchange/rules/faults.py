"""What can be wrong with a file or a cell, as a code and its facts. `apps.core.exchange.wording` has the sentences."""

from __future__ import annotations

from typing import Any


class FileFault(Exception):
    """The file as a whole cannot be read; nothing of it is taken."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


class CellFault(Exception):
    """One cell cannot be understood. `fix`, where known, is a text that would be understood."""

    def __init__(self, code: str, fix: str | None = None, **facts: Any) -> None:
        super().__init__(code, fix, facts)
        self.code = code
        self.fix = fix
        self.facts = facts
