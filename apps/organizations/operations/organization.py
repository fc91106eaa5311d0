"""Setting up an organization, and its settings."""

from __future__ import annotations

from itertools import islice

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.audit.history import set_audit_context
from apps.core.refusals import Refusal
from apps.core.tenancy.context import tenant
from apps.organizations import founding, queries
from apps.organizations.models import Membership, Organization, Role
from apps.organizations.operations.branch import add_branch
from apps.organizations.rights import BUILT_IN, OWNER, role_texts
from apps.organizations.rules.contacts import code_from
from apps.organizations.rules.slugs import RESERVED, is_well_formed, slug_from, variants
from apps.organizations.rules.time_zones import is_time_zone


class OrganizationRefused(Refusal):
    """An organization cannot be set up or changed like that."""


def create_organization(
    *,
    user: User,
    name: str,
    branch_name: str,
    address: str,
    city: str,
    pin_code: str,
    state_code: str = "",
    gstin: str = "",
    branch_code: str = "",
    slug: str = "",
    financial_year_start: int = 4,
) -> Organization:
    """A new organization with the built-in roles, the person as its owner, and its first branch with number series.

    Without a slug one is made of the name. Row-level security lets nobody insert an organization but from inside it,
    so its key is drawn first.

    Raises:
        OrganizationRefused: the web address is malformed, reserved or taken; the message offers a free one.
        BranchRefused: the branch cannot be like that.
    """
    name = name.strip()
    slug = slug or free_slug(slug_from(name), city)
    _check_slug(slug, city)
    key = _next_key()
    with tenant(key):
        set_audit_context(user_id=user.pk, name=str(user), source="organizations/new")
        organization = Organization(id=key, name=name, slug=slug, financial_year_start=financial_year_start)
        try:
            with transaction.atomic():
                organization.save(force_insert=True)
        except IntegrityError:
            # Somebody took it after the check above.
            raise _taken(slug, city) from None
        roles = _make_roles()
        Membership.objects.create(user=user, role=roles[OWNER])
        add_branch(
            name=branch_name,
            code=branch_code or code_from(branch_name),
            state_code=state_code,
            gstin=gstin,
            address=address.strip(),
            city=city.strip(),
            pin_code=pin_code,
        )
        founding.furnish()
    return organization


def _next_key() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('organizations_organization', 'id'))")
        return int(cursor.fetchone()[0])


def _make_roles() -> dict[str, Role]:
    texts = role_texts()
    roles = Role.objects.bulk_create(
        Role(key=key, name=str(texts[key].name), description=str(texts[key].description)) for key in BUILT_IN
    )
    return {role.key: role for role in roles}


def free_slug(wanted: str, city: str = "") -> str:
    """The first web address like the wanted one that is free."""
    return next(
        slug
        for slug in islice(variants(wanted, city), 1000)
        if slug not in RESERVED and not queries.slug_is_taken(slug)
    )


def _check_slug(slug: str, city: str) -> None:
    if not is_well_formed(slug):
        raise OrganizationRefused(
            _("Use small letters, digits and single hyphens, such as %(suggestion)s.")
            % {"suggestion": free_slug(slug_from(slug), city)},
            field="slug",
        )
    if slug in RESERVED:
        raise OrganizationRefused(
            _("%(slug)s is kept for the product itself. %(suggestion)s is free.")
            % {"slug": slug, "suggestion": free_slug(slug, city)},
            field="slug",
        )
    if queries.slug_is_taken(slug):
        raise _taken(slug, city)


def _taken(slug: str, city: str) -> OrganizationRefused:
    return OrganizationRefused(
        _("%(slug)s is taken. %(suggestion)s is free.") % {"slug": slug, "suggestion": free_slug(slug, city)},
        field="slug",
    )


def change_organization(
    *, organization: Organization, name: str, financial_year_start: int, time_zone: str, require_second_factor: bool
) -> Organization:
    """Change the settings. The web address stays: links and bookmarks name it.

    Raises:
        OrganizationRefused: the financial year cannot start elsewhere, because numbers of this one are out; or there is
            no such time zone.
    """
    if not is_time_zone(time_zone):
        raise OrganizationRefused(_("There is no time zone of that name."), field="time_zone")
    with transaction.atomic():
        organization = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        if financial_year_start != organization.financial_year_start and (series := queries.used_series().first()):
            raise OrganizationRefused(
                _("Numbers of this financial year are out (%(number)s), so its start stays.")
                % {"number": series.prefix},
                field="financial_year_start",
            )
        organization.name = name.strip()
        organization.financial_year_start = financial_year_start
        organization.time_zone = time_zone
        organization.require_second_factor = require_second_factor
        organization.version += 1
        organization.save(
            update_fields=["name", "financial_year_start", "time_zone", "require_second_factor", "version"]
        )
    return organization
