"""Sign-in from the first request to the last, with a real OpenID Connect provider: `tests.openid_provider`."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from decision.ui.door.settings import SHORTEST_SECRET
from tests.openid_provider import ANN, CLIENT, SECRET, Provider
from tests.streamlit_server import PATIENCE, ROOT, Server, free_port, running

COOKIE_SECRET = "0123456789abcdef" * (SHORTEST_SECRET // 16)
HTTPS = "https://tools.example.org/decide/oauth2callback"


def secrets_file(folder: Path, provider: Provider, redirect_uri: str, access: str = 'domains = ["EXAMPLE.org"]', **changed: str) -> Path:
    """A complete secrets file, but for what is changed."""
    auth = {
        "redirect_uri": redirect_uri,
        "cookie_secret": COOKIE_SECRET,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "server_metadata_url": provider.metadata_url,
        **changed,
    }
    path = folder / "secrets.toml"
    path.write_text("[auth]\n" + "".join(f'{key} = "{value}"\n' for key, value in auth.items()) + f"[access]\n{access}\n", encoding="utf-8")
    return path


@contextmanager
def page(port: int, secrets: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """The page under /decide on this port, with this secrets file."""
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port), "--server.headless", "true"]
    more = {"STREAMLIT_SECRETS_FILES": str(secrets), "STREAMLIT_SERVER_BASE_URL_PATH": "decide", "DECISION_LOG": "json", **(settings or {})}
    with running(command, f"http://127.0.0.1:{port}/decide", secrets.with_name("log.txt"), ROOT, {**os.environ, **more}) as server:
        yield server


@dataclass(frozen=True)
class Way:
    """A page and its provider."""

    server: Server
    provider: Provider
    secrets: Path


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Provider:
    return Provider(free_port(), (HTTPS,), tmp_path_factory.mktemp("provider"))


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[Way]:
    folder, port = tmp_path_factory.mktemp("way"), free_port()
    back = f"http://127.0.0.1:{port}/decide/oauth2callback"
    provider.redirect_uris = (back, HTTPS)
    secrets = secrets_file(folder, provider, back)
    with provider.running(), page(port, secrets) as server:
        yield Way(server, provider, secrets)
    log = server.log_text()
    assert "Traceback" not in log, log[-3000:]
    assert COOKIE_SECRET not in log
    assert SECRET not in log


@pytest.fixture
def browser(way: Way) -> Iterator[httpx.Client]:
    """What a browser is to the servers: cookies, and each redirect followed by hand."""
    way.provider.claims.clear()
    way.provider.claims.update(ANN)
    way.provider.denies, way.provider.forged, way.provider.signed = False, {}, "RS256"
    with httpx.Client(base_url=way.server.url, timeout=PATIENCE) as opened:
        yield opened


def click(client: httpx.Client, answer: httpx.Response) -> httpx.Response:
    """Follow the first way on that an answer of the door shows."""
    (address, *_) = re.findall(r'href="([^"]+)"', answer.text)
    return client.get(answer.url.join(html.unescape(address)))


def follow(client: httpx.Client, answer: httpx.Response) -> httpx.Response:
    """Follow redirects until there is none."""
    for _ in range(10):
        if not answer.has_redirect_location:
            return answer
        answer = client.get(answer.url.join(answer.headers["location"]))
    raise AssertionError("more than ten redirects")


def signed_in(client: httpx.Client, path: str = "/") -> httpx.Response:
    """Go to a page and sign in; where that ends."""
    return follow(client, click(client, client.get(path)))


def tab(server: Server, client: httpx.Client) -> ClientConnection:
    """An open page: its websocket, with the browser's cookies."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar if cookie.path in {"/", "/decide"})
    headers = {"Cookie": cookies} if cookies else None
    stream = f"ws://127.0.0.1:{server.port}/decide/_stcore/stream"
    return connect(stream, subprotocols=["streamlit"], additional_headers=headers, open_timeout=PATIENCE)


CLOSED = ("/", "/explore", "/prices", "/?s=1abc", "/media/x", "/app/static/style.css", "/static/js/x.js", "/_stcore/metrics", "/_stcore/host-config")


@pytest.mark.parametrize("path", CLOSED)
def test_a_stranger_is_shown_the_way_in_and_nothing_else(browser: httpx.Client, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code in {401, 404}
    assert "a month" not in answer.text
    assert len(answer.text) < 2500
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH"])
def test_no_method_passes_without_a_session(browser: httpx.Client, method: str) -> None:
    assert browser.request(method, "/_stcore/upload_file/1/2").status_code == 401


def test_no_websocket_opens_without_a_session(way: Way, browser: httpx.Client) -> None:
    with pytest.raises(InvalidStatus) as refused, tab(way.server, browser):
        pass
    assert refused.value.response.status_code == 401
    browser.cookies.set("decision_session", "made.up.cookie", path="/decide")
    with pytest.raises(InvalidStatus), tab(way.server, browser):
        pass


def test_the_health_check_needs_none(browser: httpx.Client) -> None:
    assert browser.get("/_stcore/health").text == "ok"


@pytest.mark.parametrize("path", ["/", "/explore?s=1QzabcDEF_-&x=%C3%A9%20%26", "/prices?s=" + "Qz-_" * 5000], ids=["first", "link", "longest link"])
def test_the_link_asked_for_survives_sign_in(way: Way, browser: httpx.Client, path: str) -> None:
    answer = signed_in(browser, path)
    assert answer.status_code == 200
    assert str(answer.url) == way.server.url + path
    assert answer.headers["cache-control"] == "no-store"
    with tab(way.server, browser):
        pass
    asked = next(query for query in reversed(way.provider.asked) if "state" in query)
    assert asked["code_challenge_method"] == "S256"
    assert asked["nonce"]
    assert "prompt" not in asked


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "/decide/../x",
        "/decide/auth/logout",
        "/decide//evil.example",
        "x",
        "",
    ],
)
def test_sign_in_leads_to_our_own_pages_only(way: Way, browser: httpx.Client, link: str) -> None:
    answer = browser.get("/auth/login", params={"provider": "", "to": link})
    assert answer.headers["location"].startswith(way.provider.issuer)
    answer = browser.get(answer.headers["location"])
    answer = browser.get(answer.headers["location"])
    assert answer.headers["location"] == "/decide/"
    again = browser.get("/auth/login", params={"provider": "", "to": link})
    assert again.headers["location"] == "/decide/", "also for who is signed in already"


def test_the_cookie_is_for_the_server_alone(browser: httpx.Client) -> None:
    answer = click(browser, browser.get("/"))
    answer = browser.get(browser.get(answer.headers["location"]).headers["location"])
    (cookie,) = [cookie for cookie in answer.headers.get_list("set-cookie") if cookie.startswith("decision_session=")]
    assert {"HttpOnly", "SameSite=lax", "Path=/decide", "Max-Age=43200"} <= set(cookie.split("; "))
    assert "Secure" not in cookie, "this page is served over http"


REFUSED = [
    ({"email": "ann@example.com"}, "Your e-mail address is not among those that are let in here."),
    ({"email_verified": False}, "The provider has not verified your e-mail address"),
    ({"email": None}, "The provider does not say your e-mail address"),
]


@pytest.mark.parametrize(("changed", "says"), REFUSED)
def test_who_is_not_let_in_is_told_why_and_gets_no_cookie(way: Way, browser: httpx.Client, changed: dict[str, object], says: str) -> None:
    way.provider.claims.update(changed)
    answer = signed_in(browser, "/explore?s=1abc")
    assert answer.status_code == 403
    assert "You signed in as " in answer.text
    assert says in answer.text
    assert "decision_session" not in browser.cookies
    way.provider.claims.update(ANN)
    answer = follow(browser, click(browser, answer))
    assert str(answer.url) == f"{way.server.url}/explore?s=1abc", "another account is asked for, and the link is still known"
    assert way.provider.asked[-1]["prompt"] == "login"


def test_who_is_denied_at_the_provider_is_told_so(way: Way, browser: httpx.Client) -> None:
    way.provider.denies = True
    answer = signed_in(browser, "/explore?s=1abc")
    assert answer.status_code == 400
    assert "The provider did not let you in, or you chose not to go on." in answer.text
    way.provider.denies = False
    assert str(follow(browser, click(browser, answer)).url) == f"{way.server.url}/explore?s=1abc"


@pytest.mark.parametrize(
    "query", ["", "code=x", "code=x&state=y", "state=y", "error=access_denied", "error=<b>x</b>&error_description=call+0123&state=y"]
)
def test_an_answer_nobody_asked_for_is_refused(browser: httpx.Client, query: str) -> None:
    answer = browser.get(f"/oauth2callback?{query}")
    assert answer.status_code == 400
    assert "This sign-in was not begun in this browser" in answer.text
    assert "<b>" not in answer.text
    assert "0123" not in answer.text
    assert "decision_session" not in browser.cookies


def test_an_answer_serves_once_and_in_its_own_browser(browser: httpx.Client) -> None:
    answer = click(browser, browser.get("/"))
    back = browser.get(answer.headers["location"]).headers["location"]
    with httpx.Client(timeout=PATIENCE) as other:
        assert other.get(back).status_code == 400
    changed = re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Fevil.example", back)
    assert changed != back
    assert "another provider" in browser.get(changed).text
    assert browser.get(back).status_code == 303
    assert browser.get(back).headers["location"] == "/decide/", "who is signed in goes on"
    with httpx.Client(cookies={"decision_sign_in": browser.cookies.get("decision_sign_in") or ""}, timeout=PATIENCE) as other:
        assert other.get(back).status_code == 400


def test_a_code_that_is_not_the_providers_is_refused(browser: httpx.Client) -> None:
    answer = click(browser, browser.get("/"))
    back = browser.get(answer.headers["location"]).headers["location"]
    answer = browser.get(re.sub(r"code=[^&]+", "code=made-up", back))
    assert answer.status_code == 400
    assert "does not accept this application" in answer.text


FORGED = [
    ({"iss": "https://evil.example"}, "RS256", "iss"),
    ({"aud": ["another-client"]}, "RS256", "aud"),
    ({"aud": None}, "RS256", "aud"),
    ({"nonce": "an old one"}, "RS256", "nonce"),
    ({"nonce": None}, "RS256", "nonce"),
    ({"exp": 1_000_000_000}, "RS256", "exp"),
    ({"sub": "somebody else", "email": None}, "RS256", "sub"),
    ({"sub": ""}, "RS256", "no ID token"),
    ({}, "foreign", "bad_signature"),
    ({}, "none", ""),
]


@pytest.mark.parametrize(("forged", "signed", "says"), FORGED)
def test_an_id_token_that_is_not_as_it_should_be_begins_no_session(
    way: Way, browser: httpx.Client, forged: dict[str, object], signed: str, says: str
) -> None:
    way.provider.forged, way.provider.signed = forged, signed
    answer = signed_in(browser)
    assert answer.status_code == 400
    assert f"The provider's answer cannot be trusted ({says}" in answer.text.replace("&#x27;", "'")
    assert "decision_session" not in browser.cookies


def test_signing_out_ends_every_tab_and_every_copy_of_the_cookie(way: Way, browser: httpx.Client) -> None:
    signed_in(browser)
    copied = httpx.Client(base_url=way.server.url, cookies=browser.cookies, timeout=PATIENCE)
    with copied as copy, tab(way.server, browser) as first, tab(way.server, copy) as second:
        assert copy.get("/").status_code == 200
        answer = click(browser, browser.get("/auth/logout"))
        for opened in (first, second):
            assert b"/decide/auth/ended" in _last_word(opened)
        assert "decision_session" not in browser.cookies
        assert copy.get("/").status_code == 401
        with pytest.raises(InvalidStatus), tab(way.server, copy):
            pass
        assert "Your session has ended." in copy.get("/auth/ended").text
    asked = {key: value[0] for key, value in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    assert answer.headers["location"].startswith(f"{way.provider.issuer}/session?")
    assert asked["client_id"] == CLIENT
    assert asked["post_logout_redirect_uri"] == f"{way.server.url}/"
    assert asked["id_token_hint"].count(".") == 2


def _last_word(opened: ClientConnection) -> bytes:
    last = b""
    try:
        while True:
            said = opened.recv(timeout=PATIENCE)
            assert isinstance(said, bytes)
            last = said
    except ConnectionClosed:
        return last


def test_another_site_cannot_sign_anybody_out(browser: httpx.Client) -> None:
    signed_in(browser)
    assert browser.get("/auth/out", headers={"Sec-Fetch-Site": "cross-site"}).headers["location"] == "/decide/"
    assert browser.get("/").status_code == 200


def test_the_log_says_who_came_and_why_somebody_did_not(way: Way, browser: httpx.Client) -> None:
    signed_in(browser, "/?s=what-a-team-said")
    click(browser, browser.get("/auth/logout"))
    way.provider.claims.update(email="eve@example.com")
    signed_in(browser)
    assert way.server.logged('"path": "/decide/", "status": 200.*"who": "Ann@Example.org"')
    log = way.server.log_text()
    for outcome, who in (("entered", "Ann@Example.org"), ("left", "Ann@Example.org"), ("refused", "eve@example.com")):
        assert re.search(f'"event": "sign-in", "outcome": "{outcome}".*"who": "{who}"', log), outcome
    assert "sign-in refused: Your e-mail address is not among those that are let in here. (eve@example.com)" in log
    assert "what-a-team-said" not in log


def test_a_provider_that_changed_or_is_gone_lets_nobody_in(tmp_path: Path) -> None:
    """Whatever happens to the provider once the page is up, the page stays up, says what is wrong and begins no session."""
    port = free_port()
    back = f"http://127.0.0.1:{port}/decide/oauth2callback"
    provider = Provider(free_port(), (back,), tmp_path)
    with ExitStack() as page_up, httpx.Client(timeout=PATIENCE) as browser:
        with provider.running():
            server = page_up.enter_context(page(port, secrets_file(tmp_path, provider, back)))
            browser.base_url = httpx.URL(server.url)
            under_way = browser.get(click(browser, browser.get("/")).headers["location"]).headers["location"]
        answer = browser.get(under_way)
        assert answer.status_code == 400
        assert "The provider cannot be reached right now." in answer.text

        provider.secret = "another secret of this client, changed at the provider"
        with provider.running():
            assert "The provider does not accept this application." in signed_in(browser).text
        provider.secret = SECRET

        assert "decision_session" not in browser.cookies

        with provider.running():  # with new keys, published as they should be
            assert signed_in(browser).status_code == 200
    log = server.log_text()
    assert "sign-in failed: token request refused: invalid_client" in log
    assert "Traceback" not in log, log[-3000:]


def test_the_session_ends_by_itself(tmp_path: Path) -> None:
    """Tabs are closed when the hours are over, not at the next click."""
    port = free_port()
    back = f"http://127.0.0.1:{port}/decide/oauth2callback"
    with Provider(free_port(), (back,), tmp_path).running() as provider:
        secrets = secrets_file(tmp_path, provider, back, f"everybody = true\nhours = {4 / 3600}")
        with page(port, secrets) as server, httpx.Client(base_url=server.url, timeout=PATIENCE) as browser:
            with ExitStack() as stack:
                while True:  # on a busy machine the hours may be over before the tab is open
                    signed_in(browser)
                    try:
                        opened = stack.enter_context(tab(server, browser))
                    except InvalidStatus:
                        continue
                    break
                assert b"/decide/auth/ended" in _last_word(opened)
            assert browser.get("/").status_code == 401


def start_refused(secrets: Path, settings: Mapping[str, str] | None = None) -> str:
    """What the server says instead of starting."""
    environment = {
        **os.environ,
        "STREAMLIT_SECRETS_FILES": str(secrets),
        "STREAMLIT_SERVER_BASE_URL_PATH": "decide",
        "STREAMLIT_SERVER_PORT": str(free_port()),
        "STREAMLIT_SERVER_HEADLESS": "true",
        **(settings or {}),
    }
    run = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert run.returncode == 1
    assert "The server does not start." in run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    return run.stderr


@pytest.mark.parametrize(("written", "says"), [("[auth", "is not TOML"), ("[Auth]\n", "Auth: unknown"), ("", "is missing")])
def test_a_broken_file_refuses_the_start(tmp_path: Path, written: str, says: str) -> None:
    path = tmp_path / "secrets.toml"
    path.write_text(written)
    assert says in start_refused(path)


@pytest.mark.parametrize("server", ["streamlit", "uvicorn"])
@pytest.mark.parametrize("place", ["home", "beside"])
def test_a_file_is_found_from_whatever_folder_the_server_starts_in(tmp_path: Path, place: str, server: str) -> None:
    """In the home folder, and beside app.py though the server starts in the home folder."""
    home, checkout = tmp_path / "home", tmp_path / "checkout"
    for folder in (home, checkout):
        (folder / ".streamlit").mkdir(parents=True)
    for name in ("decision", "data"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", ".streamlit/config.toml"):
        shutil.copy(ROOT / name, checkout / name)
    written = (home if place == "home" else checkout) / ".streamlit" / "secrets.toml"
    written.write_text("[auth")
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": str(checkout), "STREAMLIT_SERVER_HEADLESS": "true"}
    command = {
        "streamlit": ["streamlit", "run", str(checkout / "app.py"), "--server.port", str(free_port())],
        "uvicorn": ["uvicorn", "app:app", "--port", str(free_port())],
    }[server]
    run = subprocess.run([sys.executable, "-m", *command], cwd=home, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert f"{written}: is not TOML" in run.stderr
    assert run.returncode != 0


def test_several_providers_stand_side_by_side(tmp_path: Path) -> None:
    """Each signs its own people in and out, and the end of one sign-in serves no other."""
    port = free_port()
    back = f"http://127.0.0.1:{port}/decide/oauth2callback"
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    one, two = (Provider(free_port(), (back,), folder) for folder in folders)
    two.claims["email"] = "bob@example.org"
    tables = "".join(
        f'[auth.{name}]\nclient_id = "{CLIENT}"\nclient_secret = "{SECRET}"\nserver_metadata_url = "{provider.metadata_url}"\n'
        for name, provider in (("one", one), ("two", two))
    )
    secrets = tmp_path / "secrets.toml"
    general = f'[auth]\nredirect_uri = "{back}"\ncookie_secret = "{COOKIE_SECRET}"\n'
    secrets.write_text(f'{general}{tables}[access]\nclaim = "groups"\nvalues = ["planning"]\n')
    with one.running(), two.running(), page(port, secrets) as server, httpx.Client(base_url=server.url, timeout=PATIENCE) as browser:
        shown = browser.get("/explore?s=1abc")
        ways = {label: html.unescape(address) for address, label in re.findall(r'href="([^"]+)">([^<]+)<', shown.text)}
        assert list(ways) == ["Sign in with one", "Sign in with two"]
        begun = browser.get(shown.url.join(ways["Sign in with one"]))
        assert browser.get(shown.url.join(ways["Sign in with two"])).headers["location"].startswith(two.issuer)
        late = browser.get(browser.get(begun.headers["location"]).headers["location"])
        assert "was begun again in another tab" in late.text
        answer = follow(browser, browser.get(shown.url.join(ways["Sign in with two"])))
        assert (answer.status_code, str(answer.url)) == (200, f"{server.url}/explore?s=1abc")
        assert click(browser, browser.get("/auth/logout")).headers["location"].startswith(f"{two.issuer}/session?")
        one.claims["groups"] = ["sales"]
        assert "You are not in a group that is let in here." in follow(browser, browser.get(shown.url.join(ways["Sign in with one"]))).text
    assert '"outcome": "entered", "why": null, "who": "bob@example.org"' in server.log_text()


def test_sign_in_that_is_required_and_absent_refuses_the_start(tmp_path: Path) -> None:
    assert "there is no secrets file" in start_refused(tmp_path / "secrets.toml", {"DECISION_SIGN_IN": "required"})


def test_a_provider_that_cannot_sign_anybody_in_refuses_the_start(way: Way, tmp_path: Path) -> None:
    other = Provider(free_port(), (), tmp_path)
    assert "cannot be reached" in start_refused(secrets_file(tmp_path, other, HTTPS)), "down"
    elsewhere = way.provider.metadata_url.replace("127.0.0.1", "localhost")
    assert "is of the issuer http://127.0.0.1" in start_refused(secrets_file(tmp_path, way.provider, HTTPS, server_metadata_url=elsewhere))
    no_metadata = f"{way.provider.issuer}/jwks"
    assert "has no issuer" in start_refused(secrets_file(tmp_path, way.provider, HTTPS, server_metadata_url=no_metadata))
    assert "answered 404" in start_refused(secrets_file(tmp_path, way.provider, HTTPS, server_metadata_url=f"{way.provider.issuer}/x"))
