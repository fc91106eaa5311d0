"""What the addresses of the matrix name: one maker for each kind of record.

Each takes the organization (or, for pages about oneself, the person) and answers with the arguments of the address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.core.outbox.models import OutboxMessage
from apps.core.tenancy.context import tenant
from apps.organizations.models import BranchLicence, Invitation, Membership, NumberSeries, Organization, Role
from apps.organizations.operations import add_branch, deactivate_branch
from apps.organizations.tokens import Offer, make_token
from tests import factories
from tests.core.exchange.access import OBJECTS as EXCHANGE
from tests.finance.access import OBJECTS as FINANCE
from tests.inventory.access import OBJECTS as INVENTORY
from tests.parties.access import OBJECTS as PARTIES
from tests.purchasing.access import OBJECTS as PURCHASING
from tests.sales.access import OBJECTS as SALES

Arguments = dict[str, Any]


def _branch(organization: Organization) -> Arguments:
    return {"pk": factories.first_branch(organization).pk}


def _second_branch(
    organization: Organization, *, name: str = "Nashik", code: str = "NSK", active: bool = True
) -> Arguments:
    with tenant(organization.pk):
        branch = add_branch(
            name=name, code=code, state_code="27", address="4 College Road", city="Nashik", pin_code="422005"
        )
        return {"pk": (branch if active else deactivate_branch(branch=branch)).pk}


def _licence(organization: Organization) -> Arguments:
    with tenant(organization.pk):
        made = BranchLicence.objects.create(
            branch=factories.first_branch(organization),
            form="20B",
            number="MH-PZ2-123456",
            valid_from=dt.date(2024, 1, 1),
            valid_to=dt.date(2028, 12, 31),
        )
        return {"pk": made.pk}


def _series(organization: Organization) -> Arguments:
    with tenant(organization.pk):
        return {"pk": NumberSeries.objects.earliest("id").pk}


def _powerless(organization: Organization, name: str) -> Role:
    """A role without rights: nobody may change a member, or invite one, who may do more than they."""
    with tenant(organization.pk):
        made: Role = Role.objects.create(name=name, custom_rights=[])
        return made


def _member(organization: Organization, *, active: bool = True) -> Arguments:
    role = _powerless(organization, "Guest" if active else "Former guest")
    with tenant(organization.pk):
        return {"pk": Membership.objects.create(user=factories.person("Gita Guest"), role=role, active=active).pk}


def _role(organization: Organization) -> Arguments:
    with tenant(organization.pk):
        return {"pk": Role.objects.create(name="Night shift", custom_rights=["organizations.branch.view"]).pk}


def _invitation(organization: Organization, email: str = "new.colleague@example.com") -> Invitation:
    role = _powerless(organization, f"For {email}")
    with tenant(organization.pk):
        made: Invitation = Invitation.objects.create(
            email=email,
            role=role,
            expires_at=timezone.now() + dt.timedelta(days=7),
            invited_by=factories.owner_of(organization),
        )
        return made


def _invitation_link(organization: Organization) -> Arguments:
    invitation = _invitation(organization, "linked@example.com")
    return {"token": make_token(Offer(organization.pk, invitation.pk, invitation.link_number))}


def _dead_letter(organization: Organization) -> Arguments:
    with tenant(organization.pk):
        made = OutboxMessage.objects.create(topic="test.happened", handler="test.tell", state=OutboxMessage.State.DEAD)
        return {"pk": made.pk}


OBJECTS: dict[str, Callable[[Organization], Arguments]] = {
    "branch": _branch,
    "second_branch": _second_branch,
    "archived_branch": partial(_second_branch, name="Old depot", code="OLD", active=False),
    "licence": _licence,
    "series": _series,
    "member": _member,
    "inactive_member": partial(_member, active=False),
    "role": _role,
    "invitation": lambda organization: {"pk": _invitation(organization).pk},
    "invitation_link": _invitation_link,
    "no_demo_person": lambda organization: {"pk": factories.owner_of(organization).user_id},
    "no_directory": lambda organization: {"provider_id": "sso"},
    "used_reset_link": lambda organization: {"uidb36": "1", "key": "used-already"},
    **EXCHANGE,
    **PARTIES,
    **FINANCE,
    **INVENTORY,
    **PURCHASING,
    **SALES,
    "dead_letter": _dead_letter,
}


def _device(user: User) -> Arguments:
    """Another place where the person is signed in."""
    client = Client()
    client.force_login(user)
    key = client.session.session_key
    return {"pk": UserSession.objects.create(user=user, session_key=key, ip="203.0.113.7", user_agent="Firefox").pk}


def _passkey(user: User) -> Arguments:
    return {"pk": Authenticator.objects.get(user=user, type=Authenticator.Type.WEBAUTHN).pk}


OWN_OBJECTS: dict[str, Callable[[User], Arguments]] = {
    "device": _device,
    "passkey": _passkey,
}
