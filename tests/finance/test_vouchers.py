"""Vouchers: what each kind asks for, drafts, approval over a limit, reversal, and the page they are typed on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.core.tenancy.context import tenant
from apps.finance.models import Account, BookSettings, JournalEntry, OpenItem, Voucher, VoucherLine
from apps.finance.operations import (
    delete_draft,
    lock_period,
    post_voucher,
    reverse_voucher,
    save_voucher,
    send_back_voucher,
    verify_books,
)
from apps.finance.operations.vouchers import DraftLine, VoucherRefused
from apps.finance.refusals import EmptyEntry, PeriodLocked, Unbalanced
from apps.finance.rules.chart import Nature
from apps.finance.rules.vouchers import Fault, VoucherKind, VoucherPart, fault_of, proposed
from apps.organizations.models import Organization
from tests import factories
from tests.finance.factories import account, party, voucher

D = Decimal
pytestmark = pytest.mark.django_db
CASH, BANK, RENT, OWED = Nature.CASH, Nature.BANK, Nature.GENERAL, Nature.RECEIVABLES


@pytest.fixture
def organization(db: None) -> Organization:
    return factories.organization()


def part(nature: Nature, amount: int) -> VoucherPart:
    """A debit, or with a minus a credit."""
    return VoucherPart(nature, D(max(amount, 0)), D(max(-amount, 0)))


@pytest.mark.parametrize(
    ("kind", "parts", "fault"),
    [
        (VoucherKind.PAYMENT, [(RENT, 5), (CASH, -5)], None),
        (VoucherKind.PAYMENT, [(CASH, 5), (RENT, -5)], Fault.NEEDS_MONEY_CREDITED),
        (VoucherKind.RECEIPT, [(BANK, 5), (OWED, -5)], None),
        (VoucherKind.RECEIPT, [(RENT, 5), (OWED, -5)], Fault.NEEDS_MONEY_DEBITED),
        (VoucherKind.CONTRA, [(BANK, 5), (CASH, -5)], None),
        (VoucherKind.CONTRA, [(BANK, 5), (RENT, -5)], Fault.ONLY_MONEY),
        (VoucherKind.JOURNAL, [(RENT, 5), (OWED, -5)], None),
        (VoucherKind.JOURNAL, [(RENT, 5), (CASH, -5)], Fault.NO_MONEY),
        (VoucherKind.DEBIT_NOTE, [(OWED, 5), (RENT, -5)], None),
        (VoucherKind.DEBIT_NOTE, [(RENT, 5), (OWED, -5)], Fault.NEEDS_PARTY_DEBITED),
        (VoucherKind.CREDIT_NOTE, [(RENT, 5), (OWED, -5)], None),
        (VoucherKind.CREDIT_NOTE, [(OWED, 5), (RENT, -5)], Fault.NEEDS_PARTY_CREDITED),
    ],
)
def test_each_kind_asks_for_its_accounts(
    kind: VoucherKind, parts: list[tuple[Nature, int]], fault: Fault | None
) -> None:
    assert fault_of(kind, [part(*one) for one in parts]) is fault


def test_the_missing_amount_is_proposed() -> None:
    assert proposed([(D(7), D(0)), (D(0), D(3))]) == (D(0), D(4))
    assert proposed([(D(0), D(3))]) == (D(3), D(0))
    assert proposed([]) == (D(0), D(0))


def test_a_voucher_gets_its_number_when_it_is_posted(organization: Organization) -> None:
    draft, posted = voucher(organization), voucher(organization, state="posted")
    with tenant(organization.pk):
        assert (draft.number, posted.state) == ("", "posted")
        assert posted.number.endswith("/00001")
        entry = JournalEntry.objects.get(source_kind="finance.voucher", source_id=posted.pk)
        assert (entry.number, entry.amount, entry.narration) == (posted.number, D(500), "Rent")
        assert entry.person_id is None or entry.person_id == posted.made_by_id
        assert verify_books().fault_count == 0


@pytest.mark.parametrize(
    ("amounts", "refusal", "words"),
    [
        ((0, 0), EmptyEntry, "no amounts"),
        ((500, 300), Unbalanced, "₹200.00 credit is missing"),
    ],
)
def test_what_is_off_is_named_and_the_draft_stays(
    organization: Organization, amounts: tuple[int, int], refusal: type[Exception], words: str
) -> None:
    owner = factories.owner_of(organization)
    with tenant(organization.pk):
        made = voucher(organization)
        for line, amount in zip(VoucherLine.objects.order_by("position"), amounts, strict=True):
            VoucherLine.objects.filter(pk=line.pk).update(
                debit=amount if line.debit else 0, credit=amount if line.credit else 0
            )
        with pytest.raises(refusal, match=words):
            post_voucher(voucher=made, actor=owner)
        assert Voucher.objects.get().state == "draft"
        assert not JournalEntry.objects.exists()


def test_a_line_without_an_account_is_named(organization: Organization) -> None:
    owner = factories.owner_of(organization)
    with tenant(organization.pk):
        made = save_voucher(
            kind="journal",
            branch=factories.first_branch(organization),
            on_date=timezone.localdate(),
            lines=[DraftLine(debit=D(5)), DraftLine(account("sales").pk, credit=D(5))],
            actor=owner,
        )
        with pytest.raises(VoucherRefused, match=r"Line 1 has ₹5.00 and no account"):
            post_voucher(voucher=made, actor=owner)


def test_over_the_limit_it_waits_for_approval(organization: Organization) -> None:
    clerk = factories.member(organization, "accountant")
    with tenant(organization.pk):
        BookSettings.objects.create(approval_limit=D(400))
        made = post_voucher(voucher=voucher(organization), actor=clerk)
        assert (made.state, made.number) == ("waiting", "")
        assert not JournalEntry.objects.exists()
        made = send_back_voucher(voucher=made)
        assert made.state == "draft"
        with pytest.raises(VoucherRefused, match="does not wait"):
            send_back_voucher(voucher=made)
        made = post_voucher(voucher=made, actor=clerk)
        manager = factories.owner_of(organization)
        made = post_voucher(voucher=made, actor=manager)
        assert (made.state, made.approved_by_id) == ("posted", manager.user_id)
        assert post_voucher(voucher=voucher(organization, amount=400), actor=clerk).state == "posted"


def test_a_posted_voucher_is_reversed_not_edited(organization: Organization) -> None:
    owner = factories.owner_of(organization)
    with tenant(organization.pk):
        made = voucher(organization, state="posted")
        for change in (
            lambda: delete_draft(voucher=made),
            lambda: post_voucher(voucher=made, actor=owner),
            lambda: save_voucher(
                voucher=made, kind="payment", branch=made.branch, on_date=made.on_date, lines=[], actor=owner
            ),
        ):
            with pytest.raises(VoucherRefused, match="Reverse it"):
                change()
        with pytest.raises(VoucherRefused, match="Say why"):
            reverse_voucher(voucher=made, on_date=made.on_date, reason="", actor=owner)
        undone = reverse_voucher(voucher=made, on_date=made.on_date, reason="Twice", actor=owner)
        assert (undone.state, undone.number) == ("reversed", made.number)
        assert JournalEntry.objects.count() == 2
        with pytest.raises(VoucherRefused, match="nothing to reverse"):
            reverse_voucher(voucher=made, on_date=made.on_date, reason="Twice", actor=owner)
        assert verify_books().fault_count == 0


def test_a_voucher_on_a_party_opens_an_item(organization: Organization) -> None:
    owner = factories.owner_of(organization)
    with tenant(organization.pk):
        debtor = party()
        made = save_voucher(
            kind="debit_note",
            branch=factories.first_branch(organization),
            on_date=timezone.localdate(),
            lines=[
                DraftLine(account("receivables").pk, debtor.pk, debit=D(90)),
                DraftLine(account("charges_recovered").pk, credit=D(90)),
            ],
            actor=owner,
        )
        post_voucher(voucher=made, actor=owner)
        assert OpenItem.objects.get(party=debtor).amount == D(90)
        assert verify_books().fault_count == 0


def test_a_clerk_does_not_post_over_a_soft_lock(organization: Organization) -> None:
    today = timezone.localdate()
    manager, owner = factories.member(organization, "manager"), factories.owner_of(organization)
    with tenant(organization.pk):
        lock_period(module="journal", locked_to=today, reason="Return filed")
        made = voucher(organization)
        with pytest.raises(PeriodLocked, match="Return filed"):
            post_voucher(voucher=made, actor=manager)
        assert post_voucher(voucher=made, actor=owner).state == "posted"


# ---- the page ----


def _typed(organization: Organization, **given: str) -> dict[str, Any]:
    with tenant(organization.pk):
        branch = factories.first_branch(organization).pk
    return {
        "kind": "payment",
        "on_date": timezone.localdate().isoformat(),
        "branch": branch,
        "narration": "Rent for the godown",
        "key-0": "",
        "account-0": "rent",
        "debit-0": "12,500.50",
        "credit-0": "",
        "narration-0": "",
        "key-1": "",
        "account-1": "1240",
        "debit-1": "",
        "credit-1": "12500.50",
        "narration-1": "",
        **given,
    }


@pytest.fixture
def page(organization: Organization, client: Client) -> str:
    factories.sign_in(client, factories.owner_of(organization).user)
    return f"/o/{organization.slug}/vouchers/"


def test_a_voucher_is_typed_by_names_and_codes(organization: Organization, client: Client, page: str) -> None:
    answer = client.post(f"{page}new/", _typed(organization, action="post"))
    assert answer.status_code == 302
    with tenant(organization.pk):
        made = Voucher.objects.get()
        assert (made.state, made.amount, made.narration) == ("posted", D("12500.50"), "Rent for the godown")
        assert made.made_by == factories.owner_of(organization).user
        assert JournalEntry.objects.get().person == made.made_by
    again = client.get(f"{page}new/?kind=payment").content.decode()
    assert "Rent for the godown" in again  # proposed as a narration
    assert 'value="Cash in hand"' in again  # and the account the money left


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"account-0": "No such thing"}, "No account or party is called No such thing"),
        ({"debit-0": "twelve"}, "twelve is no amount"),
        ({"debit-0": "-4"}, "no minus"),
        ({"debit-0": "5", "credit-0": "5"}, "is a debit or a credit"),
        ({"debit-0": "99"}, "₹12,401.50 debit is missing"),
        ({"account-1": "Sales"}, "A payment credits cash or bank"),
        ({"on_date": "2001-01-01"}, "no financial year"),
    ],
)
def test_the_page_names_what_is_off_and_keeps_what_was_typed(
    organization: Organization, client: Client, page: str, given: dict[str, str], words: str
) -> None:
    answer = client.post(f"{page}new/", _typed(organization, action="post", **given))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert words in shown
    assert "Rent for the godown" in shown
    with tenant(organization.pk):
        assert not JournalEntry.objects.exists()


def test_a_draft_is_kept_while_it_is_typed(organization: Organization, client: Client, page: str) -> None:
    first = client.post(f"{page}new/", _typed(organization, action="keep", **{"account-1": ""}))
    assert "Draft kept" in first.content.decode()
    with tenant(organization.pk):
        draft = Voucher.objects.get()
    client.post(f"{page}new/", _typed(organization, action="keep", voucher=str(draft.pk)))
    with tenant(organization.pk):
        assert Voucher.objects.count() == 1
        assert [line.account.name for line in draft.lines.order_by("position")] == ["Rent", "Cash in hand"]
    assert "12500.50" in client.get(f"{page}{draft.pk}/edit/").content.decode()


def test_the_picker_finds_accounts_and_parties_by_letters(
    organization: Organization, client: Client, page: str
) -> None:
    with tenant(organization.pk):
        debtor = party("Rentokil Stores")
    shown = client.get(f"{page}pick/?q=rent").content.decode()
    assert 'data-name="Rent"' in shown
    assert f'data-key="p{debtor.pk}r"' in shown
    assert "Receivables from customers" not in client.get(f"{page}pick/?q=receiv").content.decode()
    with tenant(organization.pk):
        rent = Account.objects.get(code="5600")
    typed = {"account-0": debtor.name, "key-0": f"p{debtor.pk}r", "account-1": rent.name, "key-1": f"a{rent.pk}"}
    client.post(f"{page}new/", _typed(organization, action="post", **typed | {"kind": "journal"}))
    with tenant(organization.pk):
        assert Voucher.objects.get().lines.get(position=1).party == debtor
