"""Production refuses to start unsafely, and says what is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ineat import environment, logs
from tests.platform.product import plain_environment
from tests.processes import database_url

SECRET = "k3Y-" + "aB3dE5gH7jK9mN2pQ4rS6tU8vW0xY1zC" * 2


def production(**variables: str) -> dict[str, str]:
    """A sound production environment, with changes."""
    sound = {
        "INEAT_MODE": "production",
        "SECRET_KEY": SECRET,
        "ALLOWED_HOSTS": "erp.example.test",
        "DATABASE_URL": "postgres://erp_app@127.0.0.1:1/erp",
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "DEFAULT_FROM_EMAIL": "erp@example.test",
    }
    return plain_environment(**(sound | variables))


def manage(variables: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of manage.py."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=environment.BASE_DIR,
        env=variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"SECRET_KEY": ""}, "Production needs SECRET_KEY: at least 50 random characters"),
        ({"SECRET_KEY": "short"}, "Production needs SECRET_KEY: at least 50 random characters"),
        ({"SECRET_KEY": "a" * 60}, "Production needs SECRET_KEY: at least 50 random characters"),
        ({"DEBUG": "1"}, "DEBUG shows secrets to visitors"),
        ({"ALLOWED_HOSTS": ""}, "Production needs ALLOWED_HOSTS"),
        ({"INEAT_MODE": "produktion"}, "INEAT_MODE must be production, demo or development"),
        ({"DATABASE_POOL": "many"}, "DATABASE_POOL must be a whole number"),
    ],
)
def test_production_refuses(variables: dict[str, str], words: str) -> None:
    answer = manage(production(**variables), "check")
    assert answer.returncode != 0
    assert words in answer.stderr


def test_production_refuses_the_secret_of_a_demo(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text(SECRET)
    answer = manage(production(INEAT_DATA=str(tmp_path)), "check")
    assert answer.returncode != 0
    assert "This SECRET_KEY is the demo's" in answer.stderr


def test_a_secret_without_a_mode_means_production(tmp_path: Path) -> None:
    answer = manage(production(INEAT_MODE="", ALLOWED_HOSTS=""), "check")
    assert "Production needs ALLOWED_HOSTS" in answer.stderr


@pytest.mark.django_db
def test_check_deploy_finds_nothing() -> None:
    answer = manage(production(DATABASE_URL=database_url()), "check", "--deploy", "--fail-level", "WARNING")
    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout


def test_the_demo_keeps_its_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INEAT_DATA", str(tmp_path))
    monkeypatch.delenv("SECRET_KEY", raising=False)
    made = environment.secret_key("demo")
    assert environment.secret_key("demo") == made
    assert len(made) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


_LOG = """
import json, logging, logging.config, sys
from ineat import logs
logging.config.dictConfig(logs.configuration(machine_readable=sys.argv[1] == "json"))
import structlog
with structlog.contextvars.bound_contextvars(request_id="abc-123", task="seal"):
    try:
        1 / 0
    except ZeroDivisionError:
        logging.getLogger("anything").exception("It broke: %s", "ठीक नहीं", extra={"user": 7})
"""


def _logged(form: str) -> str:
    answer = subprocess.run(
        [sys.executable, "-c", _LOG, form],
        cwd=environment.BASE_DIR,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return answer.stderr


def test_production_logs_json() -> None:
    line = json.loads(_logged("json"))
    assert line["event"] == "It broke: ठीक नहीं"
    assert (line["level"], line["request_id"], line["task"], line["user"]) == ("error", "abc-123", "seal", 7)
    assert "ZeroDivisionError" in line["exception"]


def test_elsewhere_logs_are_for_people() -> None:
    first, *rest = _logged("plain").splitlines()
    assert "It broke: ठीक नहीं  [request_id=abc-123 user=7 task=seal]" in first
    assert rest[-1].startswith("ZeroDivisionError")


def test_extra_facts_that_nobody_declared_stay_out_of_the_log() -> None:
    assert "password" not in logs.EXTRA
