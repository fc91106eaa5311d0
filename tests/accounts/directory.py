"""A small OpenID Connect provider on the loopback, for tests: answers over real HTTP and checks what it is sent."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

CLIENT, SECRET = "ineat", "directory secret of thirty-two bytes"


@dataclass
class Directory:
    """The provider's state; tests change `claims` to be somebody else and `refuse` to say no."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    refuse: str = ""
    authorized: dict[str, dict[str, str]] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes after somebody said yes there (RFC 6749, section 4.1.2)."""
        back = {"state": asked["state"]}
        if self.refuse:
            return f"{asked['redirect_uri']}?{urlencode(back | {'error': self.refuse})}"
        code = secrets.token_urlsafe(8)
        self.authorized[code] = asked
        return f"{asked['redirect_uri']}?{urlencode(back | {'code': code})}"

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        asked = self.authorized.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        checks = {
            "unknown code": asked is not None,
            "wrong client": (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET),
            "wrong redirect": asked is not None and sent.get("redirect_uri") == asked["redirect_uri"],
            "wrong PKCE verifier": asked is not None and asked.get("code_challenge") == challenge,
        }
        self.complaints += [complaint for complaint, good in checks.items() if not good]
        if self.complaints:
            return None
        claims = {"iss": self.issuer, "aud": CLIENT, "exp": int(time.time()) + 60, "iat": int(time.time())}
        return {
            "access_token": "opaque",
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": jwt.encode(claims | self.claims, SECRET, algorithm="HS256"),
        }


@contextmanager
def running() -> Iterator[Directory]:
    """A directory that listens on a free port of the loopback."""
    directory = Directory()

    class Handler(BaseHTTPRequestHandler):
        def _json(self, body: dict[str, Any] | None) -> None:
            self.send_response(200 if body is not None else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body if body is not None else {"error": "invalid_grant"}).encode())

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/.well-known/openid-configuration":
                self._json(directory.discovery())
            elif parts.path == "/userinfo" and self.headers["Authorization"] == "Bearer opaque":
                self._json(directory.claims)
            elif parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", directory.authorize(query))
                self.end_headers()
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = parse_qs(self.rfile.read(length).decode())
            self._json(directory.token({name: values[0] for name, values in body.items()}))

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    directory.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield directory
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
