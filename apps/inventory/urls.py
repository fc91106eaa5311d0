"""Addresses of products and stock."""

from django.urls import URLPattern

from apps.core.ui.links import model_paths
from apps.inventory.models import Place
from apps.inventory.views import places

app_name = "inventory"

urlpatterns: list[URLPattern] = [
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
