"""Imports, the rows they hold in hand, and what is remembered of earlier ones."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.exchange.rules.states import MOVES, State
from apps.core.tenancy.context import current_organization_id
from apps.core.tenancy.models import TenantModel


class RowState(models.IntegerChoices):
    """What will become of a row; the numbers rank from good to bad."""

    READY = 0, _("Ready")
    WARNING = 1, _("Warning")
    ERROR = 2, _("Error")
    DROPPED = 3, _("Left out")


class Source(models.IntegerChoices):
    """What found a problem: reading the cell, comparing rows of the file, or the importer's own check."""

    CELL = 0, _("Cell")
    FILE = 1, _("File")
    CHECK = 2, _("Check")


class ImportJob(TenantModel):
    """One uploaded file on its way into the books."""

    importer = models.CharField(_("kind"), max_length=60)
    status = models.CharField(_("status"), max_length=10, choices=State.choices(), default=State.READING)
    filename = models.CharField(_("file"), max_length=200)
    size = models.BigIntegerField(_("size"))
    folder = models.CharField(max_length=40, editable=False)
    options = models.JSONField(_("options"), default=dict)
    # Where the table lies in the file (`reading.FileTable`), and per column of the file the column it goes to, or "".
    table = models.JSONField(null=True, editable=False)
    mapping = models.JSONField(default=list)
    # Column to value, for columns that the file lacks: what was typed, the same in all rows.
    given = models.JSONField(default=dict)
    # What is being mended in the background: the arguments of `fix_all`.
    mending = models.JSONField(null=True, editable=False)
    language = models.CharField(max_length=12, default="en")

    person_id = models.BigIntegerField(null=True, editable=False)
    person_name = models.CharField(_("by"), max_length=254, blank=True)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)
    # When background work was last asked for, and how often it was begun.
    queued_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True)
    # When a step in the background ended, until its person has heard of it.
    news_at = models.DateTimeField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.CharField(max_length=254, blank=True)

    rows = models.PositiveIntegerField(_("rows"), default=0)
    ready = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(_("errors"), default=0)
    dropped = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    message = models.TextField(blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "-id"], name="exchange_importjob_recent"),
            models.Index(fields=["organization", "status"], name="exchange_importjob_status"),
            models.Index(
                fields=["organization", "person_id"],
                name="exchange_importjob_news",
                condition=models.Q(news_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="status_moves",
                field="status",
                transitions=[(before.value, after.value) for before, ends in MOVES.items() for after in sorted(ends)],
            )
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def state(self) -> State:
        return State(self.status)

    @property
    def importable(self) -> int:
        """How many rows would be taken now."""
        return self.ready + self.warnings

    @property
    def taken(self) -> int:
        """How many rows were taken."""
        return self.created + self.updated + self.unchanged


class OfJob(TenantModel):
    """Belongs to one import by its number only.

    Hundreds of thousands of these come and go with an import, and PostgreSQL would look up both references for each.
    The operations that delete an import delete these with it.
    """

    organization = models.ForeignKey(
        settings.TENANT_MODEL,
        on_delete=models.PROTECT,
        default=current_organization_id,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("organization"),
    )
    job_number = models.BigIntegerField(editable=False)

    class Meta:
        abstract = True


class StagedRow(OfJob):
    """A row of the file, ready to be checked, mended and taken.

    `cells` follows the importer's columns: the value in canonical form, or what was read where it is not understood;
    `bad` has the places (from 1) of the latter.
    """

    row = models.PositiveIntegerField(_("row"))
    cells = ArrayField(models.TextField())
    bad = ArrayField(models.SmallIntegerField(), null=True)
    state = models.SmallIntegerField(choices=RowState, default=RowState.READY)
    edited = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("row in hand")
        verbose_name_plural = _("rows in hand")
        ordering = ["row"]
        constraints = [
            models.UniqueConstraint("organization", "job_number", "row", name="exchange_stagedrow_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.row}"


class RowProblem(OfJob):
    """Something about a row that a person should know. `column` is empty where it concerns the row as a whole."""

    row = models.PositiveIntegerField(_("row"))
    column = models.CharField(max_length=60, blank=True)
    source = models.SmallIntegerField(choices=Source, default=Source.CELL)
    severity = models.SmallIntegerField(choices=RowState, default=RowState.ERROR)
    code = models.CharField(max_length=60)
    message = models.TextField()
    # What the cell would be set to; or dropping the row is the remedy.
    fix = models.TextField(null=True)  # noqa: DJ001 ("" is a value to set, none is none)
    drop = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ["row", "id"]
        indexes = [
            models.Index(fields=["organization", "job_number", "row"], name="exchange_rowproblem_row"),
        ]

    def __str__(self) -> str:
        return self.message


class ColumnMemory(TenantModel):
    """How the columns of files of one shape were matched the last time."""

    importer = models.CharField(max_length=60)
    shape = models.CharField(max_length=64)
    # Normalized heading to column, or "" for left out.
    mapping = models.JSONField(default=dict)
    filename = models.CharField(max_length=200)
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("remembered columns")
        verbose_name_plural = _("remembered columns")
        constraints = [
            models.UniqueConstraint("organization", "importer", "shape", name="exchange_columnmemory_unique"),
        ]

    def __str__(self) -> str:
        return self.filename


class ImportProgress(OfJob):
    """How far the work on an import is, written on a connection of its own: the work itself is one transaction."""

    phase = models.CharField(max_length=10)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    stop = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints = [models.UniqueConstraint("organization", "job_number", name="exchange_importprogress_unique")]

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"


class ImportedChunk(OfJob):
    """What an import did to one table, some thousands of rows together: all that undoing it needs.

    `created` are keys of new rows. `updated` has `{"id", "version", "before"}` per changed row: the version it was left
    with, and the values that it had.
    """

    model = models.CharField(max_length=100)
    created = ArrayField(models.BigIntegerField(), default=list)
    updated = models.JSONField(default=list)

    class Meta:
        verbose_name = _("imported rows")
        verbose_name_plural = _("imported rows")
        indexes = [models.Index(fields=["organization", "job_number"], name="exchange_importedchunk_job")]

    def __str__(self) -> str:
        return f"{self.model} {len(self.created)}+{len(self.updated)}"
