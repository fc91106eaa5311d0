"""What may be done with products and stock, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.organizations.rights import ACCOUNTANT, BILLER, BUYER, MANAGER, PICKER, Right

_ALL = frozenset({MANAGER, ACCOUNTANT, BUYER, BILLER, PICKER})
_GODOWN = frozenset({MANAGER, BUYER, PICKER})

RIGHTS: tuple[Right, ...] = (
    Right("inventory.product.view", _("See products, manufacturers and salts"), _ALL),
    Right("inventory.product.edit", _("Add and change products, manufacturers and salts"), frozenset({MANAGER, BUYER})),
    Right("inventory.product.delete", _("Delete products that nothing hangs on"), frozenset({MANAGER})),
    Right("inventory.product.import", _("Import products and manufacturers from a file"), frozenset({MANAGER, BUYER})),
    Right("inventory.cost.view", _("See cost, margin and the value of stock"), frozenset({MANAGER, ACCOUNTANT, BUYER})),
    Right("inventory.price.revise", _("Revise MRP and rates of many products"), frozenset({MANAGER})),
    Right("inventory.stock.view", _("See stock, batches and moves"), _ALL),
    Right("inventory.stock.move", _("Move stock between places and receive transfers"), _GODOWN),
    Right("inventory.stock.adjust", _("Write stock off or on, with a reason"), frozenset({MANAGER})),
    Right("inventory.stock.count", _("Count stock"), _GODOWN),
    Right("inventory.stock.import", _("Import opening stock from a file"), frozenset({MANAGER, ACCOUNTANT})),
    Right("inventory.count.approve", _("Approve what a count found"), frozenset({MANAGER})),
    Right("inventory.batch.hold", _("Put batches on hold and release them"), frozenset({MANAGER, BUYER})),
    Right("inventory.batch.recall", _("Recall batches"), frozenset({MANAGER})),
    Right("inventory.place.view", _("See godowns, racks and other places"), _ALL),
    Right("inventory.place.edit", _("Add and change godowns, racks and other places"), frozenset({MANAGER})),
)
