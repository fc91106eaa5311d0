"""What the apps add to the frame: places, commands, search, panels, tiles.

An upper app adds itself to a lower page here, from `navigation.register()` called in `AppConfig.ready()`; the lower app
never names it. Every entry is shown only to members who hold its right; without an own right, that of the page behind
its `route`.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import HttpRequest
from django.utils.functional import Promise

from apps.core.http import TenantRequest

if TYPE_CHECKING:
    from apps.core.ui.links import Link
    from apps.core.ui.pages.panels import PanelView

Text = str | Promise


@dataclass(frozen=True)
class NavGroup:
    """A heading of the navigation. The group with the key "" has no heading and stands first."""

    key: str
    label: Text
    order: int = 50


@dataclass(frozen=True)
class NavEntry:
    """A place. `phone` is its short label in the bottom bar; `count` a number beside it or a short text such as "9+",
    `hot` when it is a warning, `live` when pages that stay open ask for it anew every minute."""

    group: str
    label: Text
    icon: str
    route: str
    right: str | None = None
    keys: str = ""
    order: int = 50
    phone: Text = ""
    count: Callable[[TenantRequest], int | str | None] | None = None
    hot: bool = False
    live: bool = False


@dataclass(frozen=True)
class Command:
    """Something to do, in the palette and by two keys, such as "n b"."""

    label: Text
    icon: str
    route: str
    right: str | None = None
    keys: str = ""
    order: int = 50


@dataclass(frozen=True)
class Hit:
    """A record that the palette found. `end` stands at the right: a quantity, an amount."""

    label: Text
    url: str
    detail: Text = ""
    icon: str = ""
    end: Text = ""


@dataclass(frozen=True)
class SearchProvider:
    """Finds records for the palette, at most a handful. `prefix` limits the search to it: "#" for bills."""

    label: Text
    search: Callable[[TenantRequest, str], Sequence[Hit]]
    right: str | None = None
    prefix: str = ""
    order: int = 50


@dataclass(frozen=True)
class Panel:
    """A panel on the detail page of a model, named as "organizations.branch"."""

    model: str
    view: type[PanelView]
    order: int = 50


@dataclass(frozen=True)
class TileValue:
    """A tile's number as it is shown, one line of context, and the list it counts."""

    number: Text
    text: Text = ""
    url: str | None = None


@dataclass(frozen=True)
class Tile:
    """A number on the home page; a value of None leaves it out."""

    label: Text
    value: Callable[[TenantRequest], TileValue | None]
    right: str | None = None
    order: int = 50


@dataclass(frozen=True)
class HomePanel:
    """A card on the home page. It is left out while its `context()` returns None; `lead` stands beside the worklist."""

    view: type[PanelView]
    order: int = 50
    lead: bool = False


@dataclass(frozen=True)
class WorkItem:
    """One thing to do. `cost` sorts the list by what it costs to ignore, highest first."""

    icon: str
    text: Text
    detail: Text = ""
    url: str = ""
    label: Text = ""
    tone: str = ""
    cost: int = 0


@dataclass(frozen=True)
class Work:
    """A source of work items for the home page."""

    find: Callable[[TenantRequest], Sequence[WorkItem]]
    right: str | None = None
    order: int = 50


@dataclass(frozen=True)
class PersonLink:
    """A page about the person, in the menu under the person's name. Its route lies outside organizations."""

    label: Text
    icon: str
    route: str
    order: int = 50


@dataclass(frozen=True)
class HeadLink:
    """A button that an upper app adds to the head of a lower page or panel, which asks `links_of` for its place's
    links. None leaves it out."""

    place: str
    link: Callable[[TenantRequest], Link | None]
    order: int = 50


Entry = NavGroup | NavEntry | Command | SearchProvider | Panel | Tile | HomePanel | Work | PersonLink | HeadLink
E = TypeVar("E", bound=Entry)


@dataclass(frozen=True)
class Switch:
    """An organization that the person can go to."""

    name: str
    url: str
    slug: str


@dataclass(frozen=True)
class Person:
    """Whoever is signed in, as the frame shows them."""

    name: str
    initials: str
    role_name: str = ""


@dataclass(frozen=True)
class ShellFacts:
    """What only upper floors know about a request. `detail` is the line under the organization's name."""

    detail: Text = ""
    organizations: Sequence[Switch] = field(default_factory=list)
    person: Person | None = None


ShellHook = Callable[[HttpRequest], ShellFacts]
RightLabel = Callable[[str], Text]

_entries: dict[type[Any], list[Any]] = defaultdict(list)
_hooks: dict[str, Callable[..., Any]] = {}
_generations = itertools.count()
_generation = next(_generations)


def generation() -> int:
    """Another number whenever entries came or went, for whoever keeps what was made of them."""
    return _generation


def _changed() -> None:
    global _generation  # noqa: PLW0603 - the registry is one per process
    _generation = next(_generations)


def add(*entries: Entry) -> None:
    """Add to the frame; the order of registration breaks ties of `order`."""
    for entry in entries:
        _entries[type(entry)].append(entry)
    _changed()


def provide(*, shell_facts: ShellHook | None = None, right_label: RightLabel | None = None) -> None:
    """Tell what lower floors cannot know: facts about organization and person, and what a right is called.

    Raises:
        ValueError: another app has told it already.
    """
    for name, hook in (("shell_facts", shell_facts), ("right_label", right_label)):
        if hook is None:
            continue
        if _hooks.get(name, hook) is not hook:
            raise ValueError(f"{name} is provided twice.")
        _hooks[name] = hook


def all_of(kind: type[E]) -> list[E]:
    """Every entry of a kind, in order, for everybody."""
    return sorted(_entries[kind], key=lambda entry: entry.order)


def panels_of(label: str) -> list[type[PanelView]]:
    """Panels that upper apps add to the detail page of a model, such as "organizations.branch"."""
    return [entry.view for entry in all_of(Panel) if entry.model.lower() == label.lower()]


def links_of(place: str, request: TenantRequest) -> list[Link]:
    """Buttons that upper apps add to the head of a lower page or panel, such as "inventory.low"."""
    found = (entry.link(request) for entry in all_of(HeadLink) if entry.place == place)
    return [link for link in found if link is not None]


def shell_facts(request: HttpRequest) -> ShellFacts:
    """Facts about organization and person, as far as an app provides them."""
    hook: ShellHook | None = _hooks.get("shell_facts")
    return hook(request) if hook else ShellFacts()


def right_label(right: str) -> Text:
    """What a right is called, or its name when no app says."""
    hook: RightLabel | None = _hooks.get("right_label")
    return hook(right) if hook else right


def clear() -> None:
    """Forget every entry and hook; within `scratch`."""
    _entries.clear()
    _hooks.clear()
    _changed()


@contextmanager
def scratch() -> Iterator[None]:
    """A block that may add entries which are gone after it; for tests."""
    before = {kind: list(entries) for kind, entries in _entries.items()}
    hooks = dict(_hooks)
    try:
        yield
    finally:
        clear()
        _entries.update(before)
        _changed()
        _hooks.update(hooks)
