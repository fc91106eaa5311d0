"""Addresses of pages in templates."""

from __future__ import annotations

from typing import Any, cast

from django import template
from django.db import models

from apps.core.http import TenantRequest
from apps.core.ui import links

register = template.Library()


@register.simple_tag(takes_context=True)
def org_url(context: dict[str, Any], name: str, **kwargs: Any) -> str:
    """The address of a route in the organization of the page."""
    return links.org_url(cast(TenantRequest, context["request"]), name, **kwargs)


@register.simple_tag(takes_context=True)
def page_url(context: dict[str, Any], target: models.Model, kind: str = "detail") -> str:
    """The address of a record's page; empty when there is none or the reader may not open it."""
    return links.page_url(cast(TenantRequest, context["request"]), target, kind) or ""
