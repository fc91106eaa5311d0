"""The tree is OpenZeppelin's: its own library made the vectors."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.audit import rules

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "merkle.json").read_text())

hashes = st.binary(min_size=32, max_size=32)
trees = st.lists(hashes, min_size=1, max_size=70)


def values_of(vector: dict[str, Any]) -> list[tuple[str, int, bytes]]:
    return [(table, int(number), rules.from_hex(content)) for table, number, content in vector["values"]]


def tree_of(vector: dict[str, Any]) -> rules.MerkleTree:
    return rules.MerkleTree.of([rules.event_leaf(*value) for value in values_of(vector)])


@pytest.mark.parametrize("vector", VECTORS["trees"], ids=lambda vector: f"{len(vector['values'])} leaves")
def test_roots_and_proofs_are_those_of_openzeppelin(vector: dict[str, Any]) -> None:
    tree = tree_of(vector)
    assert rules.to_hex(tree.root) == vector["root"]
    assert list(tree.places) == vector["treeIndexes"]
    assert [[rules.to_hex(node) for node in tree.proof(i)] for i in range(len(vector["values"]))] == vector["proofs"]


def test_a_dump_is_what_the_library_dumps() -> None:
    vector = next(vector for vector in VECTORS["trees"] if len(vector["values"]) == 5)
    dump = tree_of(vector).dump(rules.LEAF_ENCODING, values_of(vector))
    assert dump["leafEncoding"] == VECTORS["leafEncoding"]
    assert dump["tree"] == vector["tree"]
    assert [value["value"] for value in dump["values"]] == vector["values"]


def test_the_encoding_is_that_of_the_abi_specification() -> None:
    # Solidity's documentation, "Use of Dynamic Types", has the layout: head with offsets, then length and padded bytes.
    encoded = rules.abi_encode(("uint256", "string"), (0x123, "Hello, world!"))
    assert encoded.hex() == (
        "0000000000000000000000000000000000000000000000000000000000000123"
        "0000000000000000000000000000000000000000000000000000000000000040"
        "000000000000000000000000000000000000000000000000000000000000000d"
        "48656c6c6f2c20776f726c642100000000000000000000000000000000000000"
    )


@pytest.mark.parametrize(
    ("kind", "value"), [("uint256", -1), ("uint256", 2**256), ("bytes32", b"short"), ("bytes32", bytes(33))]
)
def test_a_value_that_does_not_fit_is_refused(kind: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"no uint256|32 are needed"):
        rules.abi_encode((kind,), (value,))


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(rules.UnknownType):
        rules.abi_encode(("address",), ("0x00",))


def test_a_tree_without_leaves_is_refused() -> None:
    with pytest.raises(rules.EmptyTree):
        rules.MerkleTree.of([])


@given(trees)
def test_every_leaf_is_proved_and_no_other(leaves: list[bytes]) -> None:
    tree = rules.MerkleTree.of(leaves)
    for index, leaf in enumerate(leaves):
        proof = tree.proof(index)
        assert rules.verify_proof(tree.root, leaf, proof)
        assert not rules.verify_proof(tree.root, bytes([leaf[0] ^ 1]) + leaf[1:], proof)


@given(trees, st.randoms(use_true_random=False))
def test_the_order_of_the_events_does_not_change_the_root(leaves: list[bytes], random: Any) -> None:
    shuffled = list(leaves)
    random.shuffle(shuffled)
    assert rules.MerkleTree.of(shuffled).root == rules.MerkleTree.of(leaves).root


@given(trees, hashes)
def test_one_more_leaf_changes_the_root(leaves: list[bytes], more: bytes) -> None:
    assert rules.MerkleTree.of([*leaves, more]).root != rules.MerkleTree.of(leaves).root


@given(st.text(max_size=100), st.integers(0, 2**256 - 1), hashes)
def test_leaves_differ_when_anything_in_them_differs(table: str, number: int, content: bytes) -> None:
    leaf = rules.event_leaf(table, number, content)
    assert leaf != rules.event_leaf(table + "a", number, content)
    assert leaf != rules.event_leaf(table, number ^ 1, content)
    assert leaf != rules.event_leaf(table, number, content[1:] + bytes([content[0] ^ 1]))


def test_every_figure_of_a_seal_counts() -> None:
    seal: dict[str, Any] = {
        "organization": 7,
        "number": 3,
        "previous": bytes(32),
        "root": b"r" * 32,
        "count": 5,
        "horizon": 900,
        "sealed_at": datetime(2026, 11, 20, 10, 42, 7, 123456, tzinfo=UTC),
    }
    changed: dict[str, Any] = {
        "organization": 8,
        "number": 4,
        "previous": b"p" * 32,
        "root": b"s" * 32,
        "count": 6,
        "horizon": 901,
        "sealed_at": seal["sealed_at"] + timedelta(microseconds=1),
    }
    assert seal.keys() == changed.keys()
    results = {rules.seal_hash(**seal), *(rules.seal_hash(**{**seal, name: value}) for name, value in changed.items())}
    assert len(results) == 8


def test_hexadecimal_without_its_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="0x"):
        rules.from_hex("ab")
