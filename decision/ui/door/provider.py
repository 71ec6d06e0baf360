"""The OpenID Connect provider: checked once at the start, then asked who somebody is. Authlib speaks the protocol.

`Provider.checked` refuses a provider that could not sign anybody in; `begun` sends a visitor there; `claims` reads what came back, and
raises `Failed` with a sentence for the visitor and a detail for the log.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from decision.errors import BadInput
from decision.ui.door.settings import Provider as Described
from decision.ui.door.settings import SignIn, safe_address

PATIENCE = 10.0  # seconds for one answer of the provider
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_MORE_ENDPOINTS = ("userinfo_endpoint", "end_session_endpoint")
_ASYMMETRIC = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
_REFUSED = {  # what a provider may answer instead of a code (RFC 6749 4.1.2.1, OpenID Connect Core 3.1.2.6), for the visitor
    "access_denied": "The provider did not let you in, or you chose not to go on.",
    "temporarily_unavailable": "The provider has no time right now. Try again in a minute.",
    "server_error": "The provider had an error. Try again in a minute.",
    "login_required": "The provider wants you to sign in there first.",
    "interaction_required": "The provider wants to ask you something first.",
    "consent_required": "The provider wants your consent first.",
    "account_selection_required": "The provider wants you to choose an account first.",
}
_BEGIN_AGAIN = "This sign-in was not begun in this browser, was begun again in another tab, or took longer than ten minutes. Sign in again."
_NOT_ACCEPTED = "The provider does not accept this application. Tell whoever runs this page to compare its client id, secret and redirect address."


class Failed(Exception):
    """A sign-in came to nothing. The text is a sentence for the visitor; detail is for the log."""

    def __init__(self, sentence: str, detail: str) -> None:
        super().__init__(sentence)
        self.detail = detail


@dataclass(frozen=True)
class Provider:
    """A provider that can sign people in. name: "" for the only one, else as in [auth.name]; client: Authlib's."""

    name: str
    client: Any
    issuer: str
    end_session: str | None
    userinfo: bool

    async def begun(self, request: Request, sign_in: SignIn, parameters: Mapping[str, str]) -> Response:
        """The way to the provider, with state, nonce and, where it is offered, a PKCE challenge; all three are kept in the session."""
        request.session["provider"] = self.name
        response: Response = await self.client.authorize_redirect(request, sign_in.redirect_uri, **parameters)
        return response

    async def claims(self, request: Request, wanted: Collection[str]) -> dict[str, Any]:
        """What the provider says of whoever came back, and the ID token under "id_token". Raises Failed."""
        from authlib.integrations.base_client import OAuthError
        from joserfc.errors import JoseError

        await self._expected(request)
        try:
            return await self._said(request, wanted)
        except OAuthError as error:
            raise Failed(_NOT_ACCEPTED, f"token request refused: {error.error}: {error.description}") from None
        except JoseError as error:
            raise Failed(_untrusted(getattr(error, "claim", None) or error.error), f"ID token refused: {error}") from None
        except _http().HTTPError as error:
            raise Failed("The provider cannot be reached right now. Try again in a minute.", f"{type(error).__name__}: {error}") from None
        except (ValueError, KeyError, TypeError) as error:
            raise Failed(_untrusted("form"), f"{type(error).__name__}: {error}") from None

    async def _expected(self, request: Request) -> None:
        """Raises Failed unless this is the answer to a sign-in begun in this browser, and brings a code."""
        asked, kept = request.query_params, self.client.framework
        if not await kept.get_state_data(request.session, asked.get("state")):
            raise Failed(_BEGIN_AGAIN, "the state is not that of a sign-in begun in this browser")
        if asked.get("iss", self.issuer) != self.issuer:  # RFC 9207
            raise Failed("The answer came from another provider. Sign in again.", "iss of the answer is another issuer")
        if error := asked.get("error"):
            await kept.clear_state_data(request.session, asked.get("state"))
            detail = f"the provider answered {error}: {asked.get('error_description', '')}"
            raise Failed(_REFUSED.get(error, "The provider refused the sign-in."), detail)

    async def _said(self, request: Request, wanted: Collection[str]) -> dict[str, Any]:
        """The claims of the ID token; those it lacks from the user info, if that is about the same person."""
        options = {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": self.client.client_id}}
        token = await self.client.authorize_access_token(request, claims_options=options)
        found = dict(token.get("userinfo") or {})
        if not found.get("sub"):
            raise Failed(_untrusted("no ID token"), "no ID token in the token response")
        if self.userinfo and not set(wanted) <= found.keys():
            more = await self.client.userinfo(token=token)
            if more.get("sub") != found["sub"]:
                raise Failed(_untrusted("sub"), "the user info is about somebody else than the ID token")
            found = {**more, **found}
        return {**found, "id_token": token["id_token"]}


def _untrusted(what: str) -> str:
    return f"The provider's answer cannot be trusted ({what}). Sign in again; if it stays so, tell whoever runs this page."


def providers_of(sign_in: SignIn) -> dict[str, Provider]:
    """The providers by name, each asked for its metadata. Raises BadInput with a sentence when one could not sign anybody in."""
    for package in ("authlib", "httpx"):
        if importlib.util.find_spec(package) is None:
            raise BadInput(f'Sign-in is asked for, and the package {package} is not installed. Install it: pip install "streamlit[auth]"')
    return {name: _checked(name, described) for name, described in sign_in.providers.items()}


def _checked(name: str, described: Described) -> Provider:
    from authlib.integrations.starlette_client import OAuth

    table, url = f"[auth.{name}]" if name else "[auth]", described.server_metadata_url
    metadata = _asked(url, table)
    for key in ("issuer", *_ENDPOINTS):
        if not isinstance(metadata.get(key), str):
            raise BadInput(f"{table}: the provider's metadata at {url} has no {key}. Give the address of OpenID Connect metadata.")
    for key in (*_ENDPOINTS, *_MORE_ENDPOINTS):
        if metadata.get(key) is not None and not safe_address(str(metadata[key])):
            raise BadInput(f"{table}: the provider's {key} is {metadata[key]}, which is not https. Use a provider that is.")
    if url.rstrip("/") != metadata["issuer"].rstrip("/") + "/.well-known/openid-configuration":  # OpenID Connect Discovery 4.3
        raise BadInput(f"{table}: the metadata at {url} is of the issuer {metadata['issuer']}, which is another address. Write that issuer's.")
    algorithms = sorted(_ASYMMETRIC & set(metadata.get("id_token_signing_alg_values_supported") or ["RS256"]))
    if not algorithms:
        raise BadInput(f"{table}: the provider signs with none of {', '.join(sorted(_ASYMMETRIC))}. Have it sign ID tokens with RS256.")
    if not _asked(metadata["jwks_uri"], table).get("keys"):
        raise BadInput(f"{table}: the provider publishes no keys at {metadata['jwks_uri']}. Nothing it says could be checked.")
    methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    parameters = {"scope": "openid profile email", **described.client_kwargs}
    sending = {
        "scope": parameters.pop("scope"),
        "timeout": PATIENCE,
        "token_endpoint_auth_method": parameters.pop("token_endpoint_auth_method", None)
        or ("client_secret_post" if "client_secret_basic" not in methods and "client_secret_post" in methods else "client_secret_basic"),
    }
    if "S256" in (metadata.get("code_challenge_methods_supported") or ()):
        sending["code_challenge_method"] = "S256"
    client = OAuth().register(
        f"oidc{name}",
        client_id=described.client_id,
        client_secret=described.client_secret,
        authorize_url=metadata["authorization_endpoint"],
        authorize_params=parameters,
        access_token_url=metadata["token_endpoint"],
        client_kwargs=sending,
        issuer=metadata["issuer"],
        jwks_uri=metadata["jwks_uri"],
        id_token_signing_alg_values_supported=algorithms,
        userinfo_endpoint=metadata.get("userinfo_endpoint"),
    )
    return Provider(name, client, metadata["issuer"], metadata.get("end_session_endpoint"), bool(metadata.get("userinfo_endpoint")))


@functools.cache
def _http() -> ModuleType:
    """The HTTP client that Authlib uses: httpx2 where that is installed, else httpx. What it raises is caught here by the same name."""
    return importlib.import_module("httpx2" if importlib.util.find_spec("httpx2") else "httpx")


def _asked(url: str, table: str) -> dict[str, Any]:
    httpx = _http()
    try:
        answer = httpx.get(url, timeout=PATIENCE).raise_for_status().json()
    except httpx.HTTPStatusError as error:
        raise BadInput(f"{table}: the provider answered {error.response.status_code} at {url}. Correct the address.") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise BadInput(f"{table}: the provider cannot be reached at {url} ({type(error).__name__}). Start again when it can.") from None
    except ValueError:
        raise BadInput(f"{table}: what the provider has at {url} is not JSON. Give the address of OpenID Connect metadata.") from None
    if not isinstance(answer, dict):
        raise BadInput(f"{table}: what the provider has at {url} is not a set of names and values. Give the address of OpenID Connect metadata.")
    return answer
