"""The chart of accounts and opening balances from a file."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.amounts import inr
from apps.core.exchange.batch import Batch, Taken
from apps.core.exchange.declaration import Column, Importer, Key, Option
from apps.core.exchange.records import take_records, undo_records
from apps.core.exchange.rules.cells import Number, Text
from apps.finance.models import Account
from apps.finance.operations.opening_balances import post_opening_balances, undo_opening_balances
from apps.finance.operations.opening_items import opening_day, opening_difference

_AMOUNT = Number(places=2, digits=14, minimum=Decimal(0))
_GROUP = (
    "(SELECT g.id FROM finance_accountgroup g WHERE g.organization_id = %(organization)s "
    'AND (g.code = b."group" OR lower(g.name) = lower(b."group")))'
)
_ACCOUNT = (
    "finance_account a ON a.organization_id = %(organization)s "
    "AND (lower(a.name) = lower(b.account) OR a.code = b.account)"
)


def _page(request: HttpRequest, name: str) -> str | None:
    slug = getattr(getattr(request, "organization", None), "slug", None)
    return reverse(name, kwargs={"organization": slug}) if slug else None


class AccountImporter(Importer):
    name = "accounts"
    label = gettext_lazy("Chart of accounts")
    title = gettext_lazy("Import accounts")
    description = gettext_lazy("Code, name and group of your own accounts")
    right = "finance.account.edit"
    columns = (
        Column(
            "code", gettext_lazy("Code"), Text(10, code=True), required=True, synonyms=("Account code", "Ledger code")
        ),
        Column(
            "name",
            gettext_lazy("Account"),
            Text(80),
            required=True,
            synonyms=("Account name", "Ledger", "Ledger name", "Particulars", "Name"),
        ),
        Column("group", gettext_lazy("Group"), Text(80), required=True, synonyms=("Under", "Account group", "Parent")),
    )
    keys = (Key(("code",), gettext_lazy("code")), Key(("name",), gettext_lazy("account")))
    options = (
        Option(
            "existing",
            gettext_lazy("If an account exists already"),
            [("update", gettext_lazy("Move it to the group of the file")), ("skip", gettext_lazy("Leave it"))],
        ),
    )
    created_label, updated_label = gettext_lazy("New accounts"), gettext_lazy("Accounts moved")
    order = 20

    def check(self, batch: Batch) -> None:
        batch.mark(
            f"SELECT b.row FROM import_batch b WHERE b.\"group\" <> '' AND {_GROUP} IS NULL",  # noqa: S608 - ours
            column="group",
            code="no_group",
            message=_("There is no such group. Take one of the chart of accounts, by its name or its code."),
        )
        batch.mark(
            "SELECT b.row, format(%(words)s, a.name) AS message FROM import_batch b JOIN finance_account a "
            "ON a.organization_id = %(organization)s AND a.code = b.code AND lower(a.name) <> lower(b.name)",
            column="code",
            code="code_taken",
            params={"words": _("%s has this code.")},
        )

    def take(self, batch: Batch) -> Taken:
        return take_records(
            batch,
            Account,
            match="lower(t.name) = lower(b.name)",
            values={"code": "b.code", "name": "b.name", "group_id": _GROUP},
            update=("group_id",) if batch.options["existing"] == "update" else (),
        )

    def undo(self, job_number: int) -> None:
        undo_records(job_number, Account)

    def list_url(self, request: HttpRequest) -> str | None:
        return _page(request, "finance:account_list")


class OpeningBalanceImporter(Importer):
    name = "opening_balances"
    label = gettext_lazy("Opening balances")
    title = gettext_lazy("Import opening balances")
    description = gettext_lazy("The trial balance of the books before these")
    right = "finance.import"
    columns = (
        Column(
            "account",
            gettext_lazy("Account"),
            Text(80),
            required=True,
            synonyms=("Account name", "Ledger", "Ledger name", "Particulars", "Name", "Code"),
        ),
        Column(
            "debit",
            gettext_lazy("Debit"),
            _AMOUNT,
            default="0",
            synonyms=("Dr",),
        ),
        Column(
            "credit",
            gettext_lazy("Credit"),
            _AMOUNT,
            default="0",
            synonyms=("Cr",),
        ),
    )
    keys = (Key(("account",), gettext_lazy("account")),)
    options = (
        Option(
            "differ",
            gettext_lazy("If debits and credits differ"),
            [
                ("refuse", gettext_lazy("Bring in nothing, and say by how much")),
                ("keep", gettext_lazy("Keep the difference in an account of its own")),
            ],
        ),
    )
    created_label = gettext_lazy("Balances")
    order = 25

    def check(self, batch: Batch) -> None:
        batch.mark(
            f"SELECT b.row FROM import_batch b LEFT JOIN {_ACCOUNT} WHERE b.account <> '' AND a.id IS NULL",  # noqa: S608
            column="account",
            code="no_account",
            message=_("There is no such account. Add it to the chart of accounts first, or mend the name."),
        )
        batch.mark(
            "SELECT b.row FROM import_batch b WHERE b.debit <> 0 AND b.credit <> 0",
            column="credit",
            code="both_sides",
            message=_("A balance is a debit or a credit. Leave one of them empty."),
        )
        batch.mark(
            f"SELECT b.row FROM import_batch b JOIN {_ACCOUNT} WHERE NOT a.active",  # noqa: S608 - ours
            column="account",
            code="archived",
            message=_("This account is archived. Restore it first."),
        )

    def take(self, batch: Batch) -> Taken:
        day = opening_day(timezone.localdate())
        rows = batch.fetch(
            f"SELECT a.id, sum(b.debit - b.credit) FROM import_batch b JOIN {_ACCOUNT} GROUP BY a.id"  # noqa: S608
        )
        nets: dict[int, Decimal] = dict(rows)
        post_opening_balances(
            nets=nets,
            on_date=day,
            source_id=batch.job_number,
            narration=_("Brought in from the books before"),
            differ=batch.options["differ"] == "keep",
        )
        left = opening_difference()
        note = (
            _("%(amount)s %(side)s is left in the difference account on %(day)s, until the open bills are in.")
            % {
                "amount": inr(abs(left)),
                "side": _("debit") if left > 0 else _("credit"),
                "day": date_format(day, "j M Y"),
            }
            if left
            else _("The opening balances tie: no difference is left.")
        )
        return Taken(created=len(nets), notes=[note])

    def undo(self, job_number: int) -> None:
        undo_opening_balances(source_id=job_number)

    def list_url(self, request: HttpRequest) -> str | None:
        return _page(request, "finance:trial_balance")
