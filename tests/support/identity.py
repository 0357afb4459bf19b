"""An identity provider on this machine that speaks OpenID Connect, and may be told to lie."""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "supply-routes", "shared by both"
SECONDS = 300


@dataclass
class IdentityProvider:
    """Logs everybody in who asks, as the person that the test named.

    Parameters
    ----------
    claims : dict
        Claims of the next login, over those that a proper token has; a claim of None is left out.
    stranger : bool
        Whether the next token is signed by a key that is not among the published ones.
    """

    claims: dict[str, Any] = field(default_factory=dict)
    stranger: bool = False
    port: int = 0
    ended: int = 0
    _codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "published"}))
    _other: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "published"}))

    @property
    def url(self) -> str:
        """Its address, which is the issuer of its tokens."""
        return f"http://127.0.0.1:{self.port}"

    def secrets(self, app: str) -> str:
        """Return the settings of an app whose users log in here."""
        values = {
            "redirect_uri": f"{app}/oauth2callback",
            "cookie_secret": secrets.token_hex(32),
            "client_id": CLIENT,
            "client_secret": SECRET,
            "server_metadata_url": f"{self.url}/.well-known/openid-configuration",
        }
        return "[auth]\n" + "".join(f'{name} = "{value}"\n' for name, value in values.items())

    def _discovery(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "end_session_endpoint": f"{self.url}/end",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if asked.get("client_id") != CLIENT or asked.get("response_type") != "code":
            return Response("who asks?", status_code=400)
        code = secrets.token_urlsafe()
        self._codes[code] = asked
        answer = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{answer}")

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        asked = self._codes.pop(str(form.get("code")), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        proof = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        known = request.headers.get("authorization") == f"Basic {basic}"
        if asked is None or not known or asked.get("code_challenge") != challenge:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "number-1",
            "iat": now,
            "exp": now + SECONDS,
            "nonce": asked.get("nonce"),
            **self.claims,
        }
        content = {name: value for name, value in claims.items() if value is not None}
        key = self._other if self.stranger else self._key
        token = jwt.encode({"alg": "RS256", "kid": "published"}, content, key)
        return JSONResponse({"access_token": "none", "token_type": "Bearer", "id_token": token})

    def _jwks(self, _: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    def _end(self, request: Request) -> Response:
        self.ended += 1
        return RedirectResponse(request.query_params["post_logout_redirect_uri"])

    def app(self) -> Starlette:
        """Return the web application."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/jwks", self._jwks),
                Route("/end", self._end),
            ]
        )


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    """Run a provider on a free port until the end."""
    made = IdentityProvider()
    server = uvicorn.Server(uvicorn.Config(made.app(), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + 60
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        made.port = server.servers[0].sockets[0].getsockname()[1]
        yield made
    finally:
        server.should_exit = True
        thread.join()
