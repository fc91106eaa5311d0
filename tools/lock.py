"""Resolve requirements*.in into lock files that pin every package by hash, for every platform, and name no host.

    python tools/lock.py

Settings of this machine's pip and uv choose where to ask; nothing of them may land in the files.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from check_locks import faults  # type: ignore[import-not-found]

PAIRS = (("requirements.in", "requirements.lock"), ("requirements-dev.in", "requirements-dev.lock"))


def main() -> int:
    """Write the lock files; returns the exit status."""
    for source, target in PAIRS:
        command = [
            sys.executable, "-m", "uv", "pip", "compile", source, "--output-file", target, "--universal",
            "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url",
            "--no-emit-find-links", "--quiet", *sys.argv[1:],
        ]  # fmt: skip
        if status := subprocess.run(command, check=False).returncode:
            return status
    found = [fault for _, target in PAIRS for fault in faults(Path(target))]
    print("\n".join(found) or "The lock files are up to date.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
