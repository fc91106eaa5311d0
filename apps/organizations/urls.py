"""Addresses of organizations: before one is entered, and its own settings under `/o/<organization>/`."""

from django.urls import URLPattern, URLResolver, include, path

from apps.core.outbox.models import OutboxMessage
from apps.core.ui.links import model_paths, org_path
from apps.organizations.models import Branch, BranchLicence, Invitation, Membership, NumberSeries, Role
from apps.organizations.views import accept, audit, branches, members, outbox, outside, roles, series, settings

_outside: list[URLPattern] = [
    path("organizations/", outside.choose, name="choose"),
    path("organizations/new/", outside.SetUp.as_view(), name="set_up"),
    path("organizations/new/address/", outside.slug_suggestion, name="slug_suggestion"),
    path("organizations/gstin/", outside.gstin_check, name="gstin_check"),
    path("invitations/<str:token>/", accept.InvitationAccept.as_view(), name="invitation_accept"),
]

_inside: list[URLPattern] = [
    org_path("settings/", settings.Settings, name="settings"),
    org_path("settings/edit/", settings.SettingsEdit, name="settings_edit"),
    org_path("settings/seals/", audit.SealList, name="seals"),
    *model_paths(
        "branches",
        Branch,
        list=branches.BranchList,
        create=branches.BranchCreate,
        detail=branches.BranchDetail,
        edit=branches.BranchEdit,
        archive=branches.BranchArchive,
        restore=branches.BranchRestore,
        add_licence=branches.LicenceCreate,
    ),
    *model_paths(
        "licences",
        BranchLicence,
        list=branches.LicenceList,
        edit=branches.LicenceEdit,
        delete=branches.LicenceDelete,
    ),
    org_path("series/preview/", series.SeriesPreview, name="series_preview"),
    *model_paths(
        "series",
        NumberSeries,
        list=series.SeriesList,
        create=series.SeriesCreate,
        detail=series.SeriesDetail,
        edit=series.SeriesEdit,
    ),
    *model_paths(
        "members",
        Membership,
        list=members.MemberList,
        detail=members.MemberDetail,
        edit=members.MemberEdit,
        deactivate=members.MemberDeactivate,
        reactivate=members.MemberReactivate,
    ),
    *model_paths(
        "invitations",
        Invitation,
        list=members.InvitationList,
        create=members.InvitationCreate,
        detail=members.InvitationDetail,
        resend=members.InvitationResend,
        withdraw=members.InvitationWithdraw,
    ),
    *model_paths(
        "roles",
        Role,
        list=roles.RoleMatrix,
        create=roles.RoleCreate,
        detail=roles.RoleDetail,
        edit=roles.RoleEdit,
        delete=roles.RoleDelete,
    ),
]

# Pages about rows of `core.outbox`, which has none of its own; links find them by the model's name.
_outbox = model_paths(
    "deliveries", OutboxMessage, list=outbox.OutboxList, detail=outbox.OutboxDetail, retry=outbox.OutboxRetry
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", outside.home, name="home"),
    path("", include(([*_outside, *_inside], "organizations"))),
    path("", include((_outbox, "outbox"))),
]
