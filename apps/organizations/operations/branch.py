"""Branches and what their registrations must be."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.refusals import Refusal
from apps.core.tenancy.context import current_organization_id
from apps.organizations import founding
from apps.organizations.models import Branch, Organization
from apps.organizations.operations.sentences import told
from apps.organizations.operations.series import open_year
from apps.organizations.rules.contacts import (
    InvalidBranchCode,
    InvalidPinCode,
    clean_branch_code,
    clean_pin_code,
)
from apps.organizations.rules.gstin import Gstin, GstinKind, InvalidGstin, validate_gstin
from apps.organizations.rules.licences import InvalidLicence, Licence, LicenceForm, parse_licence
from apps.organizations.rules.states import current_state, state_label


class BranchRefused(Refusal):
    """A branch cannot be like that, or cannot be closed."""


def check_gstin(gstin: str, *, sandbox: bool = False) -> Gstin:
    """The GSTIN of one of our own branches.

    Raises:
        BranchRefused: it is none, or one that a trading business cannot have.
    """
    try:
        found = validate_gstin(gstin, sandbox=sandbox)
    except InvalidGstin as error:
        raise BranchRefused(told(error), field="gstin") from None
    if found.kind is not GstinKind.REGULAR:
        raise BranchRefused(
            _("This is the number of another kind: %(kind)s. A branch trades under its taxpayer number.")
            % {"kind": _(found.kind.caption)},
            field="gstin",
        )
    return found


def check_registration(*, gstin: str, state_code: str, sandbox: bool = False) -> tuple[str, str]:
    """GSTIN and State as they are kept. Without a State the GSTIN's is taken; without a GSTIN the State is needed.

    Raises:
        BranchRefused: naming the field to mend.
    """
    state_code = current_state(state_code)
    if not gstin.strip():
        if not state_code:
            raise BranchRefused(_("Choose the State; an unregistered branch needs it too"), field="state_code")
        return "", state_code
    found = check_gstin(gstin, sandbox=sandbox)
    state_code = state_code or found.current_state_code
    if not found.in_state(state_code):
        raise BranchRefused(
            _("The GSTIN belongs to %(theirs)s, the branch lies in %(ours)s. Each State has its own GSTIN.")
            % {"theirs": state_label(found.state_code), "ours": state_label(state_code)},
            field="gstin",
        )
    return found.text, state_code


def check_branch_code(code: str) -> str:
    """A branch's short code as it is kept.

    Raises:
        BranchRefused: document numbers could not begin with it.
    """
    try:
        return clean_branch_code(code)
    except InvalidBranchCode as error:
        raise BranchRefused(told(error), field="code") from None


def check_pin_code(pin_code: str) -> str:
    """A PIN code as it is kept.

    Raises:
        BranchRefused: it is none.
    """
    try:
        return clean_pin_code(pin_code)
    except InvalidPinCode as error:
        raise BranchRefused(told(error), field="pin_code") from None


def check_licence(*, form: str, number: str, valid_from: dt.date, valid_to: dt.date) -> Licence:
    """A drug licence as it is kept.

    Raises:
        BranchRefused: naming the field to mend.
    """
    try:
        found = parse_licence(number, LicenceForm(form) if form else None)
    except InvalidLicence as error:
        raise BranchRefused(told(error), field="number") from None
    if valid_to < valid_from:
        raise BranchRefused(_("The last day lies before the first. Enter a later date"), field="valid_to")
    return found


def add_branch(*, name: str, code: str, state_code: str, pin_code: str, gstin: str = "", **rest: Any) -> Branch:
    """A new branch, with its number series for the current financial year and what other apps give it.

    `rest` are further fields of `Branch`: `address`, `city`, `phone`, `email`, `gstin_sandbox`.

    Raises:
        BranchRefused: naming the field to mend.
    """
    gstin, state_code = check_registration(gstin=gstin, state_code=state_code, sandbox=rest.get("gstin_sandbox", False))
    branch = Branch(
        name=name.strip(),
        code=check_branch_code(code),
        gstin=gstin,
        state_code=state_code,
        pin_code=check_pin_code(pin_code),
        **rest,
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                branch.save(force_insert=True)
        except IntegrityError as error:
            raise _same(error, branch) from None
        open_year(branch=branch, day=timezone.localdate())
        founding.furnish_branch(branch)
    return branch


def _same(error: IntegrityError, branch: Branch) -> Exception:
    if "organizations_branch_name_unique" in str(error):
        return BranchRefused(
            _("Another branch is called %(name)s. Choose a name that tells them apart.") % {"name": branch.name},
            field="name",
        )
    if "organizations_branch_code_unique" in str(error):
        return BranchRefused(
            _("Another branch has the code %(code)s. Document numbers begin with it, so it must differ.")
            % {"code": branch.code},
            field="code",
        )
    return error


def deactivate_branch(*, branch: Branch) -> Branch:
    """Close a branch: it takes part in nothing new; its documents stay.

    Raises:
        BranchRefused: it is the only one that is open.
    """
    with transaction.atomic():
        # All closing goes past the organization's row, so that two colleagues cannot close the last two at once.
        Organization.objects.select_for_update(no_key=True).get(pk=current_organization_id())
        branch = Branch.objects.get(pk=branch.pk)
        if not branch.active:
            return branch
        if not Branch.objects.filter(active=True).exclude(pk=branch.pk).exists():
            raise BranchRefused(
                _("%(branch)s is the only open branch. Add another one first.") % {"branch": branch.name}
            )
        branch.active = False
        branch.version += 1
        branch.save(update_fields=["active", "version"])
    return branch


def reactivate_branch(*, branch: Branch) -> Branch:
    """Open a closed branch again."""
    with transaction.atomic():
        branch = Branch.objects.select_for_update().get(pk=branch.pk)
        if not branch.active:
            branch.active = True
            branch.version += 1
            branch.save(update_fields=["active", "version"])
    return branch
