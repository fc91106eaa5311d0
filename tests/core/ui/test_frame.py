"""The frames and parts of pages: what they show, and that they stand when half of it is missing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_pages_of_an_accident_need_nothing(name: str) -> None:
    """No request, no context processor, and this test has no database."""
    markup = render_to_string(name)
    assert "<h1>" in markup
    assert "<script" not in markup
    assert 'data-theme="light"' in markup
    assert "E-7F2K" in render_to_string(name, {"error_id": "E-7F2K"})


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html"])
def test_error_pages_stand_without_the_frame_of_an_organization(name: str) -> None:
    markup = render_to_string(name, {})
    assert markup.count("<h1>") == 1
    assert '<nav class="side"' not in markup


@pytest.mark.parametrize("name", ["403.html", "404.html"])
def test_error_pages_inside_an_organization_keep_its_navigation(name: str) -> None:
    markup = render_to_string(name, SHELL)
    assert '<nav class="side"' in markup
    assert "Banyan &amp; Kite" in markup


def _entry(label: str, keys: str = "", *, current: bool = False) -> dict[str, Any]:
    return {
        "label": label,
        "icon": "users",
        "url": f"/{label}/",
        "keys": keys,
        "current": current,
        "count": 3,
        "tone": "bad",
    }


SHELL: dict[str, Any] = {
    "theme": "dark",
    "density": "comfortable",
    "single_keys": "off",
    "organization": {"name": "Banyan & Kite", "slug": "bk", "city_line": "Pune"},
    "organizations": [
        {"name": "Banyan & Kite", "url": "/o/bk/", "current": True},
        {"name": "Kite South", "url": "/o/ks/"},
    ],
    "navigation": [{"label": "Settings", "items": [_entry("Members", "g m", current=True), _entry("Branches", "g b")]}],
    "phone_navigation": [_entry("Home")],
    "person": {"name": "Asha Kulkarni", "initials": "AK", "role_name": "Owner", "menu": []},
    "commands": [_entry("New branch", "n b")],
    "palette_url": "/o/bk/search/",
    "title": "Members",
}


def test_the_frame_is_made_of_what_it_is_given() -> None:
    markup = render_to_string("base.html", SHELL)
    assert '<html lang="en-IN" data-theme="dark" data-density="comfortable" data-keys="off">' in markup
    assert "<title>Members · iNEAT</title>" in re.sub(r"\s+", " ", markup)
    side = markup[markup.index('<nav class="side"') : markup.index("</nav>")]
    assert re.findall(r'<a href="(/[^"]+)"', side) == ["/o/bk/", "/o/ks/", "/Members/", "/Branches/"]
    assert re.findall(r'aria-keyshortcuts="([^"]+)"', side) == ["/ Control+K", "g m", "g b", "?"]
    assert side.count('aria-current="page"') == 1
    # The same places again in the sheet of the phone, but each key is bound once.
    assert markup.count('href="/Branches/"') == 2
    assert markup.count('aria-keyshortcuts="g b"') == 1
    assert 'hx-get="/o/bk/search/"' in markup


def test_the_frame_stands_when_nothing_is_given() -> None:
    markup = render_to_string("base.html", {})
    assert 'data-theme="light"' in markup
    assert not re.findall(r'href="/(?!static/)[^"]+"', markup)


def _ids(markup: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', re.sub(r"<template.*?</template>", "", markup, flags=re.DOTALL))


@pytest.mark.parametrize("context", [SHELL, {}], ids=["inside", "outside"])
def test_no_id_is_given_twice(context: dict[str, Any]) -> None:
    ids = _ids(render_to_string("base.html", context))
    assert sorted(set(ids)) == sorted(ids)


def test_a_page_whose_form_has_errors_says_so_in_its_title() -> None:
    class Form:
        errors = {"name": ["Enter a name"]}

    title = re.search(
        r"<title>(.*?)</title>", render_to_string("base.html", {"title": "Edit", "form": Form()}), re.DOTALL
    )
    assert title is not None
    assert " ".join(title[1].split()) == "Error: Edit · iNEAT"


class _Message:
    def __init__(self, text: str, level_tag: str, extra_tags: str = "") -> None:
        self.text, self.level_tag, self.extra_tags = text, level_tag, extra_tags

    def __str__(self) -> str:
        return self.text


def _request() -> HttpRequest:
    return RequestFactory().get("/o/bk/branches/?q=pune")


def test_messages_become_toasts_and_undo_posts_back_here() -> None:
    messages = [_Message("Pune <archived>", "success", "/o/bk/branches/3/restore/"), _Message("Not saved", "error")]
    markup = render_to_string("parts/toasts.html", {"messages": messages, "request": _request()}).split("<template")[0]
    assert "Pune &lt;archived&gt;" in markup
    assert re.findall(r'<form method="post" action="([^"]+)"', markup) == ["/o/bk/branches/3/restore/"]
    assert 'name="next" value="/o/bk/branches/?q=pune"' in markup
    assert re.findall(r'data-tone="(\w+)"', markup) == ["ok", "bad"]


# ---- parts ----


def draw(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_icons_point_into_the_sprite_and_are_silent() -> None:
    markup = draw('{% icon "users" "i-lg" %}')
    assert markup == '<svg class="i i-lg" aria-hidden="true"><use href="/static/icons.svg#i-users"/></svg>'
    assert finders.find("icons.svg")


def test_badges_and_banners_escape_what_they_are_given() -> None:
    assert "&lt;b&gt;" in draw("{% badge text 'warn' 'clock' %}", text="<b>")
    assert draw("{% banner 'bad' %}<div>{{ text }}</div>{% endbanner %}", text="<b>").endswith(
        "<div>&lt;b&gt;</div></div>"
    )
    assert 'class="banner warn flat"' in draw("{% banner 'warn' css_class='flat' %}x{% endbanner %}")


@pytest.mark.parametrize(
    ("keys", "caps"),
    [
        ("g s", ["g", "s"]),
        ("Control+Enter", ["Ctrl ↵"]),
        ("?", ["?"]),
        ("F4", ["F4"]),
        ("", []),
    ],
)
def test_key_caps(keys: str, caps: list[str]) -> None:
    assert re.findall(r"<kbd>([^<]*)</kbd>", draw("{% keycaps keys %}", keys=keys)) == caps


CLASH: dict[str, Any] = {
    "title": "Someone else changed this branch",
    "them": "Asha",
    "version": 4,
    "url": "/o/bk/branches/3/edit/",
    "discard_url": "/o/bk/branches/3/",
    "kept": [("city", "Pune"), ("note", 'say "<hi>"')],
    "rows": [
        {"label": "Name", "name": "name", "theirs_value": "B", "yours_value": "C", "clash": True},
        {"label": "PIN", "name": "pin", "theirs": "2", "theirs_value": "2", "changed_by_them": True},
        {"label": "Code", "name": "code", "yours": "PN", "yours_value": "PN", "changed_by_you": True},
    ],
}


@pytest.mark.parametrize("name", ["409.html", "parts/conflict.html"])
def test_a_conflict_sends_every_value_again(name: str) -> None:
    markup = render_to_string(name, {"conflict": CLASH})
    form = markup[markup.index('<form method="post" action="/o/bk/branches/3/edit/"') :]
    sent = re.findall(r'<input type="(\w+)"[^>]* name="([\w]+)" value="([^"]*)"', form)
    assert ("hidden", "version", "4") in sent
    assert ("hidden", "note", "say &quot;&lt;hi&gt;&quot;") in sent
    assert [value for kind, key, value in sent if key == "name"] == ["B", "C"]
    assert ("hidden", "pin", "2") in sent
    assert ("hidden", "code", "PN") in sent


@override_settings(DEBUG=False, DEMO=False)
def test_the_styleguide_is_not_open_in_production(client: Any, db: None) -> None:
    answer = client.get("/styleguide/")
    assert answer.status_code == 302
    assert "next=/styleguide/" in answer["Location"]
