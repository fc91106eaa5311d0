"""Where organizations appear in the frame: menu, palette, home page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.core.http import TenantRequest
from apps.core.outbox.models import OutboxMessage
from apps.core.ui import formats, registry
from apps.core.ui.links import may_open, org_url, page_url
from apps.core.ui.pages.panels import PanelView
from apps.core.ui.registry import (
    Command,
    Hit,
    HomePanel,
    NavEntry,
    NavGroup,
    Person,
    PersonLink,
    SearchProvider,
    ShellFacts,
    Switch,
    Tile,
    TileValue,
    Work,
    WorkItem,
)
from apps.organizations import queries, rights
from apps.organizations.models import Branch, BranchLicence, Membership, Organization
from apps.organizations.rules.numbering import financial_year, year_label
from apps.organizations.rules.states import state_label

_MOST_HITS = 8


def shell_facts(request: HttpRequest) -> ShellFacts:
    """What the frame says about organization and person."""
    user = request.user
    if not isinstance(user, User):
        return ShellFacts()
    member = cast("Membership | None", getattr(request, "member", None))
    known = getattr(request, "memberships", None)
    memberships = queries.memberships_of(user.pk) if known is None else queries.admitting(known)
    return ShellFacts(
        detail=_place_and_year(cast(TenantRequest, request)) if member else "",
        organizations=[
            Switch(
                name=one.organization.name,
                url=reverse("ui:home", kwargs={"organization": one.organization.slug}),
                slug=one.organization.slug,
            )
            for one in memberships
        ],
        person=Person(name=str(user), initials=user.initials, role_name=member.role_name if member else ""),
    )


def _place_and_year(request: TenantRequest) -> str:
    organization = cast(Organization, request.organization)
    start = organization.financial_year_start
    year = _now("FY %(year)s") % {"year": year_label(financial_year(timezone.localdate(), start), start)}
    city = queries.main_city()
    return f"{city} · {year}" if city else year


def right_label(name: str) -> str | Promise:
    """What a right is called on the page that refuses."""
    return next((right.label for right in rights.declared() if right.name == name), name)


# ---- search ----


def find_branches(request: TenantRequest, text: str) -> Sequence[Hit]:
    """Branches by name, code, city or GSTIN. There are few, so no index is missed."""
    matches = Q(name__icontains=text) | Q(code__iexact=text) | Q(city__icontains=text) | Q(gstin__istartswith=text)
    return [
        Hit(
            label=branch.name,
            detail=f"{branch.city}, {state_label(branch.state_code)}",
            url=page_url(request, branch, "detail") or "",
            icon="building-warehouse",
            end=branch.code,
        )
        for branch in Branch.objects.filter(matches, active=True)[:_MOST_HITS]
    ]


def find_members(request: TenantRequest, text: str) -> Sequence[Hit]:
    """Members by name or e-mail."""
    found = Membership.objects.select_related("user", "role").filter(
        Q(user__name__icontains=text) | Q(user__email__icontains=text), active=True
    )
    return [
        Hit(
            label=member.name,
            detail=member.user.email,
            url=page_url(request, member, "detail") or "",
            icon="user",
            end=member.role.name,
        )
        for member in found.order_by("user__name", "id")[:_MOST_HITS]
    ]


# ---- home ----


def licences_tile(request: TenantRequest) -> TileValue | None:
    """How many licences have to be renewed; left out while there is none."""
    found = queries.licences_to_renew(timezone.localdate())
    if not found:
        return None
    first = found[0]
    return TileValue(
        number=str(len(found)),
        text=_now("first %(form)s of %(branch)s") % {"form": first.form, "branch": first.branch.name},
        url=org_url(request, "organizations:branchlicence_list"),
    )


def licence_work(request: TenantRequest) -> Sequence[WorkItem]:
    """One item for each licence to renew; an ended one stops sales, so it weighs most."""
    today = timezone.localdate()
    found = queries.licences_to_renew(today)
    return [_renewal(request, licence, (licence.valid_to - today).days) for licence in found]


def _renewal(request: TenantRequest, licence: BranchLicence, days: int) -> WorkItem:
    facts = {"form": licence.form, "branch": licence.branch.name, "day": formats.day(licence.valid_to)}
    if days < 0:
        tone = "bad"
        text = _now("Licence %(form)s of %(branch)s ended on %(day)s") % facts
    else:
        facts["left"] = ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
        tone = "warn"
        text = _now("Licence %(form)s of %(branch)s ends in %(left)s") % facts
    return WorkItem(
        icon="certificate",
        text=text,
        detail=licence.number,
        url=org_url(request, "organizations:branch_detail", pk=licence.branch_id),
        label=_("Open branch"),
        tone=tone,
        cost=90 if days < 0 else max(80 - days, 1),
    )


def dead_letters(request: TenantRequest) -> Sequence[WorkItem]:
    """Deliveries that were given up: somebody waits for something that will not come by itself."""
    count = OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD).count()
    if not count:
        return []
    text = ngettext("%(count)d delivery did not get through", "%(count)d deliveries did not get through", count)
    return [
        WorkItem(
            icon="send",
            text=text % {"count": count},
            detail=_now("Given up after many tries"),
            url=f"{org_url(request, 'outbox:outboxmessage_list')}?state=dead",
            label=_now("Look"),
            tone="bad",
            cost=95,
        )
    ]


class SetUpPanel(PanelView):
    """What is still missing before the organization can trade; gone when all of it is done."""

    title = _("Set up")
    right = "organizations.organization.edit"
    template_name = "organizations/set_up_panel.html"
    width = 12

    def context(self) -> Mapping[str, Any] | None:
        organization = cast(Organization, self.request.organization)
        found = queries.set_up(
            timezone.localdate(),
            organization.financial_year_start,
            requires_second_factor=organization.require_second_factor,
        )
        steps = [self._licences(found), self._series(found), self._people(found), self._second_factor(found)]
        done = sum(step["done"] for step in steps)
        return None if done == len(steps) else {"steps": steps, "done": done}

    def _step(self, done: bool, text: Any, detail: Any, route: str, **kwargs: Any) -> dict[str, Any]:
        url = org_url(self.request, route, **kwargs) if may_open(self.request, route) else ""
        return {"done": done, "text": text, "detail": detail, "url": url}

    def _licences(self, found: queries.SetUp) -> dict[str, Any]:
        missing = found.branches_without_licence
        text = _("Add drug licences")
        if not missing:
            return self._step(True, text, _("Every branch has one that is valid"), "organizations:branchlicence_list")
        detail = _now("Without one a branch cannot sell: %(branches)s") % {"branches": _names(missing)}
        return self._step(False, text, detail, "organizations:branch_detail", pk=missing[0].pk)

    def _series(self, found: queries.SetUp) -> dict[str, Any]:
        missing = found.branches_without_series
        text = _("Set up number series")
        if not missing:
            detail: Any = _("Every branch has its own. Check them before the first bill: then they stay")
            return self._step(True, text, detail, "organizations:numberseries_list")
        detail = _now("None for tax invoices this year: %(branches)s") % {"branches": _names(missing)}
        return self._step(False, text, detail, "organizations:numberseries_create")

    def _people(self, found: queries.SetUp) -> dict[str, Any]:
        text = _("Invite your people")
        alone = found.people < 2 and not found.invited
        if alone:
            return self._step(False, text, _("You work here alone so far"), "organizations:invitation_create")
        people = ngettext("%(count)d member", "%(count)d members", found.people) % {"count": found.people}
        invited = ngettext("%(count)d invited", "%(count)d invited", found.invited) % {"count": found.invited}
        return self._step(True, text, f"{people}, {invited}", "organizations:membership_list")

    def _second_factor(self, found: queries.SetUp) -> dict[str, Any]:
        text: Any = _("Protect sign-in with a second factor")
        if found.requires_second_factor or not found.without_second_factor:
            return self._step(True, text, _("Every member has or needs one"), "organizations:settings")
        detail = ngettext(
            "%(count)d member has no second factor. You can require one",
            "%(count)d members have no second factor. You can require one",
            found.without_second_factor,
        ) % {"count": found.without_second_factor}
        return self._step(False, text, detail, "organizations:settings_edit")


def _names(branches: Sequence[Branch]) -> str:
    return ", ".join(branch.name for branch in branches)


def register() -> None:
    """Add the entries to the frame; called from `AppConfig.ready()`."""
    registry.provide(shell_facts=shell_facts, right_label=right_label)
    registry.add(
        NavGroup("organization", _("Organization"), order=90),
        NavEntry(
            "organization",
            _("Branches"),
            icon="building-warehouse",
            route="organizations:branch_list",
            keys="g o",
            order=10,
            phone=_("Branches"),
        ),
        NavEntry(
            "organization", _("Drug licences"), icon="certificate", route="organizations:branchlicence_list", order=20
        ),
        NavEntry(
            "organization",
            _("Members"),
            icon="users",
            route="organizations:membership_list",
            keys="g m",
            order=30,
            phone=_("Members"),
        ),
        NavEntry(
            "organization", _("Number series"), icon="list-numbers", route="organizations:numberseries_list", order=40
        ),
        NavEntry("organization", _("Settings"), icon="settings", route="organizations:settings", keys="g e", order=50),
        Command(_("Invite a member"), icon="user-plus", route="organizations:invitation_create", keys="n m"),
        Command(_("New branch"), icon="plus", route="organizations:branch_create", keys="n o"),
        Command(_("Set up a number series"), icon="list-numbers", route="organizations:numberseries_create"),
        Command(_("Roles and rights"), icon="shield-lock", route="organizations:role_list"),
        Command(_("New role"), icon="plus", route="organizations:role_create"),
        Command(_("Deliveries"), icon="send", route="outbox:outboxmessage_list"),
        Command(_("Sealed history"), icon="history", route="organizations:seals"),
        Command(_("Invitations"), icon="mail", route="organizations:invitation_list"),
        SearchProvider(_("Branches"), search=find_branches, right="organizations.branch.view", order=80),
        SearchProvider(_("Members"), search=find_members, right="organizations.member.view", order=90),
        Tile(_("Licences to renew"), value=licences_tile, right="organizations.branch.view", order=90),
        Work(licence_work, right="organizations.branch.view", order=20),
        Work(dead_letters, right="organizations.outbox.view", order=10),
        HomePanel(SetUpPanel, order=5),
        PersonLink(_("Set up another organization"), icon="building", route="organizations:set_up", order=60),
    )
