"""Base classes of everything that belongs to one organization."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.context import current_organization_id
from apps.core.tenancy.querysets import TenantManager


class TenantForeignKey(models.ForeignKey):
    """A reference between two tables of the same organization.

    PostgreSQL checks a foreign key without row-level security, so a plain one could point into another organization.
    The constraint in the database is therefore `(organization_id, x_id)`, made by `apps.core.tenancy.install`.

    PostgreSQL checks constraints row by row, 4 µs each. Where a ledger takes a hundred thousand rows in a statement, a
    statement-level trigger on its table may do the same for all rows at once: `checked_by` names it, and no constraint
    is made.
    """

    def __init__(self, *args: Any, checked_by: str = "", **kwargs: Any) -> None:
        self.checked_by = checked_by
        kwargs["db_constraint"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        return name, path, args, kwargs


class OrganizationKey(models.ForeignKey):
    """The organization of a row: the one that the running code has entered.

    A migration is in none, so the default is no part of the column that it adds.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", current_organization_id)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        return name, "django.db.models.ForeignKey", args, kwargs


class TenantModel(models.Model):
    """A row of one organization. It is set from `tenant(...)` and never by a form.

    Class attributes that the installer reads:
        row_policies: further row-level security policies by name, for rows that somebody outside the tenant may read.
        append_only: the application may insert and read rows but never change or delete them.
        derived: triggers that run as the tables' owner keep the rows; the application only reads them.
    """

    row_policies: ClassVar[dict[str, str]] = {}
    append_only: ClassVar[bool] = False
    derived: ClassVar[bool] = False

    organization = OrganizationKey(
        settings.TENANT_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=_("organization"),
    )

    objects: ClassVar[TenantManager] = TenantManager()

    class Meta:
        abstract = True


class BusinessModel(TenantModel):
    """Master data that people edit: with the version that tells a stale form from a fresh one."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)

    class Meta:
        abstract = True
