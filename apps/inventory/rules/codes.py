"""Two-dimensional codes for shelf and batch labels, as paths that any page or print can draw."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import zxingcpp

# Batch numbers as GS1 allows them (General Specifications, AI 10): character set 82, at most 20.
_BATCH_LENGTH = 20
# What reads as a bracket of the printed form would cut the batch number off.
_BRACKETS = str.maketrans("", "", "()[]")


@dataclass(frozen=True)
class Symbol:
    """A square code of `size` × `size` modules without its quiet zone; `path` is an SVG path, a module its unit."""

    size: int
    path: str
    text: str
    """What a person reads beside it."""


def gs1_datamatrix(*, gtin: str, batch: str = "", expiry: dt.date | None = None) -> Symbol:
    """GS1 DataMatrix of a pack: (01) GTIN of 14 digits, (17) expiry with day 00 for the month's end, (10) batch."""
    text = f"(01){gtin}"
    if expiry:
        text += f"(17){expiry:%y%m}00"
    if batch:
        text += f"(10){batch.translate(_BRACKETS)[:_BATCH_LENGTH]}"
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, gs1=True, force_square=True)
    return _symbol(made, text)


def qr(text: str) -> Symbol:
    """QR code of any text: of a rack's code, or of a pack that has no GTIN."""
    return _symbol(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode), text)


def _symbol(barcode: zxingcpp.Barcode, text: str) -> Symbol:
    drawn = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False)
    image = memoryview(drawn)  # type: ignore[arg-type]  # it has the buffer protocol, its stub does not say so
    size = drawn.shape[0]
    runs: list[str] = []
    for y in range(size):
        x = 0
        while x < size:
            start = x
            while x < size and not image[y, x]:
                x += 1
            if x > start:
                runs.append(f"M{start} {y}h{x - start}v1H{start}z")
            x += 1
    return Symbol(size, "".join(runs), text)
