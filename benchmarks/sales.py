"""Workloads of selling: a bill of thirty lines posted whole, eight clients at the same forty products, a line typed at
the end of a long bill, and the list of bills. Postings are measured at the operation that a page calls, each in a
transaction of its own; beside them hand-written SQL that writes as many rows without triggers, policies or references.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection
from django.utils import timezone

from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.inventory.models import Stock
from apps.organizations.models import Branch, BranchLicence, Membership
from apps.parties.models import Party, PartyLicence
from apps.sales.models import Bill, BillLine
from apps.sales.operations import complete_bill, set_line
from benchmarks.bench import Bench
from benchmarks.crowd import CLIENTS, SECONDS, done_by_all
from benchmarks.data import load
from benchmarks.harness import Row, Workload
from benchmarks.ledger import HOT, LINES, make_bare, sellable
from benchmarks.place import House
from ineat import databases

LIST = "bills/"
BILLS_A_PARTY = 4
"""So many posted bills lie in the list for each party."""
LONG = 100
ALONE, A_CLIENT = 150, 260
"""Drafts that wait to be posted, alone and for each client."""

_BILLS = """
INSERT INTO sales_bill
  (organization_id, version, created_at, branch_id, customer_id, on_date, state, kind, number, financial_year,
   reference, note, credit_days, due_on, bill_discount, place_of_supply, place_rule, levy, levy_reason, zero_rated,
   reverse_charge, registration, gstin, particulars, line_count, gross, discount, taxable, cgst, state_tax, igst,
   round_off, total, cost, touched_at, posted_at, cancel_reason)
SELECT %(organization)s, 3, now(), b.id, p.first + n %% p.parties, current_date - 700 + (n * 700 / %(count)s)::int,
       'posted', 'invoice', 'X/' || lpad(n::text, 8, '0'), 2026, '', '', 0, current_date, 0, '27', '10(1)(a)', 'state',
       'within_state', false, false, 'unregistered', '', '{}', 30, 1000 + n %% 9000, 0, 1000 + n %% 9000, 25, 25, 0, 0,
       1050 + n %% 9000, 700, now(), now(), ''
FROM generate_series(1, %(count)s) AS n
CROSS JOIN (SELECT min(id) AS id FROM organizations_branch WHERE organization_id = %(organization)s) b
CROSS JOIN (SELECT min(id) AS first, count(*)::int AS parties FROM parties_party
            WHERE organization_id = %(organization)s) p
"""
_COLUMNS = "b.id, b.number, b.on_date, p.name, p.city, b.line_count, b.total, b.due_on, b.state"
FIRST = f"""
SELECT {_COLUMNS} FROM sales_bill b LEFT JOIN parties_party p ON p.id = b.customer_id
WHERE b.organization_id = app_org() AND b.state IN ('posted', 'cancelled') ORDER BY b.on_date DESC, b.id DESC LIMIT 51
"""
ONE = f"""
SELECT {_COLUMNS} FROM sales_bill b LEFT JOIN parties_party p ON p.id = b.customer_id
WHERE b.organization_id = app_org() AND b.number = %s
"""
# What posting a bill needs at least, besides the goods: its batches, entry, item, tax, number and foot.
_BARE = """
CREATE TABLE bare.pick (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, bill bigint, batch_id bigint, quantity int,
  rate numeric, taxable numeric, cgst numeric, sgst numeric, cost numeric);
CREATE TABLE bare.entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, bill bigint UNIQUE, amount numeric);
CREATE TABLE bare.line (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, entry bigint, account int, debit numeric,
  credit numeric);
CREATE TABLE bare.item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, bill bigint, amount numeric);
CREATE TABLE bare.tax (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, bill bigint, rate numeric, taxable numeric);
CREATE TABLE bare.bill (id bigint PRIMARY KEY, number bigint, total numeric);
CREATE TABLE bare.series (next bigint); INSERT INTO bare.series VALUES (1);
CREATE FUNCTION bare.sell(products bigint[], bill bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE taken bigint; made bigint; given bigint;
BEGIN
  taken := bare.issue(products, 1, bill);
  INSERT INTO bare.pick (bill, batch_id, quantity, rate, taxable, cgst, sgst, cost)
    SELECT bill, batch_id, -quantity, 8, 8, 0.2, 0.2, cost FROM bare.move WHERE document = bill;
  UPDATE bare.series SET next = next + 1 RETURNING next - 1 INTO given;
  INSERT INTO bare.entry (bill, amount) VALUES (bill, 252) RETURNING id INTO made;
  INSERT INTO bare.line (entry, account, debit, credit)
    SELECT made, n, 252, 0 FROM generate_series(1, 6) AS n;
  INSERT INTO bare.item (bill, amount) VALUES (bill, 252);
  INSERT INTO bare.tax (bill, rate, taxable) VALUES (bill, 5, 240);
  INSERT INTO bare.bill (id, number, total) VALUES (bill, given, 252);
  RETURN taken;
END $$;
CREATE INDEX ON bare.move (document);
GRANT ALL ON ALL TABLES IN SCHEMA bare TO {role};
"""
_numbers = itertools.count(1)


def fill(owner: psycopg.Connection[Any], *, organization: int, count: int) -> None:
    """Posted bills of some two years. They are put past the triggers, which let no bill be born posted."""
    owner.execute(b"ALTER TABLE sales_bill DISABLE TRIGGER USER")
    load(
        owner,
        "sales_bill",
        statement=_BILLS,
        values={"organization": organization, "count": count * BILLS_A_PARTY},
    )
    owner.execute(b"ALTER TABLE sales_bill ENABLE TRIGGER USER")
    owner.commit()


def workloads(bench: Bench) -> list[Workload]:
    """The list as page and fragment, a bill found by its number, a line at line 100, and postings."""
    number = f"X/{7:08d}"
    return [
        bench.page("sales_bill_list", LIST, FIRST),
        bench.fragment("sales_bill_fragment", LIST, FIRST),
        bench.fragment("sales_bill_by_number", f"{LIST}?q={number}", ONE, number),
        Workload("sales_line_at_100", lambda: _line_at_100(bench)),
        Workload("sales_post_30_lines", lambda: _alone(bench)),
        Workload("sales_eight_clients", lambda: _eight_clients(bench.big)),
    ]


def _customers(branch: int) -> list[int]:
    """Customers who may buy anything, and a branch that may sell it."""
    today = timezone.localdate()
    days = {"valid_from": today.replace(year=today.year - 2), "valid_to": today.replace(year=today.year + 2, day=1)}
    for form in ("20B", "21B"):
        BranchLicence.objects.get_or_create(branch_id=branch, form=form, number=f"{form}-1", defaults=days)
    keys = list(Party.objects.filter(is_customer=True, active=True).order_by("id").values_list("pk", flat=True)[:200])
    PartyLicence.objects.bulk_create(
        (
            PartyLicence(party_id=key, form=form, number=f"{form}-{key}", **days)
            for key in keys
            for form in ("20", "21")
        ),
        ignore_conflicts=True,
    )
    return keys


def _drafts(house: House, products: Sequence[int], count: int, lines: int) -> list[int]:
    """Drafts of so many lines each, as typing would have left them."""
    chance = random.Random(count)
    with tenant(house.key):
        branch = Branch.objects.earliest("id")
        customers = _customers(branch.pk)
        today = timezone.localdate()
        bills = Bill.objects.bulk_create(
            Bill(
                branch=branch,
                customer_id=customers[number % len(customers)],
                on_date=today,
                place_of_supply=branch.state_code,
                line_count=lines,
            )
            for number in range(count)
        )
        BillLine.objects.bulk_create(
            (
                BillLine(
                    bill=bill, position=position, product_id=product, quantity=1, rate=8, mrp=10, hsn="30049099",
                    tax_rate=5, gross=8, taxable=8, why={"source": "list", "basis": "ptr"},
                )
                for bill in bills
                for position, product in enumerate(chance.sample(list(products), min(lines, len(products))), 1)
            ),
            batch_size=5_000,
        )  # fmt: skip
        return [bill.pk for bill in bills]


def _biller(house: House) -> Membership:
    with tenant(house.key):
        found: Membership = Membership.objects.select_related("role", "user").earliest("id")
        found.role.rights  # noqa: B018 - read once, as a request has it
        return found


def _post(house: House, bill: int, biller: Membership) -> None:
    with tenant(house.key):
        complete_bill(bill_id=bill, actor=biller)


def _bare(house: House) -> None:
    make_bare(house)
    with psycopg.connect(databases.owner_conninfo(), autocommit=True) as owner:
        owner.execute(_BARE.replace("{role}", databases.app_role()).encode())


def _drop_bare() -> None:
    with psycopg.connect(databases.owner_conninfo(), autocommit=True) as owner:
        owner.execute(b"DROP SCHEMA bare CASCADE")


def _alone(bench: Bench) -> Row:
    _branch, products = sellable(bench.big)
    waiting = iter(_drafts(bench.big, products, max(ALONE, bench.rounds * 2 + 10), LINES))
    biller = _biller(bench.big)
    _bare(bench.big)
    chance = random.Random(2)

    def raw() -> None:
        chosen = chance.sample(products, min(LINES, len(products)))
        bench.probe.connection.execute(b"SELECT bare.sell(%s, %s)", [chosen, next(_numbers)])

    row = bench.beside("sales_post_30_lines", lambda: _post(bench.big, next(waiting), biller), raw).measure()
    _drop_bare()
    return row


def _line_at_100(bench: Bench) -> Row:
    """A line of a bill of a hundred written again and again, beside the update alone."""
    _branch, products = sellable(bench.big)
    (bill,) = _drafts(bench.big, products, 1, LONG)
    biller = _biller(bench.big)
    with tenant(bench.big.key):
        line = BillLine.objects.filter(bill=bill).latest("position")

    def commit() -> None:
        with tenant(bench.big.key):
            set_line(
                bill_id=bill, line_id=line.pk, product_id=line.product_id, quantity=1 + next(_numbers) % 3, actor=biller
            )

    def raw() -> None:
        bench.probe.fetch(bench.big, "SELECT quantity FROM sales_billline WHERE id = %s", line.pk)

    return bench.beside("sales_line_at_100", commit, raw).measure()


def _post_for(house: House, bills: list[int], biller: Membership, number: int, done: Any) -> None:
    """One client: as many of its drafts as it can; the bills that were posted."""
    count, until = 0, time.monotonic() + SECONDS
    for bill in bills[number - 1 :: CLIENTS]:
        if time.monotonic() > until:
            break
        while time.monotonic() <= until:
            try:
                _post(house, bill, biller)
            except Refusal:
                continue
            count += 1
            break
    done.put(count)


def _insert_for(products: list[int], number: int, done: Any) -> None:
    """One client by hand."""
    chance, count = random.Random(number), 0
    with psycopg.connect(databases.app_conninfo(), autocommit=True) as link:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            chosen = sorted(chance.sample(products, min(LINES, len(products))))
            link.execute(b"SELECT bare.sell(%s, %s)", [chosen, number * 10**9 + count])
            count += 1
    done.put(count)


def _eight_clients(house: House) -> Row:
    """Bills a second of eight processes at the same forty products, beside eight that do it by hand.

    Raises:
        RuntimeError: stock or numbers are not what the posted bills say.
    """
    _branch, products = sellable(house)
    hot = products[:HOT]
    bills = _drafts(house, hot, A_CLIENT * CLIENTS, LINES)
    biller = _biller(house)
    with tenant(house.key):
        before = sum(Stock.objects.filter(product__in=hot).values_list("on_hand", flat=True))
    posted = done_by_all(_post_for, house, bills, biller)
    with tenant(house.key):
        numbers = sorted(Bill.objects.filter(pk__in=bills).exclude(number="").values_list("number", flat=True))
        after = sum(Stock.objects.filter(product__in=hot).values_list("on_hand", flat=True))
    running = [int(number.rpartition("/")[2]) for number in numbers]
    if len(numbers) != posted or running != list(range(running[0], running[0] + posted)):
        raise RuntimeError(f"{posted} bills were posted and have {len(numbers)} numbers, not in one row.")
    if before - after != posted * min(LINES, len(hot)):
        raise RuntimeError(f"{posted} bills took {before - after} units.")
    connection.close()
    _bare(house)
    raw = done_by_all(_insert_for, hot)
    _drop_bare()
    return Row("sales_eight_clients", posted / SECONDS, raw / SECONDS, unit="rows/s")
