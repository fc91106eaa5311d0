"""What all pages of imports have in common: who may open them, and which step an import is at."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.exchange import operations, tasks
from apps.core.exchange.declaration import Importer, importer_named, importers
from apps.core.exchange.models import ImportJob
from apps.core.exchange.rules.states import WORKING, State
from apps.core.http import Member, TenantRequest
from apps.core.ui.links import Link
from apps.core.ui.pages.base import Page

STEPS = (
    gettext_lazy("Upload"),
    gettext_lazy("Match"),
    gettext_lazy("Check"),
    gettext_lazy("Import"),
    gettext_lazy("Result"),
)
# Up to here a step is done while the page waits: going to the background and back would take longer.
SMALL_BYTES = 1_000_000
SMALL_BOOK_BYTES = 150_000
SMALL_ROWS = 5_000
WAITING_COOKIE = "waiting"
"""Says that this browser's person has work going on in the background of an organization, and wants to hear of it."""
_WAITING_SECONDS = 6 * 3600

_PAGES: dict[State, str] = {
    State.UPLOADED: "exchange:import_match",
    State.CHECKED: "exchange:import_check",
    State.DONE: "exchange:import_result",
    State.UNDONE: "exchange:import_result",
    State.FAILED: "exchange:import_result",
    **dict.fromkeys(WORKING, "exchange:import_progress"),
}


def importers_for(member: Member) -> list[Importer]:
    """What the member may import."""
    return [importer for importer in importers() if member.may(importer.right)]


class ImportPage(Page):
    """A page for members who may import something: each kind of file has a right of its own."""

    right = None

    @classmethod
    def opens_for(cls, request: TenantRequest) -> bool:
        """Whether the member may open it; links to it are left out otherwise."""
        return bool(importers_for(request.member))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.opens_for(self.request):
            declared = importers()
            if not declared:
                raise Http404
            return self.refuse(declared[0].right)
        return super().dispatch(request, *args, **kwargs)

    def wait(self, response: HttpResponse) -> HttpResponse:
        """Have this browser tell when the work in the background is over."""
        response.set_cookie(
            WAITING_COOKIE,
            "1",
            max_age=_WAITING_SECONDS,
            path=f"/o/{self.request.organization.slug}/",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def crumbs(self) -> list[Link]:
        return [Link(_("Import and export"), self.url("exchange:import_start"))]


class JobPage(ImportPage):
    """A page of one import. It shows only in the states it is made for, and otherwise leads to the page that is."""

    job: ImportJob
    importer: Importer
    step = 0
    states: tuple[State, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.opens_for(self.request):
            try:
                self.job = ImportJob.objects.get(pk=kwargs["pk"])
                self.importer = importer_named(self.job.importer)
            except (ImportJob.DoesNotExist, KeyError):
                raise Http404 from None
            if not self.request.member.may(self.importer.right):
                return self.refuse(self.importer.right)
            operations.see_import(job=self.job, person_id=self.request.user.pk)
            if self.states and self.job.state not in self.states:
                return self.go_on()
        return super().dispatch(request, *args, **kwargs)

    def go_on(self) -> HttpResponse:
        """To the step that the import is at."""
        self.job = ImportJob.objects.get(pk=self.job.pk)
        return self.go(self.url(_PAGES[self.job.state], pk=self.job.pk))

    def work(self, *, small: bool) -> HttpResponse:
        """Have the next step done, now or in the background, and go to where it leads."""
        if small:
            operations.step(organization_id=self.request.organization.id, job_number=self.job.pk)
            return self.go_on()
        tasks.work_on_import(self.request.organization.id, self.job.pk)
        return self.wait(self.go_on())

    def get_title(self) -> str:
        return str(self.importer.title)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        return super().get_context(
            job=self.job, importer=self.importer, steps=STEPS, step=self.step, state=self.job.status, **extra
        )


class OpenJob(JobPage):
    """The import, at whichever step it is."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(self.url(_PAGES[self.job.state], pk=self.job.pk))
