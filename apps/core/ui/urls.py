"""Addresses of the page machinery itself."""

from django.urls import path

from apps.core.ui.links import org_path
from apps.core.ui.pages.home import HomePage
from apps.core.ui.pages.live import LivePage
from apps.core.ui.pages.palette import PalettePage
from apps.core.ui.pages.preferences import preferences
from apps.core.ui.styleguide import styleguide

app_name = "ui"
urlpatterns = [
    path("styleguide/", styleguide, name="styleguide"),
    path("preferences/", preferences, name="preferences"),
    org_path("", HomePage, name="home"),
    org_path("live/", LivePage, name="live"),
    org_path("palette/", PalettePage, name="palette"),
]
