"""How the source is cut into files."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.source import CODE, TESTS, dotted, modules_called, python_files, text, tree

LONGEST = 400

# A long file that reads better whole, with the reason.
LONG_FILES: dict[str, str] = {}

# Names that say nothing about what is inside, so that everything ends up there.
CATCH_ALLS = {"utils", "helpers", "managers", "signals", "services", "common", "misc"}

# Imports inside functions, by file. `AppConfig.ready` needs none of these lines: models cannot be imported before it.
LATE_IMPORTS: dict[str, str] = {
    "tools/verify_seal.py": "takes eth-hash where it is installed, else its own keccak: the file must work alone",
}


def test_no_catch_all_modules() -> None:
    bad = [str(path) for path in python_files(*CODE, *TESTS) if {path.stem, *path.parent.parts} & CATCH_ALLS]
    assert not bad, f"Name the module after what it holds: {bad}"


def test_files_stay_short() -> None:
    long = {
        str(path): count
        for path in python_files(*CODE, *TESTS)
        if (count := text(path).count("\n")) > LONGEST and str(path) not in LONG_FILES
    }
    assert not long, f"Make each a package, one module per document: {long}"
    gone = [name for name in LONG_FILES if text(Path(name)).count("\n") <= LONGEST]
    assert not gone, f"No longer long, remove the exemption: {gone}"


def _late_imports(path: Path) -> list[int]:
    lines: list[int] = []
    for function in ast.walk(tree(path)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if path.name == "apps.py" and function.name == "ready":
            continue
        lines += [node.lineno for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
    return sorted(set(lines))


def test_imports_stand_at_the_top() -> None:
    """An import inside a function mostly hides a circle between two modules."""
    late = {str(path): lines for path in python_files(*CODE) if (lines := _late_imports(path))}
    assert not (unlisted := {name: lines for name, lines in late.items() if name not in LATE_IMPORTS}), unlisted
    assert not (gone := LATE_IMPORTS.keys() - late.keys()), f"No longer needed, remove the exemption: {gone}"


WRITES = {
    "save",
    "create",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "select_for_update",
    "atomic",
}
# Receivers whose `save` or `delete` is no row of ours.
NOT_ROWS = ("request.session", "cache", "self.request.session")


def _writes(path: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(tree(path)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        receiver, name = dotted(node.func.value), node.func.attr
        # `update` is a dictionary's method as well: only on a queryset does it write.
        on_rows = ".objects" in receiver or receiver.endswith((".filter()", ".all()", ".exclude()"))
        if (name in WRITES and receiver not in NOT_ROWS) or (name == "update" and on_rows):
            found.append(f"{path}:{node.lineno} {receiver}.{name}")
    return found


def test_views_write_through_operations_only() -> None:
    found = [line for path in modules_called("views", "apps") for line in _writes(path)]
    assert not found, f"A view parses, makes one domain call and responds: {found}"


def test_the_check_for_writes_sees_them(tmp_path: Path) -> None:
    sample = tmp_path / "views.py"
    sample.write_text(
        "def view(request):\n"
        "    branch.save()\n"
        "    Branch.objects.filter(pk=1).update(name='x')\n"
        "    context.update(a=1)\n"
        "    request.session.save()\n"
    )
    assert [line.split(" ")[1] for line in _writes(sample)] == ["branch.save", "Branch.objects.filter().update"]
