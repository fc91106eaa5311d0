"""Details, panels, history, paper, and what every page has."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from apps.core.tenancy.context import tenant
from apps.core.ui.pages import Page
from apps.organizations.models import Branch, BranchLicence
from tests import factories
from tests.core.ui import scratch
from tests.core.ui.conftest import House
from tests.core.ui.test_lists import squeezed

pytestmark = pytest.mark.django_db


def test_a_record_is_shown_in_cards(house: House) -> None:
    with tenant(house.organization.pk):
        Branch.objects.update(address="1 <Road>\nNear the well", phone="")
    text = squeezed(house.get(f"branches/{house.branch().pk}/"))
    assert "<h1>Pune</h1>" in text
    assert "<dt>Short code</dt><dd>PN</dd>" in text
    assert "1 &lt;Road&gt;<br>Near the well" in text
    assert "<dt>Post</dt><dd>PIN 411001</dd>" in text
    assert "<dt>GSTIN</dt><dd>–</dd>" in text
    assert re.search(r"<dt>State</dt><dd>Maharashtra", text)
    assert f'<a href="{house.url("branches/")}">Branches</a>' in text


def test_a_table_panel_shows_the_first_rows_and_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    pune = house.branch()
    path = f"branches/{pune.pk}/"
    assert "No drug licences yet" in squeezed(house.get(path))
    with tenant(house.organization.pk):
        for number in range(4):
            BranchLicence(
                branch=pune,
                form="20B",
                number=f"MH-{number}",
                valid_from="2026-01-01",
                valid_to=f"203{number}-12-31",
            ).save(force_insert=True)
    text = squeezed(house.get(path))
    assert "MH-3" in text
    assert "31 Dec 2030" in text
    monkeypatch.setattr(scratch.LicencePanel, "limit", 2)
    text = squeezed(house.get(path))
    assert "MH-1" in text
    assert "MH-2" not in text
    assert "The first 2 are shown." in text


def test_history_is_for_those_who_may_see_it(house: House) -> None:
    pune = house.branch()
    house.post(f"branches/{pune.pk}/archive/")
    text = squeezed(house.get(f"branches/{pune.pk}/"))
    assert 'id="history"' in text
    assert "Changed by Asha Rane" in text
    assert 'id="history"' not in squeezed(house.get(f"branches/{pune.pk}/", client=house.as_role("picker")))


def test_long_histories_are_opened_on_request(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.core.ui.pages.history.HistoryPanel.few", 1)
    pune = house.branch()
    house.post(f"branches/{pune.pk}/archive/")
    text = squeezed(house.get(f"branches/{pune.pk}/"))
    assert "Older changes" in text
    assert "Created by" not in text
    assert "Created by" in squeezed(house.get(f"branches/{pune.pk}/", changes="all"))


def test_paper(house: House) -> None:
    pune = house.branch()
    text = squeezed(house.get(f"branches/{pune.pk}/sheet/", paper="a5"))
    assert 'class="sheet a5"' in text
    assert f'href="{house.url(f"branches/{pune.pk}/sheet/?paper=a4")}"' in text
    assert f'<a href="{house.url(f"branches/{pune.pk}/")}">Pune</a>' in text
    assert 'class="sheet a4"' in squeezed(house.get(f"branches/{pune.pk}/sheet/", paper="bogus"))


def test_a_sheet_is_a_pdf_too(house: House) -> None:
    pune = house.branch()
    path = f"branches/{pune.pk}/sheet/"
    assert f'href="{house.url(path)}?paper=a4&amp;as=pdf"' in house.get(path).content.decode()
    answer = house.get(f"{path}?paper=a5&as=pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'inline; filename="Pune.pdf"'
    page = pypdfium2.PdfDocument(answer.content)[0]
    assert [round(side / 72 * 25.4) for side in page.get_size()] == [210, 148]
    assert "Registered office" in page.get_textpage().get_text_range()


def test_a_pdf_is_for_whoever_may_see_the_sheet(house: House) -> None:
    path = f"branches/{house.branch().pk}/sheet/"
    assert Client().get(house.url(path), {"as": "pdf"}).status_code == 302
    stranger = factories.owner_of(factories.organization()).user
    client = Client()
    factories.sign_in(client, stranger)
    assert client.get(house.url(path), {"as": "pdf"}).status_code == 404


def test_where_pdf_cannot_be_made_the_sheet_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"branches/{house.branch().pk}/sheet/"
    monkeypatch.setattr("apps.core.paper.pdf.can_print", lambda: False)
    answer = house.get(f"{path}?as=pdf")
    assert answer.status_code == 503
    assert "The PDF could not be made." in answer.content.decode()
    monkeypatch.setattr("apps.core.ui.pages.printing.can_print", lambda: False)
    assert "as=pdf" not in house.get(path).content.decode(), "and no button leads there"


def test_a_sheet_is_drawn_for_nobody_in_particular(house: House) -> None:
    pune = house.branch()
    with tenant(house.organization.pk):
        document = scratch.BranchSheet.document(pune.pk)
        assert document is not None
        assert document.file_name == "Pune.pdf"
        assert 'class="sheet a4"' in document.html
        assert "Registered office" in document.html
        assert scratch.BranchSheet.document(pune.pk + 1000) is None


def test_numbers_above_a_list_filter_it(house: House) -> None:
    house.add_branches("Bengaluru", state_code="29")
    text = squeezed(house.get("work/"))
    assert f'<a href="{house.url("work/?state_code=27")}"' in text
    assert "<b>1</b>" in text
    text = squeezed(house.get("work/", state_code="27"))
    assert re.search(r'href="[^"]*state_code=27" aria-current="true"', text)


def test_a_page_must_name_its_right() -> None:
    class Forgotten(Page):
        template_name = "ui/home.html"

    with pytest.raises(ImproperlyConfigured, match="names no right"):
        Forgotten.as_view()


def test_messages_that_wait_become_one_toast(house: House) -> None:
    """The event of htmx is one; a page that is drawn whole shows each by itself."""
    pune = house.branch()
    house.post(f"branches/{pune.pk}/archive/")
    response = house.get("branches/", htmx=True)
    assert '"text": "Pune archived"' in response.headers["HX-Trigger"]
    assert f'"undo": "{house.url(f"branches/{pune.pk}/restore/")}"' in response.headers["HX-Trigger"]
    assert "HX-Trigger" not in house.get("branches/", htmx=True).headers
