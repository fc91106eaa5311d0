"""Telling a person that a step of their import ended in the background: kept until they hear it, and told once."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from apps.core.exchange.models import ImportJob


def leave_news(job: ImportJob) -> None:
    """A step ended while its person was elsewhere. `job` is locked."""
    job.news_at = timezone.now()
    job.save(update_fields=["news_at"])


def hear_news(*, person_id: int | None) -> Sequence[ImportJob]:
    """The imports with news for the person, who has heard them now."""
    # Two pages that ask at once tell it once.
    told = list(
        ImportJob.objects.select_for_update(skip_locked=True)
        .filter(person_id=person_id, news_at__isnull=False)
        .order_by("pk")
    )
    if told:
        ImportJob.objects.filter(pk__in=[job.pk for job in told]).update(news_at=None)
    return told


def see_import(*, job: ImportJob, person_id: int | None) -> None:
    """The person looks at the import itself, so there is nothing left to tell."""
    if job.news_at is not None and job.person_id == person_id:
        ImportJob.objects.filter(pk=job.pk).update(news_at=None)
