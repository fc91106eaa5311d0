"""What the page frame shows around every page.

What costs queries is lazy, so that a fragment, which draws no frame, does not pay for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from apps.core.http import TenantRequest
from apps.core.ui import registry
from apps.core.ui.links import may_open, org_url

Places = list[tuple[registry.NavEntry, dict[str, Any]]]

THEMES = ("light", "dark")
DENSITIES = ("compact", "comfortable")
SWITCHES = ("on", "off")

# How long drawn parts of the frame are kept. Their keys hold everything they depend on, so this only frees memory.
FRAME_SECONDS = 3600


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context of the frame, as `docs/pages.md` lists it."""
    facts = _once(lambda: registry.shell_facts(request))
    context: dict[str, Any] = {
        "theme": _choice(request, "theme", THEMES),
        "density": _choice(request, "density", DENSITIES),
        "single_keys": _choice(request, "single_keys", SWITCHES),
        "product": settings.PRODUCT_NAME,
        "demo_mode": settings.DEMO,
        "preferences_url": SimpleLazyObject(lambda: reverse("ui:preferences")),
        "person": SimpleLazyObject(lambda: _person(request, facts())),
        "organization": None,
    }
    if not hasattr(request, "organization"):
        return context
    inside = cast(TenantRequest, request)
    places = cast(Places, SimpleLazyObject(lambda: places_of(inside)))
    doing = cast(list[registry.Command], SimpleLazyObject(lambda: _open_commands(inside)))
    return context | {
        "organization": SimpleLazyObject(lambda: _organization(inside, facts())),
        "organizations": SimpleLazyObject(lambda: _organizations(inside, facts())),
        "navigation": SimpleLazyObject(lambda: _navigation(places)),
        "phone_navigation": SimpleLazyObject(lambda: _phone(places)),
        "commands": SimpleLazyObject(lambda: commands_of(inside, places, doing)),
        "frame_seconds": FRAME_SECONDS,
        "navigation_key": SimpleLazyObject(lambda: _navigation_key(inside, places)),
        "commands_key": SimpleLazyObject(lambda: _commands_key(inside, places, doing)),
        "search_prefixes": SimpleLazyObject(lambda: _prefixes(inside)),
        "palette_url": SimpleLazyObject(lambda: org_url(inside, "ui:palette")),
        "live_url": SimpleLazyObject(lambda: _live_url(inside)),
        "home_url": SimpleLazyObject(lambda: org_url(inside, "ui:home")),
    }


def _once(make: Callable[[], registry.ShellFacts]) -> Callable[[], registry.ShellFacts]:
    kept: list[registry.ShellFacts] = []

    def facts() -> registry.ShellFacts:
        if not kept:
            kept.append(make())
        return kept[0]

    return facts


def _choice(request: HttpRequest, name: str, known: tuple[str, ...]) -> str:
    """What this browser chose, else what the person set, else the first."""
    for value in (request.COOKIES.get(name), _saved(request, name)):
        if value in known:
            return str(value)
    return known[0]


def _saved(request: HttpRequest, name: str) -> str | None:
    # Only inside an organization is the person loaded already; elsewhere it would cost a query a page.
    user = getattr(request, "user", None) if hasattr(request, "organization") else None
    value = getattr(user, name, None)
    if isinstance(value, bool):
        return "on" if value else "off"
    return value


def _organization(request: TenantRequest, facts: registry.ShellFacts) -> dict[str, Any]:
    tenant = request.organization
    return {"name": tenant.name, "slug": tenant.slug, "city_line": facts.detail, "url": org_url(request, "ui:home")}


def _organizations(request: TenantRequest, facts: registry.ShellFacts) -> list[dict[str, Any]]:
    here = request.organization.slug
    return [
        {"name": other.name, "slug": other.slug, "url": other.url, "current": other.slug == here}
        for other in facts.organizations
    ]


def _person(request: HttpRequest, facts: registry.ShellFacts) -> dict[str, Any] | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    member = getattr(request, "member", None)
    known = facts.person or registry.Person(
        name=str(user),
        initials=getattr(user, "initials", str(user)[:1].upper()),
        role_name=getattr(member, "role_name", ""),
    )
    menu = []
    for link in registry.all_of(registry.PersonLink):
        try:
            menu.append({"label": link.label, "icon": link.icon, "url": reverse(link.route)})
        except NoReverseMatch:
            if hasattr(request, "organization") and may_open(cast(TenantRequest, request), link.route):
                url = org_url(cast(TenantRequest, request), link.route)
                menu.append({"label": link.label, "icon": link.icon, "url": url})
    return {"name": known.name, "initials": known.initials, "role_name": known.role_name, "menu": menu}


def _open_to(request: TenantRequest, entry: registry.NavEntry | registry.Command) -> bool:
    if entry.right is not None and not request.member.may(entry.right):
        return False
    return may_open(request, entry.route)


def places_of(request: TenantRequest) -> Places:
    """Every place the member may go to, in order; the one that the page lies under is marked."""
    found: Places = [
        (entry, {"label": entry.label, "icon": entry.icon, "keys": entry.keys, "url": org_url(request, entry.route)})
        for entry in registry.all_of(registry.NavEntry)
        if _open_to(request, entry)
    ]
    # The longest address that the page lies under is where the reader is; home lies above everything.
    home = org_url(request, "ui:home")
    under = [item["url"] for _, item in found if request.path.startswith(item["url"]) and item["url"] != home]
    here = max(under, key=len, default=home if request.path == home else "")
    for entry, item in found:
        item["current"] = item["url"] == here
        item["count"] = entry.count(request) if entry.count else None
        item["tone"] = "bad" if entry.hot else ""
        item["live"] = live_name(entry) if entry.live else ""
    return found


def live_name(entry: registry.NavEntry) -> str:
    """What the number beside a place is called in the page, so that a newer one finds it."""
    return entry.route.replace(":", "-")


def entries_of(request: TenantRequest) -> list[registry.NavEntry]:
    """Places the member may go to."""
    return [entry for entry in registry.all_of(registry.NavEntry) if _open_to(request, entry)]


def on_the_phone(entries: Iterable[registry.NavEntry]) -> list[registry.NavEntry]:
    """Places in the bottom bar, which has room for four."""
    return [entry for entry in entries if entry.phone][:4]


def _live_url(request: TenantRequest) -> str:
    return org_url(request, "ui:live") if any(entry.live for entry in entries_of(request)) else ""


def _navigation(places: Places) -> list[dict[str, Any]]:
    groups = [registry.NavGroup("", "", -1), *registry.all_of(registry.NavGroup)]
    drawn = [
        {"label": group.label, "items": [item for entry, item in places if entry.group == group.key]}
        for group in groups
    ]
    return [group for group in drawn if group["items"]]


def _phone(places: Places) -> list[dict[str, Any]]:
    bar = on_the_phone(entry for entry, _ in places)
    return [item | {"label": entry.phone} for entry, item in places if entry in bar]


def _open_commands(request: TenantRequest) -> list[registry.Command]:
    return [command for command in registry.all_of(registry.Command) if _open_to(request, command)]


def commands_of(
    request: TenantRequest, places: Places | None = None, doing: list[registry.Command] | None = None
) -> list[dict[str, Any]]:
    """What can be done, then where one can go. Keys of places are bound by the navigation itself."""
    commands = [
        {"label": command.label, "icon": command.icon, "url": org_url(request, command.route), "keys": command.keys}
        for command in (_open_commands(request) if doing is None else doing)
    ]
    return commands + [item | {"current": False} for _, item in (places_of(request) if places is None else places)]


def _navigation_key(request: TenantRequest, places: Places) -> str:
    """What the drawn navigation depends on besides the language, so that it is drawn once for all whom it fits."""
    items = [(entry.route, item["current"], item["count"]) for entry, item in places]
    return f"{registry.generation()} {request.organization.slug} {items}"


def _commands_key(request: TenantRequest, places: Places, doing: list[registry.Command]) -> str:
    """The same for the palette."""
    routes = [command.route for command in doing] + [entry.route for entry, _ in places]
    prefixes = [item["prefix"] for item in _prefixes(request)]
    return f"{registry.generation()} {request.organization.slug} {routes} {prefixes}"


def _prefixes(request: TenantRequest) -> list[dict[str, Any]]:
    return [
        {"prefix": provider.prefix, "label": provider.label}
        for provider in registry.all_of(registry.SearchProvider)
        if provider.prefix and (provider.right is None or request.member.may(provider.right))
    ]
