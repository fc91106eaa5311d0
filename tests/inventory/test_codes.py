"""Codes on labels: what a camera reads from them is what they were made of."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import zxingcpp

from apps.inventory.rules.codes import Symbol, gs1_datamatrix, qr
from apps.inventory.rules.scan import Scan, read_scan

GTIN = "08901234567890"
SCALE, QUIET = 4, 4


def _photograph(symbol: Symbol) -> zxingcpp.Barcode:
    """The symbol drawn from its path, four dots a module, with white around it, and read as a camera reads it."""
    side = (symbol.size + 2 * QUIET) * SCALE
    rows = [bytearray(b"\xff" * side) for _ in range(side)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1H\1z", symbol.path):
        for row in range((int(y) + QUIET) * SCALE, (int(y) + QUIET + 1) * SCALE):
            start = (int(x) + QUIET) * SCALE
            rows[row][start : start + int(width) * SCALE] = bytes(int(width) * SCALE)
    picture = memoryview(b"".join(rows)).cast("B", (side, side))
    found = zxingcpp.read_barcode(picture)
    assert found is not None
    return found


@pytest.mark.parametrize("batch", ["AZ4410", "a/b-1", "(X)9", "L" * 30])
def test_a_pack_scans_as_product_batch_and_expiry(batch: str) -> None:
    read = _photograph(gs1_datamatrix(gtin=GTIN, batch=batch, expiry=dt.date(2028, 4, 30)))
    assert read.symbology_identifier == "]d2"
    printed = batch.replace("(", "").replace(")", "")[:20]
    assert read_scan(read.bytes.decode()) == Scan(GTIN, gtin=True, batch=printed, expiry=dt.date(2028, 4, 30))


def test_a_product_without_batch_has_its_number_alone() -> None:
    assert read_scan(_photograph(gs1_datamatrix(gtin=GTIN)).bytes.decode()) == Scan(GTIN, gtin=True)


@pytest.mark.parametrize("text", ["R2/B14", "H2-99-ABC", "रैक 4"])
def test_a_rack_scans_as_its_code(text: str) -> None:
    assert _photograph(qr(text)).text == text
