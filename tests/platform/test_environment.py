"""What `make setup` and `make test` do on a machine that lacks something."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools import find_browser, make_environment


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """The commands that would have been run, in an empty folder."""
    ran: list[list[str]] = []

    def note(command: list[str], **_: Any) -> int:
        ran.append(command)
        return 1

    monkeypatch.setattr(subprocess, "call", note)
    monkeypatch.chdir(tmp_path)
    return ran


def test_an_old_python_is_told_by_its_version(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert make_environment.main() == 1
    assert "python3 here is 3.9" in capsys.readouterr().err
    assert commands == []


def test_a_newer_python_beside_an_old_one_is_taken(commands: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(shutil, "which", lambda name: "/opt/python3.12" if name == "python3.12" else None)
    make_environment.main()
    assert commands[0][0] == "/opt/python3.12"  # tried first, and here it does not run
    monkeypatch.setattr(subprocess, "call", lambda command, **_: 0 if command[0] == "/opt/python3.12" else 1)
    assert make_environment.main() == 0


def test_a_python_without_ensurepip_is_told_what_to_install(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert make_environment.main() == 1  # the fixture lets `import ensurepip` fail
    assert "apt-get install python3-venv" in capsys.readouterr().err


def test_half_an_environment_is_removed(commands: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_midway(command: list[str], **_: Any) -> int:
        if "venv" in command:
            (Path(".venv") / "bin").mkdir(parents=True)
            return 1
        return 0

    monkeypatch.setattr(subprocess, "call", fail_midway)
    assert make_environment.main() == 1
    assert not Path(".venv").exists()


def test_the_browser_that_is_named_is_taken_before_the_one_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INEAT_BROWSER", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/google-chrome" if name == "google-chrome" else None)
    assert find_browser.installed() == "/bin/google-chrome"
    monkeypatch.setenv("INEAT_BROWSER", "/opt/chrome")
    assert find_browser.installed() == "/opt/chrome"


def test_no_browser_at_all_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("INEAT_BROWSER", raising=False)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1))
    assert find_browser.main() == 1
    assert "set INEAT_BROWSER" in capsys.readouterr().err
