"""Addresses of products and stock."""

from django.urls import URLPattern

from apps.core.ui.links import model_paths, org_path
from apps.inventory.models import Manufacturer, Place, Product, ProductPrice, Salt
from apps.inventory.views import catalogue, places, products

app_name = "inventory"

urlpatterns: list[URLPattern] = [
    *model_paths(
        "products",
        Product,
        list=products.ProductList,
        create=products.ProductCreate,
        detail=products.ProductDetail,
        edit=products.ProductEdit,
        archive=products.ProductArchive,
        restore=products.ProductRestore,
        delete=products.ProductDelete,
        photo=products.ProductPhotoFile,
        photo_upload=products.ProductPhotoUpload,
        photo_remove=products.ProductPhotoRemove,
    ),
    org_path("products/<int:product>/prices/new/", catalogue.PriceAdd, name="price_add"),
    *model_paths("prices", ProductPrice, delete=catalogue.PriceDelete),
    org_path("manufacturers/names/", catalogue.ManufacturerNames, name="manufacturer_names"),
    *model_paths(
        "manufacturers",
        Manufacturer,
        list=catalogue.ManufacturerList,
        create=catalogue.ManufacturerCreate,
        detail=catalogue.ManufacturerDetail,
        edit=catalogue.ManufacturerEdit,
        archive=catalogue.ManufacturerArchive,
        restore=catalogue.ManufacturerRestore,
        delete=catalogue.ManufacturerDelete,
    ),
    org_path("salts/names/", catalogue.SaltNames, name="salt_names"),
    *model_paths(
        "salts",
        Salt,
        list=catalogue.SaltList,
        create=catalogue.SaltCreate,
        detail=catalogue.SaltDetail,
        edit=catalogue.SaltEdit,
        delete=catalogue.SaltDelete,
    ),
    *model_paths(
        "places",
        Place,
        list=places.PlaceList,
        create=places.PlaceCreate,
        detail=places.PlaceDetail,
        edit=places.PlaceEdit,
        archive=places.PlaceArchive,
        restore=places.PlaceRestore,
        delete=places.PlaceDelete,
    ),
]
