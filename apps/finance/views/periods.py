"""Financial years, period locks, settings of the books."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.links import Link
from apps.core.ui.pages import (
    ActionPage,
    Badge,
    Card,
    CreatePage,
    DetailPage,
    Empty,
    ListPage,
)
from apps.finance.forms.books import BookSettingsForm, PeriodLockForm, ReasonForm, YearForm
from apps.finance.models import BookSettings, FinancialYear, PeriodLock
from apps.finance.operations import close_year, limit_vouchers, lock_period, open_year, reopen_year, unlock_period
from apps.finance.tables.books import FinancialYearTable, PeriodLockTable

SEE, CLOSE, LOCK = "finance.entry.view", "finance.year.close", "finance.period.lock"


class FinancialYearList(ListPage[FinancialYear]):
    model = FinancialYear
    right = SEE
    table_class = FinancialYearTable
    empty = Empty(gettext_lazy("No financial year"), gettext_lazy("Open one; the current year opens by itself."))

    def actions(self) -> list[Link]:
        found = self.link("finance:book_settings", _("Settings"), "settings")
        return [found] if found else []


class FinancialYearDetail(DetailPage[FinancialYear]):
    model = FinancialYear
    right = SEE
    cards = (Card(gettext_lazy("Financial year"), ("starts_on", "ends_on", "state", "closings", "reason")),)

    def badges(self) -> list[Badge]:
        open_ = self.instance.state == FinancialYear.State.OPEN
        return [Badge(self.instance.get_state_display(), "ok" if open_ else "line")]

    def actions(self) -> list[Link | None]:
        if self.instance.state == FinancialYear.State.OPEN:
            return [self.link("finance:financialyear_close", _("Close year"), "lock", pk=self.instance.pk)]
        return [self.link("finance:financialyear_reopen", _("Open again"), "lock-open", pk=self.instance.pk)]


class FinancialYearOpen(CreatePage[FinancialYear]):
    model = FinancialYear
    right = CLOSE
    form_class = YearForm
    title = gettext_lazy("Open a financial year")
    submit_label = gettext_lazy("Open year")

    def save(self, form: Any) -> FinancialYear:
        return open_year(day=form.cleaned_data["day"])

    def success_text(self, instance: FinancialYear) -> str:
        return _("%(year)s is open") % {"year": instance}


class FinancialYearClose(ActionPage[FinancialYear]):
    model = FinancialYear
    right = CLOSE
    submit_label = gettext_lazy("Close year")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == FinancialYear.State.OPEN

    def get_title(self) -> str:
        return _("Close %(year)s") % {"year": self.name}

    def question(self) -> str:
        return _("The result of %(year)s is carried to reserves, branch by branch.") % {"year": self.name}

    def points(self) -> list[str]:
        return [
            _("Nothing is posted into the year afterwards."),
            _("Whoever may close years can open it again, with a reason."),
        ]

    def perform(self, form: Any) -> None:  # noqa: ARG002
        close_year(year=self.instance)

    def success_text(self) -> str:
        return _("%(year)s closed") % {"year": self.name}


class FinancialYearReopen(ActionPage[FinancialYear]):
    model = FinancialYear
    right = CLOSE
    form_class = ReasonForm
    submit_label = gettext_lazy("Open again")

    @classmethod
    def offers(cls, instance: models.Model) -> bool:
        return getattr(instance, "state", "") == FinancialYear.State.CLOSED

    def get_title(self) -> str:
        return _("Open %(year)s again") % {"year": self.name}

    def question(self) -> str:
        return _("The closing entries are reversed. Who did it, and why, stays in the history.")

    def perform(self, form: Any) -> None:
        reopen_year(year=self.instance, reason=form.cleaned_data["reason"])

    def success_text(self) -> str:
        return _("%(year)s is open again") % {"year": self.name}


class PeriodLockList(ListPage[PeriodLock]):
    model = PeriodLock
    right = SEE
    table_class = PeriodLockTable
    empty = Empty(
        gettext_lazy("No period is locked"),
        gettext_lazy("Lock what was filed or audited, so that nothing is posted into it by mistake."),
    )


class PeriodLockDetail(DetailPage[PeriodLock]):
    model = PeriodLock
    right = SEE
    cards = (Card(gettext_lazy("Lock"), ("module", "branch", "locked_to", "hard", "reason")),)


class PeriodLockCreate(CreatePage[PeriodLock]):
    model = PeriodLock
    right = LOCK
    form_class = PeriodLockForm
    title = gettext_lazy("Lock a period")
    submit_label = gettext_lazy("Lock")

    def save(self, form: Any) -> PeriodLock:
        return lock_period(**form.cleaned_data)

    def success_text(self, instance: PeriodLock) -> str:
        return _("%(lock)s: locked") % {"lock": instance}


class PeriodLockMove(ActionPage[PeriodLock]):
    """Another day, another reason, harder or softer."""

    model = PeriodLock
    right = LOCK
    form_class = PeriodLockForm
    submit_label = gettext_lazy("Save")

    def get_title(self) -> str:
        return _("Move the lock of %(lock)s") % {"lock": self.instance.get_module_display()}

    def make_form(self, *, bound: bool) -> Any:
        form = super().make_form(bound=bound)
        for name in ("module", "branch"):
            form.fields[name].disabled = True
        return form

    def get_initial(self) -> dict[str, Any]:
        lock = self.instance
        return {
            "module": lock.module,
            "branch": lock.branch_id,
            "locked_to": lock.locked_to,
            "hard": lock.hard,
            "reason": lock.reason,
        }

    def perform(self, form: Any) -> None:
        lock_period(**form.cleaned_data)

    def success_text(self) -> str:
        return _("Lock moved")


class PeriodLockDelete(ActionPage[PeriodLock]):
    model = PeriodLock
    right = LOCK
    tone = "del"
    submit_label = gettext_lazy("Unlock")

    def get_title(self) -> str:
        return _("Unlock %(lock)s") % {"lock": self.name}

    def question(self) -> str:
        return _("Entries may be posted into the period again. The history keeps that it was locked.")

    def perform(self, form: Any) -> None:  # noqa: ARG002
        unlock_period(lock=self.instance)

    def success_text(self) -> str:
        return _("%(lock)s: unlocked") % {"lock": self.name}

    def success_url(self) -> str:
        return self.url("finance:periodlock_list")


class BookSettingsEdit(ActionPage[BookSettings]):
    """The one row of settings; it is made when somebody first saves it."""

    model = BookSettings
    right = CLOSE
    form_class = BookSettingsForm
    title = gettext_lazy("Settings of the books")
    submit_label = gettext_lazy("Save")

    def load(self) -> BookSettings:
        found: BookSettings | None = BookSettings.objects.first()
        return found or BookSettings()

    def get_initial(self) -> dict[str, Any]:
        return {"approval_limit": self.instance.approval_limit}

    def perform(self, form: Any) -> None:
        limit_vouchers(limit=form.cleaned_data["approval_limit"])

    def success_text(self) -> str:
        return _("Settings saved")

    def detail_url(self) -> str:
        return self.url("finance:financialyear_list")
