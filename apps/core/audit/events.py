"""The shape of every history table."""

from __future__ import annotations

from typing import ClassVar

import pghistory.models
from django.db import models
from django.db.models import Func

from apps.core.tenancy.querysets import TenantManager


class TransactionNumber(Func):
    """Number of the running transaction, ever growing, even across a restore: see `apps.core.audit.install`."""

    function = "audit_txid"
    template = "%(function)s()"
    arity = 0
    output_field = models.BigIntegerField()


class HistoryEvent(pghistory.models.Event):
    """One insert, update or delete of one row: the row as it was left (for a delete: as it was found), and who did it.

    Triggers alone write these tables; the serving role may only read them.
    """

    is_history: ClassVar[bool] = True

    pgh_id = models.BigAutoField(primary_key=True)
    pgh_txid = models.BigIntegerField(db_default=TransactionNumber(), editable=False)

    objects: ClassVar[TenantManager] = TenantManager()  # type: ignore[assignment]

    class Meta:
        abstract = True
