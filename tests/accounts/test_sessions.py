"""The person comes with the session, and comes in only where Django itself would let them."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from tests.accounts.conftest import Visitor, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(asha: User) -> Visitor:
    client = Visitor()
    sign_in(client, asha)
    return client


def seen_as(client: Visitor) -> str | None:
    """Who the product takes the visitor for."""
    response = client.get("/accounts/")
    return None if response.status_code == 302 else str(response.context["user"])


def test_session_and_person_are_read_by_one_statement(visitor: Visitor) -> None:
    visitor.get("/accounts/2fa/")  # notes the device, once in five minutes
    with CaptureQueriesContext(connection) as sent:
        assert visitor.get("/accounts/2fa/").status_code == 200
    about = [query["sql"] for query in sent if "django_session" in query["sql"] or "accounts_user" in query["sql"]]
    assert len(about) == 1, about


def test_without_a_device_the_session_alone_decides(visitor: Visitor, asha: User) -> None:
    UserSession.objects.all().delete()
    assert seen_as(visitor) == asha.name


def test_the_session_names_the_person_and_not_the_device(visitor: Visitor, asha: User) -> None:
    UserSession.objects.update(user=make_person("bharat@example.in", "Bharat"))
    assert seen_as(visitor) == asha.name


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "changed elsewhere"}])
def test_whoever_was_shut_out_is_out_at_once(visitor: Visitor, asha: User, change: dict[str, object]) -> None:
    User.objects.filter(pk=asha.pk).update(**change)
    assert seen_as(visitor) is None


def test_a_session_whose_time_is_over_lets_nobody_in(visitor: Visitor) -> None:
    Session.objects.update(expire_date=timezone.now())
    assert seen_as(visitor) is None


def test_a_key_that_was_never_given_out_lets_nobody_in(visitor: Visitor) -> None:
    visitor.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    assert seen_as(visitor) is None
