"""The demo's people: one click in demo mode, and nothing at all elsewhere."""

from __future__ import annotations

import pytest

from apps.accounts import demo
from apps.accounts.models import User
from tests.accounts.conftest import PASSWORD, Visitor, make_person


@pytest.fixture
def meera(db) -> User:
    return make_person("meera@banyankite.example", "Meera Iyer", None)


@pytest.fixture
def _demo(settings, monkeypatch) -> None:
    settings.DEMO = True
    monkeypatch.setattr(demo, "_notes", [])


@pytest.fixture
def _notes(_demo) -> None:
    demo.add_notes(lambda ids: dict.fromkeys(ids, "Biller"))


@pytest.mark.usefixtures("_demo", "_notes")
def test_entrance_offers_them_with_their_role(client: Visitor, meera: User, asha: User) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert f'action="/accounts/demo/{meera.pk}/"' in page
    assert "Meera Iyer" in page
    assert "Biller" in page
    assert f"/accounts/demo/{asha.pk}/" not in page


@pytest.mark.usefixtures("_demo")
def test_somebody_nobody_knows_is_left_out(client: Visitor, meera: User, monkeypatch) -> None:
    monkeypatch.setattr(demo, "_notes", [lambda ids: {}])
    assert "Meera" not in client.get("/accounts/login/").content.decode()
    assert client.post(f"/accounts/demo/{meera.pk}/").status_code == 404


@pytest.mark.usefixtures("_demo")
def test_one_click_signs_in_and_goes_on(client: Visitor, meera: User) -> None:
    assert client.post(f"/accounts/demo/{meera.pk}/", {"next": "/o/banyan-kite/"}).url == "/o/banyan-kite/"
    assert client.session["_auth_user_id"] == str(meera.pk)
    rohan = make_person("rohan@banyankite.example", "Rohan", None)
    assert client.post(f"/accounts/demo/{rohan.pk}/", {"next": "https://evil.example"}).url == "/"
    assert client.session["_auth_user_id"] == str(rohan.pk)


def test_outside_demo_mode_there_is_no_such_page(client: Visitor, meera: User) -> None:
    assert "/accounts/demo/" not in client.get("/accounts/login/").content.decode()
    assert client.post(f"/accounts/demo/{meera.pk}/").status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("_demo")
def test_nobody_else_can_be_clicked(client: Visitor, asha: User, meera: User) -> None:
    keyless = make_person("key@banyan.example", "Key", None)
    elsewhere = make_person("x@notbanyankite.example", "X", None)
    with_password = make_person("boss@banyankite.example", "Boss", PASSWORD)
    gone = make_person("gone@banyankite.example", "Gone", None)
    gone.is_active = False
    gone.save()
    for person in (asha, keyless, elsewhere, with_password, gone):
        assert client.post(f"/accounts/demo/{person.pk}/").status_code == 404, person.email
    assert client.get(f"/accounts/demo/{meera.pk}/").status_code == 405


@pytest.mark.usefixtures("_demo")
def test_nobody_signs_up_among_them(client: Visitor) -> None:
    """A sign-up by passkey has no password either: it would stand on the sign-in page before its code is typed."""
    data = {"name": "Stranger", "email": "stranger@BanyanKite.example"}
    page = client.post("/accounts/signup/passkey/", data)
    assert "belong to the demo" in page.content.decode()
    assert not User.objects.exists()
