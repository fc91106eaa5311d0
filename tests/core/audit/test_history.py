"""What the triggers record, who may write it, and where the context begins and ends."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connection, models, transaction
from django.test.utils import CaptureQueriesContext, isolate_apps

from apps.core.audit.history import audit_context, audited, history_model, history_models, set_audit_context
from apps.core.tenancy.context import TenantRequired, tenant
from apps.organizations.models import Branch, Invitation, Organization
from tests.core.audit.conftest import new_branch, new_organization


def labels(model: type[models.Model]) -> list[str]:
    return list(history_model(model).objects.order_by("pgh_id").values_list("pgh_label", flat=True))


def contexts() -> list[Any]:
    return list(history_model(Branch).objects.order_by("pgh_id").values_list("pgh_context", flat=True))


@pytest.mark.django_db
def test_every_write_leaves_the_row_as_it_was_left() -> None:
    with tenant(new_organization("banyan")):
        branch = new_branch("Pune")
        Branch.objects.filter(pk=branch.pk).update(city="Satara")
        branch.delete()
        events = history_model(Branch).objects.order_by("pgh_id").values_list("pgh_label", "name", "city")
        assert list(events) == [("insert", "Pune", "Pune"), ("update", "Pune", "Satara"), ("delete", "Pune", "Satara")]


@pytest.mark.django_db
def test_the_organization_itself_has_a_history_in_its_own_name() -> None:
    organization_id = new_organization("banyan")
    with tenant(organization_id):
        Organization.objects.filter(pk=organization_id).update(name="Banyan & Kite")
        events = history_model(Organization).objects.order_by("pgh_id")
        assert list(events.values_list("organization_id", "name")) == [
            (organization_id, "Banyan"),
            (organization_id, "Banyan & Kite"),
        ]


@pytest.mark.django_db
def test_an_update_that_changes_nothing_leaves_no_event() -> None:
    with tenant(new_organization("banyan")):
        branch = new_branch("Pune")
        branch.save()
        Branch.objects.update(city="Pune")
        assert labels(Branch) == ["insert"]


@pytest.mark.django_db
def test_a_bulk_write_records_only_the_rows_it_changed() -> None:
    with tenant(new_organization("banyan")):
        for name in ("Pune", "Satara", "Nashik"):
            new_branch(name, city=name)
        Branch.objects.update(city="Pune")
        changed = history_model(Branch).objects.filter(pgh_label="update").order_by("name")
        assert [event.name for event in changed] == ["Nashik", "Satara"]


@pytest.mark.django_db
def test_a_bulk_write_costs_the_page_one_statement() -> None:
    with tenant(new_organization("banyan")):
        rows = [Branch(name=f"B{n}", code=f"{n}", state_code="27", address="x", city="Pune") for n in range(50)]
        with CaptureQueriesContext(connection) as queries:
            Branch.objects.bulk_create(rows)
        assert len([query for query in queries.captured_queries if "INSERT" in query["sql"]]) == 1
        assert history_model(Branch).objects.count() == 50


@pytest.mark.django_db
def test_what_is_excluded_is_not_recorded() -> None:
    recorded = {field.name for field in history_model(Invitation)._meta.local_fields}
    assert "secret_digest" not in recorded
    assert {"email", "role", "expires_at"} <= recorded


@pytest.mark.django_db
def test_history_is_limited_to_the_organization_twice_over() -> None:
    first, second = new_organization("banyan"), new_organization("kite")
    with tenant(first):
        new_branch("Pune")
    with tenant(second):
        assert history_model(Branch).objects.count() == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM organizations_branchevent")
            assert cursor.fetchone()[0] == 0
    with pytest.raises(TenantRequired):
        history_model(Branch).objects.count()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO {table} DEFAULT VALUES",
        "UPDATE {table} SET pgh_label = 'insert'",
        "DELETE FROM {table}",
    ],
)
def test_the_serving_role_cannot_write_any_history(statement: str) -> None:
    for event_model in history_models():
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement.format(table=event_model._meta.db_table))


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["audit_seal", "audit_sealedtable"])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET organization_id = 1", "DELETE FROM {table}"])
def test_the_serving_role_cannot_change_a_seal(statement: str, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement.format(table=table))


def test_outside_tests_the_serving_role_cannot_truncate(
    transactional_db: None, owner_connection: psycopg.Connection[Any]
) -> None:
    """The suite grants TRUNCATE to itself, so the installer's statement is what is tested."""
    from apps.core.tenancy.install import _grants

    for event_model in history_models():
        table = event_model._meta.db_table
        statements = [statement.as_string(owner_connection) for statement in _grants({table: []})]
        assert any("REVOKE INSERT, UPDATE, DELETE, TRUNCATE" in text and table in text for text in statements)


@pytest.mark.django_db
def test_a_temporary_table_cannot_stand_in_for_the_history() -> None:
    with tenant(new_organization("banyan")):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE organizations_branchevent (LIKE public.organizations_branchevent)")
        new_branch("Pune")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM public.organizations_branchevent")
            assert cursor.fetchone()[0] == 1
            cursor.execute("DROP TABLE pg_temp.organizations_branchevent")


@pytest.mark.django_db
def test_the_context_is_in_every_event_of_the_transaction() -> None:
    with tenant(new_organization("banyan")):
        set_audit_context(user_id=7, name="Asha O'Neil ₹", request_id="r-9", source="POST /o/banyan/")
        new_branch("Pune")
        with transaction.atomic():
            new_branch("Satara")
        new_branch("Nashik")
        expected = {"user_id": 7, "name": "Asha O'Neil ₹", "request_id": "r-9", "source": "POST /o/banyan/"}
        assert contexts() == [expected] * 3


@pytest.mark.django_db
def test_a_block_of_context_gives_back_the_one_before() -> None:
    with tenant(new_organization("banyan")):
        set_audit_context(name="Asha")
        with audit_context(source="task: close the day"):
            new_branch("Pune")
        new_branch("Satara")
        with pytest.raises(ZeroDivisionError), transaction.atomic(), audit_context(name="Ravi"):
            _ = 1 / 0
        new_branch("Nashik")
        assert contexts() == [{"source": "task: close the day"}, {"name": "Asha"}, {"name": "Asha"}]


def test_the_context_ends_with_the_transaction(organization: int) -> None:
    with tenant(organization):
        set_audit_context(name="Asha")
        new_branch("Pune")
    with tenant(organization):
        new_branch("Satara")
        assert contexts() == [{"name": "Asha"}, None]


@pytest.mark.django_db
def test_the_shared_context_table_stays_empty() -> None:
    with tenant(new_organization("banyan")):
        set_audit_context(name="Asha")
        new_branch("Pune")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pghistory_context")
            assert cursor.fetchone()[0] == 0


@isolate_apps("apps.core.audit")
def test_a_model_without_an_organization_is_refused() -> None:
    class Weather(models.Model):
        class Meta:
            app_label = "audit"

        def __str__(self) -> str:
            return "rain"

    with pytest.raises(ImproperlyConfigured, match="no organization"):
        audited(Weather)


def test_a_model_without_history_is_said_to_have_none() -> None:
    from apps.accounts.models import User

    with pytest.raises(LookupError, match=r"accounts\.User is not audited"):
        history_model(User)
