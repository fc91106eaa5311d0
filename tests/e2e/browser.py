"""A browser that notices console errors, breaches of the content security policy, missing files and server faults."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from ineat.environment import BASE_DIR

AXE = BASE_DIR / "tests" / "vendor" / "axe-core" / "axe.min.js"
SHOTS = BASE_DIR / "test-results"

# WCAG 2.2 AA and what axe calls good practice.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

# Chromium reports breaches in the console as well, but in words that change; this event is the standard's own.
_REPORT_BREACHES = """
document.addEventListener("securitypolicyviolation", (breach) =>
  console.error(`CSP: ${breach.violatedDirective} refused ${breach.blockedURI || "inline"} ` +
                `${breach.sourceFile || ""}:${breach.lineNumber || ""} ${breach.sample || ""}`));
"""
_FAILED_LOAD = re.compile(r"Failed to load resource: the server responded with a status of (\d{3})")


@dataclass
class Watch:
    """What went wrong in a browser context. The fixture that made it fails the test if anything did."""

    origin: str
    problems: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """Expect problems that match, in a test that makes them happen."""
        self.allowed.append(pattern)

    def found(self) -> list[str]:
        """What was noticed and not expected. Events arrive late: `settle` first."""
        return [text for text in self.problems if not any(re.search(pattern, text) for pattern in self.allowed)]

    @staticmethod
    def settle(page: Page) -> None:
        """Let the events of what has just happened arrive."""
        page.wait_for_timeout(100)

    def attach(self, context: BrowserContext) -> None:
        context.add_init_script(_REPORT_BREACHES)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        # A refusal that the page shows, such as 422, is no fault; `_response` judges failed files and server faults.
        if _FAILED_LOAD.search(message.text):
            return
        self.problems.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "blob:", "about:")):
            self.problems.append(f"request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        path = urlsplit(response.url).path
        if response.status >= 500 or (response.status >= 400 and path.startswith(("/static/", "/media/"))):
            self.problems.append(f"{response.status}: {response.request.method} {path}")


def axe(page: Page, within: str | None = None) -> list[str]:
    """Accessibility faults of the page as it is now, one line each; empty when there is none.

    The script is evaluated, not added as a tag: the content security policy would refuse that, as it must.
    """
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text())
    report: dict[str, Any] = page.evaluate(
        "([within, tags]) => axe.run(within || document, {runOnly: tags, resultTypes: ['violations']})",
        [within, AXE_TAGS],
    )
    return [
        f"{fault['id']}: {fault['help']} · {' '.join(map(str, node['target']))} · {node['html'][:160]}"
        for fault in report["violations"]
        for node in fault["nodes"]
    ]


# What a template or a script leaves behind when a value is missing. "None" may be a word of the text, never an address.
_RAW = r"/\{\{|\{%|\bundefined\b|\[object |<lazy|&lt;|&amp;/"
_ADDRESSES = ["href", "src", "action", "value", "hx-get", "hx-post", "id", "for"]


def shape(page: Page) -> list[str]:
    """Faults that every page can have: headings, title, language, words left out, sideways scroll."""
    facts: dict[str, Any] = page.evaluate(
        """() => {
          const seen = (element) => element.checkVisibility({visibilityProperty: true});
          const wide = document.scrollingElement;
          // Data tables scroll in a box of their own; nothing else may make the page itself scroll.
          return {
            headings: [...document.querySelectorAll("h1")].filter(seen).map((h1) => h1.textContent.trim()),
            title: document.title,
            main: document.querySelectorAll("main").length,
            sideways: wide.scrollWidth - wide.clientWidth,
            ids: [...document.querySelectorAll("[id]")].map((element) => element.id)
              .filter((id, index, all) => all.indexOf(id) !== index),
            raw: document.body.innerText.match(RAW)?.[0] ?? "",
            // A control by one of these names hides what scripts ask the form for, and htmx sends nothing.
            hides: [...document.querySelectorAll("form :is(input, select, textarea, button)[name]")]
              .map((control) => control.name)
              .filter((name) => ["form", "elements", "submit", "requestSubmit", "matches", "closest", "getAttribute",
                                 "dispatchEvent", "children", "attributes", "nodeName"].includes(name)),
            lost: ADDRESSES.flatMap((name) => [...document.querySelectorAll(`[${name}]`)]
              .map((element) => `${name}=${element.getAttribute(name)}`))
              .filter((text) => /\\b(None|undefined)\\b/.test(text) || /^(src|id|for|hx-get|hx-post)=$/.test(text)),
          };
        }""".replace("RAW", _RAW).replace("ADDRESSES", json.dumps(_ADDRESSES))
    )
    faults = []
    if len(facts["headings"]) != 1 or not facts["headings"][0]:
        faults.append(f"one visible h1 expected, found {facts['headings']}")
    if " · " not in facts["title"] or not facts["title"].split(" · ")[0].strip():
        faults.append(f"title must be page · product: {facts['title']!r}")
    if facts["main"] != 1:
        faults.append(f"one main landmark expected, found {facts['main']}")
    if facts["sideways"] > 0:
        faults.append(f"scrolls sideways by {facts['sideways']} px")
    if facts["ids"]:
        faults.append(f"ids used twice: {facts['ids']}")
    if facts["hides"]:
        faults.append(f"controls whose name hides a property of their form: {facts['hides']}")
    if facts["lost"]:
        faults.append(f"attributes without their value: {facts['lost']}")
    if facts["raw"]:
        faults.append(f"shows raw {facts['raw']!r}")
    return faults


def shoot(page: Page, name: str) -> Path:
    """A picture of the whole page in `test-results/`, which git ignores."""
    path = SHOTS / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True, animations="disabled")
    return path
