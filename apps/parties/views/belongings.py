"""Pages of what belongs to a party: licences, addresses, contacts."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.links import Link, page_url
from apps.core.ui.pages import CreatePage, DeletePage, EditPage
from apps.parties.forms import AddressOfParty, ContactOfParty, LicenceOfParty
from apps.parties.models import Party, PartyAddress, PartyContact, PartyLicence

EDIT = "parties.party.edit"
B = TypeVar("B", PartyAddress, PartyContact, PartyLicence)


class _Belonging:
    """Leads back to the party, whose page shows what belongs to it."""

    request: Any
    instance: Any
    party: Party

    def party_url(self) -> str:
        return page_url(self.request, self.party, "detail") or ""

    def crumbs(self) -> list[Link]:
        return [
            Link(_("Parties"), page_url(self.request, Party, "list") or ""),
            Link(str(self.party), self.party_url()),
        ]

    def cancel_url(self) -> str:
        return self.party_url()

    def detail_url(self) -> str:
        return self.party_url()


class _Add(_Belonging, CreatePage[B], Generic[B]):
    """Something new for the party of the address."""

    right = EDIT

    def prepare(self) -> None:
        found = Party.objects.filter(pk=self.kwargs["party"]).first()
        if found is None:
            raise Http404
        self.party = found

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.model(party=self.party)}


class _Existing(_Belonging):
    """Something that the party has."""

    def prepare(self) -> None:
        super().prepare()  # type: ignore[misc]
        self.party = self.instance.party


class LicenceAdd(_Add[PartyLicence]):
    model = PartyLicence
    form_class = LicenceOfParty
    title = gettext_lazy("Add a drug licence")


class LicenceEdit(_Existing, EditPage[PartyLicence]):
    model = PartyLicence
    right = EDIT
    form_class = LicenceOfParty


class LicenceDelete(_Existing, DeletePage[PartyLicence]):
    model = PartyLicence
    right = EDIT


class AddressAdd(_Add[PartyAddress]):
    model = PartyAddress
    form_class = AddressOfParty
    title = gettext_lazy("Add an address")


class AddressEdit(_Existing, EditPage[PartyAddress]):
    model = PartyAddress
    right = EDIT
    form_class = AddressOfParty


class AddressDelete(_Existing, DeletePage[PartyAddress]):
    model = PartyAddress
    right = EDIT


class ContactAdd(_Add[PartyContact]):
    model = PartyContact
    form_class = ContactOfParty
    title = gettext_lazy("Add a contact")


class ContactEdit(_Existing, EditPage[PartyContact]):
    model = PartyContact
    right = EDIT
    form_class = ContactOfParty


class ContactDelete(_Existing, DeletePage[PartyContact]):
    model = PartyContact
    right = EDIT
