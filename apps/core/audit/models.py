"""The seals: what an organization's history was, minute by minute."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.models import TenantForeignKey, TenantModel

_HASH = r"^0x[0-9a-f]{64}$"


class Seal(TenantModel):
    """One link of the chain: the Merkle root over the events of a stretch of transactions, and the seal before it.

    `horizon`: every event of a transaction numbered below it is in this seal or in one before.
    Hashes are written 0x and 64 hexadecimal digits, as they appear on a public network.
    """

    append_only: ClassVar[bool] = True

    number = models.PositiveIntegerField(_("number"))
    previous = models.CharField(_("seal before"), max_length=66)
    root = models.CharField(_("root"), max_length=66)
    count = models.PositiveIntegerField(_("events"))
    horizon = models.BigIntegerField(_("horizon"))
    sealed_at = models.DateTimeField(_("sealed"))
    hash = models.CharField(_("seal"), max_length=66)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="audit_seal_number_unique"),
            # Also the index that finds the seal of an event.
            models.UniqueConstraint(fields=["organization", "horizon"], name="audit_seal_horizon_unique"),
            models.UniqueConstraint(fields=["organization", "previous"], name="audit_seal_one_chain"),
            models.CheckConstraint(condition=models.Q(number__gte=1, count__gte=1), name="audit_seal_not_empty"),
            models.CheckConstraint(
                condition=models.Q(previous__regex=_HASH, root__regex=_HASH, hash__regex=_HASH),
                name="audit_seal_hashes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class SealedTable(TenantModel):
    """What a seal holds of one history table: each event's number and the SHA-256 of its content, side by side.

    `columns` are those the table had then, so that a column added later does not break the seal.
    """

    append_only: ClassVar[bool] = True

    seal = TenantForeignKey(Seal, on_delete=models.PROTECT, related_name="tables", db_index=False)
    event_table = models.CharField(max_length=63)
    columns = ArrayField(models.CharField(max_length=63))
    event_ids = ArrayField(models.BigIntegerField())
    hashes = ArrayField(models.BinaryField(max_length=32))

    class Meta:
        verbose_name = _("sealed table")
        verbose_name_plural = _("sealed tables")
        ordering = ["seal", "event_table"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "seal", "event_table"], name="audit_sealedtable_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.event_table} ({len(self.event_ids)})"
