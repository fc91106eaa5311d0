"""Who wants to know what. Apps register their handlers in `AppConfig.ready()`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Fact:
    """What a handler gets: the topic, its facts, and the message's key.

    The handler's database writes commit together with the message, so they happen once. What leaves the database, an
    e-mail or a call, can happen twice when the process dies between it and the commit: pass `key` along as the
    idempotency key wherever the other side takes one.
    """

    key: int
    topic: str
    payload: dict[str, Any]


Handler = Callable[[Fact], None]

_handlers: dict[str, Handler] = {}
_topics: dict[str, list[str]] = defaultdict(list)
_labels: dict[str, str | Promise] = {}


def register(topic: str, name: str, handler: Handler, *, label: str | Promise = "") -> None:
    """Call the handler for every fact of the topic. The name is stored with waiting messages, so it must not change.

    `label` is what people read in its place: "Invitation by e-mail".

    Raises:
        ValueError: the name belongs to another handler.
    """
    if _handlers.setdefault(name, handler) is not handler:
        raise ValueError(f"Two handlers are called {name}.")
    if name not in _topics[topic]:
        _topics[topic].append(name)
    if label:
        _labels[name] = label


def label_of(name: str) -> str:
    """What people call what the handler does; its name where no app says."""
    return str(_labels.get(name, name))


def handlers_of(topic: str) -> tuple[str, ...]:
    """Names of the topic's handlers."""
    return tuple(_topics[topic])


def handler_called(name: str) -> Handler:
    """The handler of that name.

    Raises:
        LookupError: no app registers it any more.
    """
    try:
        return _handlers[name]
    except KeyError:
        raise LookupError(f"No handler is called {name} in this version.") from None
