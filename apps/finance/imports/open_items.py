"""Open bills and advances of parties, from the books kept before these."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.amounts import inr
from apps.core.exchange.batch import Batch, Taken
from apps.core.exchange.declaration import Column, Importer, Key
from apps.core.exchange.rules.cells import Choice, Day, Number, Text
from apps.finance.operations.opening_items import (
    opening_day,
    opening_difference,
    post_opening_items,
    undo_opening_items,
)
from apps.finance.rules.drafts import ItemKind, OpenItemDraft, Side

_SIDES = [("dr", gettext_lazy("Dr, they owe us")), ("cr", gettext_lazy("Cr, we owe them"))]

# Of somebody who both buys and sells, what they owe is a receivable and what we owe a payable.
_ROWS = """
SELECT b.row, p.id,
       CASE WHEN p.is_customer AND (NOT p.is_supplier OR b.side <> 'cr') THEN 'receivable' ELSE 'payable' END,
       b.number, coalesce(b.due_on, b.on_date, %(day)s::date), coalesce(b.on_date, least(b.due_on, %(day)s::date)),
       CASE WHEN b.side = 'cr' OR (b.side = '' AND NOT p.is_customer) THEN -b.amount ELSE b.amount END
FROM import_batch b
JOIN parties_party p ON p.organization_id = %(organization)s AND lower(p.name) = lower(b.party)
ORDER BY b.row
"""


class OpenItemImporter(Importer):
    name = "open_items"
    label = gettext_lazy("Open bills of parties")
    title = gettext_lazy("Import open bills of parties")
    description = gettext_lazy("What customers owe and suppliers are owed, bill by bill, with advances")
    right = "finance.import"
    columns = (
        Column(
            "party",
            gettext_lazy("Party"),
            Text(120),
            required=True,
            synonyms=("Party name", "Customer", "Supplier", "Account", "Ledger", "Name"),
        ),
        Column(
            "number",
            gettext_lazy("Bill number"),
            Text(40, code=True),
            required=True,
            synonyms=("Bill no", "Ref no", "Reference", "Invoice no", "Voucher no", "Document"),
        ),
        Column("on_date", gettext_lazy("Bill date"), Day(), synonyms=("Date", "Invoice date")),
        Column("due_on", gettext_lazy("Due date"), Day(), synonyms=("Due", "Due on")),
        Column(
            "amount",
            gettext_lazy("Open amount"),
            Number(places=2, digits=14),
            required=True,
            synonyms=("Amount", "Pending", "Pending amount", "Balance", "Outstanding"),
        ),
        Column(
            "side",
            gettext_lazy("Dr or Cr"),
            Choice.of(
                ((key, str(text)) for key, text in _SIDES),
                debit="dr",
                credit="cr",
                d="dr",
                c="cr",
                receivable="dr",
                payable="cr",
            ),
            synonyms=("Dr/Cr", "Type", "Side"),
        ),
    )
    keys = (Key(("party", "number"), gettext_lazy("bill of the party")),)
    created_label = gettext_lazy("Open documents")
    order = 30

    def check(self, batch: Batch) -> None:
        batch.mark(
            "SELECT b.row FROM import_batch b WHERE b.party <> '' AND NOT EXISTS (SELECT FROM parties_party p "
            "WHERE p.organization_id = %(organization)s AND lower(p.name) = lower(b.party))",
            column="party",
            code="no_party",
            message=_("No party has this name. Import customers and suppliers first, or mend the name."),
        )
        batch.mark(
            "SELECT b.row FROM import_batch b WHERE b.amount = 0",
            column="amount",
            code="nothing_open",
            message=_("Nothing is open on this bill. Leave the row out."),
        )
        batch.mark(
            "SELECT b.row FROM import_batch b WHERE b.due_on < b.on_date",
            column="due_on",
            code="due_first",
            message=_("The bill is due before its own date."),
        )
        batch.mark(
            "SELECT b.row, format(%(words)s, i.open_amount) AS message FROM import_batch b "
            "JOIN parties_party p ON p.organization_id = %(organization)s AND lower(p.name) = lower(b.party) "
            "JOIN finance_openitem i ON i.organization_id = %(organization)s AND i.party_id = p.id "
            "AND upper(i.number) = upper(b.number) AND i.open_amount <> 0",
            column="number",
            code="open_already",
            params={"words": _("This bill is open here already, with %s.")},
        )

    def take(self, batch: Batch) -> Taken:
        day = opening_day(timezone.localdate())
        rows = batch.fetch(_ROWS, {"day": day})
        drafts = [
            OpenItemDraft(party, Side(side), ItemKind.OPENING, number, due_on, amount, document_on)
            for _row, party, side, number, due_on, document_on, amount in rows
        ]
        post_opening_items(
            drafts=drafts, on_date=day, job_number=batch.job_number, narration=_("Brought in from the books before")
        )
        left = opening_difference()
        note = (
            _("The opening balances differ by %(amount)s %(side)s as of %(day)s, until the rest of them is entered.")
            % {
                "amount": inr(abs(left)),
                "side": _("debit") if left > 0 else _("credit"),
                "day": date_format(day, "j M Y"),
            }
            if left
            else _("The opening balances tie: no difference is left.")
        )
        return Taken(created=len(drafts), notes=[note])

    def undo(self, job_number: int) -> None:
        undo_opening_items(job_number=job_number)

    def list_url(self, request: HttpRequest) -> str | None:
        slug = getattr(getattr(request, "organization", None), "slug", None)
        return reverse("finance:openitem_list", kwargs={"organization": slug}) if slug else None
