"""What holds for the look as a whole: vendored files, icons, the content policy in markup, contrast, error pages."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from apps.core.ui.templatetags.ui import TONE_ICONS
from ineat.environment import BASE_DIR
from tools import contrast_check, template_check

SVG = "{http://www.w3.org/2000/svg}"


# ---- vendored files ----


@pytest.mark.parametrize("folder", ["static/vendor", "tests/vendor"])
def test_vendored_files_are_the_published_ones(folder: str) -> None:
    root = BASE_DIR / folder
    lines = [line.split(maxsplit=1) for line in (root / "SHA256SUMS").read_text().splitlines()]
    listed = {name: checksum for checksum, name in lines}
    present = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()} - {"SHA256SUMS"}
    assert present == set(listed), "every vendored file is listed, and nothing else"
    for name, checksum in listed.items():
        assert hashlib.sha256((root / name).read_bytes()).hexdigest() == checksum, name


@pytest.mark.parametrize("folder", ["static/vendor", "tests/vendor"])
def test_vendored_libraries_bring_their_licence(folder: str) -> None:
    libraries = [path for path in (BASE_DIR / folder).iterdir() if path.is_dir()]
    assert libraries
    assert [path.name for path in libraries if not (path / "LICENSE").is_file()] == []


# ---- icons ----


def _sprite() -> set[str]:
    tree = ElementTree.parse(BASE_DIR / "static" / "icons.svg")
    return {symbol.get("id", "").removeprefix("i-") for symbol in tree.iter(f"{SVG}symbol")}


_ICON_USES = (
    re.compile(r"{% icon \"([\w-]+)\""),
    re.compile(r"{% badge (?:\"[^\"]*\"|[\w.]+|_\([^)]*\)) \"\w*\" \"([\w-]+)\""),
    re.compile(r"\bicon(?:_name)?=\"([\w-]+)\""),
    re.compile(r"[\"']icon[\"']: [\"']([\w-]+)[\"']"),
)


def _icons_named() -> dict[str, str]:
    """Every icon that a template or a declaration names, with one place that does."""
    named: dict[str, str] = dict.fromkeys(TONE_ICONS.values(), "TONE_ICONS")
    for path in [*template_check.files(), *(BASE_DIR / "apps").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        named |= {name: str(path.relative_to(BASE_DIR)) for use in _ICON_USES for name in use.findall(text)}
    return named


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    named = _icons_named()
    assert len(named) > 40, "the search for icon names finds them"
    missing = {name: place for name, place in named.items() if name not in _sprite()}
    assert not missing, f"add them with tools/add_icons.py: {missing}"


def test_the_sprite_holds_shapes_only() -> None:
    tree = ElementTree.parse(BASE_DIR / "static" / "icons.svg")
    names = [symbol.get("id") for symbol in tree.iter(f"{SVG}symbol")]
    assert len(names) == len(set(names))
    assert not [element.tag for element in tree.iter() if {"style", "onload"} & set(element.keys())]


# ---- the content policy ----


def test_templates_and_scripts_are_safe_under_the_policy() -> None:
    found = [message for path in template_check.files() for message in template_check.problems(path)]
    assert not found, found


@pytest.mark.parametrize(
    "line",
    [
        '<p style="color: red">',
        "<style>p { }</style>",
        '<button onclick="go()">',
        '<div hx-on:click="go()">',
        "<div hx-on::after-request='go()'>",
        "<form hx-vals='js:{a: now()}'>",
        '<div hx-trigger="keyup[ctrlKey]">',
        '<a href="javascript:go()">',
        '<img src="data:image/png;base64,AAAA">',
        "<script>go()</script>",
        '<script src="https://cdn.example/x.js"></script>',
        '<img src="//cdn.example/x.png">',
        '<rect fill="#0a6573"/>',
        "{# one\ntwo #}",
    ],
)
def test_the_check_sees_what_the_policy_forbids(tmp_path: Path, line: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<p>\n{line}\n</p>")
    assert [message.split(":")[1] for message in template_check.problems(page)] == ["2"]


@pytest.mark.parametrize(
    "line", ["eval(text);", "box.innerHTML = text;", "box.style.color = red;", 'import "https://x.example/a.js";']
)
def test_the_check_sees_what_a_script_must_not_do(tmp_path: Path, line: str) -> None:
    script = tmp_path / "page.js"
    script.write_text(f"// fine: box.innerHTML\n{line}\n")
    assert len(list(template_check.problems(script))) == 1


def test_the_check_leaves_ordinary_markup_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '{# style="x" #}<script nonce="{{ request.csp_nonce }}">x</script>'
        '<script src="{% static "js/app.js" %}"></script>'
        '<a href="#top" data-icon="pill" hx-trigger="input changed delay:250ms" aria-keyshortcuts="[">on line</a>'
        '<a href="{{ url }}" hx-get="//{{ host }}">x</a><link rel="stylesheet" href="/static/app.css">'
    )
    assert not list(template_check.problems(page))


# ---- colour ----


def test_colours_keep_their_contrast() -> None:
    assert contrast_check.failures(contrast_check.CSS.read_text()) == []


def test_the_contrast_check_measures_as_wcag_does() -> None:
    assert contrast_check.ratio("#000", "#fff") == pytest.approx(21)
    assert contrast_check.ratio("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_the_contrast_check_sees_a_pale_text_and_a_missing_token() -> None:
    css = contrast_check.CSS.read_text()
    assert any(
        "--text3 on --surface" in message
        for message in contrast_check.failures(css.replace("--text3: #5c6b76", "--text3: #aab4bb"))
    )
    assert any(
        "--bar is not a colour token" in message for message in contrast_check.failures(css.replace("--bar:", "--baz:"))
    )


def test_the_stylesheet_uses_no_token_it_does_not_set() -> None:
    css = (BASE_DIR / "static" / "app.css").read_text() + (BASE_DIR / "static" / "print.css").read_text()
    used, given = set(re.findall(r"var\((--[\w-]+)", css)), set(re.findall(r"(--[\w-]+)\s*:", css))
    assert used - given == set()


def test_colours_are_written_as_tokens_only() -> None:
    css = (BASE_DIR / "static" / "app.css").read_text()
    outside = css[: css.index("@layer tokens {")] + css[css.index("@layer base {") : css.index("@layer print {")]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"/\*.*?\*/", "", outside, flags=re.DOTALL)) == []


def test_the_stylesheet_asks_for_files_that_exist() -> None:
    for name in ("app.css", "print.css"):
        for url in re.findall(r"url\(\"?([^\")]+)\"?\)", (BASE_DIR / "static" / name).read_text()):
            assert (BASE_DIR / "static" / url).is_file(), url


# ---- script ----


def test_scripts_import_modules_that_exist() -> None:
    for script in (BASE_DIR / "static" / "js").glob("*.js"):
        for name in re.findall(r"(?:from|import) \"(\./[\w.]+)\"", script.read_text()):
            assert (script.parent / name).is_file(), f"{script.name} imports {name}"


def test_no_script_lies_idle() -> None:
    """A module is imported by another one, or a template loads it."""
    present = {path.name for path in (BASE_DIR / "static" / "js").glob("*.js")}
    named = set(re.findall(r"(?:\./|js/)(\w+\.js)", "".join(path.read_text() for path in template_check.files())))
    assert present - named == set()
