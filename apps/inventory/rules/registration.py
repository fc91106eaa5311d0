"""When two branches are two persons to the tax."""

from __future__ import annotations


def registered_apart(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether goods that go from the one to the other are a supply although nothing is paid.

    CGST Act, s.25(4) and (5): registrations of one person are distinct persons, and so is an establishment in another
    State than the registered one. Schedule I (2): what goes between distinct persons is a supply.

    Args:
        one, other: GSTIN ("" for none) and State code of each branch.
    """
    (gstin, state), (other_gstin, other_state) = one, other
    if gstin and other_gstin:
        return gstin != other_gstin
    return bool(gstin or other_gstin) and state != other_state
