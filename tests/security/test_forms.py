"""A form changes what it shows, and names only records of its own organization.

Every page of the access matrix that answers an empty post with 422 is taken, so that a new form is tried from its first
day.
"""

from __future__ import annotations

import datetime as dt
import inspect
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django import forms
from django.db import connection, models
from django.http import HttpResponse
from django.test import Client
from django.urls import path, resolve, reverse
from psycopg import sql

from apps.accounts.models import User
from apps.core.tenancy.context import tenant
from apps.core.tenancy.models import TenantModel
from apps.core.ui.pages.editing import EditPage, FormPage
from apps.organizations.models import Branch, Invitation, Membership, Role
from apps.organizations.queries import memberships_of
from apps.parties.models import Party
from ineat import urls
from tests import factories
from tests.access.catalogue import Rows
from tests.access.matrix import ROUTES
from tests.access.objects import OBJECTS
from tests.access.route import Route
from tests.access.routes import TENANT_PREFIX, addresses
from tests.access.walk import address_of, in_organization
from tests.access.world import World
from tests.core.ui.scratch import BranchList
from tests.security.pages import Form, own_form

pytestmark = pytest.mark.django_db

# Columns that saving itself moves on, whatever was posted.
MOVE_ON = {"version", "updated_at", "changed_at"}
# What no form may take from a browser, under any name it could have there.
NEVER_A_FIELD = {
    "id", "pk", "organization", "organization_id", "created_at", "updated_at", "person_id", "person_name", "user",
    "user_id", "is_staff", "is_superuser", "last_login", "link_number", "accepted_at", "withdrawn_at", "folder",
}  # fmt: skip
# A role is chosen by its key, which the operation checks against what the giver may give.
INTRUSIVE = {
    "organization": "{theirs}", "organization_id": "{theirs}", "id": "1", "pk": "1", "active": "false", "role": "owner",
    "is_superuser": "on", "is_staff": "on", "user": "1", "created_at": "2020-01-01", "custom_rights": "*",
}  # fmt: skip


@pytest.fixture
def world() -> World:
    return World()


def _form_routes() -> list[Route]:
    return [route for route in ROUTES if in_organization(route) and route.get == 200 and route.post == 422]


def _page_of(url: str) -> type[FormPage[Any]] | None:
    view = getattr(resolve(url).func, "view_class", None)
    return view if inspect.isclass(view) and issubclass(view, FormPage) else None


def _row(model: type[models.Model], key: int) -> dict[str, Any]:
    """Every column, as the database has it."""
    with connection.cursor() as cursor:
        table = sql.Identifier(model._meta.db_table)
        cursor.execute(sql.SQL("SELECT * FROM {} WHERE id = %s").format(table), [key])
        names = [column.name for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


def _another(value: Any) -> str:
    """Something else than the value, as it would be posted."""
    match value:
        case bool():
            return "" if value else "on"
        case int() | Decimal():
            return str(value + 1)
        case dt.date():
            return "2031-05-05"
        case _:
            return "27AAAPL1234C1ZV-intruder"


def _columns(form: Form) -> set[str]:
    """The columns that the controls of a page stand for; a control may be one part of a value."""
    return form.names | {f"{name}_id" for name in form.names}


def _posted_beyond(world: World, url: str, client: Client) -> Iterator[str]:
    """Post an edit form as it is, with every column of the record that it does not show; yields what changed."""
    page = _page_of(url)
    assert page is not None
    key = int(resolve(url).kwargs["pk"])
    form = own_form(client.get(url).content.decode(), url)
    if form is None:
        yield f"{url}: the page has no form that is posted back to it"
        return
    with tenant(world.ours.pk):
        before = _row(page.model, key)
    extras = {name: value.format(theirs=world.theirs.pk) for name, value in INTRUSIVE.items()}
    for field in page.model._meta.concrete_fields:
        extras |= dict.fromkeys((field.name, field.attname), _another(before[field.column]))
    hidden = {name: value for name, value in extras.items() if name not in form.names}
    answer = client.post(url, form.data | hidden)
    if answer.status_code != 302:
        yield f"{url}: saving what was shown answers {answer.status_code}"
    with tenant(world.ours.pk):
        after = _row(page.model, key)
    shown = _columns(form) | MOVE_ON
    for name, value in after.items():
        if value != before[name] and name not in shown:
            yield f"{url}: {name} went from {before[name]!r} to {value!r}"


def test_edit_forms_change_nothing_that_they_do_not_show(world: World) -> None:
    client = world.client(world.owner)
    routes = [route for route in _form_routes() if route.name.endswith("_edit") and route.object]
    urls = [url for route in routes if _page_of(url := address_of(world, route))]
    assert len(urls) > 10
    found = [line for url in urls for line in _posted_beyond(world, url, client)]
    assert "\n".join(found) == ""


class HiddenField(EditPage[Branch]):
    """A page as somebody would write it by mistake: its form takes a field that it does not show."""

    model = Branch
    right = "organizations.branch.edit"
    form_class = forms.modelform_factory(Branch, fields=["city", "active"])

    def draw(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        answer = super().draw(template, context, status=status)
        answer.content = answer.content.replace(b'name="active"', b"")
        return answer


urlpatterns = [
    *urls.urlpatterns,
    path(f"{TENANT_PREFIX}hidden/<int:pk>/", HiddenField.as_view(), name="hidden_field"),
    path(f"{TENANT_PREFIX}archiving/", BranchList.as_view(), name="archiving"),
]


@pytest.mark.urls(__name__)
def test_a_form_that_takes_more_than_it_shows_would_be_found(world: World) -> None:
    key = factories.first_branch(world.ours).pk
    url = reverse("hidden_field", kwargs={"organization": world.ours.slug, "pk": key})
    found = "\n".join(_posted_beyond(world, url, world.client(world.owner)))
    assert "active went from True to False" in found


def test_no_form_has_a_field_that_is_not_a_browsers_to_set() -> None:
    """On every page there is, those for making records included; and each form names its fields one by one."""
    found: list[str] = []
    pages = {
        view
        for address in addresses()
        if inspect.isclass(view := getattr(address.view, "view_class", None)) and issubclass(view, FormPage)
    }
    assert len(pages) > 10
    for page in pages:
        form_class = getattr(page, "form_class", None)
        if form_class is None:
            continue
        name = f"{page.__module__}.{page.__name__}"
        found += [f"{name}: {field}" for field in NEVER_A_FIELD & set(getattr(form_class, "base_fields", {}))]
        options = getattr(form_class, "_meta", None)
        if isinstance(options, forms.models.ModelFormOptions) and (options.exclude or options.fields == "__all__"):
            found.append(f"{name}: takes whatever fields the model has")
    assert found == []


def _made(model: type[TenantModel], organization_id: int, **values: Any) -> list[Any]:
    with tenant(organization_id):
        return list(model._default_manager.filter(**values))


def test_what_is_made_belongs_to_the_organization_of_the_address(world: World) -> None:
    client = world.client(world.owner)
    kwargs = {"organization": world.ours.slug}
    extras = {name: value.format(theirs=world.theirs.pk) for name, value in INTRUSIVE.items()}
    place = {"state_code": "27", "address": "4 College Road", "city": "Nashik", "pin_code": "422005"}
    for name, model, data in (
        ("organizations:branch_create", Branch, {"name": "Nashik", "code": "NSK", **place}),
        ("parties:party_create", Party, {"name": "Shree Medical", "registration": "unregistered", **place}),
    ):  # fmt: skip
        form = own_form(client.get(reverse(name, kwargs=kwargs)).content.decode(), reverse(name, kwargs=kwargs))
        assert form is not None
        hidden = {key: value for key, value in extras.items() if key not in form.names}
        answer = client.post(reverse(name, kwargs=kwargs), form.data | data | hidden)
        assert answer.status_code == 302, answer.content.decode()
        (made,) = _made(model, world.ours.pk, name=data["name"])
        assert made.pk != 1
        assert made.active
        assert not _made(model, world.theirs.pk, name=data["name"])


def test_nobody_makes_themselves_more_than_they_are(world: World) -> None:
    """A manager may invite and edit members, and gives no role that holds more than their own."""
    manager = factories.member(world.ours, "manager")
    client = world.client(manager.user)
    with tenant(world.ours.pk):
        owner_role = Role.objects.get(key="owner").pk
    kwargs = {"organization": world.ours.slug}
    own = reverse("organizations:membership_edit", kwargs=kwargs | {"pk": manager.pk})
    client.post(own, {"role": owner_role, "active": "on", "version": "1"})
    invite = reverse("organizations:invitation_create", kwargs=kwargs)
    client.post(invite, {"email": "friend@example.com", "role": owner_role})
    with tenant(world.ours.pk):
        assert Membership.objects.get(pk=manager.pk).role.key == "manager"
        assert not Invitation.objects.filter(role_id=owner_role).exists()


def _person(key: int) -> dict[str, Any]:
    return dict(User.objects.values().get(pk=key))


def test_a_person_changes_no_more_of_their_account_than_the_page_shows(world: World) -> None:
    client = world.client(world.owner)
    before = _person(world.owner.pk)
    url = reverse("account_settings")
    form = own_form(client.get(url).content.decode(), url)
    assert form is not None
    extras = {field.attname: _another(before[field.attname]) for field in User._meta.concrete_fields}
    hidden = {name: value for name, value in (INTRUSIVE | extras).items() if name not in form.names}
    assert "password" in hidden
    assert client.post(url, form.data | {"name": "Olga Renamed"} | hidden).status_code == 302
    changed = {name for name, value in _person(world.owner.pk).items() if value != before[name]}
    assert changed == {"name"}


def test_signing_up_makes_an_ordinary_person(client: Client) -> None:
    data = {"email": "new@example.com", "password1": "a counter in Pune, 1987", "name": "New Person"}
    client.post(reverse("account_signup"), INTRUSIVE | data | {"is_active": "on", "verified": "on", "primary": "on"})
    made = User.objects.get(email="new@example.com")
    assert made.pk != 1
    assert not getattr(made, "is_superuser", False)
    assert not getattr(made, "is_staff", False)
    assert not EmailAddress.objects.get(user=made).verified
    assert memberships_of(made.pk) == []


# ---- records of another organization, named in a field ----


def _choices(page: type[FormPage[Any]]) -> Iterator[tuple[str, type[models.Model]]]:
    """Fields of the page's form that name a record of an organization."""
    for name, field in getattr(page.form_class, "base_fields", {}).items():
        queryset = getattr(field, "queryset", None)
        model = getattr(queryset, "model", None) or getattr(getattr(field, "model", None), "__class__", None)
        if model is not None and issubclass(model, TenantModel):
            yield name, model


def _foreign(world: World, model: type[models.Model]) -> tuple[int, int]:
    """Another organization and a record of it, made by plain INSERT in a third one where the second has none."""
    with tenant(world.theirs.pk):
        found = model._default_manager.values_list("pk", flat=True).first()
        if found is not None:
            return world.theirs.pk, int(found)
    with connection.cursor() as cursor:
        rows = Rows(cursor)
        return rows.organization_id, int(rows.one(model._meta.db_table)["id"])


def test_a_record_of_another_organization_is_refused_beside_its_field(world: World) -> None:
    client = world.client(world.owner)
    tried, found = 0, []
    for route in _form_routes():
        url = address_of(world, route)
        page = _page_of(url)
        untouched = client.get(url).content.decode()
        form = own_form(untouched, url)
        if page is None or form is None:
            continue
        for name, model in _choices(page):
            if re.search(rf'name="{name}"[^>]*\sdisabled', untouched):
                continue  # whatever is posted for it is left aside
            tried += 1
            theirs, key = _foreign(world, model)
            answer = client.post(url, form.data | {name: str(key)})
            words = answer.content.decode()
            if answer.status_code != 422:
                found.append(f"{route.name}: {name}={key} of another organization answers {answer.status_code}")
            elif f'id="id_{name}_error"' not in words:
                found.append(f"{route.name}: {name} is refused, but not beside its field")
            with tenant(theirs):
                other = model._default_manager.filter(pk=key).first()
            if other is not None and str(other) in words and str(other) not in untouched:
                found.append(f"{route.name}: {name} tells what the other organization's record is called")
    assert "\n".join(found) == ""
    assert tried >= 3, "no form names a record, so nothing was proved"


@pytest.mark.urls(__name__)
def test_rows_of_another_organization_are_not_among_those_ticked(world: World) -> None:
    """Every bulk action of every list, with the other organization's keys; and of a list that archives branches."""
    client = world.client(world.owner)
    archiving = reverse("archiving", kwargs={"organization": world.ours.slug})
    own = OBJECTS["second_branch"](world.ours)
    OBJECTS["batch"](world.theirs)  # a row for the list of stock
    lists = [address_of(world, route) for route in ROUTES if in_organization(route) and route.name.endswith("_list")]
    tried = 0
    for url in [*lists, archiving]:
        page = resolve(url).func.view_class  # type: ignore[attr-defined]
        for action in getattr(page, "bulk_actions", ()):
            tried += 1
            theirs, key = _foreign(world, page.model)
            with tenant(theirs):
                before = _row(page.model, key)
            answer = client.post(url, {"action": action.name, "pk": str(key), "confirmed": "1"})
            assert answer.status_code in {302, 422}, url
            client.post(url, {"action": action.name, "all": "1", "confirmed": "1"})
            with tenant(theirs):
                assert _row(page.model, key) == before, f"{url}: {action.name}"
    assert tried >= 2
    with tenant(world.ours.pk):
        assert not Branch.objects.get(pk=own["pk"]).active, "the action itself works"
