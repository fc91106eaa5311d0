"""What the environment says: every variable that iNEAT reads is read here, once, with its meaning.

The README's configuration table lists the same names; `tests/architecture` compares the two.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Final, Literal, cast, get_args

from django.core.exceptions import ImproperlyConfigured

Mode = Literal["production", "demo", "development"]

BASE_DIR = Path(__file__).resolve().parent.parent


def text(name: str, default: str = "") -> str:
    """The variable's value without surrounding blanks."""
    return os.environ.get(name, default).strip()


def words(name: str) -> list[str]:
    """A comma-separated list."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def flag(name: str, *, default: bool = False) -> bool:
    """`1`, `true`, `yes` or `on` mean yes; anything else that is set means no."""
    value = text(name).lower()
    return value in {"1", "true", "yes", "on"} if value else default


def number(name: str, default: int) -> int:
    """A whole number.

    Raises:
        ImproperlyConfigured: the variable holds something else.
    """
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def testing() -> bool:
    """Whether pytest drives this process."""
    return "pytest" in sys.modules


_WORKER: Final = "PYTEST_XDIST_WORKER"  # set by pytest-xdist, never by a person


def worker_of_tests() -> str:
    """Which of the test run's workers this process is; empty when there is one only."""
    return os.environ.get(_WORKER, "")


def mode() -> Mode:
    """How this process runs.

    `INEAT_MODE` decides. Without it a process that was given a SECRET_KEY is a deployment, others a developer's shell.
    """
    value = text("INEAT_MODE") or ("production" if text("SECRET_KEY") and not testing() else "development")
    if value not in get_args(Mode):
        raise ImproperlyConfigured(f"INEAT_MODE must be production, demo or development, not {value!r}.")
    return cast(Mode, value)


def data_dir() -> Path:
    """Folder for the embedded database, the generated secret and uploads; `.data` beside manage.py by default."""
    return Path(text("INEAT_DATA") or BASE_DIR / ".data").resolve()


def secret_key(current: Mode) -> str:
    """SECRET_KEY of the environment; outside production one is made on first use and kept in the data folder.

    Raises:
        ImproperlyConfigured: production without a SECRET_KEY, or with one too weak to sign sessions.
    """
    given = text("SECRET_KEY")
    if current == "production":
        make_one = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        if len(given) < 50 or len(set(given)) < 5:
            raise ImproperlyConfigured(f"Production needs SECRET_KEY: at least 50 random characters. {make_one}")
        kept = _secret_file()
        if kept.exists() and given == kept.read_text().strip():
            raise ImproperlyConfigured(f"This SECRET_KEY is the demo's, which lies in {kept}. {make_one}")
        return given
    return given or _kept_secret(_secret_file())


def _secret_file() -> Path:
    return data_dir() / "secret_key"


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text().strip()
        if kept:
            return kept
        descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC)
    with os.fdopen(descriptor, "w") as file:
        value = secrets.token_urlsafe(50)
        file.write(value)
    return value
