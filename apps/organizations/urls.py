"""Addresses of organizations: before one is entered, and its own settings under `/o/<organization>/`."""

from django.urls import URLPattern, URLResolver, include, path

from apps.organizations.views import accept, outside

_outside: list[URLPattern | URLResolver] = [
    path("organizations/", outside.choose, name="choose"),
    path("organizations/new/", outside.SetUp.as_view(), name="set_up"),
    path("organizations/new/address/", outside.slug_suggestion, name="slug_suggestion"),
    path("organizations/gstin/", outside.gstin_check, name="gstin_check"),
    path("invitations/<str:token>/", accept.InvitationAccept.as_view(), name="invitation_accept"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", outside.home, name="home"),
    path("", include((_outside, "organizations"))),
]
