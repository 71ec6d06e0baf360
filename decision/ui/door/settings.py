"""What the operator says about the door: environment variables and the secrets file. Everything in doubt refuses the start.

A secrets file that exists asks for sign-in. It then holds a complete [auth] and an [access], or nothing is served.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import streamlit as st
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from decision.errors import BadInput, nearest, sentences
from decision.places import APP
from decision.ui.door.streamlit_parts import is_manually_set

SIGN_IN = "DECISION_SIGN_IN"
METRICS_TOKEN = "DECISION_METRICS_TOKEN"  # noqa: S105 - the name of the setting
LOG = "DECISION_LOG"
SHORTEST_SECRET = 32  # characters; openssl rand -hex 32 gives 64
SHORTEST_TOKEN = 16
CALLBACK = "oauth2callback"
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_OURS = ("state", "nonce", "redirect_uri", "response_type", "client_id", "code_challenge", "code_challenge_method")  # of the authorization request
_TURN_OFF = f"To serve everybody without sign-in, set {SIGN_IN}=off."


def base_path() -> str:
    """The path the page is served under: "" or "/decide", without a slash at its end."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def safe_address(address: str) -> bool:
    """An absolute https address, or http on this machine alone: anything else would send secrets in the clear."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK))


def _https(address: str) -> str:
    if not safe_address(address):
        raise ValueError("not an https address. Write one that begins with https://; http is for localhost only.")
    return address


def _secret(value: str) -> str:
    if len(value) < SHORTEST_SECRET or len(set(value)) < SHORTEST_SECRET // 4:
        raise ValueError(f"too short or too regular to be secret. Make one of {SHORTEST_SECRET} characters or more with: openssl rand -hex 32")
    return value


def _callback(address: str) -> str:
    parts, wanted = urlsplit(_https(address)), f"{base_path()}/{CALLBACK}"
    if parts.path != wanted or parts.query or parts.fragment:
        raise ValueError(f"its path is {parts.path or 'empty'}. It must be {wanted}, under the path the page is served at (server.baseUrlPath).")
    return address


def lower_ascii(text: str) -> str:
    """Small letters for A to Z alone: folding others would make one domain or mailbox of two (ß and ss, a long s and s)."""
    return text.translate(_SMALL)


def _domain(domain: str) -> str:
    if not re.fullmatch(r"(?!-)[\w-]+(\.[\w-]+)+", domain):
        raise ValueError(f"'{domain}' is not a domain. Write example.org, without @ or *; each subdomain is an entry of its own.")
    return lower_ascii(domain)


def _mail(address: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        raise ValueError(f"'{address}' is not an e-mail address. Write name@example.org.")
    return lower_ascii(address)


def _parameters(given: dict[str, str]) -> dict[str, str]:
    if taken := sorted(set(given) & set(_OURS)):
        raise ValueError(f"{', '.join(taken)} cannot be set: sign-in sets it. Remove it.")
    if "openid" not in given.get("scope", "openid").split():
        raise ValueError("the scope has no openid, without which nobody is identified. Add it.")
    return given


_Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Provider(_Strict):
    """One OpenID Connect provider: [auth] itself, or a table of its own such as [auth.google]."""

    client_id: _Text
    client_secret: _Text
    server_metadata_url: Annotated[str, AfterValidator(_https)]
    client_kwargs: Annotated[dict[str, str], AfterValidator(_parameters)] = {}


class _Auth(_Strict):
    redirect_uri: Annotated[str, AfterValidator(_callback)]
    cookie_secret: Annotated[str, AfterValidator(_secret)]


class Access(_Strict):
    """[access]: who of the provider's people may enter, and for how long.

    By e-mail (one of domains or of addresses) and by a claim (one of values); who gives both must meet both.
    """

    domains: list[Annotated[str, AfterValidator(_domain)]] = []
    addresses: list[Annotated[str, AfterValidator(_mail)]] = []
    claim: _Text | None = None
    values: list[_Text] = []
    unverified_addresses: bool = False
    everybody: bool = False
    hours: Annotated[float, Field(gt=0, le=24 * 30)] = 12

    @model_validator(mode="after")
    def _says_who(self) -> Access:
        rules = bool(self.domains or self.addresses or self.claim)
        if bool(self.claim) != bool(self.values):
            raise ValueError("claim and values belong together. Name the claim, and in values what it may be.")
        if self.everybody and rules:
            raise ValueError("everybody = true and a narrower rule contradict each other. Keep one.")
        if not self.everybody and not rules:
            raise ValueError("it lets nobody in. Give domains, addresses, or claim with values; everybody = true lets in every account there is.")
        return self


@dataclass(frozen=True)
class SignIn:
    """Sign-in as it is asked for: complete, but not yet checked with the provider. Secrets stay out of its text."""

    redirect_uri: str
    cookie_secret: str = field(repr=False)
    providers: Mapping[str, Provider] = field(repr=False)
    access: Access

    @property
    def secure(self) -> bool:
        """Whether people come by https, so that cookies may say so."""
        return self.redirect_uri.startswith("https:")

    @property
    def home(self) -> str:
        """The page's own address, where the provider sends people who signed out."""
        return self.redirect_uri.removesuffix(CALLBACK)

    @property
    def rules(self) -> str:
        """Changes with the providers and with who may enter: a session made under other rules is none."""
        said = [self.access.model_dump(), {name: (p.client_id, p.server_metadata_url) for name, p in self.providers.items()}]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Settings:
    """Everything the operator may say. sign_in: None when everybody may read; off: a file that is there, and set aside."""

    sign_in: SignIn | None
    metrics_token: str | None = field(default=None, repr=False)
    log: bool = False
    off: bool = False


@functools.cache
def settings() -> Settings:
    """What holds for this process. Raises BadInput with one sentence for each problem."""
    mode, log = os.environ.get(SIGN_IN), os.environ.get(LOG)
    token = os.environ.get(METRICS_TOKEN)
    problems = []
    if mode not in {None, "required", "off"}:
        problems.append(f"{SIGN_IN} is '{mode}'. Set required or off, or leave it out: then a secrets file asks for sign-in.")
    if log not in {None, "json", "off"}:
        problems.append(f"{LOG} is '{log}'. Set json or off, or leave it out.")
    if token is not None and not re.fullmatch(rf"[!-~]{{{SHORTEST_TOKEN},}}", token):
        problems.append(
            f"{METRICS_TOKEN} is shorter than {SHORTEST_TOKEN} characters, or not plain ASCII without spaces. Make one with: openssl rand -hex 32"
        )
    if problems:
        raise BadInput(problems)
    return Settings(None if mode == "off" else sign_in_of(secrets_files(), required=mode == "required"), token, log == "json", mode == "off")


def secrets_files() -> list[Path]:
    """Those of Streamlit's secrets files that are there, or may be: a broken link, a folder in their place, a folder nobody may look into."""
    return [path for path in _places() if _may_exist(path)]


def _places() -> list[Path]:
    """Where Streamlit looks, each once though it may start in the home folder, and beside app.py unless the operator named the places.

    An ASGI server started in another folder tells Streamlit of no script, so Streamlit would look past the file there.
    """
    named, beside = list(dict.fromkeys(map(Path, st.get_option("secrets.files")))), APP.parent / ".streamlit" / "secrets.toml"
    if is_manually_set("secrets.files") or beside.parent in {path.parent.resolve() for path in named}:
        return named
    return [*named, beside]


def _may_exist(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def sign_in_of(files: list[Path], *, required: bool) -> SignIn | None:
    """The sign-in that the secrets file asks for. Raises BadInput unless it is complete, or there is no file and none is required."""
    if not files:
        if required:
            looked = " or ".join(map(str, _places()))
            raise BadInput(f"{SIGN_IN}=required, and there is no secrets file: {looked}. Put one there. {_TURN_OFF}")
        return None
    if len(files) > 1:
        both = " and ".join(map(str, files))
        raise BadInput(f"There is more than one secrets file: {both}. Keep one, or name the one in STREAMLIT_SECRETS_FILES. {_TURN_OFF}")
    (path,) = files
    try:
        return _understood(_content(path), str(path))
    except BadInput as error:
        raise BadInput((*error.problems, _TURN_OFF)) from error


def _content(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
    except IsADirectoryError:
        raise BadInput(f"{path}: is a folder. Write a file; a container engine makes a folder where the file to mount was not found.") from None
    except FileNotFoundError:
        raise BadInput(f"{path}: is a link to a file that is not there. Correct the link.") from None
    except PermissionError:
        raise BadInput(f"{path}: cannot be read by the user that runs the server. Let that user own it, mode 400 (in the image: 10001).") from None
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}). Correct it.") from None
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise BadInput(f"{path}: begins with a byte-order mark. Save it as UTF-8 without one.")
    try:
        return tomllib.loads(raw.decode())
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not UTF-8. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{path}: is not TOML: {error}. Correct that place.") from None


class _Unshown:
    """Stands for a value that is not text where only text is right, so that no message shows a secret."""

    def __repr__(self) -> str:
        return "a value that is not text"


def _understood(content: dict[str, Any], file: str) -> SignIn:
    tables = {"auth": "the provider", "access": "who may enter"}
    problems = [
        f"{file}: {name}: unknown.{nearest(name.casefold(), tables)} Known here: [auth] and [access]." for name in content if name not in tables
    ]
    problems += [
        f"{file}: the table [{name}], {holds}, is missing. Add it." for name, holds in tables.items() if not isinstance(content.get(name), dict)
    ]
    if problems:
        raise BadInput(problems)
    general, described = _parted(content["auth"])
    auth = _read(_Auth, general, file, "auth", problems)
    access = _read(Access, content["access"], file, "access", problems)
    providers = {name: _read(Provider, given, file, f"auth.{name}" if name else "auth", problems) for name, given in described.items()}
    problems += [
        f"{file}: [auth.{name}]: a name has small letters, digits and hyphens only. Rename it."
        for name in described
        if not re.fullmatch(r"[a-z0-9-]*", name)
    ]
    if problems:
        raise BadInput(problems)
    return SignIn(auth.redirect_uri, auth.cookie_secret, providers, access)


def _parted(auth: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """[auth] as what holds for all providers, and the providers by name; "" is the one described in [auth] itself."""
    general = {key: value for key, value in auth.items() if key in _Auth.model_fields}
    named = {key: value for key, value in auth.items() if isinstance(value, dict) and key not in general and key != "client_kwargs"}
    unnamed = {key: value for key, value in auth.items() if key not in general and key not in named}
    return general, ({"": unnamed} if unnamed or not named else {}) | named


def _read(model: type[Any], given: Mapping[str, Any], file: str, table: str, problems: list[str]) -> Any:
    hidden = {key: _Unshown() if key.endswith("_secret") and not isinstance(value, str) else value for key, value in given.items()}
    try:
        return model.model_validate(hidden)
    except ValidationError as error:
        problems += sentences(error, f"{file}: [{table}]", {"": tuple(model.model_fields)})
        return None
