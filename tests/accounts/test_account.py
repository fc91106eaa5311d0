"""Your account: preferences, language, e-mail."""

from __future__ import annotations

from pathlib import Path

from django.core import mail

from apps.accounts.languages import offered
from apps.accounts.models import User
from tests.accounts.conftest import Visitor, make_person, newest_code, sign_in

GOOD = {"name": "Asha K. Kulkarni", "density": "comfortable"}


def test_preferences_are_kept_and_reach_the_page_frame(client: Visitor, asha: User) -> None:
    client.force_login(asha)
    answer = client.post("/accounts/", GOOD)
    assert answer.url == "/accounts/"
    assert (answer.cookies["density"].value, answer.cookies["single_keys"].value) == ("comfortable", "off")
    asha.refresh_from_db()
    assert (asha.name, asha.density, asha.single_keys) == ("Asha K. Kulkarni", "comfortable", False)
    page = client.get("/accounts/").content.decode()
    assert 'data-density="comfortable"' in page
    assert 'data-keys="off"' in page


def test_a_refused_name_stays_typed_and_changes_nothing(client: Visitor, asha: User) -> None:
    client.force_login(asha)
    page = client.post("/accounts/", GOOD | {"name": "x" * 121})
    assert page.status_code == 200
    assert "x" * 121 in page.content.decode()
    asha.refresh_from_db()
    assert asha.name == "Asha Kulkarni"


def test_nobody_else_can_be_changed_along(client: Visitor, asha: User) -> None:
    client.force_login(asha)
    client.post("/accounts/", GOOD | {"email": "evil@banyan.example", "is_active": "", "id": "999", "password": "x"})
    asha.refresh_from_db()
    assert asha.email == "asha@banyan.example"
    assert asha.is_active


def test_only_languages_with_words_are_offered(tmp_path: Path, settings) -> None:
    assert [code for code, _ in offered([tmp_path])] == ["en"]
    (tmp_path / "hi" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "hi" / "LC_MESSAGES" / "django.mo").touch()
    assert [code for code, _ in offered([tmp_path])] == ["en", "hi"]


def test_language_is_kept_in_a_cookie(client: Visitor, asha: User, settings, tmp_path: Path) -> None:
    (tmp_path / "mr" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "mr" / "LC_MESSAGES" / "django.mo").touch()
    client.force_login(asha)
    settings.LOCALE_PATHS = [tmp_path]
    answer = client.post("/accounts/", GOOD | {"language": "mr"})
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "mr"


def test_email_changes_once_the_new_address_answers(client: Visitor, asha: User) -> None:
    sign_in(client, asha)
    answer = client.post("/accounts/email/", {"email": "asha.k@banyan.example", "action_add": "1"})
    assert answer.url == "/accounts/confirm-email/"
    asha.refresh_from_db()
    assert asha.email == "asha@banyan.example"
    assert mail.outbox[-1].to == ["asha.k@banyan.example"]
    assert client.post("/accounts/confirm-email/", {"code": newest_code()}).url == "/accounts/"
    asha.refresh_from_db()
    assert asha.email == "asha.k@banyan.example"
    assert sign_in(Visitor(), asha).url == "/"
    told = next(one for one in mail.outbox if one.to == ["asha@banyan.example"])
    assert "You now sign in with asha.k@banyan.example" in told.body


def test_a_taken_email_is_not_told_apart(client: Visitor, asha: User) -> None:
    make_person("ravi@banyan.example", "Ravi")
    sign_in(client, asha)
    answer = client.post("/accounts/email/", {"email": "ravi@banyan.example", "action_add": "1"})
    assert answer.url == "/accounts/confirm-email/"


def test_frame_links_lead_somewhere(client: Visitor, asha: User) -> None:
    sign_in(client, asha)
    for path in (
        "/accounts/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/accounts/email/",
        "/accounts/password/change/",
    ):
        assert client.get(path).status_code == 200, path
