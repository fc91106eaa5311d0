"""Paper."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from apps.core.paper import PdfFault, can_print
from apps.core.paper.mail import Document
from apps.core.ui.pages.base import M, ObjectPage

PAPERS = ("a4", "a5", "slip")


class PrintPage(ObjectPage[M]):
    """A record on paper: one HTML for preview, browser print and PDF. The template extends `print.html`.

    `?as=pdf` is the same sheet as PDF; `?paper=` chooses among `papers`.
    """

    papers: ClassVar[tuple[str, ...]] = ("a4",)
    labels: ClassVar[dict[str, str]] = {"a4": "A4", "a5": "A5", "slip": "80 mm"}

    @classmethod
    def sheet(cls, instance: M, paper: str) -> dict[str, Any]:  # noqa: ARG003 - for subclasses
        """What the sheet says, of the record alone: it is printed for e-mails too, where nobody asks."""
        return {}

    @classmethod
    def document(cls, pk: int, paper: str = "") -> Document | None:
        """The record's sheet without the page around it; None when the record is gone."""
        instance = cls.model._default_manager.filter(pk=pk).first()
        if instance is None:
            return None
        chosen = paper or cls.papers[0]
        context = {"title": str(instance), "object": instance, "paper": chosen, **cls.sheet(instance, chosen)}
        return Document(str(instance), render_to_string(cls.template_name, context), chosen)

    @property
    def paper(self) -> str:
        wanted = self.request.GET.get("paper", "")
        return wanted if wanted in self.papers else self.papers[0]

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        context = self.get_context()
        if request.GET.get("as") != "pdf":
            return self.draw(self.template_name, context)
        document = Document(self.name, render_to_string(self.template_name, context, request), self.paper)
        try:
            content = document.pdf()
        except PdfFault:
            return self.draw(self.template_name, context | {"pdf_fault": True}, status=503)
        shown = content_disposition_header(as_attachment=False, filename=document.file_name)
        return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": shown})

    def get_context(self, **extra: Any) -> dict[str, Any]:
        choices = [
            {"label": self.labels[name], "url": f"{self.request.path}?paper={name}", "current": name == self.paper}
            for name in self.papers
        ]
        frame = {
            "back_url": self.detail_url(),
            "back_label": self.name,
            "papers": choices if len(choices) > 1 else [],
            "pdf_url": f"{self.request.path}?paper={self.paper}&as=pdf" if can_print() else "",
        }
        sheet = self.sheet(self.instance, self.paper)
        return super().get_context(object=self.instance, paper=self.paper, **frame, **sheet, **extra)
