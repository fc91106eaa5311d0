"""The verifier is one file that shares no code with the application: here both meet on the same figures."""

import copy
import hashlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from apps.core.audit import rules

SCRIPT = Path(__file__).parents[3] / "tools" / "verify_seal.py"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_seal", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verifier = load()


def seal(number: int, previous: bytes, root: bytes, count: int) -> tuple[dict[str, Any], bytes]:
    sealed_at = datetime(2026, 11, 20, 10, number, 0, 250000, tzinfo=UTC)
    hashed = rules.seal_hash(
        organization=4,
        number=number,
        previous=previous,
        root=root,
        count=count,
        horizon=1000 + number,
        sealed_at=sealed_at,
    )
    return {
        "organization": 4,
        "number": number,
        "previous": rules.to_hex(previous),
        "root": rules.to_hex(root),
        "count": count,
        "horizon": 1000 + number,
        "sealed_at": sealed_at.isoformat(),
        "hash": rules.to_hex(hashed),
    }, hashed


@pytest.fixture
def proof() -> dict[str, Any]:
    contents = [json.dumps({"name": f"Godown {n}", "pgh_label": "update"}) for n in range(11)]
    leaves = [
        rules.event_leaf("organizations_branch_event", n, hashlib.sha256(text.encode()).digest())
        for n, text in enumerate(contents)
    ]
    tree = rules.MerkleTree.of(leaves)
    own, own_hash = seal(2, b"p" * 32, tree.root, 11)
    following, _ = seal(3, own_hash, b"q" * 32, 1)
    return {
        "format": verifier.FORMAT,
        "event": {"table": "organizations_branch_event", "id": 6, "content": contents[6]},
        "leaf": rules.to_hex(leaves[6]),
        "siblings": [rules.to_hex(node) for node in tree.proof(6)],
        "seal": own,
        "later": [following],
    }


@given(st.binary(max_size=500))
def test_its_own_keccak_is_keccak(data: bytes) -> None:
    assert verifier.own_keccak(data) == keccak(data)


@pytest.mark.parametrize("length", [0, 1, 135, 136, 137, 271, 272, 273])
def test_its_own_keccak_at_the_edges_of_a_block(length: int) -> None:
    assert verifier.own_keccak(b"k" * length) == keccak(b"k" * length)


def test_a_true_proof_holds_and_says_what_it_shows(proof: dict[str, Any]) -> None:
    said = " ".join(verifier.check(proof, proof["later"][0]["hash"]))
    assert "reads exactly as when it was sealed" in said
    assert "one of the 11 events" in said
    assert "from seal 2 to seal 3 has no gap" in said
    assert "the hash you know" in said


def alter_text(proof: dict[str, Any]) -> None:
    proof["event"]["content"] = proof["event"]["content"].replace("Godown 6", "Godown 7")


def alter_number(proof: dict[str, Any]) -> None:
    proof["event"]["id"] = 7


def alter_text_and_leaf(proof: dict[str, Any]) -> None:
    alter_text(proof)
    event = proof["event"]
    proof["leaf"] = rules.to_hex(verifier.leaf_of(event["table"], event["id"], event["content"]))


def alter_root(proof: dict[str, Any]) -> None:
    alter_text_and_leaf(proof)
    siblings = [rules.from_hex(node) for node in proof["siblings"]]
    proof["seal"]["root"] = rules.to_hex(rules.root_from_proof(rules.from_hex(proof["leaf"]), siblings))


def alter_date(proof: dict[str, Any]) -> None:
    proof["seal"]["sealed_at"] = "2025-11-20T10:02:00.250000+00:00"


def alter_chain(proof: dict[str, Any]) -> None:
    proof["later"][0]["previous"] = rules.to_hex(b"x" * 32)


def skip_a_seal(proof: dict[str, Any]) -> None:
    proof["later"][0]["number"] = 5


@pytest.mark.parametrize(
    ("alter", "names"),
    [
        (alter_text, "text"),
        (alter_number, "leaf"),
        (alter_text_and_leaf, "not in the seal"),
        (alter_root, "Seal 2 was changed"),
        (alter_date, "Seal 2 was changed"),
        (alter_chain, "Seal 3 does not follow"),
        (skip_a_seal, "chain is broken"),
    ],
)
def test_any_alteration_is_named(proof: dict[str, Any], alter: Callable[[dict[str, Any]], None], names: str) -> None:
    alter(proof)
    with pytest.raises(verifier.DoesNotHold, match=names):
        verifier.check(proof)


def test_a_history_written_again_is_told_apart_by_the_hash_one_knows(proof: dict[str, Any]) -> None:
    with pytest.raises(verifier.DoesNotHold, match="another seal"):
        verifier.check(proof, rules.to_hex(b"n" * 32))


def run(path: Path, *options: str, without_packages: bool = False) -> subprocess.CompletedProcess[str]:
    flags = ["-I", "-S"] if without_packages else []
    return subprocess.run(
        [sys.executable, *flags, str(SCRIPT), str(path), *options], capture_output=True, text=True, check=False
    )


def test_it_runs_alone_without_any_package(proof: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(proof))
    done = run(path, without_packages=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("HOLDS")
    assert 'name: "Godown 6"' in done.stdout
    assert "Not shown by this proof" in done.stdout

    altered = copy.deepcopy(proof)
    alter_text(altered)
    path.write_text(json.dumps(altered))
    done = run(path)
    assert done.returncode == 1
    assert done.stdout.startswith("DOES NOT HOLD")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "ineat-audit-proof-1"}', '{"format": "other"}'])
def test_a_file_that_is_no_proof_is_said_to_be_none(text: str, tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    path.write_text(text)
    done = run(path)
    assert done.returncode == 2
    assert done.stderr.startswith("Cannot be checked")
    assert "Traceback" not in done.stderr


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    done = run(tmp_path / "nothing.json")
    assert done.returncode == 2
    assert "nothing.json" in done.stderr
