"""Hash trees and the chain of seals: values in, values out.

The tree is OpenZeppelin's "standard-v1" tree (`@openzeppelin/merkle-tree`), so that a seal's root can be anchored on
chain and any of its leaves checked there with `MerkleProof.verify`. `tests/vectors/merkle.json` holds values made by
that library itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from eth_hash.auto import keccak

LEAF_ENCODING = ("string", "uint256", "bytes32")
"""What one sealed event says: its table, its number there, and the SHA-256 of its content."""

SEAL_ENCODING = ("uint256", "uint256", "bytes32", "bytes32", "uint256", "uint256", "uint256")
"""What one seal says: organization, number, previous seal, root, count, horizon, microseconds since 1970 UTC."""

NO_SEAL = bytes(32)
"""Stands for "the seal before" in an organization's first seal."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WORD = 32


class EmptyTree(ValueError):
    """A tree needs at least one leaf."""


class UnknownType(ValueError):
    """The ABI encoding here knows string, uint256 and bytes32 only."""


def abi_encode(types: Sequence[str], values: Sequence[Any]) -> bytes:
    """`abi.encode(...)` of the Solidity ABI specification for string, uint256 and bytes32.

    Raises `UnknownType` for another type and ValueError for a value that does not fit its type.
    """
    heads: list[bytes] = []
    tail = b""
    for kind, value in zip(types, values, strict=True):
        if kind == "uint256":
            if not 0 <= value < 2**256:
                raise ValueError(f"{value} is no uint256")
            heads.append(int(value).to_bytes(_WORD, "big"))
        elif kind == "bytes32":
            if len(value) != _WORD:
                raise ValueError(f"{len(value)} bytes where 32 are needed")
            heads.append(bytes(value))
        elif kind == "string":
            text = str(value).encode()
            heads.append((_WORD * len(types) + len(tail)).to_bytes(_WORD, "big"))
            tail += len(text).to_bytes(_WORD, "big") + text + bytes(-len(text) % _WORD)
        else:
            raise UnknownType(kind)
    return b"".join(heads) + tail


def leaf_hash(types: Sequence[str], values: Sequence[Any]) -> bytes:
    """The standard leaf: hashed twice, so that no inner node can be passed off as a leaf."""
    return keccak(keccak(abi_encode(types, values)))


def event_leaf(event_table: str, event_id: int, content_hash: bytes) -> bytes:
    """The leaf of one history event in a seal's tree."""
    return leaf_hash(LEAF_ENCODING, (event_table, event_id, content_hash))


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two nodes whatever their order, as OpenZeppelin's `MerkleProof` computes it."""
    return keccak(left + right if left <= right else right + left)


@dataclass(frozen=True, slots=True)
class MerkleTree:
    """A complete binary tree in one array: the root first, the leaves last, in descending order of their hash."""

    nodes: tuple[bytes, ...]
    places: tuple[int, ...]
    """For each leaf, in the order given to `of`, its index in `nodes`."""

    @classmethod
    def of(cls, leaves: Sequence[bytes]) -> "MerkleTree":
        """The tree over leaf hashes. Raises `EmptyTree`."""
        if not leaves:
            raise EmptyTree("A tree needs at least one leaf")
        count = len(leaves)
        size = 2 * count - 1
        nodes: list[bytes] = [b""] * size
        places = [0] * count
        for rank, index in enumerate(sorted(range(count), key=leaves.__getitem__)):
            place = size - 1 - rank
            nodes[place] = leaves[index]
            places[index] = place
        for place in range(size - 1 - count, -1, -1):
            nodes[place] = node_hash(nodes[2 * place + 1], nodes[2 * place + 2])
        return cls(tuple(nodes), tuple(places))

    @property
    def root(self) -> bytes:
        return self.nodes[0]

    def proof(self, index: int) -> tuple[bytes, ...]:
        """The siblings that lead from leaf `index` (in the order given to `of`) to the root."""
        place = self.places[index]
        siblings: list[bytes] = []
        while place:
            siblings.append(self.nodes[place + 1 if place % 2 else place - 1])
            place = (place - 1) // 2
        return tuple(siblings)

    def dump(self, types: Sequence[str], values: Sequence[Sequence[Any]]) -> dict[str, Any]:
        """The tree as `StandardMerkleTree.load` of OpenZeppelin's library reads it."""
        return {
            "format": "standard-v1",
            "leafEncoding": list(types),
            "tree": [to_hex(node) for node in self.nodes],
            "values": [
                {"value": [_dumped(item) for item in value], "treeIndex": place}
                for value, place in zip(values, self.places, strict=True)
            ],
        }


def root_from_proof(leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The root that a leaf and its siblings lead to."""
    node = leaf
    for sibling in proof:
        node = node_hash(node, sibling)
    return node


def verify_proof(root: bytes, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof leads from the leaf to this root."""
    return root_from_proof(leaf, proof) == root


def seal_hash(
    *, organization: int, number: int, previous: bytes, root: bytes, count: int, horizon: int, sealed_at: datetime
) -> bytes:
    """The hash that stands for one seal and, through `previous`, for every seal before it."""
    moment = (sealed_at - _EPOCH) // timedelta(microseconds=1)
    return keccak(abi_encode(SEAL_ENCODING, (organization, number, previous, root, count, horizon, moment)))


def to_hex(value: bytes) -> str:
    return "0x" + value.hex()


def from_hex(value: str) -> bytes:
    """Raises ValueError unless the text is 0x and hexadecimal digits."""
    if not value.startswith("0x"):
        raise ValueError(f"{value!r} does not start with 0x")
    return bytes.fromhex(value[2:])


def _dumped(item: Any) -> str:
    return to_hex(item) if isinstance(item, bytes) else str(item)
