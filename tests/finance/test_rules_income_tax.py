"""Tax deducted at source and limits of cash: what the rules say, without a database."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps.finance.rules.cash_limits import CashWay, seed_cash_rules
from apps.finance.rules.certainty import Certainty
from apps.finance.rules.tariff import seed_rates
from apps.finance.rules.withholding import NEW_ACT, TdsRate, deduct, payee_rate, seed_tds_rates

D = Decimal
COMPANY, PERSON = "AAACP1234F", "AAAPP1234F"


def rate(code: str) -> TdsRate:
    """The seeded rate of the nature under the Act of 2025."""
    return next(seed.rate for seed in seed_tds_rates() if seed.rate.code == code and seed.first == NEW_ACT)


def test_the_fourth_letter_of_the_pan_says_who_is_paid() -> None:
    contract = rate("contract")
    assert [payee_rate(contract, pan) for pan in (COMPANY, PERSON, "")] == [D(2), D(1), D(20)]


@pytest.mark.parametrize(
    ("amount", "before", "taxed", "base", "tax"),
    [
        # Neither the single limit of 30,000 nor the year's of 1,00,000 is passed.
        ("30000", "0", "0", "0", "0"),
        # One payment over the single limit is taxed by itself.
        ("30001", "0", "0", "30001", "600"),
        # The year's limit is passed: what was not taxed before is taxed now.
        ("25000", "80000", "0", "105000", "2100"),
        ("25000", "80000", "40000", "65000", "1300"),
    ],
)
def test_a_contract_is_taxed_once_a_limit_is_passed(amount: str, before: str, taxed: str, base: str, tax: str) -> None:
    found = deduct(rate("contract"), D(amount), pan=COMPANY, before=D(before), taxed_before=D(taxed))
    assert (found.base, found.tax, found.section) == (D(base), D(tax), "393(1) 6(i)")


def test_of_goods_only_what_is_over_fifty_lakh_in_the_year_is_taxed() -> None:
    goods = rate("goods")
    assert deduct(goods, D(10_00_000), pan=COMPANY, before=D(30_00_000)).tax == 0
    crossing = deduct(goods, D(10_00_000), pan=COMPANY, before=D(45_00_000))
    assert (crossing.base, crossing.tax) == (D(5_00_000), D(500))
    beyond = deduct(goods, D(10_00_000), pan=COMPANY, before=D(60_00_000))
    assert (beyond.base, beyond.tax) == (D(10_00_000), D(1000))
    assert deduct(goods, D(10_00_000), pan="", before=D(60_00_000)).tax == D(50_000)


def test_two_lakh_received_are_too_much_and_ten_thousand_paid_are_not() -> None:
    rules = {seed.rule.way: seed.rule for seed in seed_cash_rules() if seed.last is None}
    receipt, payment = rules[CashWay.RECEIPT], rules[CashWay.PAYMENT]
    assert [receipt.broken_by(D(total)) for total in ("199999.99", "200000")] == [False, True]
    assert [payment.broken_by(D(total)) for total in ("10000", "10000.01")] == [False, True]
    assert (receipt.section, payment.section) == ("186", "36(4)")


def test_no_seeded_rate_claims_to_be_looked_up() -> None:
    known = {row.prefix: row.certainty for row in seed_rates()}
    assert Certainty.CHECKED not in known.values()
    assert {known[prefix] for prefix in ("9025", "9027", "300660")} == {Certainty.TRADE}
    assert known["3004"] is Certainty.PUBLISHED
