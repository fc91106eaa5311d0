"""What stands between a bill and its posting: each rule of selling over facts that were read before.

A notice says which line, why, and what mends it. Drugs and Cosmetics Act 1940 with the Drugs Rules 1945 (licences,
rule 65), Legal Metrology (Packaged Commodities) Rules 2011 (MRP), and the business's own terms.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from apps.core.amounts import inr
from apps.finance.rules.rounding import paise
from apps.organizations.rules.broken import gettext_noop
from apps.organizations.rules.licences import DrugClass, LicenceForm, is_valid_on
from apps.sales.rules.facts import WHOLE_BILL, ZERO, Buyer, HeldLicence, Level, Mend, Notice, Selling, Terms

_HUNDRED = Decimal(100)


def notices(
    *,
    lines: Sequence[Selling],
    buyer: Buyer | None,
    seller_licences: Sequence[HeldLicence],
    terms: Terms,
    total: Decimal,
    bill_discount: Decimal = ZERO,
    paid_now: Decimal = ZERO,
) -> list[Notice]:
    """Everything that is off, line by line, then the bill."""
    found: list[Notice] = []
    bought: dict[int, int] = {}
    for line in lines:
        bought[line.product_id] = bought.get(line.product_id, 0) + line.quantity + line.free
        found += _goods(line)
        found += _licences(line, buyer, seller_licences, terms.on)
        found += _stock(line, buyer, terms.on)
        found += _price(line, terms, bill_discount)
        found += _restricted(line, buyer, bought[line.product_id])
    return found + list(_of_bill(buyer, terms, total, bill_discount, paid_now))


def _restricted(line: Selling, buyer: Buyer | None, bought: int) -> Iterator[Notice]:
    """`bought` is what this bill has of the product so far, the line included."""
    if buyer and line.goods.most_a_day is not None:
        before = buyer.today.get(line.product_id, 0)
        if before + bought > line.goods.most_a_day:
            left = max(line.goods.most_a_day - before - (bought - line.quantity - line.free), 0)
            yield Notice(
                "restricted",
                Level.STOP,
                line.position,
                gettext_noop(
                    "%(product)s: a party may have %(most)d a day, and %(buyer)s has %(had)d. Type %(left)d or less."
                ),
                {
                    "product": line.goods.name,
                    "most": line.goods.most_a_day,
                    "buyer": buyer.name,
                    "had": before,
                    "left": left,
                },
                Mend.SET_QUANTITY if left else Mend.REMOVE_LINE,
                str(left) if left else "",
            )


def _goods(line: Selling) -> Iterator[Notice]:
    goods = line.goods
    if not goods.active:
        yield Notice(
            "discontinued",
            Level.WARN,
            line.position,
            gettext_noop("%(product)s is discontinued."),
            {"product": goods.name},
        )
    if line.tax_rate is None:
        yield Notice(
            "no_tax_rate",
            Level.STOP,
            line.position,
            gettext_noop("%(product)s has no tax rate on this day. Give it an HSN code, or a rate of its own."),
            {"product": goods.name},
            Mend.OPEN_PRODUCT,
        )
    elif not goods.hsn:
        yield Notice(
            "no_hsn",
            Level.WARN,
            line.position,
            gettext_noop("%(product)s has no HSN code, which the tax invoice must show."),
            {"product": goods.name},
            Mend.OPEN_PRODUCT,
        )
    if (line.quantity + line.free) % goods.step:
        whole = -(-(line.quantity + line.free) // goods.step) * goods.step - line.free
        yield Notice(
            "whole_packs",
            Level.STOP,
            line.position,
            gettext_noop("%(product)s is sold in packs of %(step)d. Type %(whole)d."),
            {"product": goods.name, "step": goods.step, "whole": whole},
            Mend.SET_QUANTITY,
            str(whole),
        )


_NEEDED = {
    DrugClass.GENERAL: gettext_noop("20 or 20B"),
    DrugClass.C_C1: gettext_noop("21 or 21B"),
    DrugClass.X: gettext_noop("20F or 20G"),
}


def covers(licences: Iterable[HeldLicence], needed: DrugClass, on: dt.date, *, wholesale: bool = False) -> bool:
    """Whether a licence for the class of drugs is valid on the day; `wholesale`: one to supply those who sell."""
    for licence in licences:
        try:
            form = LicenceForm(licence.form)
        except ValueError:
            continue
        # 20G is the wholesale licence of Schedule X; the others say so by their trade.
        fits = form.trade.wholesale or not wholesale
        if fits and needed in form.covers and is_valid_on(licence.first, licence.last, on):
            return True
    return False


def _licences(line: Selling, buyer: Buyer | None, seller: Sequence[HeldLicence], on: dt.date) -> Iterator[Notice]:
    needed = line.goods.drug_class
    if needed is None:
        return
    facts = {"product": line.goods.name, "forms": _NEEDED[needed]}
    if not covers(seller, needed, on, wholesale=True):
        yield Notice(
            "branch_licence",
            Level.STOP,
            line.position,
            gettext_noop(
                "%(product)s: this branch has no wholesale licence for it that is valid on the day of the bill."
            ),
            facts,
            Mend.OPEN_BRANCH,
        )
    if buyer is None or covers(buyer.licences, needed, on):
        return
    yield Notice(
        "licence",
        Level.STOP,
        line.position,
        gettext_noop(
            "%(product)s: %(buyer)s has no valid licence %(forms)s on this day. Remove the line or add the licence."
        ),
        {**facts, "buyer": buyer.name},
        Mend.OPEN_CUSTOMER,
    )


def _stock(line: Selling, buyer: Buyer | None, on: dt.date) -> Iterator[Notice]:
    wanted = line.quantity + line.free
    days = buyer.shelf_life_days if buyer else 0
    taken = sum(one.quantity + one.free for one in line.taken)
    facts: dict[str, object] = {"product": line.goods.name, "free": line.available, "wanted": wanted}
    if taken < wanted:
        if line.short_dated and not line.chosen:
            yield Notice(
                "shelf_life_short",
                Level.STOP,
                line.position,
                gettext_noop(
                    "%(product)s: only %(free)d have %(days)d days left, %(more)d have fewer. Type %(free)d or less."
                ),
                {**facts, "days": days, "more": line.short_dated},
                Mend.OTHER_BATCH,
            )
        elif line.available > 0:
            less = max(line.available - line.free, 0) or line.available
            yield Notice(
                "short",
                Level.STOP,
                line.position,
                gettext_noop(
                    "%(product)s: only %(free)d free. Type %(less)d or less, or take the same salt of another make."
                ),
                {**facts, "less": less},
                Mend.SET_QUANTITY,
                str(less),
            )
        else:
            yield Notice(
                "none_free",
                Level.STOP,
                line.position,
                gettext_noop("%(product)s: nothing free. Take the same salt of another make, or remove the line."),
                facts,
                Mend.SUBSTITUTE,
            )
    for one in line.taken:
        if one.expiry < on:
            yield Notice(
                "expired",
                Level.STOP,
                line.position,
                gettext_noop("%(product)s batch %(batch)s expired in %(month)s. Take another batch."),
                {"product": line.goods.name, "batch": one.number, "month": f"{one.expiry:%m/%Y}"},
                Mend.OTHER_BATCH,
            )
        elif not one.saleable:
            yield Notice(
                "not_saleable",
                Level.STOP,
                line.position,
                gettext_noop("%(product)s batch %(batch)s is not for sale. Take another batch."),
                {"product": line.goods.name, "batch": one.number},
                Mend.OTHER_BATCH,
            )
        elif days and one.expiry < on + dt.timedelta(days=days):
            yield Notice(
                "shelf_life",
                Level.ASK,
                line.position,
                gettext_noop("%(product)s batch %(batch)s has %(left)d days to go, and %(buyer)s asks for %(days)d."),
                {
                    "product": line.goods.name,
                    "batch": one.number,
                    "left": (one.expiry - on).days,
                    "buyer": buyer.name if buyer else "",
                    "days": days,
                },
                Mend.ASK_OWNER,
                measure=Decimal(days - (one.expiry - on).days),
            )


def _price(line: Selling, terms: Terms, bill_discount: Decimal) -> Iterator[Notice]:
    tax = line.tax_rate or ZERO
    if line.quantity and not line.rate:
        yield Notice(
            "no_price",
            Level.STOP,
            line.position,
            gettext_noop("%(product)s has no price. Type a rate."),
            {"product": line.goods.name},
            Mend.SET_RATE,
        )
    for one in line.taken:
        if one.mrp and one.quantity and paise(one.rate * (1 + tax / _HUNDRED)) > one.mrp:
            highest = (one.mrp * _HUNDRED / (_HUNDRED + tax)).quantize(Decimal("0.01"), "ROUND_FLOOR")
            yield Notice(
                "over_mrp",
                Level.STOP,
                line.position,
                gettext_noop(
                    "%(product)s batch %(batch)s: %(rate)s with tax is above its MRP %(mrp)s. Type %(highest)s or less."
                ),
                {
                    "product": line.goods.name,
                    "batch": one.number,
                    "rate": inr(paise(one.rate * (1 + tax / _HUNDRED))),
                    "mrp": inr(one.mrp),
                    "highest": f"{highest:f}",
                },
                Mend.SET_RATE,
                f"{highest:f}",
            )
            break
    if terms.line_discount is not None and line.discount > terms.line_discount:
        yield Notice(
            "line_discount",
            Level.ASK,
            line.position,
            gettext_noop("%(product)s: you may give %(most)s%%, and the line has %(given)s%%."),
            {
                "product": line.goods.name,
                "most": f"{terms.line_discount.normalize():f}",
                "given": f"{line.discount.normalize():f}",
            },
            Mend.SET_DISCOUNT,
            f"{terms.line_discount.normalize():f}",
            measure=line.discount,
        )
    yield from _below_cost(line, terms, bill_discount)


def _below_cost(line: Selling, terms: Terms, bill_discount: Decimal) -> Iterator[Notice]:
    """What the line brings against what its goods cost, free ones included. The cost itself is not told."""
    left = (1 - line.discount / _HUNDRED) * (1 - bill_discount / _HUNDRED)
    brought = sum((one.quantity * one.rate * left for one in line.taken), ZERO)
    cost = sum(((one.quantity + one.free) * one.cost for one in line.taken), ZERO)
    if line.rate and paise(brought) < paise(cost):
        yield Notice(
            "below_cost",
            Level.ASK if terms.below_cost_stops else Level.WARN,
            line.position,
            gettext_noop("%(product)s would go below what it cost."),
            {"product": line.goods.name},
            Mend.ASK_OWNER if terms.below_cost_stops else Mend.NONE,
            measure=paise(cost - brought),
        )


def _of_bill(
    buyer: Buyer | None, terms: Terms, total: Decimal, bill_discount: Decimal, paid_now: Decimal
) -> Iterator[Notice]:
    if buyer is None:
        yield Notice(
            "no_customer", Level.STOP, WHOLE_BILL, gettext_noop("Choose a customer."), mend=Mend.CHOOSE_CUSTOMER
        )
        return
    if not buyer.active:
        yield Notice(
            "customer_archived",
            Level.STOP,
            WHOLE_BILL,
            gettext_noop("%(buyer)s is archived. Restore it, or choose another customer."),
            {"buyer": buyer.name},
            Mend.CHOOSE_CUSTOMER,
        )
    if terms.bill_discount is not None and bill_discount > terms.bill_discount:
        yield Notice(
            "bill_discount",
            Level.ASK,
            WHOLE_BILL,
            gettext_noop("You may give %(most)s%% on a bill, and this one has %(given)s%%."),
            {"most": f"{terms.bill_discount.normalize():f}", "given": f"{bill_discount.normalize():f}"},
            Mend.ASK_OWNER,
            measure=bill_discount,
        )
    level = Level.ASK if terms.credit_stops else Level.WARN
    after = buyer.used + total - paid_now
    # Who pays what the bill comes to takes no credit, whatever is owed from before.
    if buyer.credit_limit is not None and total > paid_now and after > buyer.credit_limit:
        yield Notice(
            "credit_limit",
            level,
            WHOLE_BILL,
            gettext_noop("%(buyer)s would owe %(after)s, and may owe %(limit)s: %(over)s over."),
            {
                "buyer": buyer.name,
                "after": inr(after),
                "limit": inr(buyer.credit_limit),
                "over": inr(after - buyer.credit_limit),
            },
            Mend.TAKE_PAYMENT,
            f"{after - buyer.credit_limit:f}",
            measure=after - buyer.credit_limit,
        )
    if terms.most_overdue_days is not None and buyer.oldest_due is not None and total > paid_now:
        late = (terms.on - buyer.oldest_due).days
        if late > terms.most_overdue_days:
            yield Notice(
                "overdue",
                level,
                WHOLE_BILL,
                gettext_noop("%(buyer)s has a bill that is %(late)d days late; %(most)d are allowed."),
                {"buyer": buyer.name, "late": late, "most": terms.most_overdue_days},
                Mend.TAKE_PAYMENT,
                measure=Decimal(late),
            )
