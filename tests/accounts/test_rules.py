from __future__ import annotations

import pytest

from apps.accounts.rules import Device, device_of, passkeys_work_on

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "device", "kind"),
    [
        (f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36", Device("Chrome", "Windows"), "desktop"),
        (f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.51", Device("Edge", "Windows"), "desktop"),
        (f"{WINDOWS} Chrome/117.0.0.0 Safari/537.36 OPR/103.0.0.0", Device("Opera", "Windows"), "desktop"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
            Device("Firefox", "Linux"),
            "desktop",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.1 Mobile/15E148 Safari/604.1",
            Device("Safari", "iPhone"),
            "mobile",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.1 Safari/605.1.15",
            Device("Safari", "Mac"),
            "desktop",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) "
            "SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36",
            Device("Samsung Internet", "Android"),
            "mobile",
        ),
        ("curl/8.9.1", Device("", ""), "desktop"),
        ("", Device("", ""), "desktop"),
    ],
)
def test_devices_are_named(agent: str, device: Device, kind: str) -> None:
    assert device_of(agent) == device
    assert device_of(agent).kind == kind


@pytest.mark.parametrize("host", ["localhost:8000", "erp.example", "erp.example:8443", "pune.localhost"])
def test_passkeys_need_a_name(host: str) -> None:
    assert passkeys_work_on(host)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "10.0.0.7", "[::1]", "[::1]:8000"])
def test_an_address_owns_no_passkeys(host: str) -> None:
    assert not passkeys_work_on(host)
