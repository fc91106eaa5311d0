"""Addresses of pages, by the names that `model_paths` gives them, and whether a member may open them.

A page that does not exist, that the member's role does not open, or that does not apply to the record now has no
address here, so whoever asks shows no link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver, get_script_prefix, get_urlconf, path, reverse
from django.utils.functional import Promise
from django.views import View

from apps.core.http import TenantRequest

# Stands for a primary key while an address is turned into a pattern.
_ANY = 9_007_199_254_740_991


@dataclass(frozen=True)
class Link:
    """A link or a button of a page."""

    label: str | Promise
    url: str
    icon: str = ""
    primary: bool = False
    keys: str = ""
    tone: str = ""
    post: bool = False


def org_path(route: str, page: type[View], name: str) -> URLPattern:
    """The address of a page inside an organization: `/o/<organization>/<route>`."""
    return path(f"o/<slug:organization>/{route}", page.as_view(), name=name)


def model_paths(
    prefix: str,
    model: type[models.Model],
    *,
    list: type[View] | None = None,  # noqa: A002 - the page's kind is its name
    create: type[View] | None = None,
    **pages: type[View],
) -> list[URLPattern]:
    """The addresses of a model's pages: `<prefix>/`, `<prefix>/new/`, `<prefix>/<pk>/` and `<prefix>/<pk>/<page>/`."""
    name = model._meta.model_name
    found: dict[str, tuple[str, type[View]]] = {}
    if list is not None:
        found["list"] = (f"{prefix}/", list)
    if create is not None:
        found["create"] = (f"{prefix}/new/", create)
    for kind, page in pages.items():
        tail = "" if kind == "detail" else f"{kind.replace('_', '-')}/"
        found[kind] = (f"{prefix}/<int:pk>/{tail}", page)
    return [org_path(route, page, f"{name}_{kind}") for kind, (route, page) in found.items()]


def route_name(model: type[models.Model] | models.Model, kind: str) -> str:
    """The name of a model's page: `organizations:branch_edit`."""
    return f"{model._meta.app_label}:{model._meta.model_name}_{kind}"


@cache
def _views_of(urlconf: str) -> dict[str, Any]:
    return dict(_walk(get_resolver(urlconf), ""))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _walk(pattern, inner)
        elif pattern.name:
            yield f"{prefix}{pattern.name}", pattern.callback


def page_class(name: str) -> Any:
    """The page behind a route's name; None when there is none, or it is no class."""
    callback = _views_of(str(get_urlconf() or settings.ROOT_URLCONF)).get(name)
    return getattr(callback, "view_class", None)


def may_open(request: TenantRequest, name: str) -> bool:
    """Whether there is such a page and the member's role opens it."""
    page = page_class(name)
    if page is None:
        return False
    # A page that no single right opens says itself for whom it is.
    opens_for = getattr(page, "opens_for", None)
    if opens_for is not None:
        return bool(opens_for(request))
    right = getattr(page, "right", None)
    return right is None or request.member.may(right)


def org_url(request: TenantRequest, name: str, **kwargs: Any) -> str:
    """The address of a page in the request's organization.

    Raises:
        NoReverseMatch: no route has that name.
    """
    organization = request.organization.slug
    if kwargs:
        return reverse(name, kwargs={"organization": organization, **kwargs})
    return _address(str(get_urlconf() or settings.ROOT_URLCONF), get_script_prefix(), organization, name)


@lru_cache(maxsize=4096)
def _address(urlconf: str, prefix: str, organization: str, name: str) -> str:  # noqa: ARG001 - reverse() reads the prefix
    """Each page names some fifty others in its frame, the same every time."""
    return reverse(name, urlconf=urlconf, kwargs={"organization": organization})


def page_url(request: TenantRequest, target: type[models.Model] | models.Model, kind: str) -> str | None:
    """The address of a page of a model (`list`, `create`) or of a record (`detail`, `edit`, …).

    None when there is no such page, the role does not open it, or it does not apply to the record: an archived one is
    not archived again.
    """
    name = route_name(target, kind)
    if not may_open(request, name):
        return None
    if isinstance(target, models.Model):
        offers = getattr(page_class(name), "offers", None)
        if offers is not None and not offers(target):
            return None
        return org_url(request, name, pk=target.pk)
    return org_url(request, name)


def row_links(request: TenantRequest, model: type[models.Model], kind: str = "detail") -> Callable[[Any], str] | None:
    """Addresses for many records: one look-up, then one string each. None when the member may not open them."""
    name = route_name(model, kind)
    if not may_open(request, name):
        return None
    before, after = org_url(request, name, pk=_ANY).split(str(_ANY))
    return lambda pk: f"{before}{pk}{after}"
