"""Fails when a template or one of our scripts breaks the content security policy or the look, with file and line.

    python tools/template_check.py [file …]

The policy is `style-src 'self'; script-src 'self' 'nonce-…'; img-src 'self'` (UI rules, section 10): what is refused
here would be refused by the browser too, but only on the page where it happens. Without arguments every template under
`templates/` and `apps/*/templates/` and every script under `static/` that is ours is read.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Rule:
    """What must not be written, in which kinds of file, and what to do instead."""

    pattern: re.Pattern[str]
    why: str
    suffixes: tuple[str, ...] = (".html",)


def _rule(pattern: str, why: str, *suffixes: str) -> Rule:
    return Rule(re.compile(pattern, re.IGNORECASE), why, suffixes or (".html",))


RULES = (
    _rule(r"(?<![-\w])style\s*=", "style attribute: use a class, an SVG attribute or <progress>"),
    _rule(r"<style\b", "<style>: rules belong in static/app.css"),
    _rule(r"(?<![-\w:])on[a-z]+\s*=\s*[\"'{]", "inline handler: listen in static/js on a data attribute"),
    _rule(r"\bhx-(?:on|live)\b", "hx-on and hx-live run code from attributes: listen in static/js"),
    _rule(
        r"\bhx-(?:vals|vars|headers)[\w:]*\s*=\s*[\"'](?:js|javascript):",
        "js: values need eval: put the value in the form",
    ),
    _rule(
        r"\bhx-trigger\s*=\s*(\"[^\"]*\[|'[^']*\[)", "trigger [filters] need eval: decide in static/js or on the server"
    ),
    _rule(r"javascript:", "javascript: address"),
    _rule(r"\{#(?![^\n]*#\})", "{# … #} over two lines is printed: use {% comment %}"),
    _rule(r"[\"'(]\s*data:(?:image|font|text|application)/", "data: address: img-src is 'self'", ".html", ".js"),
    _rule(r"<script(?![^>]*\b(?:src|nonce)\s*=)", "inline script without the request's nonce"),
    _rule(
        r"(?:src|href|action|hx-get|hx-post)\s*=\s*[\"'](?:https?:)?//(?!\{)|url\(\s*[\"']?(?:https?:)?//",
        "another host: vendor the file, or link with rel=noopener from data",
    ),
    _rule(
        r"(?:fill|stroke|stop-color|color|background|content)\s*=\s*[\"']#[0-9a-f]{3,8}\b",
        "raw colour: use a token through a class",
    ),
    _rule(
        r"\b(?:eval|Function)\s*\(|\.innerHTML\b|insertAdjacentHTML|document\.write",
        "builds code or HTML from text",
        ".js",
    ),
    _rule(
        r"\.style\b(?!sheet)|\.cssText\b|setAttribute\(\s*[\"']style", "style set from script: toggle a class", ".js"
    ),
    _rule(r"(?:import|from|fetch\()\s*[\"'`](?:https?:)?//", "another host in a script", ".js"),
)


def blank_comments(text: str, suffix: str) -> str:
    """The text with comments blanked out, line for line, because comments may name what they forbid."""
    pattern = (
        r"\{#[^\n]*?#\}|\{% comment.*?%\}.*?\{% endcomment %\}|<!--.*?-->"
        if suffix == ".html"
        else r"/\*.*?\*/|(?<![:\"'`])//[^\n]*"
    )
    return re.sub(pattern, lambda found: re.sub(r"[^\n]", " ", found[0]), text, flags=re.DOTALL)


def problems(path: Path, shown: str | None = None) -> Iterator[str]:
    """One message for each place in a file that breaks a rule."""
    text = blank_comments(path.read_text(encoding="utf-8"), path.suffix)
    for rule in RULES:
        if path.suffix in rule.suffixes:
            for found in rule.pattern.finditer(text):
                line = text.count("\n", 0, found.start()) + 1
                yield f"{shown or path}:{line}: {rule.why}"


def files() -> Iterator[Path]:
    """Every template and script of ours; vendored files answer to their own authors."""
    yield from sorted((ROOT / "templates").rglob("*.html"))
    yield from sorted((ROOT / "apps").glob("**/templates/**/*.html"))
    yield from sorted(path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts)


def main(arguments: Iterable[str] = ()) -> int:
    """Print what breaks the rules; 1 when anything does, or when there was nothing to read."""
    chosen = [Path(argument) for argument in arguments] or list(files())
    found = [
        message
        for path in chosen
        for message in problems(path, str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else None)
    ]
    for message in found:
        print(message)
    if not chosen:
        print("no templates found")
        return 1
    if not found:
        print(f"templates and scripts: {len(chosen)} files are safe under the policy")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
