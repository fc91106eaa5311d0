"""The history as people read it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.core.audit.history import set_audit_context
from apps.core.audit.operations import seal_organization
from apps.core.audit.queries import Action, FieldChange, history_of, in_words
from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch, BranchLicence, Membership, Organization, Role
from tests.core.audit.conftest import new_branch, new_organization


def licence(branch: Branch, **fields: Any) -> BranchLicence:
    values: dict[str, Any] = {
        "form": "20B",
        "number": "MH-PZ1-123456",
        "valid_from": dt.date(2024, 1, 1),
        "valid_to": dt.date(2028, 12, 31),
    }
    made: BranchLicence = BranchLicence.objects.create(branch=branch, **(values | fields))
    return made


@pytest.mark.django_db
def test_a_change_names_the_fields_before_and_after() -> None:
    with tenant(new_organization("banyan")):
        set_audit_context(user_id=1, name="Asha Kulkarni", request_id="r-1", source="POST /o/banyan/branches/1/edit/")
        branch = new_branch("Pune")
        Branch.objects.filter(pk=branch.pk).update(city="Satara", state_code="29", active=False, version=2)
        changed, created = history_of(branch)
        assert (changed.action, changed.who, changed.request_id) == (Action.CHANGED, "Asha Kulkarni", "r-1")
        assert {field.label: (field.before, field.after) for field in changed.fields} == {
            "State": (_state("27"), _state("29")),
            "City": ("Pune", "Satara"),
            "Active": ("Yes", "No"),
        }
        assert created.action is Action.CREATED
        assert FieldChange("Branch name", "–", "Pune") in created.fields
        assert {"Version", "Created", "Organization", "Phone"}.isdisjoint({field.label for field in created.fields})


def _state(code: str) -> str:
    return str(dict(Branch._meta.get_field("state_code").flatchoices)[code])


@pytest.mark.django_db
def test_a_reference_reads_as_the_record_it_names() -> None:
    with tenant(new_organization("banyan")):
        pune, satara = new_branch("Pune"), new_branch("Satara")
        paper = licence(pune)
        BranchLicence.objects.filter(pk=paper.pk).update(branch=satara, valid_to=dt.date(2029, 12, 31))
        changes = {field.label: (field.before, field.after) for field in history_of(paper)[0].fields}
        assert changes == {"Branch": ("Pune", "Satara"), "Valid to": ("31 Dec 2028", "31 Dec 2029")}


@pytest.mark.django_db
def test_a_record_that_is_gone_keeps_its_history() -> None:
    with tenant(new_organization("banyan")):
        pune, satara = new_branch("Pune"), new_branch("Satara")
        paper = licence(pune)
        BranchLicence.objects.filter(pk=paper.pk).update(branch=satara)
        key = pune.pk
        pune.delete()
        assert [change.action for change in history_of(Branch(pk=key))] == [Action.DELETED, Action.CREATED]
        assert history_of(Branch(pk=key))[0].fields == ()
        assert history_of(paper)[0].fields == (FieldChange("Branch", f"no. {key}, deleted", "Satara"),)


@pytest.mark.django_db
def test_people_and_roles_are_named_in_a_handful_of_queries() -> None:
    with tenant(new_organization("banyan")):
        people = [User.objects.create_user(f"p{n}@example.in", name=f"Person {n}") for n in range(6)]
        roles = [Role.objects.create(name=f"Role {n}", custom_rights=["a", "b"]) for n in range(6)]
        member = Membership.objects.create(user=people[0], role=roles[0])
        for role in roles[1:]:
            Membership.objects.filter(pk=member.pk).update(role=role)
        with CaptureQueriesContext(connection) as queries:
            changes = history_of(member)
        assert len(changes) == 6
        assert changes[0].fields == (FieldChange("Role", "Role 4", "Role 5"),)
        # Events, people, roles, seals.
        assert len(queries) == 4
        assert FieldChange("Person", "–", "Person 0") in changes[-1].fields
        assert FieldChange("Rights", "–", "a; b") in history_of(roles[0])[0].fields


@pytest.mark.django_db
def test_an_update_of_technical_fields_alone_is_not_shown() -> None:
    with tenant(new_organization("banyan")):
        branch = new_branch("Pune")
        Branch.objects.filter(pk=branch.pk).update(version=2)
        assert [change.action for change in history_of(branch)] == [Action.CREATED]


@pytest.mark.django_db
def test_pages_of_history_join_without_a_seam() -> None:
    with tenant(new_organization("banyan")):
        branch = new_branch("Pune", city="City 0")
        for number in range(1, 7):
            Branch.objects.filter(pk=branch.pk).update(city=f"City {number}")
        newest = history_of(branch, limit=3)
        older = history_of(branch, limit=3, before=newest[-1].event_id)
        assert [change.fields[0].after for change in newest + older] == [f"City {n}" for n in range(6, 0, -1)]
        assert [change.fields[0].before for change in newest + older] == [f"City {n}" for n in range(5, -1, -1)]


@pytest.mark.django_db
def test_who_is_the_system_when_nobody_asked() -> None:
    with tenant(new_organization("banyan")):
        assert history_of(new_branch("Pune"))[0].who == "the system"


@pytest.mark.django_db
def test_a_page_may_write_values_in_its_own_way() -> None:
    with tenant(new_organization("banyan")):
        branch = new_branch("Pune")
        labels = {field.label: field.after for field in history_of(branch, write=lambda value: f"<{value}>")[0].fields}
        assert labels["City"] == "<Pune>"
        assert labels["State"] == _state("27")


@pytest.mark.django_db
def test_the_organization_has_a_history_to_read() -> None:
    organization_id = new_organization("banyan")
    with tenant(organization_id):
        Organization.objects.filter(pk=organization_id).update(name="Banyan & Kite")
        assert history_of(Organization(pk=organization_id))[0].fields == (
            FieldChange("Business name", "Banyan", "Banyan & Kite"),
        )


def test_each_change_says_which_seal_holds_it(organization: int, branches: list[Branch]) -> None:
    seal_organization(organization)
    with tenant(organization):
        Branch.objects.filter(pk=branches[0].pk).update(city="Kolhapur")
    seal_organization(organization)
    with tenant(organization):
        Branch.objects.filter(pk=branches[0].pk).update(city="Solapur")
        assert [change.seal for change in history_of(branches[0])] == [None, 2, 1, 1, 1]


def test_a_model_without_history_is_refused() -> None:
    with pytest.raises(LookupError):
        history_of(User(pk=1))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        ("", "–"),
        ([], "–"),
        (0, "0"),
        (True, "Yes"),
        (False, "No"),
        (-1234, "−1,234"),
        (Decimal("1234.50"), "1,234.50"),
        (dt.date(2026, 11, 20), "20 Nov 2026"),
        (dt.datetime(2026, 11, 20, 5, 12, tzinfo=dt.UTC), "20 Nov 2026, 10:42"),
        ([True, "x"], "Yes, x"),
        ({"a": "₹"}, '{"a": "₹"}'),
    ],
)
def test_values_read_as_people_write_them(value: Any, words: str) -> None:
    assert in_words(value) == words


def test_the_panel_shows_who_what_when_and_the_seal(organization: int, branches: list[Branch]) -> None:
    seal_organization(organization)
    with tenant(organization):
        set_audit_context(name="<Asha>")
        Branch.objects.filter(pk=branches[0].pk).update(address="<b>1</b>")
        Branch.objects.filter(pk=branches[0].pk).delete()
        html = render_to_string("core/history.html", {"changes": history_of(branches[0])})
    assert "Changed by &lt;Asha&gt;" in html
    assert "Deleted by &lt;Asha&gt;" in html
    assert "<td>12 Laxmi Road</td><td>&lt;b&gt;1&lt;/b&gt;</td>" in html
    assert "waits for its seal" in html
    assert "sealed in no. 1" in html
    assert "Created by Asha Kulkarni" in html
    assert "style=" not in html


def test_the_panel_of_a_record_without_history_says_what_will_be_there() -> None:
    assert "Each one appears here" in render_to_string("core/history.html", {"changes": []})


@pytest.mark.django_db
def test_the_rights_of_a_role_read_as_what_they_permit() -> None:
    with tenant(new_organization("banyan")):
        role = Role.objects.create(name="Counter", custom_rights=["organizations.branch.view", "gone.by.now"])
        Role.objects.filter(pk=role.pk).update(custom_rights=[], version=2)
        changed, created = history_of(role)
        words = "See branches and their licences; gone.by.now"
        assert FieldChange("Rights", "–", words) in created.fields
        assert changed.fields == (FieldChange("Rights", words, "–"),)
