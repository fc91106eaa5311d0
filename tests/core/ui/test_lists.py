"""Lists: rows, filters, search, empty states, columns, rights; whole pages and fragments of one address."""

from __future__ import annotations

import pytest

from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch
from tests.core.ui.conftest import House

pytestmark = pytest.mark.django_db


def test_a_list_is_a_page_and_a_fragment(house: House) -> None:
    page = house.get("branches/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "<!doctype html>" in text
    assert "New branch" in text
    assert f'href="{house.url("branches/")}{house.branch().pk}/"' in text
    assert "HX-Request" in page.headers["Vary"]
    fragment = house.get("branches/", htmx=True)
    text = fragment.content.decode()
    assert "<!doctype" not in text
    assert text.lstrip().startswith('<div class="scroll" id="list"')
    assert 'hx-target="#list-foot"' in text
    assert "HX-Request" in fragment.headers["Vary"]
