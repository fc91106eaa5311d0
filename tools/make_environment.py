"""Make .venv with a Python that is new enough, or say what is missing. Runs on any Python 3, so it is written plainly.

    python3 tools/make_environment.py

Without ensurepip, which Debian packs apart, it installs that package as root and otherwise says how to.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NEEDED = (3, 11)
FOLDER = Path(".venv")


def main():  # type: () -> int
    """Make the environment; returns the exit status."""
    if sys.version_info < NEEDED:
        return use_a_newer_python()
    if not has_pip() and not install_debian_package():
        print(
            "This python3 cannot make virtual environments: it comes without ensurepip.\n"
            "On Debian and Ubuntu: sudo apt-get install python3-venv\n"
            "Then run the same command again.",
            file=sys.stderr,
        )
        return 1
    shutil.rmtree(str(FOLDER), ignore_errors=True)
    status = 1
    try:
        status = subprocess.call([sys.executable, "-m", "venv", str(FOLDER)])
    finally:
        if status != 0:  # half an environment would pass for a whole one the next time
            shutil.rmtree(str(FOLDER), ignore_errors=True)
    return status


def use_a_newer_python():  # type: () -> int
    """Start again with a newer interpreter, if this machine has one."""
    for minor in range(20, NEEDED[1] - 1, -1):
        found = shutil.which("python3.%d" % minor)  # noqa: UP031 - this line must run on an old Python
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return subprocess.call([found, *sys.argv])
    print(
        "iNEAT needs Python 3.11 or newer, and python3 here is {}.{}.\n"
        "Install a newer one, or name it: make run PYTHON=/path/to/python3.12".format(*sys.version_info[:2]),
        file=sys.stderr,
    )
    return 1


def has_pip():  # type: () -> bool
    """Whether `venv` can put pip into an environment."""
    return subprocess.call([sys.executable, "-c", "import ensurepip"], stderr=subprocess.DEVNULL) == 0


def install_debian_package():  # type: () -> bool
    """As root on Debian, install what `venv` lacks."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("Installing python3-venv")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "-y", package]):
        subprocess.call(command, env=environment, stdout=subprocess.DEVNULL)
    return has_pip()


if __name__ == "__main__":
    sys.exit(main())
