"""Forms as a browser finds them in a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

_BUTTONS = {"submit", "button", "reset", "image"}


@dataclass
class Form:
    """What a browser would send back if nobody touched anything."""

    action: str
    method: str
    data: dict[str, list[str]] = field(default_factory=dict)
    """Names and values of what is sent."""
    names: set[str] = field(default_factory=set)
    """Names of every control, boxes without a tick and files included."""
    problems: str = ""
    """All words of the form, messages beside fields included."""


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = self._area = ""
        self._chosen: list[str] = []
        self._first: str | None = None
        self._multiple = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urlsplit(urljoin(self.url, given.get("action", ""))).path
            self._form = Form(action, given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input":
            self._input(self._form, given)
        elif tag == "select" and given.get("name"):
            self._select, self._chosen, self._first = given["name"], [], None
            self._multiple = "multiple" in given
            self._form.names.add(self._select)
        elif tag == "option" and self._select:
            value = given.get("value", "")
            self._first = value if self._first is None else self._first
            if "selected" in given:
                self._chosen.append(value)
        elif tag == "textarea" and given.get("name"):
            self._area = given["name"]
            self._form.names.add(self._area)
            self._form.data[self._area] = [""]

    def _input(self, form: Form, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text"), given.get("name", "")
        if not name or kind in _BUTTONS:
            return
        form.names.add(name)
        if kind == "file" or (kind in {"checkbox", "radio"} and "checked" not in given):
            return
        form.data.setdefault(name, []).append(given.get("value", "on" if kind == "checkbox" else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._form is not None and self._select:
            if not self._chosen and not self._multiple and self._first is not None:
                self._chosen = [self._first]
            self._form.data[self._select] = self._chosen
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._form is None:
            return
        if self._area:
            self._form.data[self._area] = [self._form.data[self._area][0] + data.removeprefix("\n")]
        elif data.strip():
            self._form.problems += " " + " ".join(data.split())


def forms_in(html: str, url: str) -> list[Form]:
    """The forms of a page, in order."""
    reader = _Reader(url)
    reader.feed(html)
    return reader.forms


def own_form(html: str, url: str) -> Form | None:
    """The form that is posted back to the page itself; None where there is no such form."""
    return next((form for form in forms_in(html, url) if form.method == "post" and form.action == url), None)
