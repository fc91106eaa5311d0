"""Find the Chromium that the browser tests drive, or install one: print its path, or nothing for Playwright's own.

    python tools/find_browser.py

An installed one is taken first; root on Debian gets Debian's; everybody else gets Playwright's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def installed() -> str | None:
    """Path of a Chromium on this machine; INEAT_BROWSER names one that lies elsewhere."""
    if given := os.environ.get("INEAT_BROWSER"):
        return given
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> int:
    """Install a browser if there is none; returns the exit status."""
    if installed() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium")
        quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
        subprocess.run(["apt-get", "-qq", "update"], check=False, **quiet)  # type: ignore[call-overload]
        subprocess.run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", "chromium"], check=False, **quiet)  # type: ignore[call-overload]
    if path := installed():
        print(f"Browser tests use {path}")
        return 0
    print("Installing Playwright's Chromium")
    status = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode
    if status != 0:
        print(
            "There is no Chromium for the browser tests, and Playwright's could not be installed.\n"
            "Install Chromium or Google Chrome, or set INEAT_BROWSER to the program, and run the command again.",
            file=sys.stderr,
        )
    return status


if __name__ == "__main__":
    sys.exit(main())
