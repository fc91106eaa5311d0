"""Deliveries that did not get through are seen by the owner and tried again by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.outbox import registry
from apps.core.outbox.models import OutboxMessage
from apps.core.outbox.registry import Fact
from apps.core.tenancy.context import tenant
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_dead_letter_is_seen_and_sent_by_hand(outbox_handlers: dict[str, Any]) -> None:
    sent: list[Fact] = []
    registry.register("bill.posted", "tell_buyer", sent.append, label="Bill by e-mail")
    organization = factories.organization()
    client = Client()
    client.force_login(factories.owner_of(organization).user)
    with tenant(organization.pk):
        letter = OutboxMessage.objects.create(
            topic="bill.posted", handler="tell_buyer", state=OutboxMessage.State.DEAD, last_error="no mail server"
        )

    def page(name: str, **kwargs: Any) -> str:
        return reverse(name, kwargs={"organization": organization.slug, **kwargs})

    assert "1 delivery did not get through" in client.get(page("ui:home")).content.decode()
    listed = client.get(page("outbox:outboxmessage_list"), {"state": "dead"}).content.decode()
    assert "Bill by e-mail" in listed
    assert "no mail server" in listed
    detail = client.get(page("outbox:outboxmessage_detail", pk=letter.pk)).content.decode()
    assert page("outbox:outboxmessage_retry", pk=letter.pk) in detail
    assert client.post(page("outbox:outboxmessage_retry", pk=letter.pk)).status_code == 302
    assert [fact.key for fact in sent] == [letter.pk]
    with tenant(organization.pk):
        letter.refresh_from_db()
        assert letter.state == OutboxMessage.State.DONE
    assert client.post(page("outbox:outboxmessage_retry", pk=letter.pk)).status_code == 404
    assert "did not get through" not in client.get(page("ui:home")).content.decode()


def test_a_biller_does_not_see_deliveries() -> None:
    organization = factories.organization()
    client = Client()
    client.force_login(factories.member(organization, "biller").user)
    address = reverse("outbox:outboxmessage_list", kwargs={"organization": organization.slug})
    assert client.get(address).status_code == 403
