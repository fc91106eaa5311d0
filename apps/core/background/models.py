"""When the periodic work last ran."""

from __future__ import annotations

from django.db import models


class PeriodicRun(models.Model):
    """The last run of one periodic task, over all workers: it belongs to the installation, not to an organization."""

    task = models.CharField(max_length=200, primary_key=True)
    ran_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.task
