"""Which documents journal entries come from: how people call them, and where they are opened.

Upper rooms register theirs in `AppConfig.ready()`; finance never names them.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class DocumentType:
    """A kind of source.

    Attributes:
        kind: what `rules.posting.Source.kind` says, such as `sales.bill`; stored with entries, so it never changes.
        label: what people call it.
        route: name of the page that opens one by its primary key; '' when it has none.
        module: which period lock binds it, a value of `PeriodLock.Module`.
    """

    kind: str
    label: str | Promise
    route: str = ""
    module: str = "journal"


_known: dict[str, DocumentType] = {}


def register(*types: DocumentType) -> None:
    """Add kinds of documents.

    Raises:
        ValueError: the kind is another document's.
    """
    for one in types:
        if _known.setdefault(one.kind, one) != one:
            raise ValueError(f"Two documents are called {one.kind}.")


def document_type(kind: str) -> DocumentType:
    """What is known of the kind; one that nobody registers any more keeps its bare name and has no page."""
    return _known.get(kind) or DocumentType(kind, kind)


def document_types() -> list[DocumentType]:
    """Every kind, in the order of registration."""
    return list(_known.values())


MONEY = (
    DocumentType("finance.payment", _("Receipt or payment"), "finance:payment_detail", "payments"),
    DocumentType("finance.openitem", _("Write-off"), "finance:openitem_detail", "payments"),
    DocumentType("finance.opening_items", _("Opening balances of parties"), "", "journal"),
)
"""What this app's own receipts, payments and imports are."""

BOOKS = (
    DocumentType("finance.voucher", _("Voucher"), "finance:voucher_detail", "journal"),
    DocumentType("finance.year", _("Closing of a year"), "finance:financialyear_detail", "journal"),
    DocumentType("finance.opening", _("Opening balances"), "", "journal"),
)
"""Vouchers, closings and balances brought forward."""
