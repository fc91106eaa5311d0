"""The deployment that docs/deployment.md describes, behind a real nginx."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from ineat.environment import BASE_DIR
from tests.platform.product import plain_environment

_PATH = os.environ["PATH"] + ":/usr/sbin"


@pytest.mark.xdist_group("product")
@pytest.mark.skipif(
    os.geteuid() != 0 and not shutil.which("nginx", path=_PATH),
    reason="there is no nginx, and only root may install it",
)
def test_it_works_behind_nginx() -> None:
    answer = subprocess.run(
        ["deploy/try-nginx.sh"],
        cwd=BASE_DIR,
        env=plain_environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert answer.stdout.endswith("The deployment works.\n")
