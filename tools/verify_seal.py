#!/usr/bin/env python3
"""Check an exported audit proof without the server and without the database.

    python3 verify_seal.py proof.json [--seal-hash 0x…]

One file, standard library only (it uses the package eth-hash for keccak when that is installed, and its own
keccak otherwise). Exit code 0: every step holds. 1: a step does not hold. 2: the file cannot be read.

The steps: the event's text gives its SHA-256; table, number and SHA-256 give the leaf; leaf and siblings give the
root (OpenZeppelin's standard Merkle tree); the seal's figures give its hash; each later seal in the file names the
hash of the seal before it.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

FORMAT = "ineat-audit-proof-1"

_ROUNDS = 24
_RATE = 136
_MASK = 2**64 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - an auditor's Python may be older than 3.11


class DoesNotHold(Exception):
    """A step of the proof does not hold; the text says which."""


class Unreadable(Exception):
    """The file is not a proof of this format; the text says why."""


def _rotate(lane: int, by: int) -> int:
    by %= 64
    return ((lane << by) | (lane >> (64 - by))) & _MASK


def _permute(lanes: list[list[int]]) -> list[list[int]]:
    """Keccak-f[1600] on 5 x 5 lanes, after the reference description at keccak.team."""
    register = 1
    for _ in range(_ROUNDS):
        columns = [lanes[x][0] ^ lanes[x][1] ^ lanes[x][2] ^ lanes[x][3] ^ lanes[x][4] for x in range(5)]
        spread = [columns[(x + 4) % 5] ^ _rotate(columns[(x + 1) % 5], 1) for x in range(5)]
        lanes = [[lanes[x][y] ^ spread[x] for y in range(5)] for x in range(5)]
        x, y, current = 1, 0, lanes[1][0]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            current, lanes[x][y] = lanes[x][y], _rotate(current, (step + 1) * (step + 2) // 2)
        for y in range(5):
            row = [lanes[x][y] for x in range(5)]
            for x in range(5):
                lanes[x][y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5] & _MASK)
        for bit in range(7):
            register = ((register << 1) ^ ((register >> 7) * 0x71)) % 256
            if register & 2:
                lanes[0][0] ^= 1 << ((1 << bit) - 1)
    return lanes


def own_keccak(data: bytes) -> bytes:
    """Keccak-256 as Ethereum uses it (padding byte 0x01, unlike SHA3-256)."""
    lanes = [[0] * 5 for _ in range(5)]
    padded = bytearray(data + b"\x01" + bytes(-(len(data) + 1) % _RATE))
    padded[-1] |= 0x80
    for start in range(0, len(padded), _RATE):
        for word in range(_RATE // 8):
            at = start + 8 * word
            lanes[word % 5][word // 5] ^= int.from_bytes(padded[at : at + 8], "little")
        lanes = _permute(lanes)
    return b"".join(lanes[word % 5][word // 5].to_bytes(8, "little") for word in range(4))


def _best_keccak() -> Callable[[bytes], bytes]:
    try:
        from eth_hash.auto import keccak

        keccak(b"")
    except (ImportError, OSError):
        return own_keccak
    return keccak


keccak256 = _best_keccak()


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def leaf_of(table: str, number: int, content: str) -> bytes:
    """keccak256(keccak256(abi.encode(string table, uint256 number, bytes32 sha256(content))))"""
    name = table.encode()
    encoded = b"".join(
        (
            word(3 * 32),
            word(number),
            hashlib.sha256(content.encode()).digest(),
            word(len(name)),
            name + bytes(-len(name) % 32),
        )
    )
    return keccak256(keccak256(encoded))


def root_of(leaf: bytes, siblings: list[bytes]) -> bytes:
    node = leaf
    for sibling in siblings:
        node = keccak256(min(node, sibling) + max(node, sibling))
    return node


def seal_hash(seal: dict[str, Any]) -> bytes:
    """keccak256(abi.encode(organization, number, previous, root, count, horizon, microseconds since 1970 UTC))"""
    sealed_at = datetime.fromisoformat(seal["sealed_at"])
    if sealed_at.tzinfo is None:
        raise Unreadable("The time of a seal has no time zone.")
    return keccak256(
        b"".join(
            (
                word(seal["organization"]),
                word(seal["number"]),
                unhex(seal["previous"]),
                unhex(seal["root"]),
                word(seal["count"]),
                word(seal["horizon"]),
                word((sealed_at - _EPOCH) // timedelta(microseconds=1)),
            )
        )
    )


def unhex(text: str) -> bytes:
    if not text.startswith("0x") or len(text) != 66:
        raise Unreadable(f"{text!r} is no hash: 0x and 64 hexadecimal digits are expected.")
    return bytes.fromhex(text[2:])


def check(proof: dict[str, Any], known_hash: str | None = None) -> list[str]:
    """The sentences that say what was checked. Raises `DoesNotHold` or `Unreadable`."""
    if proof.get("format") != FORMAT:
        raise Unreadable(f"The file is no audit proof: its format is {proof.get('format')!r}, not {FORMAT!r}.")
    event, seal = proof["event"], proof["seal"]
    leaf = leaf_of(event["table"], event["id"], event["content"])
    if leaf != unhex(proof["leaf"]):
        raise DoesNotHold(
            f"The text of event {event['id']} of {event['table']} does not give the leaf named in the file: "
            "the text, the table or the number was changed."
        )
    if root_of(leaf, [unhex(sibling) for sibling in proof["siblings"]]) != unhex(seal["root"]):
        raise DoesNotHold(
            "The event is not in the seal: its leaf and the siblings do not lead to the root of the seal."
        )
    said = [
        f"Event {event['id']} of {event['table']} reads exactly as when it was sealed.",
        f"It is one of the {seal['count']} events under root {seal['root']}.",
    ]
    before = seal
    for number, link in enumerate([seal, *proof.get("later", [])]):
        if number and (
            link["number"] != before["number"] + 1
            or link["organization"] != before["organization"]
            or link["previous"] != before["hash"]
        ):
            raise DoesNotHold(f"Seal {link['number']} does not follow seal {before['number']}: the chain is broken.")
        if seal_hash(link) != unhex(link["hash"]):
            raise DoesNotHold(f"Seal {link['number']} was changed: its figures do not give its hash.")
        before = link
    said.append(
        f"Seal {seal['number']} of organization {seal['organization']}, dated {seal['sealed_at']}, gives its hash."
    )
    if before is not seal:
        said.append(f"The chain from seal {seal['number']} to seal {before['number']} has no gap.")
    said.append(f"Hash of seal {before['number']}: {before['hash']}")
    if known_hash is not None:
        if unhex(known_hash.lower()) != unhex(before["hash"]):
            raise DoesNotHold(
                f"The hash you know ({known_hash}) is not the hash of seal {before['number']} ({before['hash']}): "
                "this is another seal, or the history was written again."
            )
        said.append("That is the hash you know from elsewhere.")
    return said


def describe(content: str) -> list[str]:
    """What the event itself says, for the eyes."""
    try:
        values = json.loads(content)
    except ValueError:
        return [content]
    if not isinstance(values, dict):
        return [content]
    return [f"{name}: {json.dumps(values[name], ensure_ascii=False)}" for name in sorted(values)]


def limits(*, hash_known: bool) -> list[str]:
    """What the proof does not show."""
    said = [
        "that what was entered was true: it shows what was recorded, not what happened;",
        "that there are no other events: it speaks of this one alone;",
    ]
    if hash_known:
        said.append("when you got that hash: you hold it from elsewhere, and only from then on it binds.")
    else:
        said.append(
            "that this is the only chain: whoever owns the database could have written another. Compare the hash with "
            "one noted at the time, on paper or in an anchor on a public network (--seal-hash)."
        )
    return said


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check an exported audit proof without server or database.")
    parser.add_argument("proof", help="the JSON file, or - for standard input")
    parser.add_argument("--seal-hash", help="hash of the last seal in the file, known to you from elsewhere")
    options = parser.parse_args(arguments)
    try:
        if options.proof == "-":
            proof = json.load(sys.stdin)
        else:
            with open(options.proof, encoding="utf-8") as file:
                proof = json.load(file)
        said = check(proof, options.seal_hash)
    except DoesNotHold as fault:
        print(f"DOES NOT HOLD. {fault}")
        return 1
    except (OSError, Unreadable) as fault:
        print(f"Cannot be checked. {fault}", file=sys.stderr)
        return 2
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as fault:
        print(f"Cannot be checked. The file is not a complete proof: {type(fault).__name__} {fault}", file=sys.stderr)
        return 2
    print("HOLDS. Checked here, without the server:")
    for sentence in said:
        print(f"  {sentence}")
    print("The event says:")
    for line in describe(proof["event"]["content"]):
        print(f"  {line}")
    print("Not shown by this proof:")
    for sentence in limits(hash_known=options.seal_hash is not None):
        print(f"  {sentence}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
