"""Secrets, hosts, cookies, transport and the content security policy."""

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from ineat import environment

_mode = environment.mode()
_production = _mode == "production"

if _production and environment.flag("DEBUG"):
    raise ImproperlyConfigured("DEBUG shows secrets to visitors: unset it, or set INEAT_MODE=development.")

SECRET_KEY = environment.secret_key(_mode)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS") or ([] if _production else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")
if _production and not ALLOWED_HOSTS and not environment.testing():
    raise ImproperlyConfigured("Production needs ALLOWED_HOSTS: the host names it answers to, separated by commas.")

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _production
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "ineat_session"
CSRF_COOKIE_NAME = "ineat_csrf"

SECURE_SSL_REDIRECT = _production and environment.flag("SECURE_SSL_REDIRECT", default=True)
# Probes ask the process itself, past the proxy that ends TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _production else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _production
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if environment.flag("BEHIND_PROXY", default=_production):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Powers of the browser that a page may ask for; whatever is not ours is refused before the person is asked. Barcodes
# are scanned with the camera.
PERMISSIONS_POLICY = {
    "accelerometer": "()",
    "autoplay": "()",
    "camera": "(self)",
    "clipboard-read": "()",
    "clipboard-write": "(self)",
    "display-capture": "()",
    "fullscreen": "(self)",
    "geolocation": "()",
    "gyroscope": "()",
    "hid": "()",
    "magnetometer": "()",
    "microphone": "()",
    "midi": "()",
    "payment": "()",
    "publickey-credentials-create": "(self)",
    "publickey-credentials-get": "(self)",
    "serial": "()",
    "usb": "()",
    "xr-spatial-tracking": "()",
}

# A whole body: the exchange's largest file and what a form wraps around it. The proxy in front must let it pass.
UPLOAD_MAX_BYTES = 201 * 1024 * 1024
# Form fields alone, and whole bodies of whoever is in no organization yet.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A grid of 500 lines has some 5,000 fields; more would only keep the parser busy.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
