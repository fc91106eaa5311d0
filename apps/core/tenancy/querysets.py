"""The scope that every query on tenant data carries."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.expressions import Expression

from apps.core.tenancy.context import current_organization_id


class CurrentOrganization(Expression):
    """The current organization's key, looked up when the query runs.

    Looking it up when the queryset is built would bind module-level querysets, such as a form field's choices, to
    nothing.
    """

    output_field = models.BigIntegerField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[int]]:  # noqa: ARG002
        """The key as a parameter.

        Raises:
            TenantRequired: the query runs outside `tenant(...)`.
        """
        return "%s", (current_organization_id(),)


class TenantManager(models.Manager[Any]):
    """Default manager of tenant models: every query is limited to the current organization, or refused."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(organization_id=CurrentOrganization())
