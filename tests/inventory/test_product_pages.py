"""The pages of products as people use them."""

from __future__ import annotations

import datetime as dt
import io
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from apps.core.tenancy.context import tenant
from apps.inventory.models import Barcode, Manufacturer, PackUnit, Product, ProductPhoto, ProductSalt, Salt
from apps.inventory.queries.catalogue import prices_on
from apps.organizations.models import Organization
from tests import factories
from tests.inventory.factories import manufacturer, product

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def organization() -> Organization:
    return factories.organization()


@pytest.fixture
def client(organization: Organization) -> Client:
    client = Client()
    client.force_login(factories.owner_of(organization).user)
    return client


def address(organization: Organization, name: str, **kwargs: Any) -> str:
    return reverse(f"inventory:{name}", kwargs={"organization": organization.slug, **kwargs})


FILLED = {
    "name": "Azilamp 500",
    "pack": "strip of 5 tablets",
    "dosage_form": "tablet",
    "schedule": "H",
    "licence_class": "other",
    "storage": "room",
    "base_unit": "Strip",
    "uqc": "PAC",
    "loose": "on",
    "hsn": "3004.20",
    "manufacturer": "Lantern Remedies",
    "new_manufacturer": "on",
    "salts-0-name": "Azithromycin",
    "salts-0-strength": "500mg",
    "salts-1-name": "",
    "salts-1-strength": "",
    "pack_units-0-name": "box",
    "pack_units-0-holds": "10",
    "pack_units-1-name": "case",
    "pack_units-1-holds": "20 boxes",
    "barcodes-0-code": "4006381333931",
    "barcodes-0-pack": "box",
    "mrp": "132.36",
    "reorder_level": "20",
}


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(version|opened)" value="([^"]*)"', page))


def test_a_product_is_made_with_all_that_belongs_to_it(client: Client, organization: Organization) -> None:
    response = client.post(address(organization, "product_create"), FILLED)
    assert response.status_code == 302, response.content.decode()
    with tenant(organization.pk):
        made = Product.objects.get()
        assert (made.hsn, made.base_unit, made.composition) == ("300420", "strip", "Azithromycin 500 mg")
        assert made.manufacturer == Manufacturer.objects.get(name="Lantern Remedies")
        assert [(pack.name, pack.quantity) for pack in PackUnit.objects.order_by("quantity")] == [
            ("box", 10),
            ("case", 200),
        ]
        code = Barcode.objects.get()
        assert (code.code, code.kind, str(code.pack_unit)) == ("04006381333931", "gtin", "box (10)")
        assert ProductSalt.objects.get().salt == Salt.objects.get(name="Azithromycin")
        assert prices_on([made.pk], dt.date(2100, 1, 1))[made.pk].mrp == Decimal("132.36")
    page = client.get(response.headers["Location"]).content.decode()
    for words in ("Azithromycin", "Schedule H", "4006381333931", "20 box", "132.36", "Lantern Remedies"):
        assert words in page


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": ""}, "Product name"),
        ({"hsn": "30041"}, "4, 6 or 8 digits, this has 5"),
        ({"new_manufacturer": ""}, "No manufacturer is called Lantern Remedies"),
        ({"salts-0-strength": "50 blobs"}, "“50 blobs” is no strength"),
        ({"salts-0-name": ""}, "Type the salt of 500mg"),
        ({"salts-1-name": "azithromycin"}, "is there twice"),
        ({"pack_units-0-holds": "1"}, "holds 2 base units or more"),
        ({"pack_units-1-holds": "20 crates"}, "No pack is called crates"),
        ({"barcodes-0-code": "4006381333932"}, "The last digit should be 1, not 2"),
        ({"barcodes-0-pack": "crate"}, "No pack is called crate"),
        ({"mrp": "0"}, "MRP"),
        ({"reorder_level": "-5"}, "Reorder level"),
        ({"retailer_margin": "101"}, "Retailer"),
    ],
)
def test_bad_input_is_named_and_nothing_is_lost(
    client: Client, organization: Organization, change: dict[str, str], message: str
) -> None:
    response = client.post(address(organization, "product_create"), {**FILLED, **change})
    assert response.status_code == 422
    text = response.content.decode()
    assert message in text
    assert "There is a problem" in text
    assert "strip of 5 tablets" in text
    assert 'value="case"' in text
    with tenant(organization.pk):
        assert not Product.objects.exists()
        assert not Salt.objects.exists()


def test_a_composition_may_be_pasted_into_one_row(client: Client, organization: Organization) -> None:
    pasted = {"salts-0-name": "Amoxycillin  (500mg) , Clavulanic Acid (125mg)", "salts-0-strength": ""}
    assert client.post(address(organization, "product_create"), {**FILLED, **pasted}).status_code == 302
    with tenant(organization.pk):
        assert Product.objects.get().composition == "Amoxicillin 500 mg + Clavulanic Acid 125 mg"


def test_editing_rows_changes_only_them(client: Client, organization: Organization) -> None:
    client.post(address(organization, "product_create"), FILLED)
    with tenant(organization.pk):
        made = Product.objects.get()
    url = address(organization, "product_edit", pk=made.pk)
    page = client.get(url).content.decode()
    assert 'value="500 mg"' in page
    changed = {**FILLED, **hidden(page), "pack_units-1-holds": "240", "barcodes-0-code": "NEW-1", "barcodes-0-pack": ""}
    assert client.post(url, changed).status_code == 302
    with tenant(organization.pk):
        made.refresh_from_db()
        assert made.version == 2
        assert PackUnit.objects.get(name="case").quantity == 240
        assert (Barcode.objects.get().code, Barcode.objects.get().kind) == ("NEW-1", "other")
    again = client.get(url).content.decode()
    unchanged = {**changed, **hidden(again)}
    assert client.post(url, unchanged).status_code == 302
    with tenant(organization.pk):
        made.refresh_from_db()
        assert made.version == 2


def test_two_people_edit_the_same_product(client: Client, organization: Organization) -> None:
    client.post(address(organization, "product_create"), FILLED)
    with tenant(organization.pk):
        made = Product.objects.get()
    url = address(organization, "product_edit", pk=made.pk)
    first, second = (hidden(client.get(url).content.decode()) for _person in range(2))
    assert client.post(url, {**FILLED, **first, "salts-0-strength": "250 mg"}).status_code == 302
    answer = client.post(url, {**FILLED, **second, "salts-0-strength": "1 g"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Azithromycin 250 mg" in text
    assert "Azithromycin 1 g" in text
    with tenant(organization.pk):
        assert Product.objects.get().composition == "Azithromycin 250 mg"


def test_a_barcode_belongs_to_one_product(client: Client, organization: Organization) -> None:
    with tenant(organization.pk):
        other = product("Clocktower Gel")
        Barcode.objects.create(product=other, code="04006381333931")
    response = client.post(address(organization, "product_create"), FILLED)
    assert response.status_code == 422
    assert "is the barcode of Clocktower Gel" in response.content.decode()
    with tenant(organization.pk):
        assert Product.objects.get() == other


def test_the_list_searches_filters_and_exports(client: Client, organization: Organization) -> None:
    with tenant(organization.pk):
        made = product("Azilamp 500", composition="Azithromycin 500 mg", schedule="H1", manufacturer=manufacturer())
        Barcode.objects.create(product=made, code="04006381333931")
        product("Clocktower Gel", storage="cold")
        product("Old Drops", active=False)
    url = address(organization, "product_list")
    everything = client.get(url).content.decode()
    assert "Azilamp 500" in everything
    assert "Old Drops" not in everything
    for query in ({"q": "azithro"}, {"q": "4006381333931"}, {"schedule": "H1"}):
        found = client.get(url, query, headers=HTMX).content.decode()
        assert "Azilamp 500" in found
        assert "Clocktower Gel" not in found
    assert "Clocktower Gel" in client.get(url, {"storage": "cold"}).content.decode()
    assert "Old Drops" in client.get(url, {"active": "false"}).content.decode()
    lines = client.get(url, {"export": "csv"}).getvalue().decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["Product name", "Azilamp 500", "Clocktower Gel"]


def test_a_product_is_discontinued_and_offered_again(client: Client, organization: Organization) -> None:
    with tenant(organization.pk):
        made = product()
    assert client.post(address(organization, "product_archive", pk=made.pk)).status_code == 302
    page = client.get(address(organization, "product_detail", pk=made.pk)).content.decode()
    assert "Discontinued" in page
    assert "Offer product again" in page
    assert client.post(address(organization, "product_restore", pk=made.pk)).status_code == 302
    with tenant(organization.pk):
        assert Product.objects.get().active


def _picture(kind: str = "PNG", size: tuple[int, int] = (1200, 600)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, kind)
    return target.getvalue()


def test_a_photo_is_drawn_anew_and_shown_to_members_only(client: Client, organization: Organization) -> None:
    with tenant(organization.pk):
        made = product()
    upload = address(organization, "product_photo_upload", pk=made.pk)
    sent = _picture() + b"<script>alert(1)</script>"
    response = client.post(upload, {"photo": SimpleUploadedFile("x.png", sent, "image/png")})
    assert response.status_code == 302
    shown = client.get(address(organization, "product_photo", pk=made.pk))
    assert (shown.headers["Content-Type"], shown.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert b"<script>" not in shown.content
    with Image.open(io.BytesIO(shown.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (900, 450))
    stranger = Client()
    stranger.force_login(factories.owner_of(factories.organization()).user)
    assert stranger.get(address(organization, "product_photo", pk=made.pk)).status_code == 404
    assert client.post(address(organization, "product_photo_remove", pk=made.pk)).status_code == 302
    assert client.get(address(organization, "product_photo", pk=made.pk)).status_code == 404


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "Choose a JPEG, PNG or WebP"),
        (_picture("GIF"), "Choose a JPEG, PNG or WebP"),
        (_picture()[:200], "This picture is damaged"),
        (_picture(size=(9000, 6000)), "too many pixels"),
        (b"\0" * (8 * 1024 * 1024 + 1), "at most 8 MB"),
    ],
)
def test_other_files_are_no_photos(client: Client, organization: Organization, content: bytes, message: str) -> None:
    with tenant(organization.pk):
        made = product()
    upload = address(organization, "product_photo_upload", pk=made.pk)
    response = client.post(upload, {"photo": SimpleUploadedFile("x.png", content, "image/png")})
    assert response.status_code == 422
    assert message in response.content.decode()
    with tenant(organization.pk):
        assert not ProductPhoto.objects.exists()


def test_prices_are_dated(client: Client, organization: Organization) -> None:
    with tenant(organization.pk):
        made = product()
    url = address(organization, "price_add", product=made.pk)
    assert client.post(url, {"effective_from": "2026-04-01", "mrp": "100"}).status_code == 302
    assert client.post(url, {"effective_from": "2026-12-01", "mrp": "110", "ptr": "84.5"}).status_code == 302
    assert client.post(url, {"effective_from": "2026-12-01", "mrp": "120"}).status_code == 422
    assert (
        "more than the MRP"
        in client.post(url, {"effective_from": "2027-01-01", "mrp": "1", "ptr": "2"}).content.decode()
    )
    with tenant(organization.pk):
        days = [dt.date(2026, 3, 31), dt.date(2026, 11, 30), dt.date(2026, 12, 1)]
        found = [prices_on([made.pk], day).get(made.pk) for day in days]
        assert [price and price.mrp for price in found] == [None, Decimal(100), Decimal(110)]


def test_a_salt_renamed_is_renamed_in_every_composition(client: Client, organization: Organization) -> None:
    client.post(address(organization, "product_create"), FILLED)
    with tenant(organization.pk):
        salt = Salt.objects.get()
    url = address(organization, "salt_edit", pk=salt.pk)
    opened = hidden(client.get(url).content.decode())
    assert client.post(url, {**opened, "name": "Azithromycin dihydrate"}).status_code == 302
    with tenant(organization.pk):
        assert Product.objects.get().composition == "Azithromycin dihydrate 500 mg"


def test_names_while_typing(client: Client, organization: Organization) -> None:
    with tenant(organization.pk):
        manufacturer("Lantern Remedies")
        manufacturer("Old Lantern")
        Salt.objects.create(name="<b>Zinc</b>")
    options = client.get(address(organization, "manufacturer_names"), {"manufacturer": "lan"}).content.decode()
    assert options.index("Lantern Remedies") < options.index("Old Lantern")
    assert "&lt;b&gt;" in client.get(address(organization, "salt_names"), {"salts-0-name": "zinc"}).content.decode()
