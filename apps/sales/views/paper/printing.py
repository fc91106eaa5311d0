"""Bills and credit notes on paper: the page, the copies, what was printed before, and the copy by e-mail."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui import formats
from apps.core.ui.crispy import C6, C12, Card
from apps.core.ui.links import page_url
from apps.core.ui.pages import ActionPage, PrintPage
from apps.core.ui.pages.base import M
from apps.sales.models import Bill, BillState, PrintedCopy, PrintWay, SalesReturn, SalesReturnState
from apps.sales.operations.crediting import RETURN
from apps.sales.operations.paper import note_copy, send_document
from apps.sales.operations.posting import DOCUMENT
from apps.sales.queries.paper import bill_on_paper, note_on_paper
from apps.sales.rules.paper import Copy, PaperBill
from apps.sales.views.paper.sheets import bill_sheet

SEE = "sales.bill.view"
_CHOICES = {
    Copy.ORIGINAL: gettext_lazy("Original"),
    Copy.DUPLICATE: gettext_lazy("Duplicate"),
    Copy.TRIPLICATE: gettext_lazy("Triplicate"),
}


def reprint_words(kind: str, record: int, copy: Copy) -> str:
    """What a copy says that went out before: how often, and when last; empty for the first."""
    before = PrintedCopy.objects.filter(document_kind=kind, document_id=record, copy=copy.value)
    found = before.aggregate(number=models.Count("id"), last=models.Max("moment"))
    if not found["number"]:
        return ""
    return _("Reprint %(number)d, last copy %(day)s") % {
        "number": found["number"],
        "day": formats.moment(found["last"]),
    }


class CopiesPage(PrintPage[M]):
    """A document of the tax law: it goes out in copies, and what went out before says so.

    Printing posts here first, so that it is known; fetching the PDF is known by itself.
    """

    template_name = "sales/paper/bill.html"
    right = SEE
    papers = ("a4", "a5", "slip")
    kind: ClassVar[str]

    @staticmethod
    def on_paper(instance: Any) -> PaperBill:
        """The document as paper shows it."""
        raise NotImplementedError

    @property
    def copy(self) -> Copy:
        wanted = self.request.GET.get("copy", "")
        return Copy(wanted) if wanted in set(Copy) else Copy.ORIGINAL

    @classmethod
    def sheet(cls, instance: M, paper: str) -> dict[str, Any]:
        return bill_sheet(cls.on_paper(instance), paper=paper)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        answer = super().get(request, **kwargs)
        if answer.headers.get("Content-Type") == "application/pdf":
            self._note(PrintWay.PDF)
        return answer

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """The browser prints this copy."""
        self._note(PrintWay.PRINT)
        return HttpResponse(status=204)

    def _note(self, way: PrintWay) -> None:
        note_copy(kind=self.kind, record=self.instance.pk, copy=self.copy, way=way, actor=self.request.member)

    def get_context(self, **extra: Any) -> dict[str, Any]:
        paper, copy = self.paper, self.copy

        def address(**changes: str) -> str:
            given = {"paper": paper, "copy": copy.value, **changes}
            return f"{self.request.path}?" + "&".join(f"{name}={value}" for name, value in given.items())

        context = super().get_context(**extra)
        words = reprint_words(self.kind, self.instance.pk, copy)
        context |= {
            "papers": [
                {"label": self.labels[name], "url": address(paper=name), "current": name == paper}
                for name in self.papers
            ],
            "copies": [
                {"label": label, "url": address(copy=one.value), "current": one is copy}
                for one, label in _CHOICES.items()
            ],
            "pdf_url": context["pdf_url"] and f"{address()}&as=pdf",
            "printed_url": address(),
            "copy_name": _(copy.caption),
            "reprint": words,
            "send_url": page_url(self.request, self.instance, "send"),
        }
        return context


class BillPrint(CopiesPage[Bill]):
    model = Bill
    kind = DOCUMENT
    on_paper = staticmethod(bill_on_paper)  # type: ignore[assignment]

    @classmethod
    def offers(cls, instance: Any) -> bool:
        return instance.state in (BillState.POSTED, BillState.CANCELLED)

    def get_queryset(self) -> models.QuerySet[Bill]:
        return super().get_queryset().filter(state__in=[BillState.POSTED, BillState.CANCELLED])


class NotePrint(CopiesPage[SalesReturn]):
    model = SalesReturn
    kind = RETURN
    on_paper = staticmethod(note_on_paper)  # type: ignore[assignment]

    @classmethod
    def offers(cls, instance: Any) -> bool:
        return bool(instance.state == SalesReturnState.POSTED)

    def get_queryset(self) -> models.QuerySet[SalesReturn]:
        return super().get_queryset().filter(state=SalesReturnState.POSTED)


class SendForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("To"))
    text = forms.CharField(
        label=gettext_lazy("Text"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )

    layout: ClassVar[Layout] = Layout(Card(gettext_lazy("E-mail"), C6("email"), C12("text")))


class SendPage(ActionPage[M]):
    """The customer's copy by e-mail."""

    form_class = SendForm
    title = gettext_lazy("Send by e-mail")
    submit_label = gettext_lazy("Send")
    kind: ClassVar[str]

    def get_initial(self) -> dict[str, Any]:
        customer = self.instance.customer  # type: ignore[attr-defined]
        return {"email": customer.email if customer else ""}

    def question(self) -> str:
        return _("%(document)s goes out as PDF. Without a text the usual one is sent.") % {"document": self.name}

    def perform(self, form: Any) -> None:
        self.sent_to = send_document(
            kind=self.kind,
            document=self.instance,  # type: ignore[arg-type]
            actor=self.request.member,
            **form.cleaned_data,
        )

    def success_text(self) -> str:
        return _("%(document)s on its way to %(email)s") % {"document": self.name, "email": self.sent_to}

    def success_url(self) -> str:
        return page_url(self.request, self.instance, "print") or self.detail_url()

    def cancel_url(self) -> str:
        return self.success_url()


class BillSend(SendPage[Bill]):
    model = Bill
    right = "sales.bill.edit"
    kind = DOCUMENT
    offers = BillPrint.offers

    def get_queryset(self) -> models.QuerySet[Bill]:
        return super().get_queryset().filter(state__in=[BillState.POSTED, BillState.CANCELLED])


class NoteSend(SendPage[SalesReturn]):
    model = SalesReturn
    right = "sales.return.edit"
    kind = RETURN
    offers = NotePrint.offers

    def get_queryset(self) -> models.QuerySet[SalesReturn]:
        return super().get_queryset().filter(state=SalesReturnState.POSTED)
