"""Migrations leave the same database behind, whether or not every related model is rendered anew."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pgtrigger.compiler
import pgtrigger.migrations
import pytest
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from apps.core.management.light_states import light_states

_TRIGGER = pgtrigger.compiler.Trigger(
    name="note",
    sql=pgtrigger.compiler.UpsertTriggerSql(
        func="RETURN NULL;", hash="h", operation="INSERT", pgid="p", table="t_shop", when="AFTER"
    ),
)
_OPERATIONS: list[Operation] = [
    migrations.AddIndex("shop", models.Index(fields=["name"], name="shop_name")),
    migrations.AddIndex("shop", models.Index(fields=["-name"], name="shop_back")),
    migrations.AddConstraint("shop", models.UniqueConstraint(fields=["name"], name="shop_once")),
    pgtrigger.migrations.AddTrigger("shop", _TRIGGER),
    migrations.RemoveIndex("shop", "shop_back"),
]


def _state() -> ProjectState:
    state = ProjectState()
    for name, fields in (
        ("Shop", [("id", models.AutoField(primary_key=True)), ("name", models.CharField(max_length=9))]),
        ("Till", [("id", models.AutoField(primary_key=True)), ("shop", models.ForeignKey("t.Shop", models.CASCADE))]),
    ):
        migrations.CreateModel(name, fields).state_forwards("t", state)
    _ = state.apps  # rendered, as while migrating
    return state


def _options(state: ProjectState) -> dict[str, list[str]]:
    meta: Any = state.apps.get_model("t", "shop")._meta
    return {name: [one.name for one in getattr(meta, name)] for name in ("indexes", "constraints", "triggers")}


@pytest.mark.parametrize(("light", "same"), [(light_states, True), (nullcontext, False)])
def test_a_model_gets_its_options_and_others_are_left_be(
    light: Callable[[], AbstractContextManager[None]], same: bool
) -> None:
    state = _state()
    till = state.apps.get_model("t", "till")
    with light():
        for operation in _OPERATIONS:
            operation.state_forwards("t", state)
    assert _options(state) == {"indexes": ["shop_name"], "constraints": ["shop_once"], "triggers": ["note"]}
    assert (state.apps.get_model("t", "till") is till) is same


def test_a_field_renders_what_is_related_to_it() -> None:
    state = _state()
    with light_states():
        for operation in _OPERATIONS:
            operation.state_forwards("t", state)
        migrations.AddField("shop", "city", models.CharField(max_length=9, default="")).state_forwards("t", state)
        migrations.AddField(
            "shop", "next", models.ForeignKey("t.Till", models.CASCADE, related_name="+", null=True)
        ).state_forwards("t", state)
    shop: Any = state.apps.get_model("t", "shop")
    till: Any = state.apps.get_model("t", "till")
    assert till._meta.get_field("shop").related_model is shop
    assert shop._meta.get_field("next").related_model is till
    assert _options(state) == {"indexes": ["shop_name"], "constraints": ["shop_once"], "triggers": ["note"]}


def test_nothing_of_it_stays() -> None:
    before = migrations.AddIndex.state_forwards
    with light_states():
        assert migrations.AddIndex.state_forwards is not before
    assert migrations.AddIndex.state_forwards is before
    with pytest.raises(ZeroDivisionError), light_states():
        _ = 1 / 0
    assert migrations.AddIndex.state_forwards is before
