"""The project's own source, read once for all architecture tests."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ineat.environment import BASE_DIR

CODE = ("apps", "ineat", "tools", "benchmarks", "deploy")
TESTS = ("tests",)


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Every module in the folders, relative to the root; migrations are generated and left out."""
    found = (path for folder in folders for path in (BASE_DIR / folder).rglob("*.py"))
    return tuple(sorted(path.relative_to(BASE_DIR) for path in found if "migrations" not in path.parts))


@cache
def text(path: Path) -> str:
    return (BASE_DIR / path).read_text()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path), str(path))


def modules_called(name: str, *folders: str) -> Iterator[Path]:
    """Files that are the module `name` of an app, or lie in the package of that name: `views.py`, `views/branch.py`."""
    for path in python_files(*(folders or CODE)):
        if path.stem == name or name in path.parent.parts:
            yield path


@cache
def repository_files() -> tuple[Path, ...]:
    """What git keeps or would keep, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        names = [Path(name) for name in listed.stdout.split("\0") if name]
    else:  # an unpacked archive without its repository
        skipped = {".venv", ".data", ".cache", "test-results", "__pycache__"}
        names = [path.relative_to(BASE_DIR) for path in BASE_DIR.rglob("*")]
        names = [path for path in names if not skipped & set(path.parts) and not path.name.endswith(".pyc")]
    return tuple(path for path in names if (BASE_DIR / path).is_file())


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an attribute chain; calls and subscripts in it are shown as `()` and `[]`."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return f"{dotted(node.value)}.{node.attr}"
        case ast.Call():
            return f"{dotted(node.func)}()"
        case ast.Subscript():
            return f"{dotted(node.value)}[]"
        case _:
            return ""
