"""Addresses of parties."""

from apps.core.ui.links import model_paths, org_path
from apps.parties.models import Party, PartyAddress, PartyContact, PartyLicence, PriceGroup, Route
from apps.parties.views import belongings, groups, parties, picking

app_name = "parties"

urlpatterns = [
    org_path("parties/pick/", picking.PartyPick, name="party_pick"),
    org_path("parties/duplicates/", parties.DuplicateList, name="duplicates"),
    org_path("parties/look-alikes/", parties.LookAlikes, name="look_alikes"),
    *model_paths(
        "parties",
        Party,
        list=parties.PartyList,
        create=parties.PartyCreate,
        detail=parties.PartyDetail,
        edit=parties.PartyEdit,
        archive=parties.PartyArchive,
        restore=parties.PartyRestore,
        delete=parties.PartyDelete,
    ),
    org_path("parties/<int:party>/licences/new/", belongings.LicenceAdd, name="licence_add"),
    org_path("parties/<int:party>/addresses/new/", belongings.AddressAdd, name="address_add"),
    org_path("parties/<int:party>/contacts/new/", belongings.ContactAdd, name="contact_add"),
    *model_paths("party-licences", PartyLicence, edit=belongings.LicenceEdit, delete=belongings.LicenceDelete),
    *model_paths("party-addresses", PartyAddress, edit=belongings.AddressEdit, delete=belongings.AddressDelete),
    *model_paths("party-contacts", PartyContact, edit=belongings.ContactEdit, delete=belongings.ContactDelete),
    *model_paths(
        "routes",
        Route,
        list=groups.RouteList,
        create=groups.RouteCreate,
        detail=groups.RouteDetail,
        edit=groups.RouteEdit,
        delete=groups.RouteDelete,
    ),
    *model_paths(
        "price-groups",
        PriceGroup,
        list=groups.PriceGroupList,
        create=groups.PriceGroupCreate,
        detail=groups.PriceGroupDetail,
        edit=groups.PriceGroupEdit,
        delete=groups.PriceGroupDelete,
    ),
]
