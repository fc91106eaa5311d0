from apps.organizations.models.branch import LICENCE_FORMS, Branch, BranchLicence
from apps.organizations.models.member import Invitation, Membership, Role
from apps.organizations.models.organization import YEAR_STARTS, Organization
from apps.organizations.models.series import DOCUMENT_KINDS, NumberSeries

__all__ = [
    "DOCUMENT_KINDS",
    "LICENCE_FORMS",
    "YEAR_STARTS",
    "Branch",
    "BranchLicence",
    "Invitation",
    "Membership",
    "NumberSeries",
    "Organization",
    "Role",
]
