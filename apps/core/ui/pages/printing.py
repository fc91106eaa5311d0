"""Paper."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from apps.core.ui.pages.base import M, ObjectPage

PAPERS = ("a4", "a5", "slip")


class PrintPage(ObjectPage[M]):
    """A record on paper: one HTML for preview, browser print and PDF. The template extends `print.html`."""

    papers: ClassVar[tuple[str, ...]] = ("a4",)
    labels: ClassVar[dict[str, str]] = {"a4": "A4", "a5": "A5", "slip": "80 mm"}

    @property
    def paper(self) -> str:
        wanted = self.request.GET.get("paper", "")
        return wanted if wanted in self.papers else self.papers[0]

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return self.draw(self.template_name, self.get_context())

    def get_context(self, **extra: Any) -> dict[str, Any]:
        choices = [
            {"label": self.labels[name], "url": f"{self.request.path}?paper={name}", "current": name == self.paper}
            for name in self.papers
        ]
        back = {"back_url": self.detail_url(), "back_label": self.name}
        papers = choices if len(choices) > 1 else []
        return super().get_context(object=self.instance, paper=self.paper, papers=papers, **back, **extra)
