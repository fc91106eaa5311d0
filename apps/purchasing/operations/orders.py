"""Purchase orders: written line by line, approved, sent, and ended."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.amounts import inr
from apps.core.members import Member
from apps.core.refusals import Stale
from apps.inventory.models import Product
from apps.organizations.models import Branch
from apps.organizations.operations import take_number
from apps.organizations.rules.numbering import DocumentKind
from apps.parties.models import Party
from apps.purchasing.models import OrderLine, OrderSettings, PurchaseOrder
from apps.purchasing.operations.order_locks import OrderClosed, OrderRefused, locked_order, settle_due, sum_up
from apps.purchasing.rules.orders import HUNDRED, Terms, line_amount

__all__ = [
    "LineRefused",
    "OrderClosed",
    "OrderRefused",
    "SupplierRefused",
    "Terms",
    "approve_order",
    "cancel_order",
    "change_order",
    "check_heading",
    "check_terms",
    "close_short",
    "discard_order",
    "expect_order",
    "put_line",
    "remove_line",
    "reopen_order",
    "send_back_order",
    "send_order",
    "start_order",
    "submit_order",
]

State = PurchaseOrder.State
MOST = 2_147_483_647
_MOST_RATE = Decimal(10) ** 10


class SupplierRefused(OrderRefused):
    """Nothing is bought from that party."""


class LineRefused(OrderRefused):
    """A line cannot be as it was typed."""


@transaction.atomic
def start_order(
    *,
    supplier: Party,
    branch: Branch,
    on_date: dt.date,
    expected_on: dt.date | None = None,
    note: str = "",
    actor: Member,
) -> PurchaseOrder:
    """A draft without lines.

    Raises:
        SupplierRefused: the party is no supplier, or archived.
        OrderRefused: the branch is archived, or the goods would be expected before they are ordered.
    """
    check_heading(supplier, branch, on_date, expected_on)
    made: PurchaseOrder = PurchaseOrder.objects.create(
        supplier=supplier,
        branch=branch,
        on_date=on_date,
        expected_on=expected_on,
        note=note.strip(),
        made_by_id=actor.id,
    )
    return made


@transaction.atomic
def change_order(
    *,
    pk: int,
    version: int | None,
    supplier: Party,
    branch: Branch,
    on_date: dt.date,
    expected_on: dt.date | None,
    note: str,
) -> PurchaseOrder:
    """Change what stands above the lines of a draft.

    Raises:
        OrderClosed: it is no draft any more.
        Stale: somebody changed it meanwhile.
        SupplierRefused, OrderRefused: as for a new one.
    """
    order = locked_order(pk, (State.DRAFT,), version=version)
    check_heading(supplier, branch, on_date, expected_on)
    order.supplier, order.branch, order.on_date = supplier, branch, on_date
    order.expected_on, order.note = expected_on, note.strip()
    order.version += 1
    order.save(update_fields=["supplier", "branch", "on_date", "expected_on", "note", "version"])
    return order


@transaction.atomic
def put_line(*, pk: int, terms: Terms, line_id: int | None = None, version: int | None = None) -> OrderLine:
    """Write a line of a draft: a new one, or another version of one.

    Args:
        version: of the line, as the person saw it.

    Raises:
        OrderClosed: the order is no draft any more.
        LineRefused: naming the field.
        Stale: somebody changed or removed the line meanwhile.
    """
    order = locked_order(pk, (State.DRAFT,))
    check_terms(terms, Product.objects.filter(pk=terms.product_id).first())
    if line_id is None:
        line = OrderLine(order=order)
    else:
        found = OrderLine.objects.filter(order=order, pk=line_id).first()
        if found is None or (version is not None and found.version != version):
            raise Stale
        line = found
        line.version += 1
    line.product_id = terms.product_id
    line.quantity, line.free = terms.quantity, terms.free
    line.rate, line.discount = terms.rate, terms.discount
    line.amount = line_amount(terms.quantity, terms.rate, terms.discount)
    line.save()
    sum_up(order.pk)
    return line


@transaction.atomic
def remove_line(*, pk: int, line_id: int) -> Terms | None:
    """Take a line off a draft; returns what it asked for, so that it can be put back. One that is gone is no fault.

    Raises:
        OrderClosed: the order is no draft any more.
    """
    order = locked_order(pk, (State.DRAFT,))
    line = OrderLine.objects.filter(order=order, pk=line_id).first()
    if line is None:
        return None
    terms = Terms(line.product_id, line.quantity, line.free, line.rate, line.discount)
    line.delete()
    sum_up(order.pk)
    return terms


@transaction.atomic
def submit_order(*, pk: int, actor: Member, version: int | None = None) -> PurchaseOrder:
    """Approve a draft, or leave it waiting where its amount is over the limit and the person may not approve that.

    Raises:
        OrderClosed, Stale.
        OrderRefused: there is nothing on it, or what it names is archived by now.
    """
    order = locked_order(pk, (State.DRAFT,), version=version)
    _check_whole(order)
    limit = OrderSettings.objects.values_list("approval_limit", flat=True).first()
    if limit is not None and order.amount > limit and not actor.may("purchasing.order.approve"):
        PurchaseOrder.objects.filter(pk=order.pk).update(state=State.WAITING, reason="", version=F("version") + 1)
        order.refresh_from_db()
        return order
    return _approve(order, actor)


@transaction.atomic
def approve_order(*, pk: int, actor: Member, version: int | None = None) -> PurchaseOrder:
    """Approve an order that waits.

    Raises:
        OrderClosed, Stale, OrderRefused.
    """
    order = locked_order(pk, (State.WAITING,), version=version)
    if not actor.may("purchasing.order.approve"):
        raise OrderRefused(
            _("Orders over %(limit)s are approved by somebody with that right.") % {"limit": inr(_limit())}
        )
    _check_whole(order)
    return _approve(order, actor)


@transaction.atomic
def send_back_order(*, pk: int, reason: str) -> PurchaseOrder:
    """Make a waiting order a draft again, and say why.

    Raises:
        OrderClosed: it does not wait.
        OrderRefused: no reason is given.
    """
    order = locked_order(pk, (State.WAITING,))
    return _moved(order, State.DRAFT, reason=_said(reason, _("Say what is to be changed.")))


@transaction.atomic
def reopen_order(*, pk: int, version: int | None = None) -> PurchaseOrder:
    """Make an approved order that the supplier has not been sent a draft again. It keeps its number.

    Raises:
        OrderClosed, Stale.
    """
    order = locked_order(pk, (State.APPROVED,), version=version)
    return _moved(order, State.DRAFT, approved_at=None, approved_by=None)


@transaction.atomic
def send_order(*, pk: int, actor: Member, to: str = "") -> PurchaseOrder:
    """Note that the supplier has the order; sending it again changes the address and the moment.

    Args:
        to: the e-mail address it went to; empty when it was handed over or told by phone.

    Raises:
        OrderClosed: it is not approved, or over.
    """
    order = locked_order(pk, (State.APPROVED, State.SENT, State.PART_RECEIVED))
    state = State.SENT if order.state == State.APPROVED else State(order.state)
    return _moved(order, state, sent_at=timezone.now(), sent_by_id=actor.id, sent_to=to)


@transaction.atomic
def expect_order(*, pk: int, expected_on: dt.date | None) -> PurchaseOrder:
    """Change the day on which the goods are expected.

    Raises:
        OrderClosed: nothing is expected of it.
        OrderRefused: the day is before the order's.
    """
    order = locked_order(pk, (State.DRAFT, State.WAITING, State.APPROVED, State.SENT, State.PART_RECEIVED))
    _check_days(order.on_date, expected_on)
    return _moved(order, State(order.state), expected_on=expected_on)


@transaction.atomic
def cancel_order(*, pk: int, reason: str) -> PurchaseOrder:
    """Give an order up of which nothing came. It keeps its number.

    Raises:
        OrderClosed: goods came, or it is over.
        OrderRefused: no reason is given.
    """
    order = locked_order(pk, (State.DRAFT, State.WAITING, State.APPROVED, State.SENT))
    return _moved(order, State.CANCELLED, reason=_said(reason, _("Say why the order is cancelled.")))


@transaction.atomic
def close_short(*, pk: int, reason: str) -> PurchaseOrder:
    """Expect no more of an order of which a part came.

    Raises:
        OrderClosed: nothing came, or all.
        OrderRefused: no reason is given.
    """
    order = locked_order(pk, (State.PART_RECEIVED,))
    return _moved(order, State.CLOSED, reason=_said(reason, _("Say why the rest is not expected.")))


@transaction.atomic
def discard_order(*, pk: int) -> None:
    """Throw a draft away that never had a number.

    Raises:
        OrderClosed: it is no draft.
        OrderRefused: it has a number, which stays: cancel it.
    """
    order = locked_order(pk, (State.DRAFT,))
    if order.number:
        raise OrderRefused(_("%(order)s has its number already. Cancel it instead.") % {"order": order})
    order.delete()


def _approve(order: PurchaseOrder, actor: Member) -> PurchaseOrder:
    """The number comes last: its row is what everybody waits for."""
    values: dict[str, object] = {"approved_at": timezone.now(), "approved_by_id": actor.id, "reason": ""}
    _moved(order, State.APPROVED, **values)
    if not order.number:
        number = take_number(branch=order.branch, kind=DocumentKind.PURCHASE_ORDER, day=order.on_date)
        PurchaseOrder.objects.filter(pk=order.pk).update(number=number)
        order.number = number
    return order


def _moved(order: PurchaseOrder, state: PurchaseOrder.State, **values: object) -> PurchaseOrder:
    PurchaseOrder.objects.filter(pk=order.pk).update(state=state, version=F("version") + 1, **values)
    settle_due([order.pk])
    order.refresh_from_db()
    return order


def _said(reason: str, otherwise: str) -> str:
    if not reason.strip():
        raise OrderRefused(otherwise, field="reason")
    return reason.strip()[:200]


def _limit() -> Decimal:
    return OrderSettings.objects.values_list("approval_limit", flat=True).first() or Decimal(0)


def check_heading(supplier: Party, branch: Branch, on_date: dt.date, expected_on: dt.date | None) -> None:
    """Whether an order can be for that.

    Raises:
        SupplierRefused, OrderRefused: naming the field.
    """
    _check_supplier(supplier)
    if not branch.active:
        raise OrderRefused(_("%(branch)s is archived. Choose another branch.") % {"branch": branch}, field="branch")
    _check_days(on_date, expected_on)


def _check_supplier(supplier: Party) -> None:
    if not supplier.is_supplier:
        raise SupplierRefused(
            _("%(party)s is no supplier. Mark it as one on its page, or choose another.") % {"party": supplier},
            field="supplier",
        )
    if not supplier.active:
        raise SupplierRefused(
            _("%(party)s is archived. Restore it, or choose another supplier.") % {"party": supplier},
            field="supplier",
        )


def _check_days(on_date: dt.date, expected_on: dt.date | None) -> None:
    if expected_on is not None and expected_on < on_date:
        raise OrderRefused(_("The goods are expected on or after the day of the order."), field="expected_on")


def check_terms(terms: Terms, product: Product | None) -> None:
    """Whether a line can ask for that; `product` is the one it names, if there is one.

    Raises:
        LineRefused: naming the field.
    """
    if not 0 < terms.quantity <= MOST:
        raise LineRefused(_("Order 1 or more, or remove the line."), field="quantity")
    if not 0 <= terms.free <= MOST:
        raise LineRefused(_("Free goods are 0 or more."), field="free")
    if not 0 <= terms.rate < _MOST_RATE:
        raise LineRefused(_("A rate is 0 or more."), field="rate")
    if not 0 <= terms.discount <= HUNDRED:
        raise LineRefused(_("A discount is 0 to 100 percent."), field="discount")
    if product is None:
        raise LineRefused(_("Choose a product from the list."), field="product")
    if not product.active:
        raise LineRefused(
            _("%(product)s is discontinued. Choose another product.") % {"product": product}, field="product"
        )


def _check_whole(order: PurchaseOrder) -> None:
    """Asked once more when it becomes binding: since it was typed, somebody may have archived what it names."""
    if not order.line_count:
        raise OrderRefused(_("There is nothing on this order yet. Add a product."))
    _check_supplier(order.supplier)
    gone = OrderLine.objects.filter(order=order, product__active=False).select_related("product").first()
    if gone is not None:
        raise OrderRefused(
            _("%(product)s is discontinued. Remove its line.") % {"product": gone.product}, field="product"
        )
