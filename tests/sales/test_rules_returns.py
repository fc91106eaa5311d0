"""What of a sale a return takes back, by which document, and until when."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.finance.rules.gst import Tax
from apps.sales.rules.returns import NoteKind, credit_for, gst_note_until, note_kind


@pytest.mark.parametrize(
    ("supplied", "until"),
    [
        (dt.date(2026, 4, 1), dt.date(2027, 11, 30)),
        (dt.date(2027, 3, 31), dt.date(2027, 11, 30)),
        (dt.date(2026, 3, 31), dt.date(2026, 11, 30)),
    ],
)
def test_tax_is_adjusted_until_30_november_after_the_year(supplied: dt.date, until: dt.date) -> None:
    assert gst_note_until(supplied) == until
    assert note_kind(supplied, until) is NoteKind.GST
    assert note_kind(supplied, until + dt.timedelta(days=1)) is NoteKind.COMMERCIAL


def test_free_goods_come_back_in_the_proportion_in_which_they_were_given() -> None:
    sold = Tax(Decimal("800.00"), cgst=Decimal("20.00"), sgst=Decimal("20.00"))
    whole = credit_for(quantity=10, free=1, sold=sold, before=0, now=11)
    assert (whole.free, whole.tax) == (1, sold)
    five = credit_for(quantity=10, free=1, sold=sold, before=0, now=5)
    assert (five.free, five.tax.taxable, five.tax.cgst) == (1, Decimal("320.00"), Decimal("8.00"))


def test_no_more_comes_back_than_was_sold() -> None:
    for before, now in ((0, 12), (11, 1), (5, 7), (0, 0)):
        with pytest.raises(ValueError, match="cannot come back"):
            credit_for(quantity=10, free=1, sold=Tax(Decimal(1)), before=before, now=now)


_money = st.decimals(0, 10**6, places=2)


@given(st.integers(0, 400), st.integers(0, 60), _money, _money, _money, st.data())
def test_whatever_comes_back_piecemeal_adds_up_to_what_was_sold(
    quantity: int, free: int, taxable: Decimal, state: Decimal, inter: Decimal, data: st.DataObject
) -> None:
    if quantity + free == 0:
        return
    if quantity == 0:
        taxable = state = inter = Decimal("0.00")
    sold = Tax(taxable, cgst=state, sgst=state, igst=inter)
    before, parts = 0, []
    while before < quantity + free:
        now = data.draw(st.integers(1, quantity + free - before))
        parts.append(credit_for(quantity=quantity, free=free, sold=sold, before=before, now=now))
        before += now
    assert sum(part.free for part in parts) == free
    for name in ("taxable", "cgst", "sgst", "igst"):
        amounts = [getattr(part.tax, name) for part in parts]
        assert sum(amounts) == getattr(sold, name)
        assert min(amounts) >= 0
