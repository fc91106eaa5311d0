"""Forms of organizations. They check values; what needs locks or other rows is refused by the operations."""

from apps.organizations.forms.branch import BranchForm, LicenceForm
from apps.organizations.forms.fields import StateForm
from apps.organizations.forms.member import InviteForm, MemberForm
from apps.organizations.forms.organization import OrganizationForm, SettingsForm
from apps.organizations.forms.role import RoleForm
from apps.organizations.forms.series import SeriesCreateForm, SeriesForm

__all__ = [
    "BranchForm",
    "InviteForm",
    "LicenceForm",
    "MemberForm",
    "OrganizationForm",
    "RoleForm",
    "SeriesCreateForm",
    "SeriesForm",
    "SettingsForm",
    "StateForm",
]
