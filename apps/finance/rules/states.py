"""Which state may follow which. The database holds to it."""

from __future__ import annotations

from collections.abc import Mapping

VOUCHER: Mapping[str, tuple[str, ...]] = {
    "draft": ("waiting", "posted"),
    "waiting": ("draft", "posted"),
    "posted": ("reversed",),
    "reversed": (),
}
PAYMENT: Mapping[str, tuple[str, ...]] = {
    "waiting": ("posted", "undone"),
    "posted": ("bounced", "undone"),
    # The same cheque goes to the bank once more.
    "bounced": ("posted",),
    "undone": (),
}
CHEQUE: Mapping[str, tuple[str, ...]] = {
    "waiting": ("presented", "returned"),
    "held": ("presented", "returned"),
    "presented": ("cleared", "bounced", "returned"),
    # A bank returns even what it has paid.
    "cleared": ("bounced", "returned"),
    "bounced": ("presented",),
    "returned": (),
}
YEAR: Mapping[str, tuple[str, ...]] = {"open": ("closed",), "closed": ("open",)}


def transitions(moves: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Every allowed move as a pair."""
    return [(before, after) for before, ends in moves.items() for after in ends]
