"""Copy outline icons of Tabler Icons (MIT) into our sprite, `static/icons.svg`, which holds only the icons we use.

    python tools/add_icons.py path/to/tabler-icons/icons/outline truck flag

Names already in the sprite are left alone; a name that Tabler does not have stops the run before anything is written.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

SPRITE = Path(__file__).resolve().parent.parent / "static" / "icons.svg"
# Tabler draws an invisible square first, to hold the icon's size; a <symbol> has its viewBox for that.
FRAME = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')
SHAPES = re.compile(r"<(?:path|circle|rect|line|polyline|polygon|ellipse)\b[^>]*/>")


def symbol(name: str, svg: str) -> str:
    """The `<symbol>` for one icon file: its shapes only, because stroke and size come from the CSS class `.i`."""
    shapes = " ".join(SHAPES.findall(FRAME.sub("", svg)))
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def main(arguments: list[str]) -> int:
    """Add the named icons; returns 1 and writes nothing when one of them does not exist."""
    if len(arguments) < 2:
        print(__doc__)
        return 1
    folder, names = Path(arguments[0]), arguments[1:]
    missing = [name for name in names if not (folder / f"{name}.svg").is_file()]
    if missing:
        print(f"Tabler has no outline icon named: {', '.join(missing)}")
        return 1
    sprite = SPRITE.read_text(encoding="utf-8")
    new = [
        symbol(name, (folder / f"{name}.svg").read_text(encoding="utf-8"))
        for name in names
        if f'id="i-{name}"' not in sprite
    ]
    SPRITE.write_text(sprite.replace("</svg>", "".join(line + "\n" for line in new) + "</svg>"), encoding="utf-8")
    print(f"{len(new)} added")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
