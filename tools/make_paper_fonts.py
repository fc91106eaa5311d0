"""Make the fonts that documents carry as PDF, from the font of the pages and from Noto Sans Devanagari.

    uv run --no-project --with fonttools[woff] tools/make_paper_fonts.py <folder with NotoSansDevanagari-*.ttf>

The engine that prints cannot vary a variable font, so each weight becomes a file of its own; the letters are the same.
The page's font has no Devanagari, and a server has no fonts: names in Hindi and Marathi come from Noto (SIL Open Font
License, as Inter). What is made is committed to apps/core/paper/fonts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter  # type: ignore[import-not-found, unused-ignore]
from fontTools.ttLib import TTFont  # type: ignore[import-not-found, unused-ignore]
from fontTools.varLib.instancer import instantiateVariableFont  # type: ignore[import-not-found, unused-ignore]

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "apps" / "core" / "paper" / "fonts"
DEVANAGARI = [*range(0x0900, 0x0980), *range(0x1CD0, 0x1D00), *range(0xA8E0, 0xA900), 0x200C, 0x200D, 0x25CC]


def main(noto: Path) -> None:
    """Write one file for each weight."""
    FONTS.mkdir(exist_ok=True)
    for weight in (400, 500, 600, 700):
        font = TTFont(ROOT / "static" / "fonts" / "inter.woff2")
        axes = {axis.axisTag: weight if axis.axisTag == "wght" else axis.defaultValue for axis in font["fvar"].axes}
        font = instantiateVariableFont(font, axes)
        let_figures_be_tabular(font)
        keep(font, set(font.getBestCmap()), ["kern", "mark", "mkmk"])
        save(font, weight, f"inter-{weight}")
    for weight, name in ((400, "Regular"), (700, "Bold")):
        font = TTFont(noto / f"NotoSansDevanagari-{name}.ttf")
        keep(font, DEVANAGARI, ["*"])
        save(font, weight, f"devanagari-{weight}")


def let_figures_be_tabular(font: TTFont) -> None:
    """Make the figures of equal width the plain ones.

    The engine writes glyphs, and a reader of the PDF finds the letters again by the font's own table: figures that a
    feature puts in place of others would be copied and searched as nothing.
    """
    table = font["GSUB"].table
    lookups = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "tnum"
        for index in record.Feature.LookupListIndex
    }
    instead: dict[str, str] = {}
    for index in lookups:
        for rule in table.LookupList.Lookup[index].SubTable:
            instead |= getattr(getattr(rule, "ExtSubTable", rule), "mapping", {})
    for cmap in font["cmap"].tables:
        for code, glyph in cmap.cmap.items():
            cmap.cmap[code] = instead.get(glyph, glyph)


def keep(font: TTFont, letters: Iterable[int], features: list[str]) -> None:
    """Leave these letters and features in the font."""
    options = Options()
    options.layout_features = features
    options.hinting = False
    subset = Subsetter(options)
    subset.populate(unicodes=letters)
    subset.subset(font)


def save(font: TTFont, weight: int, name: str) -> None:
    font["OS/2"].usWeightClass = weight
    font.flavor = "woff2"
    font.save(FONTS / f"{name}.woff2")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
