"""Where mails go, and what they say."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from ineat.settings.people import outgoing_mail


def test_address_with_tls_from_the_first_byte() -> None:
    found = outgoing_mail("smtps://erp%40banyan.example:p%3A%2Fw@mail.banyan.example")
    assert found["EMAIL_HOST"] == "mail.banyan.example"
    assert found["EMAIL_PORT"] == 465
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("erp@banyan.example", "p:/w")
    assert (found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (True, False)
    assert found["EMAIL_TIMEOUT"] == 10


def test_address_with_starttls_and_port() -> None:
    found = outgoing_mail("smtp+tls://mail.banyan.example:2587?timeout=3")
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_TIMEOUT"]) == (2587, True, 3)


def test_plain_relay_next_door() -> None:
    found = outgoing_mail("smtp://localhost")
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (25, False, False)


def test_without_an_address_mails_are_printed_and_a_deployment_is_warned(settings) -> None:
    settings.EMAIL_BACKEND = outgoing_mail("")["EMAIL_BACKEND"]
    assert "accounts.W001" in {found.id for found in run_checks(tags=["security"], include_deployment_checks=True)}
    settings.EMAIL_BACKEND = outgoing_mail("smtp://localhost")["EMAIL_BACKEND"]
    assert "accounts.W001" not in {found.id for found in run_checks(tags=["security"], include_deployment_checks=True)}


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        outgoing_mail(url)
