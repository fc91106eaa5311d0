"""Connections that pass Django by: what the serving role and the owner of the tables can really do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from psycopg.conninfo import make_conninfo

from ineat import databases


@pytest.fixture(autouse=True)
def _own_data_folder(settings: Any, tmp_path: Path) -> None:
    """Files that people upload go with the test."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def app_link(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the role that serves; what it does is rolled back."""
    settings = connections["default"].settings_dict
    parts = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    conninfo = make_conninfo("", **{key: str(settings[name]) for key, name in parts.items() if settings.get(name)})
    with psycopg.connect(conninfo) as link:
        yield link
        link.rollback()


@pytest.fixture
def owner_link(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    name = connections["default"].settings_dict["NAME"]
    with psycopg.connect(databases.owner_conninfo(name), autocommit=True) as link:
        yield link
