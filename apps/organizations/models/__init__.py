from apps.organizations.models.branch import Branch, BranchLicence
from apps.organizations.models.member import Invitation, Membership, Role
from apps.organizations.models.organization import YEAR_STARTS, Organization
from apps.organizations.models.series import NumberSeries

__all__ = [
    "YEAR_STARTS",
    "Branch",
    "BranchLicence",
    "Invitation",
    "Membership",
    "NumberSeries",
    "Organization",
    "Role",
]
