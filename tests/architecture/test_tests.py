"""No test is silently out of work."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.source import dotted, python_files, tree

_SILENCERS = {"skip", "skipif", "xfail", "importorskip"}


def _reason(node: ast.Call) -> str:
    name = dotted(node.func).split(".")[-1]
    given = [keyword.value for keyword in node.keywords if keyword.arg in {"reason", "msg"}]
    # `skip` and `xfail` take the reason first when called inside a test.
    if not given and name in {"skip", "xfail"} and node.args:
        given = [node.args[0]]
    if not given:
        return ""
    return str(given[0].value).strip() if isinstance(given[0], ast.Constant) else ast.unparse(given[0])


def _silent(path: Path) -> list[str]:
    found: list[str] = []
    called: set[ast.AST] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            called.add(node.func)
            name = dotted(node.func)
            if name.startswith("pytest.") and name.split(".")[-1] in _SILENCERS and len(_reason(node)) < 10:
                found.append(f"{path}:{node.lineno} {name}")
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node not in called:
            name = dotted(node)
            if name.startswith("pytest.mark.") and node.attr in _SILENCERS:
                found.append(f"{path}:{node.lineno} {name}")
    return found


def test_nothing_is_skipped_without_a_reason() -> None:
    found = [line for path in python_files("tests") for line in _silent(path)]
    assert not found, found


def test_the_check_sees_bare_skips(tmp_path: Path) -> None:
    sample = tmp_path / "test_sample.py"
    sample.write_text(
        "import pytest\n"
        "@pytest.mark.skip\n"
        "def test_a(): pass\n"
        "@pytest.mark.xfail(reason='')\n"
        "def test_b(): pass\n"
        "@pytest.mark.skipif(True, reason='needs the bundled server, DATABASE_URL names another')\n"
        "def test_c(): pass\n"
        "def test_d(): pytest.skip('x')\n"
    )
    assert sorted(line.rsplit(":", 1)[1] for line in _silent(sample)) == [
        "2 pytest.mark.skip",
        "4 pytest.mark.xfail",
        "8 pytest.skip",
    ]


# Calls that fail by themselves when something is not so.
_CHECKS = {"raises", "fail", "warns", "counting", "count_queries", "refused"}
_CHECKING = ("assert", "expect", "check", "to_", "wait_for")

# Tests whose only check is that nothing raises.
RAISES_ITSELF = {
    "tests/core/exchange/test_cells.py::test_a_fix_can_be_read": "a proposed fix that cannot be read raises CellFault",
}


def _asserts(function: ast.AST) -> bool:
    """Whether a test can fail by more than an exception: an assert, `raises`, or a call of a checking function."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = dotted(node.func).split(".")[-1].lstrip("_")
            if name in _CHECKS or name.startswith(_CHECKING):
                return True
    return False


def test_every_test_can_fail() -> None:
    empty = [
        f"{path}:{node.lineno} {node.name}"
        for path in python_files("tests")
        if path.name.startswith("test_")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not _asserts(node)
        if f"{path}::{node.name}" not in RAISES_ITSELF
    ]
    assert not empty, empty
