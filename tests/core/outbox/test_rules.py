"""Waiting times between attempts."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.outbox.rules import MOST_ATTEMPTS, wait_after


def test_the_first_wait_is_half_a_minute() -> None:
    assert wait_after(1) == dt.timedelta(seconds=30)


def test_it_gives_up() -> None:
    assert wait_after(MOST_ATTEMPTS) is None


def test_no_attempt_no_wait() -> None:
    with pytest.raises(ValueError, match="after an attempt"):
        wait_after(0)


@given(st.integers(1, MOST_ATTEMPTS - 2))
def test_waits_never_shrink(attempts: int) -> None:
    earlier, later = wait_after(attempts), wait_after(attempts + 1)
    assert earlier is not None
    assert later is not None
    assert earlier <= later <= dt.timedelta(hours=6)
