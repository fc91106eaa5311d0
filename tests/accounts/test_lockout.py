"""Too many tries: who is stopped, for how long, and what they are told."""

from __future__ import annotations

import re
import time

import pytest

from apps.accounts import lockout
from apps.accounts.models import User
from tests import processes
from tests.accounts.conftest import Visitor, make_person, sign_in

WAIT = re.compile(r"Too many tries\. Wait (\d+) (minute|second)s?, then try again\.")


def test_sixth_try_is_refused_with_the_time_to_wait(client: Visitor, asha: User) -> None:
    for _ in range(5):
        assert not WAIT.search(sign_in(client, asha, "wrong").content.decode())
    page = sign_in(client, asha).content.decode()  # the right password now
    found = WAIT.search(page)
    assert found
    assert found.groups() == ("5", "minute")
    assert "_auth_user_id" not in client.session


def test_the_wait_grows_shorter_and_ends(client: Visitor, asha: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(6):
        sign_in(client, asha, "wrong")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 260)
    found = WAIT.search(sign_in(client, asha).content.decode())
    assert found
    assert found[2] == "second"
    assert 30 < int(found[1]) <= 40
    monkeypatch.setattr(time, "time", lambda: now + 301)
    assert sign_in(client, asha).status_code == 302


def test_others_are_not_stopped(client: Visitor, asha: User) -> None:
    ravi = make_person("ravi@banyan.example", "Ravi")
    for _ in range(6):
        sign_in(client, asha, "wrong")
    assert sign_in(Visitor(), ravi).status_code == 302


def test_unknown_people_are_stopped_alike(client: Visitor) -> None:
    data = {"login": "none@banyan.example", "password": "wrong"}
    for _ in range(5):
        client.post("/accounts/login/", data)
    assert WAIT.search(client.post("/accounts/login/", data).content.decode())


def test_another_address_does_not_help_a_guesser(client: Visitor, asha: User) -> None:
    """X-Forwarded-For is not believed, and the limit per person does not look at addresses at all."""
    for number in range(6):
        page = client.post(
            "/accounts/login/",
            {"login": asha.email, "password": "wrong"},
            headers={"x-forwarded-for": f"203.0.113.{number}"},
            REMOTE_ADDR=f"198.51.100.{number}",
        )
    assert WAIT.search(page.content.decode())


def test_a_forged_header_does_not_widen_the_limit_of_an_address(client: Visitor, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/ip"}
    for number in range(4):
        page = client.post(
            "/accounts/login/",
            {"login": f"{number}@banyan.example", "password": "wrong"},
            headers={"x-forwarded-for": f"203.0.113.{number}"},
        )
    assert WAIT.search(page.content.decode())


def test_behind_a_proxy_the_last_hop_counts(client: Visitor, settings) -> None:
    """nginx appends the address it saw; whatever the client wrote before it is only a claim."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/ip"}

    def try_from(claimed: str, seen: str) -> str:
        page = client.post(
            "/accounts/login/",
            {"login": f"{claimed}@banyan.example", "password": "wrong"},
            headers={"x-forwarded-for": f"{claimed}, {seen}"},
        )
        return str(page.content.decode())

    for number in range(3):
        assert not WAIT.search(try_from(f"203.0.113.{number}", "198.51.100.1"))
    assert WAIT.search(try_from("203.0.113.9", "198.51.100.1"))
    assert not WAIT.search(try_from("203.0.113.9", "198.51.100.2"))


def test_429_is_a_page_of_ours_with_retry_after(client: Visitor, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    client.post("/accounts/signup/", {})
    page = client.post("/accounts/signup/", {})
    text = page.content.decode()
    assert page.status_code == 429
    assert 50 <= int(page.headers["Retry-After"]) <= 60
    assert "Too many tries" in text
    assert f"Wait {lockout.in_words(int(page.headers['Retry-After']))}" in text
    assert "app.css" in text


def test_words_round_up() -> None:
    assert lockout.in_words(1) == "1 second"
    assert lockout.in_words(59) == "59 seconds"
    assert lockout.in_words(60) == "1 minute"
    assert lockout.in_words(61) == "2 minutes"
    assert lockout.too_many_tries(0) == "Too many tries. Wait a minute, then try again."


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_tries_are_counted_across_processes() -> None:
    client = Visitor(SERVER_NAME="localhost")
    asha = make_person("asha@banyan.example", "Asha")
    for _ in range(3):
        sign_in(client, asha, "wrong")
    other = processes.start(
        """
        import sys
        from django.test import Client
        client = Client(SERVER_NAME="localhost")
        for _ in range(2):
            assert client.post("/accounts/login/", {"login": sys.argv[1], "password": "wrong"}).status_code == 200
        """,
        asha.email,
    )
    said, _ = other.communicate(timeout=60)
    assert other.returncode == 0, said
    assert WAIT.search(sign_in(client, asha).content.decode())
