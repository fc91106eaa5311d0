"""Whatever is sold: books balance, taxes tie to the bill, and every unit is accounted for."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.finance.rules.gst import Determination, Levy, Reason
from apps.finance.rules.posting import difference
from apps.finance.rules.rounding import paise
from apps.sales.rules.amounts import Part, foot_of, gross_of, share_out, taxed
from apps.sales.rules.posting import Recipient, Supplied, cost_of, posting_lines, tax_lines

LEVIES = st.sampled_from(list(Levy))
PERCENT = st.decimals(0, 100, places=2)
PARTS = st.lists(
    st.builds(
        Part,
        quantity=st.integers(0, 5_000),
        rate=st.decimals(0, 50_000, places=4),
        discount=PERCENT,
        tax_rate=st.sampled_from([Decimal(0), Decimal(5), Decimal(18), Decimal(40)]),
    ),
    min_size=1,
    max_size=40,
)


# A machine that is busy makes slow lists; they are no less random.
@given(parts=PARTS, levy=LEVIES, bill_discount=PERCENT, cost=st.decimals(0, 1_000, places=4))
def test_books_balance_and_tax_ties(parts: list[Part], levy: Levy, bill_discount: Decimal, cost: Decimal) -> None:
    taxes = taxed(parts, levy, bill_discount)
    foot = foot_of((gross_of(part.quantity, part.rate) for part in parts), taxes)
    assert foot.gross - foot.discount == foot.taxable
    assert foot.taxable + foot.tax + foot.round_off == foot.total == foot.total.to_integral_value()
    assert abs(foot.round_off) <= Decimal("0.50")
    supplied = [
        Supplied("3004", "NOS", part.tax_rate, part.quantity, 1, tax, cost)
        for part, tax in zip(parts, taxes, strict=True)
    ]
    assert difference(posting_lines(foot, cost_of(supplied), levy)) == 0
    drafts = tax_lines(
        supplied,
        number="X/1",
        document_kind="INV",
        total=foot.total,
        recipient=Recipient(1, "", ""),
        determination=Determination(levy, Reason.WITHIN_STATE, "27"),
    )
    assert sum(draft.tax.taxable for draft in drafts) == foot.taxable
    assert sum(draft.tax.tax for draft in drafts) == foot.tax
    if levy is not Levy.NONE:
        for draft in drafts:
            # Half the rate each, so each half is right to the paisa and both are equal.
            share = draft.rate if levy is Levy.INTER else draft.rate / 2
            one = draft.tax.igst if levy is Levy.INTER else draft.tax.cgst
            assert abs(one - paise(draft.tax.taxable * share / 100)) <= Decimal("0.01")


@given(taken=st.lists(st.integers(1, 500), min_size=1, max_size=8), data=st.data())
def test_paid_and_free_come_to_what_was_taken(taken: list[int], data: st.DataObject) -> None:
    free = data.draw(st.integers(0, sum(taken)))
    shares = share_out(sum(taken) - free, free, taken)
    assert [paid + given_free for paid, given_free in shares] == taken
    assert sum(given_free for _paid, given_free in shares) == free
