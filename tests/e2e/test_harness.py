"""The harness notices what it claims to notice."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path
from playwright.sync_api import Page

from ineat import urls
from tests.e2e.browser import Watch, axe, shape
from tests.e2e.conftest import OpenPage

_ICON = '<link rel="icon" href="/static/mark.svg">'
_BROKEN = f"""<!doctype html><html><head><title>x</title>{_ICON}
<link rel="stylesheet" href="/static/not-there.css"></head>
<body><h1>One</h1><h1>Two</h1><img src="/static/mark.svg"><p style="width: 2000px">{{{{ raw }}}}</p>
<div id="twice"></div><div id="twice"></div><a href="/o/None/">x</a>
<script>document.title = "ran"</script></body></html>"""

_CLEAN = f"""<!doctype html><html lang="en"><head><title>Clean · iNEAT</title>{_ICON}</head>
<body><main><h1>One</h1><p>Words.</p></main></body></html>"""


def broken(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_BROKEN)


def wide(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_CLEAN.replace("Words.", "w" * 400))


def fault(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_CLEAN, status=500)


def clean(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_CLEAN)


urlpatterns = [
    *urls.urlpatterns,
    path("broken/", broken),
    path("wide/", wide),
    path("fault/", fault),
    path("clean/", clean),
]

pytestmark = pytest.mark.urls(__name__)


def _unseen(page: Page, watch: Watch, *patterns: str) -> list[str]:
    """Patterns that nothing matched; what matched is taken as expected."""
    watch.settle(page)
    missing = [pattern for pattern in patterns if not any(pattern in text for text in watch.found())]
    for pattern in patterns:
        watch.allow(pattern)
    return missing


def test_a_broken_page_is_noticed(page: Page, watch: Watch) -> None:
    page.goto("broken/")
    assert page.title() == "x", "the inline script ran"
    assert _unseen(page, watch, "CSP: script-src", "CSP: style-src", "GET /static/not-there.css") == []
    watch.allow("Content Security Policy")
    found = axe(page)
    assert any(line.startswith("image-alt") for line in found)
    assert any(line.startswith("html-has-lang") for line in found)
    faults = " ".join(shape(page))
    assert all(
        word in faults for word in ("one visible h1", "title must be", "main landmark", "twice", "raw", "/o/None/")
    )


def test_sideways_scroll_is_noticed(open_page: OpenPage) -> None:
    page = open_page(phone=True)
    page.goto("wide/")
    assert any("sideways" in line for line in shape(page))
    page.goto("clean/")
    assert shape(page) == []
    assert axe(page) == []


def test_faults_and_strangers_are_noticed(page: Page, watch: Watch) -> None:
    page.goto("fault/")
    page.goto("clean/")
    page.evaluate("setTimeout(() => { throw new Error('late') })")
    page.evaluate("() => { console.error('said so') }")
    page.evaluate("() => fetch('https://example.com/').catch(() => null)")
    assert _unseen(page, watch, "500: GET /fault/", "late", "console: said so", "CSP: connect-src") == []
    watch.allow("Content Security Policy")
    watch.allow("example.com")
