"""A document by e-mail: sent with its PDF once what caused it is true, and never without."""

from __future__ import annotations

from typing import Any

import pypdfium2
import pytest
from django.core import mail as outgoing
from django.db import transaction

from apps.core.outbox.models import OutboxMessage
from apps.core.paper import mail, pdf
from apps.core.tenancy.context import tenant
from apps.organizations.models import Organization
from tests import factories
from tests.core.paper.conftest import invoice_html

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Kinds of document, forgotten after the test."""
    kinds: dict[str, Any] = {}
    monkeypatch.setattr(mail, "_sources", kinds)
    return kinds


@pytest.fixture
def organization(sources: dict[str, Any]) -> Organization:
    mail.register("test.invoice", lambda key: mail.Document(f"BK/2627/{key:05}", invoice_html(4)) if key == 7 else None)
    return factories.organization()


def post(record: int = 7, **changes: Any) -> None:
    order: dict[str, Any] = {"kind": "test.invoice", "record": record, "to": ["shop@example.com"]}
    order |= {"subject": "Your\nbill", "text": "It is attached.", "reply_to": "us@example.com"}
    mail.post_document(**(order | changes))


def test_a_document_is_sent_with_its_pdf_after_the_commit(organization: Organization) -> None:
    with tenant(organization.pk):
        post()
        assert outgoing.outbox == []
    (message,) = outgoing.outbox
    assert (message.to, message.subject, message.body) == (["shop@example.com"], "Your bill", "It is attached.")
    assert message.reply_to == ["us@example.com"]
    ((name, content, kind),) = message.attachments
    assert (name, kind) == ("BK-2627-00007.pdf", "application/pdf")
    assert "₹1,43,452.00" in pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()


def test_nothing_is_sent_when_the_transaction_is_taken_back(organization: Organization) -> None:
    with tenant(organization.pk), transaction.atomic():
        post()
        transaction.set_rollback(True)
    assert outgoing.outbox == []


def test_a_record_that_is_gone_sends_nothing_and_is_done(organization: Organization) -> None:
    with tenant(organization.pk):
        post(record=8)
    with tenant(organization.pk):
        assert OutboxMessage.objects.get().state == OutboxMessage.State.DONE
    assert outgoing.outbox == []


def test_a_document_that_cannot_be_printed_waits_for_another_try(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "can_print", lambda: False)
    with tenant(organization.pk):
        post()
    with tenant(organization.pk):
        message = OutboxMessage.objects.get()
        assert message.state == OutboxMessage.State.WAITING
        assert "printing engine" in message.last_error
    assert outgoing.outbox == []


def test_another_organization_does_not_see_what_waits(organization: Organization) -> None:
    with tenant(organization.pk):
        post()
    with tenant(factories.organization().pk):
        assert not OutboxMessage.objects.exists()


def test_a_kind_nobody_prints_is_refused_at_once(organization: Organization) -> None:
    with tenant(organization.pk), pytest.raises(LookupError, match="No document"):
        post(kind="test.unknown")


def test_a_kind_has_one_source(sources: dict[str, Any]) -> None:
    def gone(_key: int) -> None:
        return None

    mail.register("test.bill", gone)
    mail.register("test.bill", gone)
    with pytest.raises(ValueError, match="Two kinds"):
        mail.register("test.bill", lambda _key: None)
