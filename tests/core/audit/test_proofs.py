"""A proof leaves the house and is checked there, by one file without our code."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from apps.core.audit import rules
from apps.core.audit.history import history_model
from apps.core.audit.operations import seal_organization
from apps.core.audit.proofs import AlteredEvent, NotSealed, UnknownEvent, build_proof
from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch
from tests.core.audit.conftest import new_branch, new_organization

pytestmark = pytest.mark.database

SCRIPT = Path(__file__).parents[3] / "tools" / "verify_seal.py"
TABLE = "organizations_branchevent"


@pytest.fixture
def event(organization: int, branches: list[Branch]) -> int:
    """The first edit of the first branch, sealed."""
    seal_organization(organization)
    with tenant(organization):
        return int(history_model(Branch).objects.filter(pgh_label="update").earliest("pgh_id").pgh_id)


def check(proof: dict[str, Any], path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    path.write_text(json.dumps(proof))
    # -I -S: no installed package, as on an auditor's machine.
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(path), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_proof_holds_without_server_and_database(organization: int, event: int, tmp_path: Path) -> None:
    with tenant(organization):
        new_branch("Kolhapur")
    (last,) = seal_organization(organization)
    with tenant(organization):
        proof = build_proof(TABLE, event, through=last.number)
    done = check(proof, tmp_path / "proof.json", "--seal-hash", last.hash)
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'city: "Mumbai"' in done.stdout
    assert "Ravi Shah" in done.stdout
    assert "from seal 1 to seal 2 has no gap" in done.stdout
    assert "the hash you know" in done.stdout


def test_every_event_of_a_seal_can_be_proved(organization: int, event: int) -> None:
    with tenant(organization):
        for number in history_model(Branch).objects.values_list("pgh_id", flat=True):
            proof = build_proof(TABLE, number)
            leaf, siblings = rules.from_hex(proof["leaf"]), [rules.from_hex(node) for node in proof["siblings"]]
            assert rules.verify_proof(rules.from_hex(proof["seal"]["root"]), leaf, siblings)
            assert proof["later"] == []


def test_a_changed_proof_does_not_hold(organization: int, event: int, tmp_path: Path) -> None:
    with tenant(organization):
        proof = build_proof(TABLE, event)
    proof["event"]["content"] = proof["event"]["content"].replace("Mumbai", "Delhi")
    done = check(proof, tmp_path / "proof.json")
    assert done.returncode == 1
    assert "the text, the table or the number was changed" in done.stdout


def test_an_altered_event_gets_no_proof(
    organization: int, event: int, owner_connection: psycopg.Connection[Any]
) -> None:
    owner_connection.execute("UPDATE organizations_branchevent SET city = 'Delhi' WHERE pgh_id = %s", [event])
    with tenant(organization), pytest.raises(AlteredEvent, match="was altered after seal 1"):
        build_proof(TABLE, event)


def test_an_event_put_below_the_seals_gets_no_proof(
    organization: int, event: int, owner_connection: psycopg.Connection[Any]
) -> None:
    with tenant(organization):
        branch = new_branch("Kolhapur")
        late = history_model(Branch).objects.get(id=branch.pk).pgh_id
    owner_connection.execute("UPDATE organizations_branchevent SET pgh_txid = 1 WHERE pgh_id = %s", [late])
    with tenant(organization), pytest.raises(AlteredEvent, match="does not hold event"):
        build_proof(TABLE, late)


def test_an_event_that_waits_says_so(organization: int, event: int) -> None:
    with tenant(organization):
        branch = new_branch("Kolhapur")
        with pytest.raises(NotSealed, match="every minute"):
            build_proof(TABLE, history_model(Branch).objects.get(id=branch.pk).pgh_id)


def test_no_proof_leaves_its_organization(organization: int, event: int) -> None:
    with tenant(new_organization("kite")), pytest.raises(UnknownEvent):
        build_proof(TABLE, event)


@pytest.mark.parametrize("table", ["organizations_branch", "auth_user", "x; DROP TABLE audit_seal"])
def test_only_history_can_be_proved(organization: int, table: str) -> None:
    with tenant(organization), pytest.raises(UnknownEvent, match="no history table"):
        build_proof(table, 1)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("audit_proof", *arguments, stdout=out, skip_checks=True)
    return out.getvalue()


def test_the_command_writes_what_the_verifier_reads(organization: int, event: int, tmp_path: Path) -> None:
    done = check(json.loads(run("banyan", TABLE, str(event))), tmp_path / "proof.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("HOLDS")


def test_the_command_says_what_is_wrong(organization: int, event: int) -> None:
    with pytest.raises(CommandError, match="There is no event 0"):
        run("banyan", TABLE, "0")
    with pytest.raises(CommandError, match="There is no organization nobody"):
        run("nobody", TABLE, str(event))
