"""What people keep about pages: their views and columns of lists, and which form was sent already."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy.models import TenantModel


class PersonalModel(TenantModel):
    """A row of one person in one organization; nobody else sees it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("person")
    )

    class Meta:
        abstract = True


class SavedView(PersonalModel):
    """A list as somebody wants to see it again: the query string of its address, under a name."""

    page = models.CharField(_("list"), max_length=80)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("address"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("organization", "user", "page", Lower("name"), name="ui_savedview_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class ColumnChoice(PersonalModel):
    """The columns of a list that somebody chose."""

    page = models.CharField(_("list"), max_length=80)
    columns = ArrayField(models.CharField(max_length=60), verbose_name=_("columns"))

    class Meta:
        verbose_name = _("column choice")
        verbose_name_plural = _("column choices")
        constraints = [
            models.UniqueConstraint("organization", "user", "page", name="ui_columnchoice_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.page}: {', '.join(self.columns)}"


class Submission(PersonalModel):
    """A form that was sent and did its work, and what was answered: sent again, the answer is given again.

    It commits together with the work, so a second copy that arrives meanwhile waits for the first.
    """

    key = models.CharField(_("key"), max_length=64)
    path = models.CharField(_("address"), max_length=500)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    text = models.CharField(_("message"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)

    class Meta:
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")
        constraints = [models.UniqueConstraint("organization", "key", name="ui_submission_key_unique")]
        indexes = [models.Index(fields=["organization", "user", "created_at"], name="ui_submission_age")]

    def __str__(self) -> str:
        return f"{self.path} ({self.key})"
