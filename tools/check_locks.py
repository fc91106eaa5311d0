"""Fails when a lock file names a host, misses a hash, or no longer answers to its requirements file.

python tools/check_locks.py
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

LOCKS = {"requirements.lock": "requirements.in", "requirements-dev.lock": "requirements-dev.in"}

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==\S+( ;.*)? \\$")
_HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
_HOST = re.compile(
    r"://|--(extra-)?index-url|--find-links|--trusted-host|(^|\s)(-i|-f)\s|@\s*file:|\w\.(org|com|net|io)\b"
)


def faults(lock: Path) -> list[str]:
    """What is wrong with the lock file, each with its line."""
    found: list[str] = []
    waiting = ""  # the pin whose hashes have not come yet
    for number, line in enumerate(lock.read_text().splitlines(), 1):
        where = f"{lock.name}:{number}: "
        if _HOST.search(line):
            found.append(f"{where}names a host or this machine's settings: {line.strip()}")
        elif pin := _PIN.match(line):
            if waiting:
                found.append(f"{where}{waiting} has no hash")
            waiting = pin[1]
        elif _HASH.match(line):
            waiting = ""
        elif line.strip():
            found.append(f"{where}is neither a pinned package nor a hash: {line.strip()}")
    if waiting:
        found.append(f"{lock.name}: {waiting} has no hash")
    return found


def missing(source: Path, lock: Path) -> list[str]:
    """Packages that the requirements file asks for and the lock does not have."""
    locked = {_canonical(pin[1]) for line in lock.read_text().splitlines() if (pin := _PIN.match(line))}
    found: list[str] = []
    for line in source.read_text().splitlines():
        wanted = re.match(r"^([A-Za-z0-9._-]+)", line)
        if wanted and not line.startswith("-") and _canonical(wanted[1]) not in locked:
            found.append(f"{lock.name}: has no {wanted[1]}, which {source.name} asks for. Run: make lock")
    return found


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    """Check the lock files beside this folder; returns the exit status."""
    base = Path(__file__).resolve().parent.parent
    found = [
        fault
        for lock, source in LOCKS.items()
        for fault in [*faults(base / lock), *missing(base / source, base / lock)]
    ]
    print("\n".join(found) or "Lock files: every package pinned by hash, no host named.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
