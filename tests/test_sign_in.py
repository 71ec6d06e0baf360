"""Sign-in before anything runs: a secrets file that is not complete refuses the start, who is not named is refused, a stranger is drawn nothing."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from itsdangerous import URLSafeTimedSerializer
from streamlit import config
from streamlit.testing.v1 import AppTest

from decision.errors import BadInput
from decision.ui.door import settings as door
from decision.ui.door.access import called, refusal
from decision.ui.door.log import warn
from decision.ui.door.provider import providers_of
from decision.ui.door.sessions import COOKIE, Sessions, sessions
from decision.ui.door.settings import Access, settings
from tests.page_driver import title

MAIN = Path(__file__).resolve().parents[1] / "decision" / "ui" / "main.py"
AUTH = {
    "redirect_uri": "https://tools.example.org/oauth2callback",
    "cookie_secret": "0123456789abcdef0123456789abcdef",
    "client_id": "page",
    "client_secret": "secret",
    "server_metadata_url": "https://login.example.org/.well-known/openid-configuration",
}
SECRETS = 'access = {domains = ["example.org"]}\n[auth]\n' + "".join(f'{key} = "{value}"\n' for key, value in AUTH.items())


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where Streamlit looks for the secrets file; nothing is there yet."""
    for name in (door.SIGN_IN, door.METRICS_TOKEN, door.LOG):
        monkeypatch.delenv(name, raising=False)
    path, before = tmp_path / "secrets.toml", config.get_option("secrets.files")
    config.set_option("secrets.files", [str(path)])
    _forget()
    yield path
    config.set_option("secrets.files", before)
    config.set_option("server.baseUrlPath", "")
    _forget()


def _forget() -> None:
    settings.cache_clear()
    sessions.cache_clear()


def refused() -> str:
    with pytest.raises(BadInput) as error:
        settings()
    settings.cache_clear()
    return str(error.value)


def test_without_a_file_everybody_may_read(secrets: Path) -> None:
    assert not secrets.exists()
    assert settings().sign_in is None


def test_a_complete_file_asks_for_sign_in(secrets: Path) -> None:
    secrets.write_text(SECRETS)
    sign_in = settings().sign_in
    assert sign_in is not None
    assert sign_in.secure
    assert sign_in.home == "https://tools.example.org/"
    assert AUTH["cookie_secret"] not in repr(settings())
    assert AUTH["client_secret"] not in repr(settings())


BROKEN = {  # what is written -> what the refusal says
    "": r"the table \[auth\], the provider, is missing",
    "[auth": "is not TOML: Expected",
    SECRETS.replace("[auth]", "[Auth]"): r'Auth: unknown. Did you mean "auth"\?',
    SECRETS.replace("[auth]", "[AUTH]"): r'AUTH: unknown. Did you mean "auth"\?',
    SECRETS.replace("[auth]", "[authentication]"): "authentication: unknown",
    'password = "x"\n' + SECRETS: r"password: unknown. Known here: \[auth\] and \[access\]",
    "auth = true\n": r"the table \[auth\], the provider, is missing",
    "[[auth]]\n": r"the table \[auth\], the provider, is missing",
    SECRETS.partition("[auth]")[0]: r"\[auth\], the provider, is missing",
    SECRETS.partition("\n")[2]: r"\[access\], who may enter, is missing",
    **{re.sub(f"(?m)^{key} = .*\n", "", SECRETS): f"{key}: required but missing" for key in AUTH},
    **{re.sub(f"(?m)^{key} = .*$", f'{key} = ""', SECRETS): f"{key}: " for key in AUTH},
    SECRETS.replace("client_id", "clientid"): r'clientid: unknown field. Did you mean "client_id"\?',
    SECRETS.replace('"secret"', "20261120"): "client_secret: found a value that is not text",
    SECRETS.replace(AUTH["cookie_secret"], "x" * 64): "cookie_secret: too short or too regular",
    SECRETS.replace(AUTH["cookie_secret"], "0123456789abcdef"): "cookie_secret: too short or too regular",
    SECRETS.replace("https://tools", "http://tools"): "redirect_uri: not an https address",
    SECRETS.replace("https://tools.example.org/", "/"): "redirect_uri: not an https address",
    SECRETS.replace("tools.example.org", "tools.example.org:port"): "redirect_uri: not an https address",
    SECRETS.replace("/oauth2callback", "/decide/oauth2callback"): "its path is /decide/oauth2callback. It must be /oauth2callback",
    SECRETS.replace("/oauth2callback", ""): "its path is empty",
    SECRETS.replace("https://login", "http://login"): "server_metadata_url: not an https address",
    SECRETS + 'client_kwargs = {scope = "email"}\n': "client_kwargs: the scope has no openid",
    SECRETS + 'client_kwargs = {state = "1"}\n': "client_kwargs: state cannot be set",
    SECRETS + "client_kwargs = {prompt = 1}\n": r"client_kwargs.prompt: found 1. Write text",
    SECRETS + "[auth.google]\n": r"\[auth.google\]: client_id: required but missing",
    SECRETS + "[auth.Google_one]\nclient_id = 'x'\n": r"\[auth.Google_one\]: a name has small letters",
    SECRETS.replace("domains", "domain"): r'domain: unknown field. Did you mean "domains"\?',
    SECRETS.replace('["example.org"]', "[]"): "it lets nobody in",
    SECRETS.replace('domains = ["example.org"]', ""): "it lets nobody in",
    SECRETS.replace('["example.org"]', '"example.org"'): "domains: found 'example.org'. Write a list",
    SECRETS.replace('["example.org"]', '["@example.org"]'): "'@example.org' is not a domain",
    SECRETS.replace('["example.org"]', '["*.example.org"]'): "is not a domain",
    SECRETS.replace('["example.org"]', '[""]'): "is not a domain",
    SECRETS.replace('domains = ["example.org"]', 'addresses = ["example.org"]'): "is not an e-mail address",
    SECRETS.replace('["example.org"]', '["example.org"], everybody = true'): "contradict each other",
    SECRETS.replace('domains = ["example.org"]', 'claim = "groups"'): "claim and values belong together",
    SECRETS.replace('domains = ["example.org"]', 'values = ["planning"]'): "claim and values belong together",
    SECRETS.replace('domains = ["example.org"]', 'everybody = "yes"'): "everybody: found 'yes'. Write true or false",
    SECRETS.replace('["example.org"]', '["example.org"], hours = 0'): "hours: found 0. Write more than 0",
}


@pytest.mark.parametrize(("written", "says"), BROKEN.items(), ids=range(len(BROKEN)))
def test_a_file_that_is_not_complete_refuses_the_start(secrets: Path, written: str, says: str) -> None:
    secrets.write_text(written)
    text = refused()
    assert re.search(says, text, re.DOTALL), text
    assert str(secrets) in text
    assert "DECISION_SIGN_IN=off" in text, "and says how to serve everybody on purpose"
    assert AUTH["cookie_secret"] not in text
    assert "20261120" not in text


def _folder(path: Path) -> None:
    path.mkdir()


def _broken_link(path: Path) -> None:
    path.symlink_to(path.parent / "not there")


def _marked(path: Path) -> None:
    path.write_text("\ufeff" + SECRETS, encoding="utf-8")


def _utf_16(path: Path) -> None:
    path.write_text(SECRETS, encoding="utf-16")


def _latin(path: Path) -> None:
    path.write_bytes(SECRETS.encode() + b"# \xe9\n")


@pytest.mark.parametrize(
    ("put", "says"),
    [
        (_folder, "is a folder"),
        (_broken_link, "is a link to a file that is not there"),
        (_marked, "begins with a byte-order mark"),
        (_utf_16, "begins with a byte-order mark"),
        (_latin, "is not UTF-8"),
    ],
)
def test_what_is_no_readable_file_refuses_the_start(secrets: Path, put: Callable[[Path], None], says: str) -> None:
    put(secrets)
    assert says in refused()


@pytest.mark.parametrize("locked", ["file", "folder"])
def test_a_file_nobody_may_read_refuses_the_start(secrets: Path, locked: str) -> None:
    secrets.write_text(SECRETS)
    (secrets if locked == "file" else secrets.parent).chmod(0)
    root = os.geteuid() == 0
    try:
        if root:  # root may read everything: become somebody else while reading
            os.seteuid(65534)
        text = refused()
    finally:
        if root:
            os.seteuid(0)
        secrets.parent.chmod(0o700)
    assert "cannot be read by the user that runs the server" in text


def test_two_files_refuse_the_start(secrets: Path) -> None:
    secrets.write_text(SECRETS)
    other = secrets.with_name("other.toml")
    other.write_text(SECRETS)
    config.set_option("secrets.files", [str(secrets), str(other)])
    assert "more than one secrets file" in refused()


def test_a_setting_asks_for_sign_in_and_another_serves_everybody_on_purpose(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(door.SIGN_IN, "required")
    assert f"there is no secrets file: {secrets}" in refused()
    secrets.write_text("[auth")
    monkeypatch.setenv(door.SIGN_IN, "off")
    assert settings().sign_in is None
    _forget()
    monkeypatch.setenv(door.SIGN_IN, "on")
    assert "DECISION_SIGN_IN is 'on'. Set required or off" in refused()


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        (door.METRICS_TOKEN, "short"),
        (door.METRICS_TOKEN, ""),
        (door.METRICS_TOKEN, "é" * 32),
        (door.METRICS_TOKEN, "a" * 32 + "\n"),
        (door.LOG, "yes"),
    ],
)
def test_a_setting_that_cannot_be_used_refuses_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert name in refused()


@pytest.mark.parametrize("package", ["authlib", "httpx"])
def test_a_package_that_is_not_installed_refuses_the_start(secrets: Path, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    secrets.write_text(SECRETS)
    sign_in = settings().sign_in
    assert sign_in is not None
    monkeypatch.setitem(sys.modules, package, None)  # how Python itself marks what cannot be imported
    with pytest.raises(BadInput, match=rf'the package {package} is not installed. Install it: pip install "streamlit\[auth\]"'):
        providers_of(sign_in)


def test_the_log_of_what_a_provider_said_moves_no_terminal(caplog: pytest.LogCaptureFixture) -> None:
    warn("sign-in failed: \x1b[2J\r\n\u2028entered")
    assert caplog.messages == ["sign-in failed:  [2J   entered"]


def test_named_providers_share_what_holds_for_all(secrets: Path) -> None:
    shared, own = list(AUTH.items())[:2], list(AUTH.items())[2:]
    tables = "".join(f"[auth.{name}]\n" + "".join(f'{key} = "{value}"\n' for key, value in own) for name in ("google", "okta"))
    secrets.write_text("access = {everybody = true}\n[auth]\n" + "".join(f'{key} = "{value}"\n' for key, value in shared) + tables)
    sign_in = settings().sign_in
    assert sign_in is not None
    assert list(sign_in.providers) == ["google", "okta"]


def test_the_way_back_lies_under_the_base_path(secrets: Path) -> None:
    config.set_option("server.baseUrlPath", "/decide/")
    secrets.write_text(SECRETS)
    assert "It must be /decide/oauth2callback" in refused()
    secrets.write_text(SECRETS.replace("/oauth2callback", "/decide/oauth2callback"))
    sign_in = settings().sign_in
    assert sign_in is not None
    assert sign_in.home == "https://tools.example.org/decide/"


ANN: dict[str, Any] = {"sub": "1", "email": "Ann@Example.ORG", "email_verified": True, "groups": ["planning", "sales"]}
PEOPLE = [  # [access], what the provider says, what the refusal says
    ({"domains": ["Example.org"]}, ANN, None),
    ({"addresses": ["ANN@example.org"]}, ANN, None),
    ({"addresses": ["bob@example.org"], "domains": ["example.org"]}, ANN, None),
    ({"addresses": ["bob@example.org"]}, ANN, "not among those"),
    ({"domains": ["ample.org"]}, ANN, "not among those"),
    ({"domains": ["straße.example"]}, {**ANN, "email": "ann@strasse.example"}, "not among those"),
    ({"domains": ["straße.example"]}, {**ANN, "email": "Ann@Straße.Example"}, None),
    ({"addresses": ["sam@example.org"]}, {**ANN, "email": "\u017fam@example.org"}, "not among those"),
    ({"domains": ["example.org"]}, {**ANN, "email": "ann@sub.example.org"}, "not among those"),
    ({"domains": ["example.org"]}, {**ANN, "email": "ann@example.org@evil.test"}, "does not say"),
    ({"domains": ["example.org"]}, {**ANN, "email": "evil.test"}, "does not say"),
    ({"domains": ["example.org"]}, {"sub": "1"}, "does not say"),
    ({"domains": ["example.org"]}, {**ANN, "email": ["ann@example.org"]}, "does not say"),
    ({"domains": ["example.org"]}, {**ANN, "email_verified": False}, "has not verified"),
    ({"domains": ["example.org"]}, {**ANN, "email_verified": "false"}, "has not verified"),
    ({"domains": ["example.org"]}, {"sub": "1", "email": "ann@example.org"}, "has not verified"),
    ({"domains": ["example.org"], "unverified_addresses": True}, {"sub": "1", "email": "ann@example.org"}, None),
    ({"claim": "groups", "values": ["planning"]}, ANN, None),
    ({"claim": "groups", "values": ["planning"]}, {**ANN, "groups": "planning"}, None),
    ({"claim": "groups", "values": ["planning"]}, {**ANN, "groups": "planning sales"}, "not in a group"),
    ({"claim": "groups", "values": ["planning"]}, {**ANN, "groups": []}, "not in a group"),
    ({"claim": "groups", "values": ["planning"]}, {**ANN, "groups": {"planning": True}}, "not in a group"),
    ({"claim": "groups", "values": ["planning"]}, {**ANN, "groups": [["planning"]]}, "not in a group"),
    ({"claim": "team", "values": ["planning"]}, ANN, "not in a group"),
    ({"claim": "groups", "values": ["planning"], "domains": ["other.org"]}, ANN, "not among those"),
    ({"claim": "groups", "values": ["board"], "domains": ["example.org"]}, ANN, "not in a group"),
    ({"everybody": True}, {"sub": "1"}, None),
]


@pytest.mark.parametrize(("rules", "claims", "says"), PEOPLE)
def test_who_may_enter(rules: dict[str, Any], claims: dict[str, Any], says: str | None) -> None:
    why = refusal(claims, Access.model_validate(rules))
    assert (why is None) == (says is None), why
    assert says is None or says in str(why)


def test_a_visitor_is_called_by_what_the_provider_says() -> None:
    assert called(ANN) == "Ann@Example.ORG"
    assert called({"sub": "17", "email": "", "name": None}) == "17"


def _sessions(secrets: Path, text: str = SECRETS) -> Sessions:
    secrets.write_text(text)
    _forget()
    made = sessions()
    assert made is not None
    return made


def test_a_session_holds_for_its_hours_under_its_rules(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = _sessions(secrets)
    cookie = {COOKIE: here.begin("ann@example.org", "", "token")}
    visitor = here.visitor(cookie)
    assert visitor is not None
    assert visitor.who == "ann@example.org"
    assert _sessions(secrets).visitor(cookie) == visitor, "a process that starts anew, or another one, knows it too"
    assert _sessions(secrets, SECRETS.replace('example.org"]', 'example.com"]')).visitor(cookie) is None, "who may enter has changed"
    assert _sessions(secrets, SECRETS.replace("0123", "3210")).visitor(cookie) is None, "the secret has changed"
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 12 * 3600 + 1)
    assert here.visitor(cookie) is None


def test_a_cookie_that_is_not_ours_is_none(secrets: Path) -> None:
    here = _sessions(secrets)
    good = here.begin("ann@example.org", "", "token")
    forged = URLSafeTimedSerializer("another secret", salt="session").dumps({"session": "1", "who": "x", "provider": "", "until": time.time() + 99})
    for cookie in ("", "x", good[:-1], good[1:], good.upper(), str(forged)):
        assert here.visitor({COOKIE: cookie}) is None
    assert here.visitor({}) is None


@pytest.mark.usefixtures("secrets")
def test_nobody_is_asked_without_a_file() -> None:
    page = AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert not page.exception
    assert [button.label for button in page.button if button.label == "Sign out"] == []
    assert "a month" in title(page)


@pytest.mark.parametrize("text", [SECRETS, "[auth", SECRETS.replace("[auth]", "[Auth]")])
def test_the_page_itself_draws_nothing_for_a_stranger(secrets: Path, text: str) -> None:
    secrets.write_text(text)
    page = AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert not page.exception
    assert len(page.error) == 1
    assert len(page.title) + len(page.button) + len(page.text_input) + len(page.markdown) == 0
