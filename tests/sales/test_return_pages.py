"""Pages of returns: found by scanning, filled line by line, posted, printed, sent."""

from __future__ import annotations

import pypdfium2
import pytest
from django.core import mail

from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from apps.sales.models import Bill, PrintedCopy, SalesReturn, SalesReturnLine
from apps.sales.operations import post_return
from tests import factories
from tests.organizations.desk import Desk as Browser
from tests.organizations.desk import text_of
from tests.sales.posted import posted_bill
from tests.sales.shop import Desk

pytestmark = pytest.mark.django_db(transaction=True)


class Shop:
    """A business with a posted bill of 10 + 1, and its owner at the pages."""

    def __init__(self) -> None:
        self.organization: Organization = factories.organization("Banyan & Kite")
        with tenant(self.organization.pk):
            self.desk = Desk(self.organization)
            self.batch = self.desk.stocked(100, number="AC-97")
            self.bill: Bill = posted_bill(self.desk, (self.desk.product, 10, 1))
        self.owner = Browser(self.organization, self.desk.biller.user)

    def begin(self) -> str:
        """A new return of the customer; its address."""
        day = self.bill.on_date
        answer = self.owner.client.post(
            f"{self.owner.base}sales-returns/new/",
            {"party": self.desk.customer.pk, "branch": self.desk.branch.pk, "on_date": day.isoformat(), "note": ""},
        )
        assert answer.status_code == 302, answer.content.decode()
        return str(answer.headers["Location"])

    def do(self, address: str, **data: object) -> tuple[int, str]:
        answer = self.owner.client.post(address, data, headers={"HX-Request": "true"})
        return answer.status_code, text_of(answer)


@pytest.fixture
def shop(transactional_db: None) -> Shop:
    return Shop()


def test_scan_post_print_and_send(shop: Shop) -> None:
    assert "Lotus Medicals" in text_of(shop.owner.get("sales-returns/new/", q="lotus"))
    address = shop.begin()
    for _scan in range(2):
        status, text = shop.do(address, do="scan", code="AC-97", reason="saleable")
        assert status == 200
    assert shop.bill.number in text
    with tenant(shop.organization.pk):
        line = SalesReturnLine.objects.get()
        assert line.quantity == 2
    status, _text = shop.do(address, do="set", pick=line.pick_id, quantity="5", reason="saleable")
    assert status == 200
    status, text = shop.do(address, do="set", pick=line.pick_id, quantity="12", reason="saleable")
    assert (status, "Only 11 of AC-97" in text) == (422, True)
    status, text = shop.do(address, do="scan", code="NOBODY", reason="saleable")
    assert (status, "Nothing of “NOBODY” was sold to Lotus Medicals" in text) == (422, True)
    shop.do(address, do="post")
    with tenant(shop.organization.pk):
        note = SalesReturn.objects.get()
        assert (note.state, note.total) == ("posted", 336)
    page = text_of(shop.owner.get(f"sales-returns/{note.pk}/"))
    assert note.number in page
    assert "₹336.00" in page
    printed = text_of(shop.owner.get(f"sales-returns/{note.pk}/print/"))
    for words in ("CREDIT NOTE", "Against bill", shop.bill.number, "Original for recipient", "AC-97"):
        assert words in printed
    answer = shop.owner.client.post(f"{shop.owner.base}sales-returns/{note.pk}/send/", {"email": "shop@example.com"})
    assert answer.status_code == 302
    (message,) = mail.outbox
    assert message.subject == f"{note.number} from Banyan & Kite"
    ((name, content, _kind),) = message.attachments
    assert name == f"{note.number.replace('/', '-')}.pdf"
    assert "CREDIT NOTE" in pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()
    assert "Reprint 1" in text_of(shop.owner.get(f"sales-returns/{note.pk}/print/")), "the customer has the original"


def test_a_draft_is_thrown_away_and_has_no_paper(shop: Shop) -> None:
    shop.begin()
    with tenant(shop.organization.pk):
        key = SalesReturn.objects.get().pk
    assert shop.owner.get(f"sales-returns/{key}/print/").status_code == 404
    assert shop.owner.client.post(f"{shop.owner.base}sales-returns/{key}/discard/").status_code == 302
    with tenant(shop.organization.pk):
        assert not SalesReturn.objects.exists()


def test_a_bill_goes_out_in_copies_and_the_second_says_so(shop: Shop) -> None:
    address = f"bills/{shop.bill.pk}/print/"
    page = text_of(shop.owner.get(address))
    for words in ("TAX INVOICE", shop.bill.number, "Original for recipient", "Lotus Medicals", "AC-97"):
        assert words in page
    assert "Reprint" not in page
    assert shop.owner.client.post(f"{shop.owner.base}{address}?copy=original").status_code == 204
    assert "Reprint 1" in text_of(shop.owner.get(address))
    other = text_of(shop.owner.get(address, copy="duplicate"))
    assert "Duplicate for transporter" in other
    assert "Reprint" not in other, "each copy is counted for itself"
    answer = shop.owner.client.get(f"{shop.owner.base}{address}?copy=duplicate&as=pdf&paper=a5")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()
    assert "Duplicate for transporter" in text
    assert "Reprint" not in text
    assert "Reprint 1" in text_of(shop.owner.get(address, copy="duplicate"))
    with tenant(shop.organization.pk):
        assert [(one.copy, one.way) for one in PrintedCopy.objects.all()] == [
            ("original", "print"),
            ("duplicate", "pdf"),
        ]


def test_a_bill_says_for_good_what_was_true_when_it_was_posted(shop: Shop) -> None:
    with tenant(shop.organization.pk):
        customer = shop.desk.customer
        customer.name = "Renamed Medicals"
        customer.save()
        branch = shop.desk.branch
        branch.address, branch.bank_account, branch.bank_name = "New Road 1", "123456789", "New Bank"
        branch.save()
    page = text_of(shop.owner.get(f"bills/{shop.bill.pk}/print/"))
    assert "Lotus Medicals" in page
    assert "12 Laxmi Road" in page
    assert "Renamed" not in page
    assert "New Bank" in page, "it is paid to the present account"


def test_home_and_palette_know_what_was_sold(shop: Shop) -> None:
    number = shop.bill.number
    found = shop.owner.fragment("palette/", q=f"#{number}")
    assert number in found
    assert "Lotus Medicals" in shop.owner.fragment("palette/", q=f"#{number[:5]}")
    assert "Moving now" in text_of(shop.owner.get(""))


def test_somebody_who_may_not_take_goods_back_only_looks(shop: Shop) -> None:
    address = shop.begin()
    accountant = factories.member(shop.organization, "accountant")
    other = Browser(shop.organization, accountant.user)
    answer = other.client.post(address, {"do": "scan", "code": "AC-97"})
    assert answer.status_code == 422
    with tenant(shop.organization.pk):
        assert not SalesReturnLine.objects.exists()
        note = SalesReturn.objects.get()
    assert other.get(f"sales-returns/{note.pk}/").status_code == 200
    assert other.get("sales-returns/new/").status_code == 403
    with tenant(shop.organization.pk), pytest.raises(Exception, match="nothing on this return"):
        post_return(return_id=note.pk, actor=shop.desk.biller)
