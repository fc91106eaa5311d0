"""What a browser says about itself, in words a person recognises."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Literal

# Order matters: Edge and Opera also say Chrome, Chrome also says Safari, an Android phone also says Linux.
_BROWSERS = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/")),
    ("Opera", re.compile(r"\b(?:OPR|OPT)/")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS|HeadlessChrome|Chromium)/")),
    ("Safari", re.compile(r"\bVersion/[\d.]+.* Safari/")),
)
_SYSTEMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Android", re.compile(r"\bAndroid\b")),
    ("Windows", re.compile(r"\bWindows NT\b")),
    ("Mac", re.compile(r"\bMac OS X\b|\bMacintosh\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("Linux", re.compile(r"\bLinux\b|\bX11\b")),
)
_HAND_HELD = frozenset({"iPhone", "iPad", "Android"})


@dataclass(frozen=True, slots=True)
class Device:
    """A browser on a system; either is empty when the user agent does not tell."""

    browser: str
    system: str

    @property
    def kind(self) -> Literal["mobile", "desktop"]:
        return "mobile" if self.system in _HAND_HELD else "desktop"


def device_of(user_agent: str) -> Device:
    """Browser and system named by a User-Agent header (RFC 9110, section 10.1.5); a hint, never a proof."""

    def first(patterns: tuple[tuple[str, re.Pattern[str]], ...]) -> str:
        return next((name for name, pattern in patterns if pattern.search(user_agent)), "")

    return Device(first(_BROWSERS), first(_SYSTEMS))


def passkeys_work_on(host: str) -> bool:
    """Whether a host can own passkeys: a relying party is a domain, never an IP address (WebAuthn, section 5.4.2)."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return True
    return False
