"""`manage.py verify_audit`: what it says, and that it fails when something was altered."""

from __future__ import annotations

from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from apps.core.audit.models import Seal
from apps.organizations.models import Branch
from tests.core.audit.conftest import event, new_organization

pytestmark = pytest.mark.database

Owner = psycopg.Connection[tuple[Any, ...]]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_audit", *arguments, stdout=out, no_color=True, skip_checks=True)
    return out.getvalue()


def test_the_command_says_that_all_is_as_it_was(organization: int, sealed: list[Seal]) -> None:
    new_organization("kite")
    lines = run().splitlines()
    assert lines[0] == (
        "banyan: 3 seals and 8 sealed events are as they were; 0 events wait for a seal; "
        "6 live rows equal their latest event."
    )
    assert lines[1] == f"banyan: note the last seal elsewhere: 3:{sealed[-1].hash}"
    assert "kite: 0 seals and 0 sealed events are as they were; 1 events wait for a seal" in lines[2]
    assert "kite" not in run("--organization", "banyan")
    run("--organization", "banyan", "--expect", f"3:{sealed[-1].hash}")


def test_the_command_fails_and_names_what_was_altered(
    organization: int, branches: list[Branch], sealed: list[Seal], owner_connection: Owner
) -> None:
    owner_connection.execute(
        "UPDATE organizations_branchevent SET name = 'Poona' WHERE pgh_id = %s", [event(branches[0], "update")]
    )
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", stdout=out, no_color=True, skip_checks=True)
    assert ended.value.code == 1
    assert out.getvalue().startswith("banyan: Event ")
    assert "Poona) was altered after seal 1" in out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--organization", "nobody"], "There is no organization nobody"),
        (["--expect", "3:0x00"], "is no seal"),
        (["--expect", "1:0x" + "0" * 64], "--expect needs --organization"),
    ],
)
@pytest.mark.django_db
def test_the_command_says_what_it_needs(arguments: list[str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        run(*arguments)
