"""One answer over the network, from a server of this machine: slow, redirecting, broken off, packed, far too large, or the same as before."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from decision.feeds.fetch import Fetched, Unread, fetch
from tests.feeds.feed_server import GIGABYTE_OF_ZEROS, FeedServer, body, endless, serving, trickle, trickling_head

LARGEST = 100_000


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as found:
        yield found


def why_not(server: FeedServer, path: str, seconds: float = 10) -> str:
    with pytest.raises(Unread) as refused:
        fetch(server.url + path, LARGEST, seconds=seconds)
    return str(refused.value)


def test_an_answer_with_what_tells_it_apart(server: FeedServer) -> None:
    server["/a"] = body(b"prices", ETag='"1"', Last_Modified="Wed, 25 Nov 2026 10:00:00 GMT")
    assert fetch(server.url + "/a", LARGEST) == Fetched(b"prices", '"1"', "Wed, 25 Nov 2026 10:00:00 GMT")
    sent = server.asked[0][1]
    assert (sent["Accept-Encoding"], "decision" in sent["User-Agent"], "If-None-Match" in sent) == ("gzip", True, False)


def test_nothing_changed(server: FeedServer) -> None:
    server["/a"] = body(b"", 304, ETag='"1"')
    assert fetch(server.url + "/a", LARGEST, '"1"', "yesterday") == Fetched(b"", '"1"', None, unchanged=True)
    assert (server.asked[0][1]["If-None-Match"], server.asked[0][1]["If-Modified-Since"]) == ('"1"', "yesterday")


def test_gzip_is_unpacked(server: FeedServer) -> None:
    server["/a"] = body(gzip.compress(b"prices" * 1000), Content_Encoding="gzip")
    assert fetch(server.url + "/a", LARGEST).body == b"prices" * 1000


def test_a_redirect_stays_on_its_host(server: FeedServer) -> None:
    server["/a"] = body(b"", 302, Location="/b?x=1")
    server["/b?x=1"] = body(b"moved")
    assert fetch(server.url + "/a", LARGEST).body == b"moved"
    port = server.server.server_address[1]
    server["/away"] = body(b"", 302, Location=f"http://localhost:{port}/b?x=1")
    assert why_not(server, "/away") == "it is redirected to another host (localhost)"
    server["/round"] = body(b"", 302, Location="/round")
    assert why_not(server, "/round") == "it is redirected more than 3 times"
    assert [path for path, _ in server.asked].count("/b?x=1") == 1


@pytest.mark.parametrize("answer", [trickle, trickling_head])
def test_an_answer_that_never_ends_is_cut_off(server: FeedServer, answer: object) -> None:
    server.answers["/slow"] = answer  # type: ignore[assignment]
    assert why_not(server, "/slow", seconds=0.4) == "it took too long"


def test_five_hundred_megabytes_are_not_read(server: FeedServer) -> None:
    server["/endless"] = endless
    assert why_not(server, "/endless") == "it is larger than 100 kB"
    server["/said"] = body(b"", Content_Length="500000000")
    assert why_not(server, "/said") == "it is larger than 100 kB"


def test_a_gzip_bomb_is_not_unpacked(server: FeedServer) -> None:
    assert len(GIGABYTE_OF_ZEROS) < LARGEST
    server["/bomb"] = body(GIGABYTE_OF_ZEROS, Content_Encoding="gzip")
    assert why_not(server, "/bomb") == "unpacked, it is larger than 100 kB"


def test_a_part_is_not_the_whole(server: FeedServer) -> None:
    server["/part"] = body(b"half of it", Content_Length="20", Connection="close")
    assert why_not(server, "/part") == "it broke off 10 bytes before its end"
    server["/packed"] = body(gzip.compress(b"prices" * 1000)[:-12], Content_Encoding="gzip")
    assert why_not(server, "/packed") == "it broke off before its end"
    server["/plain"] = body(b"prices", Content_Encoding="gzip")
    assert why_not(server, "/plain") == "it says that it is gzip and is not"


def test_a_busy_server_is_asked_again_and_three_times_at_most(server: FeedServer) -> None:
    busy = body(b"", 503, Retry_After="0")
    server["/busy"] = [busy, busy, body(b"prices")]
    assert fetch(server.url + "/busy", LARGEST).body == b"prices"
    server["/down"] = busy
    assert why_not(server, "/down") == "the server answered 503, 3 times"
    server["/later"] = body(b"", 429, Retry_After="3600")  # longer than there is time
    assert why_not(server, "/later") == "the server answered 429"
    assert [path for path, _ in server.asked].count("/down") == 3


def test_other_refusals(server: FeedServer) -> None:
    assert why_not(server, "/none") == "the server answered 404"
    gone = server.url
    server.server.shutdown()
    server.server.server_close()
    with pytest.raises(Unread, match="the connection failed"):
        fetch(gone + "/a", LARGEST, seconds=2)


@pytest.mark.parametrize("url", ["http://192.0.2.1/a", "ftp://127.0.0.1/a", "file:///etc/hostname", "https:///a"])
def test_only_https_leaves_this_machine(url: str) -> None:
    with pytest.raises(Unread, match="its address is not https"):
        fetch(url, LARGEST)
