"""Order what runs low: proposals by supplier, with the sums that lead to them."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.http import TenantRequest
from apps.core.refusals import Refusal
from apps.core.ui.formats import num, trim
from apps.core.ui.links import Link, may_open, org_url, page_url, row_links
from apps.core.ui.pages import CreatePage
from apps.inventory.models import Product
from apps.organizations.models import Branch
from apps.parties.models import Party
from apps.purchasing.forms.reorder import ReorderForm
from apps.purchasing.models import PurchaseOrder
from apps.purchasing.operations.reordering import order_from_suppliers
from apps.purchasing.queries.reorder import MOST, Proposed, low_supplier_count, proposals
from apps.purchasing.rules.orders import line_amount
from apps.purchasing.rules.reorder import Trigger, free_goods
from apps.purchasing.views.orders import EDIT

_MOST_SUPPLIERS = 500


class ReorderPage(CreatePage[PurchaseOrder]):
    """Choose and change what is proposed, then make a draft for each supplier."""

    model = PurchaseOrder
    right = EDIT
    title = gettext_lazy("Order what runs low")
    template_name = "purchasing/reorder.html"
    fragment = "form"
    form_class = ReorderForm

    def get_form_kwargs(self) -> dict[str, Any]:
        asked = self.request.GET.getlist("product")
        keys = [int(key) for key in asked if key.isascii() and key.isdecimal()] or None
        self.proposals = proposals(timezone.localdate(), keys)
        return {"proposals": self.proposals}

    def get_initial(self) -> dict[str, Any]:
        return {"branch": Branch.objects.filter(active=True).order_by("pk").first()}

    def lay_out(self, form: Any) -> None:
        """The template draws the rows."""

    def show(self, form: ReorderForm, *, status: int = 200, **extra: Any) -> HttpResponse:
        groups = [_Group(form, list(rows), self.request) for _key, rows in groupby(self.proposals, key=_supplier_of)]
        known = [group for group in groups if group.supplier_id]
        others = Party.objects.filter(active=True, is_supplier=True).order_by("name", "id") if groups else None
        return super().show(
            form,
            status=status,
            groups=groups,
            many=len(self.proposals) >= MOST,
            submit=ngettext("Order all from %(count)d supplier", "Order all from %(count)d suppliers", len(known))
            % {"count": len(known)},
            suppliers=list(others.values_list("pk", "name")[:_MOST_SUPPLIERS])
            if others is not None and len(known) < len(groups)
            else [],
            **extra,
        )

    def blame(self, form: ReorderForm, refusal: Refusal) -> None:
        form.row_errors[refusal.field or ""] = str(refusal)
        form.add_error(None, str(refusal))

    def save(self, form: ReorderForm) -> PurchaseOrder:
        self.made = order_from_suppliers(
            wanted=form.wanted,
            branch=form.cleaned_data["branch"],
            on_date=timezone.localdate(),
            actor=self.request.member,
        )
        return self.made[0]

    def success_url(self, instance: PurchaseOrder) -> str:
        if len(self.made) == 1:
            return page_url(self.request, instance, "detail") or self.cancel_url()
        return f"{self.url('purchasing:purchaseorder_list')}?state=draft"

    def success_text(self, instance: PurchaseOrder) -> str:  # noqa: ARG002
        return ngettext("%(count)d draft order made", "%(count)d draft orders made", len(self.made)) % {
            "count": len(self.made)
        }


def _supplier_of(one: Proposed) -> int:
    return one.offer.supplier_id if one.offer else 0


class _Group:
    """The proposals of one supplier, or of nobody, as the template draws them."""

    def __init__(self, form: ReorderForm, rows: list[Proposed], request: TenantRequest) -> None:
        first = rows[0].offer
        self.supplier_id = first.supplier_id if first else 0
        self.name = first.supplier if first else _("Nobody is known to sell these")
        address = row_links(request, Product)
        self.rows = [_row(form, one, address(one.product_id) if address else "") for one in rows]
        amounts = [row["amount"] for row in self.rows if row["checked"]]
        self.amount = sum(amounts) if amounts else 0
        self.lead = rows[0].facts.lead_days
        url = page_url(request, Party(pk=self.supplier_id), "detail") if first else None
        self.url = url or ""


def _row(form: ReorderForm, one: Proposed, url: str | None) -> dict[str, Any]:
    offer, key = one.offer, one.product_id
    quantity = one.proposal.quantity
    free = free_goods(quantity, offer.scheme_paid, offer.scheme_free) if offer else 0
    # What only a place wants is often transferred: it is offered, not chosen.
    wanted = one.proposal.triggers != (Trigger.PLACE,) or not one.proposal.elsewhere
    return {
        "key": key,
        "name": one.name,
        "pack": one.pack,
        "url": url or "",
        "facts": one.facts,
        "per_day": one.proposal.per_day,
        "why": why(one),
        "sums": sums(one),
        "checked": key in form.chosen if form.is_bound else wanted and offer is not None,
        "quantity": form.typed("quantity", key, str(quantity)),
        # Left empty, these are as the chosen supplier asks for the quantity typed; the hint is what that is now.
        "free": form.typed("free", key, ""),
        "free_hint": str(free),
        "rate": form.typed("rate", key, ""),
        "rate_hint": trim(offer.rate) if offer else "0.00",
        "discount": form.typed("discount", key, ""),
        "discount_hint": trim(offer.discount) if offer else "0",
        "supplier": form.typed("supplier", key, str(offer.supplier_id) if offer else ""),
        "offers": one.offers,
        "amount": line_amount(quantity, offer.rate, offer.discount) if offer else 0,
        "errors": [text for name, text in form.row_errors.items() if name.rpartition("-")[2] == str(key)],
    }


def why(one: Proposed) -> str:
    """Why the product is proposed, in a few words."""
    said = {
        Trigger.LEVEL: _("At or under its reorder level"),
        Trigger.PACE: _("Sells out before more can come"),
        Trigger.PLACE: _("Low in %(places)s") % {"places": ", ".join(place.name for place in one.facts.places)},
    }
    return said[one.proposal.triggers[0]]


def sums(one: Proposed) -> list[str]:
    """The sums that lead to the quantity, line by line."""
    facts, made = one.facts, one.proposal
    lines = []
    if facts.sold > 0:
        lines.append(
            _(
                "Sold %(sold)s in %(days)d days, %(pace)s a day; "
                "%(lead)d days until it comes and %(cover)d more: %(wanted)s"
            )
            % {
                "sold": num(facts.sold),
                "days": facts.days,
                "pace": trim(round(made.per_day, 1)),
                "lead": facts.lead_days,
                "cover": facts.cover_days,
                "wanted": num(made.wanted),
            }
        )
    if facts.level is not None:
        lines.append(_("Reorder level %(level)s") % {"level": num(facts.level)})
    lines.append(
        _("There: %(free)s free, %(coming)s on order, %(drafted)s in drafts: %(available)s")
        % {
            "free": num(facts.free),
            "coming": num(facts.coming),
            "drafted": num(facts.drafted),
            "available": num(made.available),
        }
    )
    if made.short:
        lines.append(_("Short: %(short)s") % {"short": num(made.short)})
    lines += [
        _("%(place)s: %(free)s free, reorder level %(level)s, wants %(wanted)s")
        % {"place": place.name, "free": num(place.free), "level": num(place.level), "wanted": num(place.wanted)}
        for place in facts.places
    ]
    if made.elsewhere:
        lines.append(_("%(count)s are free elsewhere: a transfer may do") % {"count": num(made.elsewhere)})
    if facts.least and facts.least > max(made.short, made.for_places):
        lines.append(_("Reorder quantity %(least)s") % {"least": num(facts.least)})
    if facts.multiple > 1:
        lines.append(
            _("In packs of %(multiple)s: %(quantity)s")
            % {"multiple": num(facts.multiple), "quantity": num(made.quantity)}
        )
    return lines


def order_low_link(request: TenantRequest) -> Link | None:
    """For pages of low stock below: the way here, saying of how many suppliers."""
    if not may_open(request, "purchasing:reorder"):
        return None
    suppliers = low_supplier_count(timezone.localdate())
    if not suppliers:
        return None
    text = ngettext("Order all from %(count)d supplier", "Order all from %(count)d suppliers", suppliers)
    return Link(text % {"count": suppliers}, org_url(request, "purchasing:reorder"), "shopping-cart")
