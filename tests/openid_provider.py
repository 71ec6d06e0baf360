"""A real OpenID Connect provider on this machine: idpy-oidc, served by Starlette in a thread.

It checks the client's secret and redirect address, insists on PKCE, signs ID tokens with its own keys and publishes them. Who comes is let in as
`person` without a form; everything else is the protocol.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from cryptojwt.jwk.rsa import new_rsa_key
from cryptojwt.jws.jws import JWS
from idpyoidc.server import Server
from idpyoidc.server.configure import OPConfiguration
from idpyoidc.server.exception import UnAuthorizedClient
from idpyoidc.server.user_authn.user import NoAuthn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.streamlit_server import PATIENCE

CLIENT = "page-in-tests"
SECRET = "the-secret-of-the-page-in-tests"
PERSON = "ann-at-the-provider"  # her subject; idpy-oidc would take a shorter one for base64
ANN = {"email": "Ann@Example.org", "email_verified": True, "name": "Ann", "groups": ["planning", "sales"]}


@dataclass
class Provider:
    """The provider. Change what it does between requests: `person` is who comes next, `denies` refuses whoever comes."""

    port: int
    redirect_uris: tuple[str, ...]
    folder: Path
    claims: dict[str, Any] = field(default_factory=lambda: dict(ANN))
    denies: bool = False
    secret: str = SECRET
    forged: dict[str, Any] = field(default_factory=dict)  # claims of the ID token that are not what they should be
    signed: str = "RS256"  # "none", or "foreign" for a key that is not the provider's
    asked: list[dict[str, str]] = field(default_factory=list)  # queries of the authorization and logout requests

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def metadata_url(self) -> str:
        return f"{self.issuer}/.well-known/openid-configuration"

    @contextmanager
    def running(self) -> Iterator[Provider]:
        """Serve until the block ends; a block after it serves again with new keys and what has been changed."""
        self._person = {PERSON: self.claims}
        self._op = Server(OPConfiguration(conf=self._configuration(), base_path=str(self.folder)), cwd=str(self.folder))
        self._op.context.userinfo.db = self._person  # the very one, not the copy that the configuration became
        self._op.context.cdb[CLIENT] = {
            "client_id": CLIENT,
            "client_secret": self.secret,
            "redirect_uris": [(address, {}) for address in self.redirect_uris],
            "token_endpoint_auth_method": "client_secret_basic",
            "response_types_supported": ["code"],
            "allowed_scopes": ["openid", "email", "profile"],
            "scopes_to_claims": {"email": ["email", "email_verified"], "profile": ["name", "groups"]},
        }
        self._op.keyjar.add_symmetric(CLIENT, self.secret)
        server = uvicorn.Server(uvicorn.Config(self._application(), host="127.0.0.1", port=self.port, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            deadline = time.monotonic() + PATIENCE
            while not server.started and time.monotonic() < deadline:
                time.sleep(0.01)
            assert server.started, "the provider did not come up"
            yield self
        finally:
            server.should_exit = True
            thread.join(timeout=PATIENCE)
            assert not thread.is_alive(), "the provider did not stop, and keeps its port"

    def _application(self) -> Starlette:
        async def metadata(_: Request) -> Response:
            return JSONResponse({**self._op.context.provider_info, **self._op.get_endpoint("provider_config").process_request()["response_args"]})

        async def keys(_: Request) -> Response:
            return JSONResponse(self._op.keyjar.export_jwks())

        async def authorization(request: Request) -> Response:
            self.asked.append(dict(request.query_params))
            if self.denies:
                back = f"{request.query_params['redirect_uri']}?error=access_denied&state={request.query_params['state']}"
                return RedirectResponse(back, 302)
            said = {key: value for key, value in request.query_params.items() if key != "prompt"}  # there is no form to show
            return self._answered("authorization", said, request)

        async def token(request: Request) -> Response:
            answer = self._answered("token", (await request.body()).decode(), request)
            if answer.status_code == 200 and (self.forged or self.signed != "RS256"):
                said = json.loads(answer.body)
                return JSONResponse({**said, "id_token": self._forged(said["id_token"])})
            return answer

        async def userinfo(request: Request) -> Response:
            return self._answered("userinfo", "", request)

        async def session(request: Request) -> Response:
            self.asked.append(dict(request.query_params))
            return PlainTextResponse("signed out at the provider")

        ways = {"/jwks": keys, "/authorization": authorization, "/token": token, "/userinfo": userinfo, "/session": session}
        ways["/.well-known/openid-configuration"] = metadata
        return Starlette(routes=[Route(path, way, methods=["GET", "POST"]) for path, way in ways.items()])

    def _answered(self, name: str, said: Any, request: Request) -> Response:
        endpoint = self._op.get_endpoint(name)
        try:
            parsed = endpoint.parse_request(said, http_info={"headers": dict(request.headers), "method": request.method, "url": str(request.url)})
        except UnAuthorizedClient:
            return JSONResponse({"error": "invalid_client"}, 401)
        if "error" in parsed:
            return JSONResponse(parsed.to_dict(), 401 if parsed["error"] == "invalid_client" else 400)
        found = endpoint.process_request(parsed, http_info={"headers": dict(request.headers)})
        if "error" in found:
            return JSONResponse({"error": found["error"], "error_description": str(found.get("error_description", ""))}, 400)
        answer = endpoint.do_response(request=parsed, **found)
        if endpoint.response_placement == "url":
            return RedirectResponse(answer["response"], 302)
        return Response(answer["response"], media_type="application/json")

    def _forged(self, id_token: str) -> str:
        claims = {key: value for key, value in {**json.loads(_decoded(id_token.split(".")[1])), **self.forged}.items() if value is not None}
        if self.signed == "none":
            return f"{_encoded({'alg': 'none'})}.{_encoded(claims)}."
        own = self._op.keyjar.get_signing_key("RSA")[0]
        key = new_rsa_key(kid=own.kid) if self.signed == "foreign" else own
        return str(JWS(json.dumps(claims), alg="RS256").sign_compact([key]))

    def _configuration(self) -> dict[str, Any]:
        key = [{"type": "OCT", "use": ["enc"], "kid": kid} for kid in ("password", "salt")]
        encryption = {"kwargs": {"keys": {"key_defs": key}, "iterations": 1}}
        usage = {"authorization_code": {"supports_minting": ["access_token", "id_token"], "max_usage": 1}, "access_token": {}}
        oidc = "idpyoidc.server.oidc"
        return {
            "issuer": self.issuer,
            "keys": {"uri_path": "jwks", "key_defs": [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}]},
            "endpoint": {
                "provider_config": _part(f"{oidc}.provider_config.ProviderConfiguration", ".well-known/openid-configuration"),
                "authorization": _part(f"{oidc}.authorization.Authorization", "authorization", response_types_supported=["code"]),
                "token": _part(f"{oidc}.token.Token", "token", client_authn_method=["client_secret_basic"]),
                "userinfo": _part(f"{oidc}.userinfo.UserInfo", "userinfo"),
                "session": _part(f"{oidc}.session.Session", "session", signing_alg="RS256"),
            },
            "authentication": {"person": _part(NoAuthn, user=PERSON) | {"acr": "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"}},
            "userinfo": _part("idpyoidc.server.user_info.UserInfo", db=self._person),
            "token_handler_args": {
                "code": {"lifetime": 600, "kwargs": {"crypt_conf": encryption}},
                "token": _part("idpyoidc.server.token.jwt_token.JWTToken", lifetime=3600),
                "id_token": _part("idpyoidc.server.token.id_token.IDToken"),
            },
            "session_params": {"encrypter": encryption},
            "authz": _part("idpyoidc.server.authz.AuthzHandling", grant_config={"usage_rules": usage, "expires_in": 3600}),
            "add_ons": {
                "pkce": {
                    "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                    "kwargs": {"code_challenge_methods": {"S256": None}, "essential": True},
                }
            },
        }


def _part(made_by: object, path: str | None = None, **settings: Any) -> dict[str, Any]:
    return {"class": made_by, "kwargs": settings} | ({"path": path} if path else {})


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _encoded(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
