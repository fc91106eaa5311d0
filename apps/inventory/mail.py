"""E-mails of this app."""

from __future__ import annotations

import datetime as dt

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.outbox.registry import Fact
from apps.core.tenancy.context import current_organization_id
from apps.core.ui.formats import day
from apps.inventory.models import AlertSubscription
from apps.inventory.queries.alerts import alerts, low_places, low_products, recalled_in_stock
from apps.organizations.models import Membership

_SHOWN = 10


def send_digest(fact: Fact) -> None:
    """Outbox handler: what wants attention this morning, as it is now; nothing when there is nothing, when the member
    left or wants it no longer, or when the morning is over."""
    today = timezone.localdate()
    if fact.payload["on"] != today.isoformat():
        return
    subscription = (
        AlertSubscription.objects.filter(member=fact.payload["member"], digest=True)
        .select_related("member__user", "member__role", "organization")
        .first()
    )
    if subscription is None or not subscription.member.admits(today):
        return
    content = digest(subscription, subscription.member, today)
    if content is None:
        return
    subject, context = content
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("inventory/mail/digest.txt", context),
        to=[subscription.member.user.email],
        # Sent twice after a crash, the two carry the same name, and most mail programs show one.
        headers={"Message-ID": f"<digest-{current_organization_id()}-{fact.key}@ineat.invalid>"},
    )
    message.attach_alternative(render_to_string("inventory/mail/digest.html", context), "text/html")
    message.send()


def digest(subscription: AlertSubscription, member: Membership, today: dt.date) -> tuple[str, dict[str, object]] | None:
    """Subject and content of a morning's summary; None when there is nothing to tell, or the role may see no stock."""
    if not member.may("inventory.stock.view"):
        return None
    now = alerts(today, subscription)
    places = low_places(_SHOWN) if subscription.low_stock else []
    if not (now.number or now.near or places):
        return None
    organization = subscription.organization
    base = subscription.origin

    def link(route: str, query: str = "") -> str:
        return f"{base}{reverse(route, kwargs={'organization': organization.slug})}{query}" if base else ""

    context: dict[str, object] = {
        "organization": organization,
        "day": day(today),
        "alerts": now,
        "days": subscription.near_expiry_days,
        "low": low_products(today, _SHOWN) if subscription.low_stock else [],
        "low_places": places,
        "recalled": list(recalled_in_stock()[:_SHOWN]) if subscription.recalled else [],
        "links": {
            "low": link("inventory:low_list"),
            "near": link("inventory:stock_list", "?band=soon&saleable=true"),
            "expired": link("inventory:stock_list", "?band=expired"),
            "recalled": link("inventory:stock_list", "?state=recalled"),
            "choose": link("inventory:alert_subscription"),
        },
    }
    subject = _("%(organization)s, %(day)s: %(number)s to look at") % {
        "organization": organization.name,
        "day": day(today),
        "number": now.number + now.near + len(places),
    }
    return subject, context
