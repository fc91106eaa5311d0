"""What may stand in files that leave this machine, and what the documentation must name."""

from __future__ import annotations

import ast
import re

import pytest
from django.core.management import get_commands

from ineat.environment import BASE_DIR
from tests.architecture.source import dotted, python_files, repository_files, tree

# Written in pieces, so that this file does not hold what it forbids.
_REGISTRIES = ["pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "yarn" + "pkg.com"]
_MACHINE = ["/" + "work/", "/" + "home/", "/" + "root/", "/" + "Users/", "/tmp/" + "team", "C:" + "\\\\"]
FORBIDDEN = re.compile(
    "|".join(re.escape(part) for part in _REGISTRIES) + "|" + r"(?<![\w./}>)-])(?:" + "|".join(_MACHINE) + ")"
)

# Files that hold such a string for a reason.
ALLOWED: dict[str, str] = {}
# Vendored as published, with its checksum.
VENDORED = ("static/vendor/", "tests/vendor/")
BINARY = {".png", ".jpg", ".ico", ".woff2", ".gz", ".xlsx", ".mo", ".pdf", ".zip"}


def _forbidden_in(text: str) -> list[str]:
    return [
        f"{number}: {line.strip()[:120]}" for number, line in enumerate(text.splitlines(), 1) if FORBIDDEN.search(line)
    ]


def test_no_machine_paths_and_no_registry_hosts() -> None:
    found: dict[str, list[str]] = {}
    for path in repository_files():
        if str(path).startswith(VENDORED) or path.suffix in BINARY or str(path) in ALLOWED:
            continue
        if lines := _forbidden_in((BASE_DIR / path).read_text(errors="replace")):
            found[str(path)] = lines
    assert not found, found


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://" + "pypi" + ".org/simple",
        "path = '" + "/" + "home/ann/erp'",
        "see " + "/" + "work/main/apps",
    ],
)
def test_the_check_sees_them(line: str) -> None:
    assert _forbidden_in(line)


@pytest.mark.parametrize("line", ["<a href='/o/banyan/home/'>", "reverse('home')", "docs/work/list.md"])
def test_the_check_leaves_addresses_alone(line: str) -> None:
    assert not _forbidden_in(line)


def test_lock_files_name_hashes_and_no_hosts() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (BASE_DIR / name).read_text()
        assert "--hash=sha256:" in text
        pinned = re.findall(r"^[A-Za-z0-9][^\s;]*", text, re.MULTILINE)
        assert [line for line in pinned if "==" not in line] == []
        assert "://" not in text


# Read before Django starts, by the supervisor or for the operating system's own variables.
READS_ENVIRONMENT = {
    "ineat/environment.py": "the one place",
    "ineat/postgres/programs.py": "serves commands that run without Django",
}


def test_the_environment_is_read_in_one_place() -> None:
    found = {
        f"{path}:{node.lineno}"
        for path in python_files("apps", "ineat")
        if str(path) not in READS_ENVIRONMENT
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Call) and dotted(node.func) in {"os.environ.get", "os.getenv"})
        or (isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and dotted(node.value) == "os.environ")
    }
    assert not found, f"Read it with ineat.environment: {found}"


# Words that only a promise to finish later needs. Written in pieces for the same reason as above.
_UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK"]) + r")\b")


def test_nothing_is_left_for_later() -> None:
    found = [
        f"{path}:{number}"
        for path in repository_files()
        if path.suffix in {".py", ".html", ".js", ".css", ".md", ".toml", ".txt"} and not str(path).startswith(VENDORED)
        for number, line in enumerate((BASE_DIR / path).read_text(errors="replace").splitlines(), 1)
        if _UNFINISHED.search(line)
    ]
    assert not found, found


def test_links_of_the_documentation_lead_somewhere() -> None:
    lost = []
    for path in repository_files():
        if path.suffix != ".md" or str(path).startswith(VENDORED):
            continue
        targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", (BASE_DIR / path).read_text())
        lost += [
            f"{path}: {target}"
            for target in targets
            if "://" not in target and not (BASE_DIR / path.parent / target).exists()
        ]
    assert not lost, lost


def test_commands_and_files_that_the_documentation_names_exist() -> None:
    """`manage.py …`, `make …`, and paths in back ticks."""
    commands = set(get_commands()) | {"help", "serve"}  # manage.py itself answers to these two
    targets = set(re.findall(r"^([a-z-]+):", (BASE_DIR / "Makefile").read_text(), re.MULTILINE))
    lost = []
    for path in repository_files():
        if path.suffix != ".md" or str(path).startswith(VENDORED) or path.name == "CHANGELOG.md":
            continue
        text = (BASE_DIR / path).read_text()
        lost += [f"{path}: manage.py {name}" for name in re.findall(r"manage\.py (\w+)", text) if name not in commands]
        lost += [f"{path}: make {name}" for name in re.findall(r"`make ([a-z-]+)", text) if name not in targets]
        named = re.findall(
            r"`((?:apps|docs|ineat|static|templates|tests|tools)/[\w./-]+?\.(?:py|md|html|css|js|json))`", text
        )
        made = set(re.findall(r"^New file `([^`]+)`", text, re.MULTILINE))  # by who follows the text
        lost += [f"{path}: {name}" for name in named if not (BASE_DIR / name).exists() and name not in made]
    assert not lost, lost
