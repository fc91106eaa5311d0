"""Signed-in devices: seen, named, signed out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.utils import timezone

from apps.accounts import operations, queries
from apps.accounts.models import User
from tests.accounts.conftest import Visitor, make_person, sign_in

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
PC = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


@pytest.fixture
def pc(asha: User) -> Visitor:
    client = Visitor(headers={"user-agent": PC}, REMOTE_ADDR="198.51.100.7")
    sign_in(client, asha)
    return client


@pytest.fixture
def phone(asha: User) -> Visitor:
    client = Visitor(headers={"user-agent": PHONE}, REMOTE_ADDR="203.0.113.9")
    sign_in(client, asha)
    return client


def still_in(client: Visitor) -> bool:
    return int(client.get("/accounts/").status_code) == 200


def text_of(client: Visitor) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get("/accounts/sessions/").content.decode()))


def test_list_names_devices_in_words(pc: Visitor, phone: Visitor) -> None:
    text = text_of(pc)
    assert re.search(r"Chrome on Windows This device 198\.51\.100\.7", text)
    assert re.search(r"Safari on iPhone 203\.0\.113\.9", text)
    assert text.index("Chrome on Windows") < text.index("Safari on iPhone")


def test_signing_one_out_works_at_once(pc: Visitor, phone: Visitor, asha: User) -> None:
    other = UserSession.objects.get(ip="203.0.113.9")
    assert pc.post(f"/accounts/sessions/{other.pk}/end/").url == "/accounts/sessions/"
    assert not still_in(phone)
    assert still_in(pc)
    assert "Safari on iPhone" not in text_of(pc)


def test_signing_this_one_out_leads_to_the_entrance(pc: Visitor) -> None:
    here = UserSession.objects.get()
    assert pc.post(f"/accounts/sessions/{here.pk}/end/").url == "/accounts/login/"
    assert not still_in(pc)


def test_signing_all_others_out_keeps_this_one(pc: Visitor, phone: Visitor, asha: User) -> None:
    third = Visitor()
    sign_in(third, asha)
    page = pc.post("/accounts/sessions/", follow=True)
    assert "2 other devices signed out." in page.content.decode()
    assert (still_in(pc), still_in(phone), still_in(third)) == (True, False, False)


def test_nobody_signs_out_somebody_else(pc: Visitor) -> None:
    ravi = Visitor()
    sign_in(ravi, make_person("ravi@banyan.example", "Ravi"))
    theirs = UserSession.objects.exclude(ip="198.51.100.7").get()
    assert pc.post(f"/accounts/sessions/{theirs.pk}/end/").status_code == 404
    pc.post("/accounts/sessions/")
    assert still_in(ravi)


def test_only_a_post_signs_out(pc: Visitor) -> None:
    here = UserSession.objects.get()
    assert pc.get(f"/accounts/sessions/{here.pk}/end/").status_code == 405
    assert still_in(pc)


def test_strangers_see_the_entrance(client: Visitor) -> None:
    assert client.get("/accounts/sessions/").url == "/accounts/login/?next=/accounts/sessions/"
    assert client.post("/accounts/sessions/1/end/").url == "/accounts/login/?next=/accounts/sessions/1/end/"


def test_last_seen_costs_a_write_only_every_five_minutes(pc: Visitor, monkeypatch) -> None:
    pc.get("/accounts/")
    UserSession.objects.update(ip="192.0.2.1")
    pc.get("/accounts/")
    assert UserSession.objects.get().ip == "192.0.2.1"  # too soon
    later = timezone.now() + timedelta(minutes=6)
    monkeypatch.setattr(timezone, "now", lambda: later)
    pc.get("/accounts/")
    seen = UserSession.objects.get()
    assert (seen.ip, seen.last_seen_at) == ("198.51.100.7", later)


def test_sessions_that_ended_by_themselves_are_forgotten(pc: Visitor, phone: Visitor, asha: User) -> None:
    phone.post("/accounts/logout/")
    assert [one.device.system for one in queries.devices_of(asha, pc.session.session_key)] == ["Windows"]


def test_everywhere_at_once(pc: Visitor, phone: Visitor, asha: User) -> None:
    """What an organization calls when it switches a member off."""
    assert operations.end_all_sessions(user_id=asha.pk) == 2
    assert not still_in(pc)
    assert not still_in(phone)
