"""The demo organization: made in seconds, the same each time, and only once."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.accounts.models import User
from apps.core.tenancy.context import tenant
from apps.organizations import demo, queries
from apps.organizations.models import Branch, BranchLicence, Invitation, Membership, NumberSeries, Organization
from apps.organizations.rights import BUILT_IN
from apps.organizations.rules.gstin import validate_gstin
from apps.organizations.rules.licences import Standing, parse_licence, standing
from tests.organizations.factories import make_organization

pytestmark = pytest.mark.django_db


def _make(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def _organization() -> Organization:
    owner = User.objects.get(email=demo.OWNER.email)
    found = queries.membership_in(demo.SLUG, owner.pk)
    assert found is not None
    return found.organization


def test_it_shows_every_role_and_standing() -> None:
    assert "3 branches with drug licences" in _make()
    today = timezone.localdate()
    with tenant(_organization().pk):
        roles = set(Membership.objects.values_list("role__key", flat=True))
        assert roles == {*BUILT_IN, ""}
        standings = {standing(one.valid_from, one.valid_to, today) for one in BranchLicence.objects.all()}
        assert standings == set(Standing)
        for branch in Branch.objects.all():
            found = validate_gstin(branch.gstin)
            assert (found.state_code, str(found.pan)[:3]) == (branch.state_code, "ZZZ")
            assert branch.series.count() == NumberSeries.objects.filter(branch__name="Pune").count()
        for licence in BranchLicence.objects.all():
            assert parse_licence(licence.number).form == licence.form
        assert Invitation.objects.get().expires_at > timezone.now() + dt.timedelta(days=6)


def test_nobody_signs_in_to_it_with_a_password() -> None:
    _make()
    people = User.objects.filter(email__endswith=f"@{demo.DOMAIN}")
    assert people.count() == 1 + len(demo.PEOPLE)
    assert not any(person.has_usable_password() for person in people)


def test_running_it_again_changes_nothing() -> None:
    _make("--seed", "7")
    with tenant(_organization().pk):
        before = (Membership.objects.count(), Branch.objects.count(), BranchLicence.objects.count())
        phones = list(Branch.objects.order_by("id").values_list("phone", flat=True))
    again = _make("--seed", "7")
    assert again.count("\n") == 1
    with tenant(_organization().pk):
        assert (Membership.objects.count(), Branch.objects.count(), BranchLicence.objects.count()) == before
        assert list(Branch.objects.order_by("id").values_list("phone", flat=True)) == phones


def test_a_step_of_another_app_runs_inside_the_organization(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def make(given: demo.Demo) -> str:
        seen.append(f"{Branch.objects.count()} {given.scale} {given.random('x').random():.6f}")
        return ""

    monkeypatch.setattr(demo, "_steps", [*demo.steps(), demo.Step("mine", make, order=99)])
    _make("--scale", "3", "--seed", "7")
    _make("--scale", "3", "--seed", "7")
    _make("--scale", "3", "--seed", "8")
    assert seen[0].startswith("3 3 ")
    assert seen[0] == seen[1] != seen[2]


def test_it_does_not_touch_a_real_organization_of_that_address() -> None:
    make_organization(slug=demo.SLUG)
    with pytest.raises(CommandError, match=r"has the web address banyan-kite, so the demo is not made"):
        _make()


def test_a_scale_below_one_is_refused() -> None:
    with pytest.raises(CommandError, match=r"--scale is at least 1"):
        _make("--scale", "0")


def test_the_sign_in_page_knows_their_roles() -> None:
    _make()
    people = list(User.objects.filter(email__endswith=f"@{demo.DOMAIN}"))
    notes = demo.roles_of([person.pk for person in people])
    assert notes[User.objects.get(email=f"kabir@{demo.DOMAIN}").pk] == "Biller"
    assert demo.roles_of([]) == {}
