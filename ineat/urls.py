"""Every address of the product. What belongs to an organization lies under `/o/<organization>/`."""

from django.urls import include, path

urlpatterns = [
    path("", include("apps.core.urls")),
    path("", include("apps.core.ui.urls")),
    path("accounts/", include("apps.accounts.urls")),
    path("", include("apps.core.exchange.urls")),
    path("", include("apps.organizations.urls")),
    path("", include("apps.parties.urls")),
    path("", include("apps.finance.urls")),
    path("", include("apps.inventory.urls")),
    path("", include("apps.purchasing.urls")),
    path("", include("apps.sales.urls")),
]

handler400 = "apps.core.views.bad_request"
handler403 = "apps.core.views.permission_denied"
handler404 = "apps.core.views.page_not_found"
handler500 = "apps.core.views.server_error"
# Ours, not Django's: allauth looks here for its answer to somebody who has used up a rate limit.
handler429 = "apps.accounts.views.refusals.too_many_requests"
