"""Books for tests: an organization in which entries can be posted, and short ways to post them."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

from apps.core.tenancy.context import tenant
from apps.finance.models import Account
from apps.finance.operations import Posted, post_entry
from apps.finance.rules.posting import PostingLine, Source, credit, debit
from apps.organizations.models import Branch, Organization
from apps.parties.models import Party
from tests.factories import first_branch

_numbers = itertools.count(1)

TODAY = dt.date(2026, 11, 20)


def account(role: str) -> Account:
    """The account of a role in the current organization."""
    found: Account = Account.objects.get(role=role)
    return found


def party(name: str = "", *, supplier: bool = False) -> Party:
    """A party of the current organization."""
    made: Party = Party.objects.create(
        name=name or f"Party {next(_numbers)}", state_code="27", is_customer=not supplier, is_supplier=supplier
    )
    return made


def sale(amount: str | Decimal = "1000.00", *, role: str = "cash", sold: str = "sales") -> list[PostingLine]:
    """Lines of a cash sale without tax."""
    return [debit(role, Decimal(amount)), credit(sold, Decimal(amount))]


def post(
    organization: Organization,
    lines: list[PostingLine] | None = None,
    *,
    on_date: dt.date = TODAY,
    branch: Branch | None = None,
    number: int | None = None,
    kind: str = "test.document",
) -> Posted:
    """Post an entry of a document of its own, in a transaction of its own."""
    with tenant(organization.pk):
        key = number or next(_numbers)
        return post_entry(
            lines=sale() if lines is None else lines,
            source=Source(kind, key, f"T/{key}"),
            branch=branch or first_branch(organization),
            on_date=on_date,
        )
