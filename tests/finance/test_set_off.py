"""A party's two accounts set off; what was open on a past day; tax credit against tax."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.finance.models import OpenItem
from apps.finance.operations import limit_vouchers, post_entry, verify_books
from apps.finance.operations.items import OverAllocated
from apps.finance.operations.set_off import most_to_set_off, set_off
from apps.finance.queries.ageing import Basis, aged_page, aged_total, ageing
from apps.finance.queries.statements import trial_balance
from apps.finance.rules.drafts import ItemKind, OpenItemDraft, Side
from apps.finance.rules.gst_set_off import plan
from apps.finance.rules.posting import Source, credit, debit
from apps.parties.models import Party
from tests import factories
from tests.finance import money
from tests.finance.factories import account, party
from tests.finance.test_payments import Shop, balance, check_tied, open_of, shop  # noqa: F401 - the fixture

D = Decimal
pytestmark = pytest.mark.django_db


def _both(shop: Shop) -> Party:  # noqa: F811
    """The customer sells to us too: 100 and 50 to receive, 120 to pay."""
    Party.objects.filter(pk=shop.customer.pk).update(is_supplier=True)
    post_entry(
        lines=[debit("purchases", D(120)), credit("payables", D(120), party_id=shop.customer.pk)],
        source=Source("test.supply", 1, "S/1"),
        branch=shop.branch,
        on_date=shop.today,
        open_items=[OpenItemDraft(shop.customer.pk, Side.PAYABLE, ItemKind.BILL, "S/1", shop.today, D(-120))],
    )
    return shop.customer


def test_a_set_off_settles_the_oldest_of_both_accounts(shop: Shop) -> None:  # noqa: F811
    old, new = shop.bill("100", days=30), shop.bill("50", days=3)
    who = _both(shop)
    assert most_to_set_off(who.pk) == D(120)
    owner = factories.owner_of(shop.organization)
    made = set_off(party=who, amount=D(110), on_date=shop.today, branch=shop.branch, actor=owner)
    assert open_of(old, new) == [D(0), D(40)]
    assert OpenItem.objects.get(number="S/1").open_amount == D(-10)
    assert (balance("receivables"), balance("payables"), made.state) == (D(40), D(-10), "posted")
    with pytest.raises(OverAllocated, match=r"Only ₹10.00 can be set off: ₹40.00 to receive and ₹10.00 to pay"):
        set_off(party=who, amount=D("10.01"), on_date=shop.today, branch=shop.branch, actor=owner)
    check_tied()
    assert verify_books().fault_count == 0


def test_a_set_off_over_the_limit_waits(shop: Shop) -> None:  # noqa: F811
    bill, who = shop.bill("100"), _both(shop)
    limit_vouchers(limit=D(50))
    clerk = factories.member(shop.organization, role="accountant")
    made = set_off(party=who, amount=D(60), on_date=shop.today, branch=shop.branch, actor=clerk)
    assert (made.state, open_of(bill)) == ("waiting", [D(100)])


def test_a_past_day_shows_what_was_open_then_and_ties_to_its_accounts(shop: Shop) -> None:  # noqa: F811
    earlier = shop.today - dt.timedelta(days=10)

    def bill(number: int, day: dt.date, amount: str, *, dated: int = 0) -> None:
        post_entry(
            lines=[debit("receivables", D(amount), party_id=shop.customer.pk), credit("sales", D(amount))],
            source=Source("test.bill", 900 + number, f"P/{number}"),
            branch=shop.branch,
            on_date=day,
            open_items=[
                OpenItemDraft(
                    shop.customer.pk,
                    Side.RECEIVABLE,
                    ItemKind.BILL,
                    f"P/{number}",
                    day + dt.timedelta(days=21),
                    D(amount),
                    document_on=day - dt.timedelta(days=dated),
                )
            ],
        )

    bill(1, earlier, "100", dated=40)
    bill(2, earlier, "30")
    shop.pay("60", on_date=earlier + dt.timedelta(days=2))
    shop.pay("55")
    bill(3, shop.today, "7")
    for day in (earlier, earlier + dt.timedelta(days=3), shop.today - dt.timedelta(days=1), shop.today):
        total = aged_total(ageing(Side.RECEIVABLE, day)).total
        booked = next(row.closing for row in trial_balance(on=day).rows if row.account.code == "1230")
        assert total == booked, day
    assert aged_total(ageing(Side.RECEIVABLE, earlier)).total == D(130)
    assert aged_total(ageing(Side.RECEIVABLE, earlier + dt.timedelta(days=3))).total == D(70)
    # By the documents' own dates the first bill is forty days old, by its due date it is not late.
    assert ageing(Side.RECEIVABLE, earlier)[0].overdue == 0
    assert ageing(Side.RECEIVABLE, earlier, basis=Basis.DOCUMENT)[0].buckets[3] == D(100)
    page = aged_page(Side.RECEIVABLE, earlier, basis=Basis.DOCUMENT)
    assert (page.count, page.total.total, page.rows[0][1]) == (1, D(130), shop.customer.name)


def test_a_settlement_counts_from_the_day_on_which_both_documents_are_there(shop: Shop) -> None:  # noqa: F811
    advance = shop.pay("40", on_date=shop.today - dt.timedelta(days=5))
    bill = shop.bill("100")
    assert advance.item_id
    from apps.finance.operations import settle
    from apps.finance.operations.items import Pair

    (made,) = settle(pairs=[Pair(advance.item_id, bill.pk, D(40))], on_date=shop.today - dt.timedelta(days=5))
    assert made.on_date == shop.today
    assert aged_total(ageing(Side.RECEIVABLE, shop.today - dt.timedelta(days=1))).total == D(-40)


@pytest.mark.parametrize(
    ("liability", "credit_of", "uses", "to_pay", "carried"),
    [
        # Integrated credit goes first on integrated tax, then where the own credit does not reach.
        (
            {"igst": "100", "cgst": "80", "sgst": "80"},
            {"igst": "150", "cgst": "80", "sgst": "40"},
            [("igst", "igst", "100"), ("igst", "sgst", "40"), ("igst", "cgst", "10"), ("cgst", "cgst", "70"),
             ("sgst", "sgst", "40")],
            {},
            {"cgst": "10"},
        ),
        # Central credit pays central and then integrated tax, never State tax.
        (
            {"igst": "30", "cgst": "50", "sgst": "50"},
            {"cgst": "100"},
            [("cgst", "cgst", "50"), ("cgst", "igst", "30")],
            {"sgst": "50"},
            {"cgst": "20"},
        ),
        ({"cess": "5", "igst": "5"}, {"cess": "9"}, [("cess", "cess", "5")], {"igst": "5"}, {"cess": "4"}),
    ],
)  # fmt: skip
def test_credit_pays_tax_in_the_order_of_the_law(
    liability: dict[str, str],
    credit_of: dict[str, str],
    uses: list[tuple[str, str, str]],
    to_pay: dict[str, str],
    carried: dict[str, str],
) -> None:
    found = plan({k: D(v) for k, v in liability.items()}, {k: D(v) for k, v in credit_of.items()})
    assert sorted((use.credit, use.liability, use.amount) for use in found.uses) == sorted(
        (one, other, D(amount)) for one, other, amount in uses
    )
    assert {k: v for k, v in found.to_pay.items() if v} == {k: D(v) for k, v in to_pay.items()}
    assert {k: v for k, v in found.carried.items() if v} == {k: D(v) for k, v in carried.items()}


def test_pages_of_set_off_past_ageing_gst_and_the_palette(client: Client) -> None:
    organization = factories.organization()
    factories.sign_in(client, factories.owner_of(organization).user)
    with tenant(organization.pk):
        who = party("Clocktower")
        Party.objects.filter(pk=who.pk).update(is_supplier=True, email="accounts@clocktower.example")
        post_entry(
            lines=[
                debit("purchases", D(100)),
                debit("input_cgst", D("2.50")),
                debit("input_sgst", D("2.50")),
                credit("payables", D(105), party_id=who.pk),
            ],
            source=Source("finance.voucher", 555, "S/1"),
            branch=factories.first_branch(organization),
            on_date=timezone.localdate(),
        )
    money.bill(organization, "500.00", days=20, who=who)
    paid = money.receipt(organization, "40.00", who=who)
    base = f"/o/{organization.slug}/"
    told = client.get(f"{base}parties/{who.pk}/set-off/").content.decode()
    assert "₹105.00 of what Clocktower owes" in told
    today = timezone.localdate().isoformat()
    answer = client.post(f"{base}parties/{who.pk}/set-off/", {"amount": "105.01", "on_date": today})
    assert answer.status_code == 422
    assert "Only ₹105.00 can be set off" in answer.content.decode()
    assert client.post(f"{base}parties/{who.pk}/set-off/", {"amount": "105", "on_date": today}).status_code == 302
    page = client.get(f"{base}ageing/?by=document").content.decode()
    assert "355.00" in page
    assert "Over 90 days old" in page
    yesterday = (timezone.localdate() - dt.timedelta(days=1)).isoformat()
    assert "Nothing is open" in client.get(f"{base}ageing/?on={yesterday}").content.decode()
    assert client.get(f"{base}ageing/?on=2999-01-01").status_code == 422
    assert client.get(f"{base}ageing/?export=csv&on={yesterday}").status_code == 200
    assert b"355.00" in b"".join(client.get(f"{base}ageing/?export=csv&by=document").streaming_content)  # type: ignore[attr-defined]
    gst = client.get(f"{base}gst-ledgers/?compare=before").content.decode()
    assert "Input CGST" in gst
    assert "SGST credit carried on" in gst
    assert client.get(f"{base}gst-ledgers/?as=xlsx").status_code == 200
    found = client.get(f"{base}palette/?q={paid.number[:4].lower()}").content.decode()
    assert paid.number[4:] in found


def test_saved_and_sent_the_statement_goes_out_once_the_money_is_in(client: Client) -> None:
    organization = factories.organization()
    factories.sign_in(client, factories.owner_of(organization).user)
    with tenant(organization.pk):
        who = party("Clocktower")
        Party.objects.filter(pk=who.pk).update(email="accounts@clocktower.example")
        branch = factories.first_branch(organization)
        assert account("bank")
    data = {
        "party": who.pk,
        "amount": "40",
        "on_date": timezone.localdate().isoformat(),
        "mode": "upi",
        "branch": branch.pk,
        "reference": "632400001199",
        "allocate": "oldest",
        "idempotency_key": "send-1",
        "send": "1",
    }
    answer = client.post(f"/o/{organization.slug}/receipts/new/", data, follow=True)
    assert "Statement on its way to accounts@clocktower.example" in answer.content.decode()
