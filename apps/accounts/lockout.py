"""How long somebody must wait who has used up a rate limit.

allauth counts in the shared cache and answers only yes or no. These reads of the same counters tell the person the
minutes, so that nobody keeps hammering at a closed door.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable

from allauth.account import app_settings
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

_APP = "allauth.account"


def seconds_left(request: HttpRequest, action: str, *, key: str | None = None) -> int:
    """Seconds until the action is allowed again; 0 when it is allowed now.

    Limits that count what the request does not tell (nobody signed in, no key given) are left out.
    """
    return max((_rate_left(request, action, rate, key) for rate in _rates(request, action, key)), default=0)


def longest_wait(request: HttpRequest) -> int:
    """Seconds until every limit of this address and this person is open again."""
    return max((seconds_left(request, action) for action in app_settings.RATE_LIMITS), default=0)


def in_words(seconds: int) -> str:
    """`45 seconds`, `4 minutes`: rounded up, because a second too early is refused."""
    if seconds < 60:
        return ngettext("%(count)d second", "%(count)d seconds", max(seconds, 1)) % {"count": max(seconds, 1)}
    minutes = math.ceil(seconds / 60)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def too_many_tries(seconds: int) -> str:
    """The sentence for whoever is locked out."""
    if seconds <= 0:
        return gettext("Too many tries. Wait a minute, then try again.")
    return gettext("Too many tries. Wait %(time)s, then try again.") % {"time": in_words(seconds)}


def _rates(request: HttpRequest, action: str, key: str | None) -> Iterable[ratelimit.Rate]:
    for rate in ratelimit.get_rates(app=_APP, action=action):
        if (rate.per == "key" and key is None) or (rate.per == "user" and not request.user.is_authenticated):
            continue
        yield rate


def _rate_left(request: HttpRequest, action: str, rate: ratelimit.Rate, key: str | None) -> int:
    hits = cache.get(ratelimit.get_cache_key(request, app=_APP, action=action, rate=rate, key=key), [])
    now = time.time()
    fresh = [hit for hit in hits if hit > now - rate.duration]  # newest first
    if len(fresh) < rate.amount:
        return 0
    left: float = fresh[rate.amount - 1] + rate.duration - now
    return math.ceil(left)
