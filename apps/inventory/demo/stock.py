"""The demo's stock: places, batches over all expiry bands, and six months of moves that explain every unit.

What was bought and sold in these months has no bills here: the business kept its books elsewhere until today, as every
business that comes does. The moves name the old documents by their numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.finance.operations import post_entry
from apps.finance.rules.posting import Source, credit, debit
from apps.inventory.models import (
    Batch,
    BatchState,
    Move,
    MoveKind,
    MoveReason,
    Place,
    PlaceKind,
    Product,
    ProductPrice,
    Storage,
)
from apps.inventory.operations.standing import STANDING, standing_place
from apps.inventory.queries.valuation import stock_values
from apps.inventory.rules.expiry import month_end
from apps.inventory.rules.prices import ptr_pts
from apps.organizations.demo import Demo
from apps.organizations.models import Branch, Membership
from apps.parties.models import Party

COUNT = 2_400
_DAYS = 183
_RECEIPT, _BILL, _RETURN, _ADJUSTMENT = "before.receipt", "before.bill", "before.return", "before.adjustment"
_EXPIRY = "before.expiry"
# Months until expiry, from first to last, and how many of a hundred batches have so many.
_BANDS = (((-3, -1), 4), ((0, 0), 3), ((1, 2), 8), ((3, 5), 15), ((6, 30), 70))
_AISLES = "ABCD"
_SHELVES = 6
_FIVE = Decimal(5)


@dataclass
class _Shelves:
    """The places of one branch."""

    branch: Branch
    racks: list[Place]
    cold: Place
    quarantine: Place
    expired: Place


@dataclass
class _Life:
    """What happened to one batch, in order: it never has less than nothing."""

    batch: Batch
    start: dt.date
    moves: list[Move] = field(default_factory=list)
    on_hand: int = 0


def make_stock(demo: Demo) -> str:
    """Step: places of every branch, batches, and their moves."""
    if Batch.objects.exists() or not Product.objects.exists():
        return ""
    random = demo.random("stock")
    shelves = [_shelves(branch) for branch in Branch.objects.order_by("id")]
    batches = Batch.objects.bulk_create(_batches(random, demo), batch_size=1_000)
    suppliers = list(Party.objects.filter(is_supplier=True, active=True).order_by("id"))
    customers = list(Party.objects.filter(is_customer=True, active=True).order_by("id"))
    story = _Story(random, demo, shelves, suppliers, customers)
    lives = [story.life(batch) for batch in batches]
    moves = sorted((move for life in lives for move in life.moves), key=lambda move: move.moment)
    Move.objects.bulk_create(moves, batch_size=2_000)
    _post_worth(demo, [one.branch for one in shelves])
    return _("%(batches)d batches, %(moves)d moves") % {"batches": len(batches), "moves": len(moves)}


def _post_worth(demo: Demo, branches: list[Branch]) -> None:
    """What is there today is brought into the books as opening stock."""
    for branch, value in zip(branches, stock_values(), strict=True):
        worth = round(value.goods, 2)
        post_entry(
            lines=[debit("stock", worth), credit("opening_difference", worth)],
            source=Source("inventory.opening", 0, ""),
            entry_kind=f"branch:{branch.pk}",
            branch=branch,
            on_date=demo.today,
            narration=_("Stock on the day the books came here"),
        )


def _shelves(branch: Branch) -> _Shelves:
    godown, quarantine, expired, _transit = (standing_place(branch_id=branch.pk, kind=kind) for kind in STANDING)

    def part(name: str, kind: PlaceKind, parent: Place | None = None, code: str = "") -> Place:
        return Place(branch=branch, parent=parent, name=name, kind=kind, code=f"{branch.code}-{code}" if code else "")

    racks = [
        part(f"{aisle}-{shelf:02d}", PlaceKind.RACK, godown, f"{aisle}{shelf:02d}")
        for aisle in _AISLES
        for shelf in range(1, _SHELVES + 1)
    ]
    others = [
        part(_("Cold room"), PlaceKind.RACK, godown, "COLD"),
        part(_("Delivery van"), PlaceKind.VAN),
    ]
    made = Place.objects.bulk_create([*racks, *others])
    count = len(racks)
    return _Shelves(branch, made[:count], made[count], quarantine, expired)


def _batches(random: Random, demo: Demo) -> Iterator[Batch]:
    products = list(Product.objects.filter(active=True).select_related("manufacturer").order_by("id"))
    prices = {
        price.product_id: price
        for price in ProductPrice.objects.filter(effective_from__lte=demo.today).order_by("effective_from")
    }
    bands, weights = [band for band, _weight in _BANDS], [weight for _band, weight in _BANDS]
    for number in range(demo.scale * COUNT):
        # Every product once, then the well-selling ones again.
        product = products[number] if number < len(products) else products[int(random.random() ** 2 * len(products))]
        first, last = random.choices(bands, weights)[0]
        months = random.randint(first, last)
        price = prices.get(product.pk)
        mrp = price.mrp if price else Decimal(random.randint(15, 900))
        maker = product.manufacturer
        rates = ptr_pts(
            mrp,
            _FIVE,
            maker.retailer_margin if maker else Decimal(20),
            maker.stockist_margin if maker else Decimal(10),
            maker.convention if maker else "markdown",
        )
        received = demo.today - dt.timedelta(days=random.randint(3, _DAYS))
        expiry = _months_on(demo.today, months)
        # Goods are bought with half a year or more to go.
        received = min(received, max(expiry - dt.timedelta(days=200), demo.today - dt.timedelta(days=_DAYS)))
        made = _months_on(expiry, -24)
        yield Batch(
            product=product,
            number=f"{random.choice('ABCDEFGHKLMNPRSTVXZ')}{random.choice('ABCDEFGHKLMNPRSTVXZ')}{number % 10_000:04d}",
            mrp=mrp,
            expiry=expiry,
            manufactured=made.replace(day=1),
            mrp_from=received,
            ptr=rates.ptr,
            pts=rates.pts,
            cost=round(rates.pts * Decimal(random.randint(93, 99)) / 100, 4),
            received_on=received,
            **_state(random),
        )


def _state(random: Random) -> dict[str, str]:
    chance = random.random()
    if chance < 0.004:
        return {"state": BatchState.RECALLED, "state_reason": _("Maker's letter: fails dissolution")}
    if chance < 0.012:
        return {"state": BatchState.HELD, "state_reason": _("Cartons wet on arrival, to be checked")}
    return {}


def _months_on(day: dt.date, months: int) -> dt.date:
    number = day.year * 12 + day.month - 1 + months
    return month_end(dt.date(number // 12, number % 12 + 1, 1))


class _Story:
    """Invents what happened to a batch."""

    def __init__(
        self,
        random: Random,
        demo: Demo,
        shelves: list[_Shelves],
        suppliers: list[Party],
        customers: list[Party],
    ) -> None:
        self.random = random
        self.demo = demo
        self.shelves = shelves
        self.weights = [6, *([2] * (len(shelves) - 1))]
        self.suppliers = suppliers
        self.customers = customers
        self.people = list(Membership.objects.filter(active=True).order_by("id"))
        self.documents = 0
        self.now = timezone.now()

    def life(self, batch: Batch) -> _Life:
        """A receipt, bills, now and then a return or a breakage, and the way out of sale where it has expired."""
        random = self.random
        shelves = random.choices(self.shelves, self.weights)[0]
        product = batch.product
        place = shelves.cold if product.storage == Storage.COLD else random.choice(shelves.racks)
        if batch.state == BatchState.HELD:
            place = shelves.quarantine
        life = _Life(batch, batch.received_on)
        self._move(life, place, random.choice((30, 60, 100, 150, 240, 400)), batch.received_on, MoveKind.RECEIPT)
        if batch.state != BatchState.HELD:
            self._sell(life, place)
        if batch.expiry < self.demo.today and life.on_hand:
            day = max(batch.expiry + dt.timedelta(days=1), batch.received_on)
            gone, count = self._document(), life.on_hand
            for kind, where, sign in (
                (MoveKind.TRANSFER_OUT, place, -1),
                (MoveKind.TRANSFER_IN, shelves.expired, 1),
            ):
                self._append(
                    life,
                    where,
                    sign * count,
                    day=day,
                    kind=kind,
                    document=(_EXPIRY, gone, ""),
                    reason=MoveReason.EXPIRY,
                )
        return life

    def _sell(self, life: _Life, place: Place) -> None:
        random = self.random
        # Slow and fast sellers; a few batches are sold out.
        left = 0 if random.random() < 0.05 else int(life.on_hand * random.random() ** 0.7)
        last = min(life.batch.expiry, self.demo.today - dt.timedelta(days=1))
        day = life.start
        while life.on_hand > left and day < last:
            day += dt.timedelta(days=random.randint(1, 45))
            if day > last:
                break
            quantity = min(random.choice((5, 10, 10, 20, 30, 50)), life.on_hand - left)
            if random.random() < 0.02:
                self._move(life, place, -min(quantity, 3), day, MoveKind.ADJUSTMENT)
                continue
            self._move(life, place, -quantity, day, MoveKind.ISSUE)
            if random.random() < 0.03 and quantity > 2:
                self._move(life, place, random.randint(1, quantity - 1), day, MoveKind.RETURN)

    def _move(self, life: _Life, place: Place, quantity: int, day: dt.date, kind: MoveKind) -> None:
        number = self._document()
        documents = {
            MoveKind.RECEIPT: (_RECEIPT, number, f"GRN {number}"),
            MoveKind.ISSUE: (_BILL, number, f"{place.branch.code}/{number}"),
            MoveKind.RETURN: (_RETURN, number, f"CN {number}"),
            MoveKind.ADJUSTMENT: (_ADJUSTMENT, number, f"ADJ {number}"),
        }
        reason = MoveReason.BREAKAGE if kind == MoveKind.ADJUSTMENT else MoveReason.NONE
        self._append(life, place, quantity, day=day, kind=kind, document=documents[kind], reason=reason)

    def _append(
        self,
        life: _Life,
        place: Place,
        quantity: int,
        *,
        day: dt.date,
        kind: MoveKind,
        document: tuple[str, int, str],
        reason: MoveReason,
    ) -> None:
        random = self.random
        parties = {MoveKind.RECEIPT: self.suppliers, MoveKind.ISSUE: self.customers, MoveKind.RETURN: self.customers}
        choice = parties.get(kind)
        # In the order of the batch's days, and later in the day the later it came.
        clock = dt.time(9 + min(len(life.moves), 40) // 5, min(len(life.moves), 40) % 5 * 12)
        day = min(day, self.demo.today)
        life.on_hand += quantity
        life.moves.append(
            Move(
                batch=life.batch,
                place=place,
                product=life.batch.product,
                kind=kind,
                quantity=quantity,
                cost=life.batch.cost,
                document_kind=document[0],
                document_id=document[1],
                document_number=document[2],
                party=random.choice(choice) if choice else None,
                reason=reason,
                person=None if reason == MoveReason.EXPIRY else random.choice(self.people),
                # Early in the morning the hours of a working day are still to come.
                moment=min(timezone.make_aware(dt.datetime.combine(day, clock)), self.now),
                on_date=day,
            )
        )

    def _document(self) -> int:
        self.documents += 1
        return self.documents
