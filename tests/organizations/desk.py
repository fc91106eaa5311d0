"""A member at the pages of their organization, for tests."""

from __future__ import annotations

import html
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from apps.accounts.models import User
from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch, Organization
from tests import factories
from tests.organizations.factories import only_branch


class Desk:
    """A member at the pages of their organization."""

    def __init__(self, organization: Organization, user: User) -> None:
        self.base = f"/o/{organization.slug}/"
        self.client = Client()
        factories.sign_in(self.client, user)

    def get(self, path: str, **data: Any) -> Any:
        return self.client.get(self.base + path, data)

    def fragment(self, path: str, **data: Any) -> str:
        """What htmx gets."""
        response = self.client.get(self.base + path, data, headers={"HX-Request": "true"})
        assert response.status_code == 200
        return text_of(response)

    def form(self, path: str) -> dict[str, Any]:
        """The values of a form as the page offers them, hidden ones included."""
        response = self.get(path)
        assert response.status_code == 200, response.status_code
        return values_of(response.content.decode())

    def post(self, path: str, **changes: Any) -> Any:
        """Open the page, change some fields, send the form."""
        return self.client.post(self.base + path, {**self.form(path), **changes})


def values_of(body: str) -> dict[str, Any]:
    """Names and values of the inputs, ticked boxes, chosen options and text areas of the page's form."""

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.inside = False
            self.values: dict[str, Any] = {}
            self.select = self.area = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            if tag == "form":
                self.inside = given.get("id") == "form"
            if not self.inside:
                return
            name = given.get("name") or ""
            if tag == "input" and name and (given.get("type") not in {"checkbox", "radio"} or "checked" in given):
                if given.get("type") == "checkbox":
                    self.values.setdefault(name, []).append(given.get("value") or "on")
                else:
                    self.values[name] = given.get("value") or ""
            elif tag == "select":
                self.select = name
            elif tag == "option" and self.select and "selected" in given:
                self.values[self.select] = given.get("value") or ""
            elif tag == "textarea":
                self.area = name
                self.values[name] = ""

        def handle_endtag(self, tag: str) -> None:
            if tag == "select":
                self.select = ""
            elif tag == "textarea":
                self.area = ""

        def handle_data(self, data: str) -> None:
            if self.area:
                self.values[self.area] = (self.values[self.area] + data).lstrip("\n")

    reader = Reader()
    reader.feed(body)
    return reader.values


def text_of(response: Any) -> str:
    """The page with its blanks run together and its entities written out."""
    return " ".join(html.unescape(response.content.decode()).split())


def branch_of(organization: Organization) -> Branch:
    with tenant(organization.pk):
        return only_branch()
