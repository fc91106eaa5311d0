"""People, organizations and members for tests, made by the operations that pages use."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import time
from functools import cache
from typing import Any

from allauth.account.internal.flows import login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from apps.accounts.models import User
from apps.core.tenancy.context import tenant
from apps.organizations.models import Branch, Membership, Organization, Role
from apps.organizations.operations import create_organization
from apps.organizations.rights import AUDITOR

_numbers = itertools.count(1)


def person(name: str = "", *, email: str = "", password: str | None = None) -> User:
    """Somebody with a verified e-mail address."""
    number = next(_numbers)
    user = User.objects.create_user(email or f"person{number}@example.com", name=name or f"Person {number}")
    if password is not None:
        user.password = _hashed(password)
        user.save(update_fields=["password"])
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@cache
def _hashed(password: str) -> str:
    """Hashing takes longer than most tests, so each password is hashed once."""
    return make_password(password)


def equip(user: User) -> User:
    """Give somebody every way to prove who they are: password, authenticator app, recovery codes, passkey."""
    user.password = _hashed("a long enough password")
    user.save(update_fields=["password"])
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    passkey = {"name": "Office key", "credential": _credential()}
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=passkey)
    return user


def _credential() -> dict[str, Any]:
    """What a browser sends when a passkey is made (Web Authentication, section 5.1), for a key that nobody holds."""
    key_id, public_key = b"k" * 16, ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    flags = AuthenticatorData.FLAG.USER_PRESENT | AuthenticatorData.FLAG.USER_VERIFIED | AuthenticatorData.FLAG.ATTESTED
    data = AuthenticatorData.create(
        hashlib.sha256(b"localhost").digest(), flags, 0, AttestedCredentialData.create(Aaguid.NONE, key_id, public_key)
    )
    attestation = AttestationObject.create("none", data, {})
    client_data = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"challenge", "http://localhost")
    return {
        "id": websafe_encode(key_id),
        "rawId": websafe_encode(key_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client_data),
            "attestationObject": websafe_encode(attestation),
        },
    }


def sign_in(client: Client, user: User) -> None:
    """Sign in as somebody who has proved a moment ago who they are, so that no page asks for it again."""
    client.force_login(user)
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "email": user.email}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()


def organization(name: str = "", *, owner: User | None = None) -> Organization:
    """A business in Pune with its built-in roles, an owner, and one branch with number series."""
    number = next(_numbers)
    return create_organization(
        user=owner or person("Olga Owner"),
        name=name or f"Distributor {number}",
        branch_name="Pune",
        branch_code="PUN",
        address="12 Laxmi Road",
        city="Pune",
        pin_code="411030",
        state_code="27",
    )


def member(
    organization: Organization,
    role: str,
    *,
    user: User | None = None,
    active: bool = True,
    ends_on: dt.date | None = None,
) -> Membership:
    """A member with a built-in role; an auditor's time ends in a year unless told otherwise."""
    if role == AUDITOR and ends_on is None:
        ends_on = timezone.localdate() + dt.timedelta(days=365)
    user = user or person(role.title())
    with tenant(organization.pk):
        made: Membership = Membership.objects.create(
            user=user, role=Role.objects.get(key=role), active=active, ends_on=ends_on
        )
        return made


def owner_of(organization: Organization) -> Membership:
    """The membership of the organization's owner."""
    with tenant(organization.pk):
        found: Membership = Membership.objects.select_related("user", "role").filter(role__key="owner").earliest("id")
        return found


def first_branch(organization: Organization) -> Branch:
    """The branch that the organization was set up with."""
    with tenant(organization.pk):
        found: Branch = Branch.objects.earliest("id")
        return found
