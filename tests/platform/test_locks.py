"""The lock files pin every package by hash and name no host."""

from __future__ import annotations

from pathlib import Path

import pytest

from ineat.environment import BASE_DIR
from tools.check_locks import LOCKS, faults, missing

_GOOD = f"asgiref==3.13.0 \\\n    --hash=sha256:{'0' * 64} \\\n    --hash=sha256:{'1' * 64}\n"


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_is_sound(lock: str) -> None:
    assert faults(BASE_DIR / lock) == []
    assert missing(BASE_DIR / LOCKS[lock], BASE_DIR / lock) == []
    assert "://" not in (BASE_DIR / lock).read_text()


@pytest.mark.parametrize(
    "line",
    [
        "--extra-index-url file:///somewhere/simple",
        "--find-links /opt/wheels",
        "-i https://mirror.example/simple",
        "# from mirror.example.org",
        "asgiref @ https://mirror.example/asgiref.whl",
        "asgiref==3.13.0",
        "asgiref>=3",
        "-e .",
    ],
)
def test_what_does_not_belong_in_a_lock_is_found(tmp_path: Path, line: str) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(_GOOD)
    assert faults(lock) == []
    lock.write_text(f"{_GOOD}{line}\n")
    assert faults(lock)


def test_a_package_without_a_hash_is_found(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("one==1 \\\n" + _GOOD)
    assert faults(lock) == ["requirements.lock:2: one has no hash"]


def test_a_requirement_that_was_not_locked_is_found(tmp_path: Path) -> None:
    lock, source = tmp_path / "requirements.lock", tmp_path / "requirements.in"
    lock.write_text(_GOOD)
    source.write_text("# why\nasgiref\nDjango_Filter>=25\n")
    assert missing(source, lock) == [
        "requirements.lock: has no Django_Filter, which requirements.in asks for. Run: make lock"
    ]
