"""What runs after the request's transaction is over runs inside the organization all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path

from apps.core.tenancy.context import TenantRequired, active_organization_id, on_commit, streamed, tenant
from apps.organizations.models import Role
from ineat import urls
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

seen: list[int] = []


def _lines() -> Iterator[str]:
    for role in Role.objects.order_by("id").iterator(chunk_size=2):
        yield f"{role.organization_id} {role.key}\n"


def stream(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """A page that reads while it is being sent, as an export does."""
    return StreamingHttpResponse(_lines(), content_type="text/plain")


def later(request: HttpRequest, slug: str) -> HttpResponse:
    """A page that leaves something for after the commit."""
    on_commit(lambda: seen.extend(role.organization_id for role in Role.objects.all()))
    assert seen == []
    return HttpResponse("ok")


def broken(request: HttpRequest, slug: str) -> HttpResponse:
    """A page that writes, promises something for after the commit, and fails."""
    Role.objects.create(name="Half done")
    on_commit(lambda: seen.append(-1))
    return HttpResponse("fault", status=500)


urlpatterns = [
    *urls.urlpatterns,
    path("o/<slug:slug>/stream/", stream),
    path("o/<slug:slug>/later/", later),
    path("o/<slug:slug>/broken/", broken),
]


def _in_transaction() -> bool:
    return connection.in_atomic_block


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    seen.clear()


@pytest.mark.urls(__name__)
def test_a_streaming_response_is_read_inside_the_organization(client: Client) -> None:
    ours, theirs = factories.organization(), factories.organization()
    client.force_login(factories.owner_of(ours).user)
    response = client.get(f"/o/{ours.slug}/stream/")
    assert active_organization_id() is None
    lines = b"".join(response.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 7
    assert {line.split()[0] for line in lines} == {str(ours.pk)}
    assert active_organization_id() is None
    assert not connection.in_atomic_block
    assert client.get(f"/o/{theirs.slug}/stream/").status_code == 404


@pytest.mark.urls(__name__)
def test_a_stream_that_the_reader_leaves_ends_its_transaction(client: Client) -> None:
    ours = factories.organization()
    client.force_login(factories.owner_of(ours).user)
    response = client.get(f"/o/{ours.slug}/stream/")
    parts = iter(response.streaming_content)  # type: ignore[attr-defined]
    assert next(parts)
    assert _in_transaction()
    response.close()
    assert not _in_transaction()
    assert active_organization_id() is None


def test_rows_read_after_the_block_without_it_are_refused() -> None:
    """The control for the two above: a bare generator is refused, not served another organization's rows."""
    ours = factories.organization()
    with tenant(ours.pk):
        bare, entered = _lines(), streamed(_lines())
    with pytest.raises(TenantRequired):
        list(bare)
    assert len(list(entered)) == 7


@pytest.mark.urls(__name__)
def test_what_waits_for_the_commit_runs_inside_the_organization(client: Client) -> None:
    ours = factories.organization()
    factories.organization()
    client.force_login(factories.owner_of(ours).user)
    assert client.get(f"/o/{ours.slug}/later/").status_code == 200
    assert seen == [ours.pk] * 7


@pytest.mark.urls(__name__)
def test_a_failed_request_keeps_nothing_and_runs_nothing(client: Client) -> None:
    ours = factories.organization()
    client.force_login(factories.owner_of(ours).user)
    assert client.get(f"/o/{ours.slug}/broken/").status_code == 500
    with tenant(ours.pk):
        assert not Role.objects.filter(name="Half done").exists()
    assert seen == []


def test_callbacks_of_nested_organizations_keep_theirs() -> None:
    ours, theirs = factories.organization(), factories.organization()
    with transaction.atomic(), tenant(ours.pk):
        on_commit(lambda: seen.append(active_organization_id() or 0))
        with tenant(theirs.pk):
            on_commit(lambda: seen.append(active_organization_id() or 0))
    assert seen == [ours.pk, theirs.pk]


def test_on_commit_outside_an_organization_is_a_bug() -> None:
    with pytest.raises(TenantRequired):
        on_commit(lambda: None)
    with pytest.raises(TenantRequired):
        streamed([])
