"""Every address of the product. What belongs to an organization lies under `/o/<organization>/`."""

from django.urls import include, path

urlpatterns = [
    path("", include("apps.core.ui.urls")),
    path("accounts/", include("apps.accounts.urls")),
    path("", include("apps.organizations.urls")),
]
