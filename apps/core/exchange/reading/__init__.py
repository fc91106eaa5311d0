"""Opening uploaded files: which table is in there, and its rows one by one in constant memory."""

from apps.core.exchange.reading.tables import FileTable, read_table, rows_of

__all__ = ["FileTable", "read_table", "rows_of"]
