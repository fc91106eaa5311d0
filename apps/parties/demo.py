"""The demo's customers and suppliers: invented names and numbers, licences in every standing.

No real PAN begins with ZZZ, so no number here can be somebody's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

from django.utils.translation import gettext as _

from apps.organizations.demo import Demo
from apps.organizations.rules.gstin import check_character
from apps.parties.models import Party, PartyContact, PartyLicence, PriceGroup, Registration, Route

COUNT = 300
_ROUTES = ("Camp", "Market Yard", "River Bend", "Hill Station", "Old City", "Ring Road")
_GROUPS = ("PTR list", "PTR less 2%", "Hospital", "Institution")
_FIRST = [
    "Peepal Tree",
    "Clocktower",
    "Tin Roof",
    "Mango Grove",
    "Old Harbour",
    "Paper Lantern",
    "Seven Ladders",
    "Wishing Well",
    "Blue Heron",
    "Lotus Pond",
    "Brass Bell",
    "Copper Kettle",
    "Morning Raga",
    "Red Bridge",
    "Stone Steps",
    "Two Wells",
    "Long Lane",
    "Silver Oak",
    "Monsoon Gate",
    "Kite Corner",
    "Lamp Post",
    "Marigold",
    "Neem Court",
    "Rain Tree",
    "Sparrow Hill",
    "Tamarind",
    "Umbrella Lane",
    "Violet Door",
    "White Jetty",
    "Yellow Cart",
]
_SHOPS = ("Chemists", "Medicals", "Pharmacy", "Medical Hall", "Nursing Home", "Hospital Pharmacy", "Drug Store")
_MAKERS = ("Remedies", "Biologics", "Laboratories", "Healthcare", "Agencies", "Surgicals")
_PLACES = (
    ("27", "Pune", "411"),
    ("27", "Satara", "415"),
    ("27", "Nagpur", "440"),
    ("27", "Nashik", "422"),
    ("24", "Surat", "395"),
    ("29", "Belagavi", "590"),
)
_PEOPLE = ("Asha", "Imran", "Joseph", "Kavita", "Manoj", "Nisha", "Peter", "Rukmini", "Salim", "Usha")
# First and last day, counted from today: valid, long valid, ending soon, ended, not begun.
_TERMS = ((-900, 920), (-300, 1500), (-1700, 25), (-1850, -20), (12, 1838))


def make_parties(demo: Demo) -> str:
    """Step: routes, price groups, and parties with licences and contacts."""
    if Party.objects.exists():
        return ""
    random = demo.random("parties")
    routes = Route.objects.bulk_create(Route(name=name) for name in _ROUTES)
    groups = PriceGroup.objects.bulk_create(PriceGroup(name=name) for name in _GROUPS)
    made = Party.objects.bulk_create(
        _party(random, number, name, routes, groups) for number, name in enumerate(_names(demo.scale * COUNT), 1)
    )
    PartyLicence.objects.bulk_create(licence for party in made for licence in _licences(random, party, demo.today))
    PartyContact.objects.bulk_create(
        PartyContact(party=party, name=random.choice(_PEOPLE), position=_("Owner"), phone=party.phone)
        for party in made
        if random.random() < 0.4
    )
    return f"{len(made)} customers and suppliers"


def _names(count: int) -> Iterator[str]:
    """Different names: pairs first, then numbered shops of the same name."""
    kinds = (*_SHOPS, *_MAKERS)
    for number in range(count):
        turn, place = divmod(number, len(_FIRST) * len(kinds))
        kind = kinds[(place + place // len(_FIRST)) % len(kinds)]
        yield f"{_FIRST[place % len(_FIRST)]} {kind}" + (f" {turn + 1}" if turn else "")


def _party(random: Random, number: int, name: str, routes: list[Route], groups: list[PriceGroup]) -> Party:
    supplies = name.rsplit(maxsplit=1)[-1] in _MAKERS or name.split()[-2] in _MAKERS
    state, city, pin = random.choice(_PLACES)
    registered = supplies or random.random() < 0.75
    pan = f"ZZZ{random.choice('CFP')}{random.choice('ABCDEFGH')}{number % 10000:04d}{random.choice('KLMNP')}"
    head = f"{state}{pan}1Z"
    return Party(
        name=name,
        is_customer=not supplies or random.random() < 0.15,
        is_supplier=supplies,
        registration=Registration.REGULAR if registered else Registration.UNREGISTERED,
        gstin=head + check_character(head) if registered else "",
        pan=pan if registered else "",
        state_code=state,
        address=f"{random.randint(1, 99)} {random.choice(_FIRST)} Street, Imaginary Market",
        city=city,
        pin_code=f"{pin}{random.randint(1, 99):03d}",
        phone=f"00000 {number:05d}",
        email=f"shop{number}@customers.example",
        route=None if supplies else random.choice(routes),
        price_group=None if supplies else random.choice(groups),
        credit_limit=None if supplies else random.choice((0, 50_000, 100_000, 200_000, 300_000, 500_000)),
        credit_days=random.choice((0, 7, 15, 21, 30, 45)),
        minimum_shelf_life_days=random.choice((0, 0, 60, 90, 180)),
        active=random.random() > 0.03,
    )


def _licences(random: Random, party: Party, today: dt.date) -> Iterator[PartyLicence]:
    """A pair of licences as the trade holds them; a few parties have none."""
    if random.random() < 0.05:
        return
    begins, ends = random.choices(_TERMS, weights=(60, 20, 10, 8, 2))[0]
    forms = ("20B", "21B") if party.is_supplier else ("20", "21")
    for form in forms:
        yield PartyLicence(
            party=party,
            form=form,
            number=f"{form}-{'MH' if party.state_code == '27' else 'GJ'}-ZZ{party.pk % 100000:05d}",
            valid_from=today + dt.timedelta(days=begins),
            valid_to=today + dt.timedelta(days=ends),
        )
