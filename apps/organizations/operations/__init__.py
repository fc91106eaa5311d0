"""Every write of organizations, branches, series, members, invitations and roles."""

from apps.organizations.operations.branch import (
    BranchRefused,
    add_branch,
    check_branch_code,
    check_gstin,
    check_licence,
    check_pin_code,
    check_registration,
    deactivate_branch,
    reactivate_branch,
)
from apps.organizations.operations.invitation import (
    InvitationRefused,
    accept_invitation,
    invite_member,
    resend_invitation,
    sentence,
    withdraw_invitation,
)
from apps.organizations.operations.member import (
    MemberRefused,
    change_member_role,
    deactivate_member,
    reactivate_member,
)
from apps.organizations.operations.organization import (
    OrganizationRefused,
    change_organization,
    create_organization,
    free_slug,
)
from apps.organizations.operations.role import RoleRefused, change_role, create_role, delete_role
from apps.organizations.operations.sentences import told as sentence_of
from apps.organizations.operations.series import (
    SeriesRefused,
    change_series,
    open_year,
    set_up_series,
    take_number,
)

__all__ = [
    "BranchRefused",
    "InvitationRefused",
    "MemberRefused",
    "OrganizationRefused",
    "RoleRefused",
    "SeriesRefused",
    "accept_invitation",
    "add_branch",
    "change_member_role",
    "change_organization",
    "change_role",
    "change_series",
    "check_branch_code",
    "check_gstin",
    "check_licence",
    "check_pin_code",
    "check_registration",
    "create_organization",
    "create_role",
    "deactivate_branch",
    "deactivate_member",
    "delete_role",
    "free_slug",
    "invite_member",
    "open_year",
    "reactivate_branch",
    "reactivate_member",
    "resend_invitation",
    "sentence",
    "sentence_of",
    "set_up_series",
    "take_number",
    "withdraw_invitation",
]
