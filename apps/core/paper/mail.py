"""A document by e-mail, with its PDF: written down with what made it true, sent once the transaction is over.

mail.register("sales.invoice", InvoicePrint.document)        # in AppConfig.ready()
post_document(kind="sales.invoice", record=bill.pk, to=[...], subject=..., text=...)    # in an operation
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.core.mail import EmailMessage
from django.utils.text import get_valid_filename

from apps.core.outbox.facts import emit
from apps.core.outbox.registry import Fact
from apps.core.paper.pdf import render_pdf
from apps.core.tenancy.context import current_organization_id

DOCUMENT_POSTED: Final = "paper.document_posted"


@dataclass(frozen=True)
class Document:
    """A sheet to print: what it is called, its page of HTML, its paper."""

    name: str
    html: str
    paper: str = "a4"

    def pdf(self) -> bytes:
        """The sheet as PDF.

        Raises:
            PdfFault: it cannot be printed.
        """
        return render_pdf(self.html, paper=self.paper, title=self.name)

    @property
    def file_name(self) -> str:
        return f"{get_valid_filename(self.name.replace('/', '-'))}.pdf"


Source = Callable[[int], Document | None]
"""The document of the record with that key as it is now; None when there is none any more."""

_sources: dict[str, Source] = {}


def register(kind: str, source: Source) -> None:
    """Let documents of this kind be posted. The name is stored with waiting messages, so it must not change.

    Raises:
        ValueError: the name belongs to another kind.
    """
    if _sources.setdefault(kind, source) != source:
        raise ValueError(f"Two kinds of document are called {kind}.")


def post_document(*, kind: str, record: int, to: Sequence[str], subject: str, text: str, reply_to: str = "") -> None:
    """Write down, in the caller's transaction, that the document goes to these addresses with this text.

    Raises:
        LookupError: no app prints documents of that kind.
    """
    if kind not in _sources:
        raise LookupError(f"No document is called {kind}.")
    payload = {"kind": kind, "record": record, "to": list(to), "subject": subject, "text": text, "reply_to": reply_to}
    emit(topic=DOCUMENT_POSTED, payload=payload)


def send_document(fact: Fact) -> None:
    """Outbox handler: print the document as it is now and send it; nothing when the record is gone.

    Raises:
        LookupError: no app prints documents of that kind any more.
        PdfFault: it cannot be printed; the outbox tries again.
    """
    order = fact.payload
    document = _sources[order["kind"]](order["record"])
    if document is None:
        return
    message = EmailMessage(
        subject=" ".join(order["subject"].split()),
        body=order["text"],
        to=order["to"],
        reply_to=[order["reply_to"]] if order["reply_to"] else [],
        # Sent twice after a crash, the two carry the same name, and most mail programs show one.
        headers={"Message-ID": f"<document-{current_organization_id()}-{fact.key}@ineat.invalid>"},
    )
    message.attach(document.file_name, document.pdf(), "application/pdf")
    message.send()
