"""How large a file may be. Past these, splitting the file serves a person better than a page that never ends."""

from __future__ import annotations

MAX_BYTES = 200 * 1024 * 1024
MAX_ROWS = 1_000_000
# What Excel itself allows in a cell.
MAX_CELL = 32_767
# Rows of an Excel sheet; a made-up row number past it would have us count for hours.
MAX_SHEET_ROWS = 1_048_576

# An XLSX is a ZIP: what it unpacks to is what costs. Honest sheets shrink to a tenth or twentieth.
MAX_UNPACKED = 2 * 1024 * 1024 * 1024
MAX_RATIO = 150
RATIO_MATTERS_FROM = 16 * 1024 * 1024
# The texts of a sheet are held in memory while it is read.
MAX_SHARED_TEXT = 128 * 1024 * 1024
MAX_MEMBERS = 5_000
