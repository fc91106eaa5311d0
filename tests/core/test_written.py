"""SQL that is kept says what the query itself would, and for nobody else than the one it was written for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import DecimalField, F, QuerySet, Value
from django.db.models.functions import Cast, Lower, Upper
from django.test import Client

from apps.core.tenancy.context import tenant
from apps.core.written import Written, count_once, rows_once
from apps.organizations.models import Organization, Role
from apps.parties.models import Party
from tests.organizations.factories import add_member, make_organization, make_user
from tests.parties.factories import party

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Iterator[Organization]:
    made = make_organization()
    with tenant(made.pk):
        party("Ganga Medicals", city="Pune")
        party("Asha Chemists", city="Surat")
        yield made


def rows() -> QuerySet[Party, Any]:
    annotated: Any = Party.objects.annotate(folded=Lower("name"), shouted=Upper("city"))
    found: QuerySet[Party, Any] = annotated.order_by("folded").values_list("city", "folded", "pk", "shouted")
    return found


def never() -> QuerySet[Any, Any]:
    raise AssertionError("The query was written a second time.")


def test_rows_and_number_are_those_of_the_query(organization: Organization) -> None:
    assert rows_once(("rows", organization.pk), rows) == list(rows())
    assert count_once(("number", organization.pk), rows) == 2


def test_a_query_is_written_once_and_run_each_time(organization: Organization) -> None:
    key = ("again", organization.pk)
    assert len(rows_once(key, rows)) == count_once(key, rows) == 2
    party("Neem Pharmacy")
    assert len(rows_once(key, never)) == count_once(key, never) == 3


def test_what_finds_nothing_is_asked_again(organization: Organization) -> None:
    key = ("nothing", organization.pk)
    assert rows_once(key, lambda: rows().none()) == []
    assert count_once(key, lambda: rows().none()) == 0
    assert len(rows_once(key, rows)) == 2


def test_kept_sql_of_another_organization_finds_nothing(organization: Organization) -> None:
    key = ("elsewhere", organization.pk)
    assert len(rows_once(key, rows)) == 2
    with tenant(make_organization().pk):
        assert rows_once(key, never) == []


def test_values_that_python_makes_are_refused(organization: Organization) -> None:
    made = Party.objects.annotate(limit=Cast(Value("1.5"), DecimalField(max_digits=4, decimal_places=1)))
    with pytest.raises(TypeError, match="Python makes"):
        rows_once(("converted", organization.pk), lambda: made.values_list("limit"))


def test_models_from_written_sql_are_those_of_the_database(organization: Organization) -> None:
    read = Written(
        "SELECT {o}, {role:r} FROM organizations_organization o"
        " LEFT JOIN organizations_role r ON r.organization_id = o.id AND r.key = %s WHERE o.id = %s",
        o=Organization,
        role=Role,
    )
    ((found, owner),) = read.fetch("owner", organization.pk)
    assert found == organization
    assert not found._state.adding
    assert owner == Role.objects.get(key="owner")
    assert owner.custom_rights == []
    assert read.fetch("nobody", organization.pk) == [(organization, None)]


def test_a_list_shows_what_was_added_and_each_organization_its_own() -> None:
    owner = make_user("Asha Rane")
    here, elsewhere = make_organization(owner), make_organization()
    stranger = add_member(elsewhere, "owner").user
    with tenant(here.pk):
        party("Ganga Medicals")
    assert _names(owner, here) == ["Ganga Medicals"]
    with tenant(here.pk):
        party("Asha Chemists")
        Party.objects.filter(name="Ganga Medicals").update(active=False)
    with tenant(elsewhere.pk):
        party("Neem Pharmacy")
    assert _names(owner, here) == ["Asha Chemists"]
    assert _names(stranger, elsewhere) == ["Neem Pharmacy"]
    assert _names(owner, here, "?active=false") == ["Ganga Medicals"]


def _names(user: Any, organization: Organization, query: str = "") -> list[str]:
    client = Client()
    client.force_login(user)
    page = client.get(f"/o/{organization.slug}/parties/{query}").content.decode()
    with tenant(organization.pk):
        return [
            name for name in Party.objects.order_by(F("name")).values_list("name", flat=True) if f">{name}<" in page
        ]
