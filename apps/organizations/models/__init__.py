from apps.organizations.models.branch import Branch, BranchLicence
from apps.organizations.models.member import Invitation, Membership, Role
from apps.organizations.models.organization import Organization
from apps.organizations.models.series import NumberSeries

__all__ = ["Branch", "BranchLicence", "Invitation", "Membership", "NumberSeries", "Organization", "Role"]
