"""Organizations are isolated by querysets and, independently, by the database."""

from __future__ import annotations

import pytest
from django.db import connection

from apps.core.tenancy import leakproof
from apps.core.tenancy.checks import assert_isolated, leakproof_comparisons
from apps.core.tenancy.context import TenantRequired, tenant
from apps.organizations.models import Role


@pytest.mark.django_db
def test_a_query_outside_a_tenant_raises() -> None:
    with pytest.raises(TenantRequired):
        list(Role.objects.all())


@pytest.mark.django_db
def test_the_database_is_isolated() -> None:
    assert_isolated()


@pytest.mark.django_db
def test_nested_tenants_restore_the_one_before() -> None:
    def setting() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('app.organization_id', true)")
            return str(cursor.fetchone()[0])

    with tenant(1):
        with tenant(2):
            assert setting() == "2"
        assert setting() == "1"
        with pytest.raises(ZeroDivisionError), tenant(3):
            _ = 1 / 0
        assert setting() == "1"


@pytest.mark.django_db
def test_what_makes_deep_pages_slow_is_told_to_who_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert leakproof_comparisons(databases=["default"]) == []
    monkeypatch.setattr(leakproof, "COMPARISONS", ("lower(text)", "upper(text)"))
    assert leakproof.unmarked() == ["upper(text)"]
    (warning,) = leakproof_comparisons(databases=["default"])
    assert "ALTER FUNCTION upper(text) LEAKPROOF;" in warning.msg
    assert leakproof_comparisons() == []  # a check that may not touch the database
