"""What is nobody's business stays out of fault pages and logs."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils.http import base36_to_int

from apps.core.reporting import add_who_and_where, hide_secrets, without_secrets
from ineat import environment, logs
from tests import factories
from tests.processes import database_url

SECRET = "rupees-4711-in-a-local-variable"


def broken(request: HttpRequest) -> HttpResponse:
    password = SECRET  # a fault page of DEBUG shows it
    raise ValueError(f"it broke with {password}")


urlpatterns = [path("broken/", broken), path("", include("ineat.urls"))]
handler400 = "apps.core.views.bad_request"
handler403 = "apps.core.views.permission_denied"
handler404 = "apps.core.views.page_not_found"
handler500 = "apps.core.views.server_error"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything logged, as production writes it."""
    written = io.StringIO()
    made = logs.configuration(machine_readable=True, processors=[add_who_and_where, hide_secrets])
    handler = logging.StreamHandler(written)
    line = made["formatters"]["line"]
    handler.setFormatter(line["()"](foreign_pre_chain=line["foreign_pre_chain"], processors=line["processors"]))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}, {"Accept": "application/json"}])
def test_a_fault_page_tells_nothing_but_its_number(headers: dict[str, str]) -> None:
    answer = Client(raise_request_exception=False).get("/broken/?q=private", headers=headers)
    words = answer.content.decode()
    assert answer.status_code == 500
    for private in (SECRET, "ValueError", "Traceback", __file__, "/broken/", "private", "django", settings.SECRET_KEY):
        assert private not in words, private
    assert answer.headers["X-Error-Id"] in words


@pytest.mark.django_db
def test_pages_that_are_not_there_name_no_others(client: Client) -> None:
    for address in ("/no/such/page/", "/admin/", "/.env", "/.git/config", "/static/../manage.py", "/media/x"):
        words = client.get(address).content.decode()
        assert "urlpatterns" not in words, address
        assert "ineat.urls" not in words, address


@pytest.mark.django_db
def test_passwords_and_codes_are_in_no_log(client: Client, log: io.StringIO) -> None:
    password = "a counter in Pune, 1987"
    factories.person("Olga", email="olga@example.com", password=password)
    client.post("/accounts/login/", {"login": "olga@example.com", "password": "wrong-" + password})
    client.post("/accounts/login/", {"login": "olga@example.com", "password": password})
    client.post("/accounts/signup/", {"email": "new@example.com", "password1": password, "name": "New"})
    client.post("/accounts/password/reset/", {"email": "olga@example.com"})
    written = log.getvalue()
    assert "/accounts/login/" in written, "without a line nothing is proved"
    assert password not in written
    assert client.cookies[settings.SESSION_COOKIE_NAME].value not in written
    for line in written.splitlines():
        assert "csrfmiddlewaretoken" not in line


@pytest.mark.django_db
def test_links_that_let_in_are_cut_in_the_log(client: Client, log: io.StringIO, mailoutbox: list[Any]) -> None:
    factories.person("Olga", email="olga@example.com", password="a counter in Pune, 1987")
    client.post("/accounts/password/reset/", {"email": "olga@example.com"})
    (link,) = [word for word in mailoutbox[-1].body.split() if "/password/reset/key/" in word]
    key = link.rstrip("/").rsplit("/", 1)[1]
    assert base36_to_int(key.split("-")[1]) > 0
    answer = client.get(link)
    assert answer.status_code == 302
    assert "set-password" in answer.headers["Location"], "allauth takes the key out of the address at once"
    client.get("/invitations/a-token-that-lets-in/")
    client.post("/invitations/a-token-that-lets-in/")
    written = log.getvalue()
    assert "/password/reset/key/…" in written
    assert "/invitations/…" in written
    assert key not in written
    assert "a-token-that-lets-in" not in written


def test_what_is_cut_and_what_is_not() -> None:
    assert without_secrets("GET /invitations/abc:def-1/?x=1 404") == "GET /invitations/…/?x=1 404"
    assert without_secrets("Not Found: /accounts/password/reset/key/3-abc-def/") == (
        "Not Found: /accounts/password/reset/key/…/"
    )
    for plain in ("GET /o/x/invitations/ 200", "/accounts/password/reset/key/3-set-password/", "/organizations/"):
        assert without_secrets(plain) == plain


# What a deployment answers, asked of it in production mode.
_PRODUCTION = """
import json, django
django.setup()
from django.conf import settings
from django.core import checks
from django.test import Client
facts = {}
over_tls = Client(SERVER_NAME="erp.example", raise_request_exception=False)
answer = over_tls.get("/accounts/login/", secure=True)
facts["status"] = answer.status_code
facts["headers"] = dict(answer.headers)
facts["csrf"] = {key: answer.cookies["ineat_csrf"][key] for key in ("secure", "samesite", "domain")}
answer = over_tls.post("/accounts/login/", {"login": "olga@example.com", "password": "a counter in Pune, 1987"},
                       secure=True, headers={"Referer": "https://erp.example/accounts/login/"})
facts["signed in"] = answer.status_code
facts["session"] = {key: answer.cookies["ineat_session"][key] for key in ("secure", "httponly", "samesite", "domain")}
answer = over_tls.get("/accounts/login/?next=/x/")
facts["plain"] = [answer.status_code, answer.headers["Location"]]
facts["probe"] = Client(SERVER_NAME="erp.example").get("/healthz").status_code
hosts = ["evil.example", "erp.example.evil.example", "erp.example:80@evil.example", ""]
facts["hosts"] = [over_tls.get("/", secure=True, headers={"host": host}).status_code for host in hosts]
forwarded = over_tls.get("/", secure=True, headers={"X-Forwarded-Host": "evil.example"})
facts["forwarded"] = forwarded.headers["Location"]
facts["debug"] = settings.DEBUG
facts["warnings"] = [one.id for one in checks.run_checks(tags=["security"], include_deployment_checks=True)]
print(json.dumps(facts))
"""


@pytest.mark.django_db(transaction=True)
def test_a_deployment_is_closed_where_development_is_open(tmp_path: Any) -> None:
    factories.person("Olga", email="olga@example.com", password="a counter in Pune, 1987")
    variables = {"DATABASE_URL": database_url(), "INEAT_DATA": str(tmp_path), "INEAT_MODE": "production",
                 "SECRET_KEY": "xK3-p9_Q7zL2mN5vB8cR1tY4uI6oP0aS-dF3gH7jK9lZ2xC5vB8nM1qW4eR6t",
                 "ALLOWED_HOSTS": "erp.example", "EMAIL_URL": "smtps://mail.example",
                 "DJANGO_SETTINGS_MODULE": "ineat.settings"}  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("INEAT_", "PYTEST_"))}
    collected = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input"],
        cwd=environment.BASE_DIR, env=kept | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert collected.returncode == 0, collected.stderr
    done = subprocess.run(
        [sys.executable, "-c", _PRODUCTION],
        cwd=environment.BASE_DIR, env=kept | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout.splitlines()[-1])
    assert facts["status"] == 200
    assert facts["signed in"] == 302
    assert facts["session"] == {"secure": True, "httponly": True, "samesite": "Lax", "domain": ""}
    assert facts["csrf"] == {"secure": True, "samesite": "Lax", "domain": ""}
    assert facts["headers"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert facts["plain"] == [301, "https://erp.example/accounts/login/?next=/x/"]
    assert facts["probe"] == 200
    assert facts["hosts"] == [400, 400, 400, 400]
    assert "evil" not in facts["forwarded"], "only the proxy's own Host counts"
    assert facts["debug"] is False
    assert facts["warnings"] == []
