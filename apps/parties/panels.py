"""Cards on the pages of parties and their groups."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui.links import Link
from apps.core.ui.pages import TablePanel
from apps.parties.models import Party
from apps.parties.tables import AddressTable, ContactTable, LicenceTable, PartyTable

SEE = "parties.party.view"


class _OfParty(TablePanel):
    """Rows of the party, each leading to its form."""

    right = SEE
    route: ClassVar[str]
    add: ClassVar[Any]

    def row_kind(self) -> str:
        return "edit"

    def actions(self) -> list[Link | None]:
        return [self.link(str(self.add), self.route, "plus", party=self.instance.pk)]


class LicencePanel(_OfParty):
    title = gettext_lazy("Drug licences")
    table_class = LicenceTable
    route = "parties:licence_add"
    add = gettext_lazy("Add licence")
    empty = gettext_lazy("No licence yet. Scheduled drugs cannot be billed to this party without one.")

    def get_queryset(self) -> QuerySet[Any]:
        return self.instance.licences.order_by("valid_to", "id")  # type: ignore[no-any-return]


class AddressPanel(_OfParty):
    title = gettext_lazy("Further addresses")
    width = 6
    table_class = AddressTable
    route = "parties:address_add"
    add = gettext_lazy("Add address")

    def get_queryset(self) -> QuerySet[Any]:
        return self.instance.addresses.order_by("name", "id")  # type: ignore[no-any-return]


class ContactPanel(_OfParty):
    title = gettext_lazy("Contacts")
    width = 6
    table_class = ContactTable
    route = "parties:contact_add"
    add = gettext_lazy("Add contact")

    def get_queryset(self) -> QuerySet[Any]:
        return self.instance.contacts.order_by("name", "id")  # type: ignore[no-any-return]


class _Members(TablePanel):
    """Parties of a route or price group."""

    title = gettext_lazy("Parties")
    right = SEE
    table_class = PartyTable
    field: ClassVar[str]

    def get_queryset(self) -> QuerySet[Party]:
        found: QuerySet[Party] = self.instance.parties.all()
        return found

    def all_url(self) -> str | None:
        link = self.link(_("All"), "parties:party_list")
        return f"{link.url}?{self.field}={self.instance.pk}" if link else None


class RoutePartiesPanel(_Members):
    field = "route"


class GroupPartiesPanel(_Members):
    field = "price_group"
