"""The contracts of `.importlinter` hold, and would notice if they did not."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from ineat.environment import BASE_DIR
from tests.architecture.source import python_files, tree

LINT = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(LINT, cwd=folder, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"})


def test_contracts_hold() -> None:
    done = _lint(BASE_DIR)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("apps/core/tenancy/context.py", "from apps.organizations import rights", "Floors"),
        ("apps/core/tenancy/context.py", "from apps.core.audit import history", "Core"),
        ("apps/organizations/models/branch.py", "from apps.organizations import queries", "Rooms"),
        ("apps/organizations/rules/states.py", "from django.utils.translation import gettext_lazy", "Rules"),
        ("apps/organizations/queries.py", "import django_tables2", "Operations, queries and models"),
        ("apps/accounts/models.py", "import web3", "Only chain"),
    ],
)
def test_a_broken_contract_is_named(tmp_path: Path, module: str, line: str, contract: str) -> None:
    for name in ("apps", "ineat"):
        shutil.copytree(BASE_DIR / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(BASE_DIR / ".importlinter", tmp_path)
    source = tmp_path / module
    source.write_text(source.read_text() + f"\n{line}\n")
    done = _lint(tmp_path)
    assert done.returncode != 0
    assert any(row.startswith(contract) and row.endswith("BROKEN") for row in done.stdout.splitlines()), done.stdout


def test_every_app_has_its_place() -> None:
    """A new app is held by the contracts from its first day."""
    contracts = ConfigParser()
    contracts.read(BASE_DIR / ".importlinter")
    rooms = contracts["importlinter:contract:rooms"]["containers"].split()
    floors = re.findall(r"[\w.]+", contracts["importlinter:contract:floors"]["layers"])
    without_web3 = contracts["importlinter:contract:web3"]["source_modules"].split()
    packages = [
        ".".join(path.parent.relative_to(BASE_DIR).parts)
        for path in sorted((BASE_DIR / "apps").rglob("apps.py"))
        if path.parent.name != "core"
    ]
    apps = {".".join(name.split(".")[:2]) for name in packages}
    assert packages
    assert [name for name in packages if name not in rooms] == []
    assert [name for name in apps if name not in floors] == []
    assert [name for name in apps - {"apps.chain"} if name not in without_web3] == []


def test_web3_is_imported_late() -> None:
    """It costs 1.3 s, which every web process and command would pay at its start."""
    early = [
        str(path)
        for path in python_files("apps", "ineat")
        for node in tree(path).body
        if (isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "web3" for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "web3")
    ]
    assert early == []
