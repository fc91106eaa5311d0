"""Tables: django-tables2 declarations, drawn by our own lean renderer.

`apps/<app>/tables.py` says `from apps.core.ui import tables` and derives from `tables.Table`.
"""

from apps.core.ui.tables.columns import (
    Badge,
    ChoiceColumn,
    CodeColumn,
    Column,
    DateColumn,
    DateTimeColumn,
    FlagColumn,
    MoneyColumn,
    MonthColumn,
    NumberColumn,
    PercentColumn,
    TextColumn,
)
from apps.core.ui.tables.table import Table

__all__ = [
    "Badge",
    "ChoiceColumn",
    "CodeColumn",
    "Column",
    "DateColumn",
    "DateTimeColumn",
    "FlagColumn",
    "MoneyColumn",
    "MonthColumn",
    "NumberColumn",
    "PercentColumn",
    "Table",
    "TextColumn",
]
