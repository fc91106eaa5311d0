"""CONTRIBUTING.md is followed literally: in a copy of the source its steps are taken, and what it promises is tried."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from ineat.environment import BASE_DIR
from tests.architecture.source import repository_files

_STEP = re.compile(
    r"^(?P<how>New file|At the end of|In) `(?P<path>[^`]+)`"
    r"(?:, (?P<where>below|in place of) `(?P<line>[^\n]+)`)?:\n```python\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_FENCE = re.compile(r"^```python\n", re.MULTILINE)


# Of what the text runs at its end, the part that new pages can break.
CONCERNED = [
    "tests/organizations/test_holidays.py",
    "tests/access/test_routes.py::test_every_address_is_declared",
    "tests/access/test_routes.py::test_nothing_is_declared_that_is_gone",
    "tests/access/test_routes.py::test_owner",
    "tests/access/test_routes.py::test_read_only_member",
    "tests/access/test_routes.py::test_records_of_another_organization",
    "tests/access/test_isolation.py::test_every_table_is_isolated",
    "tests/architecture/test_models.py",
]


@dataclass(frozen=True)
class Step:
    """One block of the text, and what is to be done with it."""

    how: str
    path: str
    line: str
    code: str

    def take(self, root: Path) -> None:
        file = root / self.path
        if self.how == "new":
            assert not file.exists(), f"{self.path} is there already"
            file.write_text(self.code)
        elif self.how == "end":
            file.write_text(f"{file.read_text().rstrip()}\n\n\n{self.code}")
        else:
            text = file.read_text()
            assert text.count(self.line) == 1, f"{self.path} has {self.line!r} {text.count(self.line)} times"
            below = f"{self.line}\n{self.code.rstrip()}"
            file.write_text(text.replace(self.line, below if self.how == "below" else self.code.rstrip()))


def _steps() -> list[Step]:
    text = (BASE_DIR / "CONTRIBUTING.md").read_text()
    ways = {"New file": "new", "At the end of": "end"}
    found = [
        Step(ways.get(step["how"]) or step["where"], step["path"], step["line"] or "", step["code"])
        for step in _STEP.finditer(text)
    ]
    assert len(found) == len(_FENCE.findall(text)), "A block says neither where it goes nor how"
    return found


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The source as git would keep it, with this environment."""
    for path in repository_files():
        target = tmp_path / "copy" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(BASE_DIR / path, target)
    return tmp_path / "copy"


def _run(root: Path, *command: str, **environment: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO", "COV"))}
    done = subprocess.run(
        [sys.executable, "-m", *command] if command[0] != "manage.py" else [sys.executable, *command],
        cwd=root,
        env={**inherited, "INEAT_DATA": str(root.parent / "data"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}:\n{(done.stdout + done.stderr)[-6000:]}"
    return done.stdout + done.stderr


def test_a_model_gets_its_pages_as_the_text_says(copy: Path) -> None:
    steps = _steps()
    assert len(steps) > 10
    if any(step.how == "new" and (copy / step.path).exists() for step in steps):
        pytest.skip("The example is in this source already: somebody is following the text themselves")
    for step in steps:
        step.take(copy)
    touched = sorted({step.path for step in steps})
    _run(copy, "ruff", "check", "--fix", "--quiet", *touched)
    _run(copy, "ruff", "format", "--quiet", *touched)
    _run(copy, "manage.py", "makemigrations", "organizations", "--name", "holiday")
    _run(copy, "manage.py", "makemigrations", "--check", "--dry-run")
    _run(copy, "pytest", "-q", "tests/access/test_query_counts.py", UPDATE_QUERY_COUNTS="1")
    assert '"page: organizations:holiday_list"' in (copy / "tests" / "query_counts.json").read_text()
    told = _run(copy, "pytest", "-q", *CONCERNED)
    assert re.search(r"^\d+ passed", told, re.MULTILINE)


def test_the_commands_of_the_text_are_those_that_are_run() -> None:
    text = (BASE_DIR / "CONTRIBUTING.md").read_text()
    assert "manage.py makemigrations organizations --name holiday" in text
    assert "UPDATE_QUERY_COUNTS=1 .venv/bin/python -m pytest -q tests/access/test_query_counts.py" in text
