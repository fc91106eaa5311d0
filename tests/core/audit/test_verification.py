"""Whatever the owner of the database alters behind the application's back is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from apps.core.audit import rules
from apps.core.audit.content import event_texts, one_way_of_writing, table_columns
from apps.core.audit.models import Seal, SealedTable
from apps.core.audit.operations import seal_organization
from apps.core.audit.verification import Report, verify_current_organization
from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch
from tests.core.audit.conftest import event, new_branch, new_organization

pytestmark = pytest.mark.database

Owner = psycopg.Connection[tuple[Any, ...]]


def verify(organization: int, **options: Any) -> Report:
    with tenant(organization):
        return verify_current_organization(**options)


def first(organization: int) -> str:
    """The first finding, which is the one that names what was done."""
    return verify(organization).findings[0].text


@contextmanager
def triggers_off(owner: Owner, table: str = "organizations_branch") -> Iterator[None]:
    owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        yield
    finally:
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_an_untouched_history_is_whole(organization: int, sealed: list[Seal]) -> None:
    with tenant(organization):
        new_branch("Waiting")
    report = verify(organization)
    assert report.findings == []
    assert (report.seals, report.events, report.waiting, report.rows) == (3, 8, 1, 7)
    assert report.last_seal == f"3:{sealed[-1].hash}"


def test_the_bounds_of_one_organization_hold(organization: int, sealed: list[Seal], owner_connection: Owner) -> None:
    other = new_organization("kite")
    seal_organization(other)
    owner_connection.execute("UPDATE organizations_branchevent SET city = 'Delhi'")
    assert verify(other).findings == []
    assert verify(organization).findings


def test_an_altered_event_is_named_with_its_object_and_field(
    organization: int, branches: list[Branch], sealed: list[Seal], owner_connection: Owner
) -> None:
    number = event(branches[0], "update")
    owner_connection.execute("UPDATE organizations_branchevent SET name = 'Poona' WHERE pgh_id = %s", [number])
    assert first(organization) == (
        f"Event {number} of organizations_branchevent (branch {branches[0].pk}, Poona) was altered after seal 1: "
        "branch name does not fit the events beside it."
    )


def test_the_altered_latest_event_is_named_against_the_live_row(
    organization: int, branches: list[Branch], sealed: list[Seal], owner_connection: Owner
) -> None:
    number = event(branches[1], "insert")
    owner_connection.execute(
        "UPDATE organizations_branchevent SET phone = '1', city = 'Goa' WHERE pgh_id = %s", [number]
    )
    assert f"Event {number} of organizations_branchevent" in first(organization)
    assert "city, phone do not fit" in first(organization)


@pytest.mark.parametrize(
    "change",
    [
        'pgh_context = \'{"name": "Somebody else"}\'',
        "pgh_created_at = pgh_created_at - interval '1 day'",
        "pgh_label = 'delete'",
    ],
    ids=["who", "when", "what"],
)
def test_who_when_and_what_are_sealed_too(
    organization: int, branches: list[Branch], sealed: list[Seal], owner_connection: Owner, change: str
) -> None:
    number = event(branches[0], "update")
    owner_connection.execute(f"UPDATE organizations_branchevent SET {change} WHERE pgh_id = {number}")
    assert f"Event {number} of organizations_branchevent" in first(organization)
    assert "was altered after seal 1" in first(organization)


def test_several_altered_events_are_counted(organization: int, sealed: list[Seal], owner_connection: Owner) -> None:
    owner_connection.execute("UPDATE organizations_branchevent SET pin_code = '000000'")
    assert "(and 5 more in this table)" in first(organization) or "(and 6 more in this table)" in first(organization)
    assert "after seal 1" in first(organization)


def test_a_deleted_event_is_named(
    organization: int, branches: list[Branch], sealed: list[Seal], owner_connection: Owner
) -> None:
    number = event(branches[0], "update")
    owner_connection.execute("DELETE FROM organizations_branchevent WHERE pgh_id = %s", [number])
    assert first(organization) == f"Event {number} of organizations_branchevent, sealed in seal 1, is missing."


def test_an_event_moved_to_another_organization_is_missing_here_and_added_there(
    organization: int, branches: list[Branch], sealed: list[Seal], owner_connection: Owner
) -> None:
    other = new_organization("kite")
    seal_organization(other)
    number = event(branches[0], "update")
    owner_connection.execute(
        "UPDATE organizations_branchevent SET organization_id = %s WHERE pgh_id = %s", [other, number]
    )
    assert "is missing" in first(organization)
    assert f"Event {number} of organizations_branchevent" in first(other)


def test_a_forged_event_is_named(
    organization: int, branches: list[Branch], sealed: list[Seal], owner_connection: Owner
) -> None:
    (number,) = owner_connection.execute(
        """INSERT INTO organizations_branchevent
           (pgh_created_at, pgh_label, pgh_txid, organization_id, id, version, created_at, name, code, gstin,
            gstin_sandbox, state_code, address, city, pin_code, phone, email, active,
            bank_account, bank_ifsc, bank_name, bill_terms, composition, fssai, signatory)
           SELECT pgh_created_at, 'update', pgh_txid, organization_id, id, version, created_at, 'Forged', code, gstin,
            gstin_sandbox, state_code, address, city, pin_code, phone, email, active,
            bank_account, bank_ifsc, bank_name, bill_terms, composition, fssai, signatory
           FROM organizations_branchevent WHERE pgh_id = %s RETURNING pgh_id""",
        [event(branches[0], "update")],
    ).fetchone() or (0,)
    texts = [finding.text for finding in verify(organization).findings]
    assert texts[0] == (
        f"Event {number} of organizations_branchevent (branch {branches[0].pk}, Forged) was added after seal 1 "
        "to the time before it."
    )


@pytest.mark.parametrize(
    "change", ["count = count + 1", "sealed_at = sealed_at - interval '1 day'", "horizon = horizon - 1"]
)
def test_an_altered_seal_is_named(organization: int, sealed: list[Seal], owner_connection: Owner, change: str) -> None:
    owner_connection.execute(f"UPDATE audit_seal SET {change} WHERE number = 2")
    assert first(organization) == "Seal 2 was altered: its figures do not give its hash."


def test_a_seal_altered_with_its_own_hash_breaks_the_chain(
    organization: int, sealed: list[Seal], owner_connection: Owner
) -> None:
    seal = sealed[1]
    forged = rules.seal_hash(
        organization=organization,
        number=2,
        previous=rules.from_hex(seal.previous),
        root=b"x" * 32,
        count=seal.count,
        horizon=seal.horizon,
        sealed_at=seal.sealed_at,
    )
    owner_connection.execute(
        "UPDATE audit_seal SET root = %s, hash = %s WHERE number = 2",
        [rules.to_hex(b"x" * 32), rules.to_hex(forged)],
    )
    texts = [finding.text for finding in verify(organization).findings]
    assert "The list of events of seal 2 was altered: it does not give its root." in texts
    assert "Seal 3 does not follow from the seal before it." in texts


def delete_seal(owner: Owner, number: int) -> None:
    owner.execute(
        "DELETE FROM audit_sealedtable WHERE seal_id IN (SELECT id FROM audit_seal WHERE number = %s)", [number]
    )
    owner.execute("DELETE FROM audit_seal WHERE number = %s", [number])


def test_a_deleted_seal_is_named(organization: int, sealed: list[Seal], owner_connection: Owner) -> None:
    delete_seal(owner_connection, 2)
    assert first(organization) == "Seal 2 is missing from the chain."


def test_several_deleted_seals_are_named(organization: int, sealed: list[Seal], owner_connection: Owner) -> None:
    delete_seal(owner_connection, 1)
    delete_seal(owner_connection, 2)
    assert first(organization) == "Seals 1 to 2 are missing from the chain."


def test_the_last_seal_cut_off_is_named_by_who_noted_it(
    organization: int, sealed: list[Seal], owner_connection: Owner
) -> None:
    noted = {3: sealed[-1].hash}
    assert verify(organization, expected=noted).findings == []
    delete_seal(owner_connection, 3)
    assert verify(organization, expected=noted).findings[0].text == (
        "Seal 3, noted elsewhere, is missing from the end of the chain."
    )
    # Sealed again by the next run, the chain looks whole but is another one.
    seal_organization(organization)
    assert verify(organization).findings == []
    assert verify(organization, expected=noted).findings[0].text == (
        "Seal 3 is not the one noted elsewhere: history was written again."
    )


@pytest.mark.parametrize(
    "change",
    [
        "event_ids = event_ids[2:], hashes = hashes[2:]",
        "hashes = hashes[2:]",
        "event_ids[1] = 999999",
        "hashes[1] = sha256('x')",
        "hashes[1] = 'short'",
        "event_table = 'nowhere'",
    ],
)
def test_an_altered_list_is_named(organization: int, sealed: list[Seal], owner_connection: Owner, change: str) -> None:
    owner_connection.execute(f"UPDATE audit_sealedtable SET {change} WHERE event_table = 'organizations_branchevent'")
    texts = [finding.text for finding in verify(organization).findings]
    assert "The list of events of seal 1 was altered: it does not give its root." in texts


def test_an_altered_business_row_is_named_with_its_field(
    organization: int, branches: list[Branch], sealed: list[Seal], owner_connection: Owner
) -> None:
    with triggers_off(owner_connection):
        owner_connection.execute("UPDATE organizations_branch SET city = 'Goa' WHERE id = %s", [branches[1].pk])
    assert first(organization) == (
        f"branch {branches[1].pk}, Satara in organizations_branch was changed behind the application's back "
        f"after event {event(branches[1], 'insert')}: city."
    )


def test_a_business_row_deleted_with_the_triggers_off_is_named(
    organization: int, branches: list[Branch], sealed: list[Seal], owner_connection: Owner
) -> None:
    with triggers_off(owner_connection):
        owner_connection.execute("DELETE FROM organizations_branch WHERE id = %s", [branches[1].pk])
    assert f"branch {branches[1].pk} in organizations_branch was deleted behind the application's back" in first(
        organization
    )


def test_a_business_row_inserted_with_the_triggers_off_is_named(
    organization: int, branches: list[Branch], sealed: list[Seal], owner_connection: Owner
) -> None:
    with triggers_off(owner_connection):
        owner_connection.execute(
            """INSERT INTO organizations_branch (organization_id, version, created_at, name, code, gstin, gstin_sandbox,
               state_code, address, city, pin_code, phone, email, active,
               bank_account, bank_ifsc, bank_name, bill_terms, composition, fssai, signatory)
               SELECT organization_id, version, created_at, 'Forged', 'FF', gstin, gstin_sandbox, state_code, address,
               city, pin_code, phone, email, active,
               bank_account, bank_ifsc, bank_name, bill_terms, composition, fssai, signatory
               FROM organizations_branch WHERE id = %s""",
            [branches[0].pk],
        )
    assert "Forged in organizations_branch has no history: it was written with the triggers off" in first(organization)


def test_a_deleted_row_brought_back_is_named(
    organization: int, branches: list[Branch], owner_connection: Owner
) -> None:
    with tenant(organization):
        Branch.objects.filter(pk=branches[2].pk).delete()
    seal_organization(organization)
    with triggers_off(owner_connection):
        owner_connection.execute(
            """INSERT INTO organizations_branch (id, organization_id, version, created_at, name, code, gstin,
               gstin_sandbox, state_code, address, city, pin_code, phone, email, active,
               bank_account, bank_ifsc, bank_name, bill_terms, composition, fssai, signatory)
               SELECT id, organization_id, version, created_at, name, code, gstin, gstin_sandbox, state_code, address,
               city, pin_code, phone, email, active,
               bank_account, bank_ifsc, bank_name, bill_terms, composition, fssai, signatory
               FROM organizations_branchevent WHERE pgh_id = %s""",
            [event(branches[2], "delete")],
        )
    assert f"is there, though event {event(branches[2], 'delete')} says it was deleted" in first(organization)


def test_the_altered_organization_is_named(organization: int, sealed: list[Seal], owner_connection: Owner) -> None:
    with triggers_off(owner_connection, "organizations_organization"):
        owner_connection.execute("UPDATE organizations_organization SET name = 'Other' WHERE id = %s", [organization])
    assert "in organizations_organization was changed behind the application's back" in first(organization)


def test_a_column_added_later_does_not_break_old_seals(
    organization: int, sealed: list[Seal], owner_connection: Owner
) -> None:
    owner_connection.execute("ALTER TABLE organizations_branchevent ADD COLUMN gln varchar(13) NOT NULL DEFAULT ''")
    try:
        assert verify(organization).findings == []
        with tenant(organization):
            new_branch("Karad")
        seal_organization(organization)
        assert verify(organization).findings == []
        with tenant(organization):
            columns = SealedTable.objects.get(seal__number=4).columns
        assert "gln" in columns
    finally:
        owner_connection.execute("ALTER TABLE organizations_branchevent DROP COLUMN gln")
    assert first(organization) == (
        "The history table organizations_branchevent lost gln: what was sealed since seal 4 cannot be compared."
    )


def test_the_session_makes_no_difference(organization: int, sealed: list[Seal]) -> None:
    with tenant(organization), connection.cursor() as cursor:
        columns = table_columns(cursor, ["organizations_branchevent"])["organizations_branchevent"]
        query = event_texts("organizations_branchevent", columns, sql.SQL("organization_id = app_org()"))

        def texts() -> list[tuple[int, str]]:
            cursor.execute(query)
            return sorted(cursor.fetchall())

        with one_way_of_writing(cursor):
            expected = texts()
        cursor.execute("SET LOCAL TimeZone = 'Asia/Kolkata'")
        assert texts() != expected, "the session does make a difference to PostgreSQL"
        with one_way_of_writing(cursor):
            assert texts() == expected
        cursor.execute("SHOW TimeZone")
        assert cursor.fetchone()[0] == "Asia/Kolkata"
