"""Migrating without drawing every model anew for each index.

Django renders a model and all that are related to it after each operation of a migration. Here everything is related to
everything, through the organization, and most operations add an index, a constraint or a trigger, which no other model
can see. Setting these on the rendered model alone, a first start and every test database take a quarter of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.operations import AddConstraint, AddIndex, RemoveConstraint, RemoveIndex
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

_OPERATIONS = (AddIndex, RemoveIndex, AddConstraint, RemoveConstraint, AddTrigger, RemoveTrigger)
_OPTIONS = ("indexes", "constraints", "triggers")


@contextmanager
def light_states() -> Iterator[None]:
    """While the block runs, operations that change only a model's indexes, constraints or triggers leave others be."""
    before = {operation: operation.state_forwards for operation in _OPERATIONS}
    for operation, forwards in before.items():
        operation.state_forwards = _light(forwards)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for operation, forwards in before.items():
            operation.state_forwards = forwards  # type: ignore[method-assign]


def _light(forwards: Callable[..., None]) -> Callable[..., None]:
    def state_forwards(self: Any, app_label: str, state: ProjectState) -> None:
        state.reload_model = lambda *where, **_how: _set_options(state, *where)  # type: ignore[method-assign]
        try:
            forwards(self, app_label, state)
        finally:
            del state.reload_model

    return state_forwards


def _set_options(state: ProjectState, app_label: str, model_name: str) -> None:
    if "apps" not in state.__dict__:
        return  # nothing is rendered yet
    held = state.models[app_label, model_name.lower()].options
    rendered: Any = state.apps.get_model(app_label, model_name)._meta
    for name in _OPTIONS:
        if name in held:
            setattr(rendered, name, [*held[name]])
