"""The three links of a board: 128 bits each that nobody can guess, of which only a digest is kept.

The facilitator's is random; the other two follow from it by a hash, so that whoever leads can hand them out at any time, and from neither of them
anything follows. Whoever reads the database cannot open a board with what stands there. A look-up compares digests in constant time; how long it
takes says nothing about how near a guess was, and nobody can choose the digest of a guess.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import NamedTuple

from decision.planning.events import Role

_BYTES = 16
LONGEST_SECRET = 64  # characters; ours have 22
ROLES: tuple[Role, ...] = ("facilitator", "participant", "watcher")


class Links(NamedTuple):
    """The secrets by which a board is opened."""

    facilitator: str
    participant: str
    watcher: str


def new_links() -> Links:
    """Three fresh secrets."""
    return links_of(secrets.token_urlsafe(_BYTES))


def links_of(facilitator: str) -> Links:
    """The links of a board by its facilitator's."""
    return Links(facilitator, *(_following(facilitator, role) for role in ROLES[1:]))


def _following(facilitator: str, role: Role) -> str:
    digested = hmac.digest(facilitator.encode("utf-8", "surrogatepass"), f"board {role}".encode(), "sha256")
    return base64.urlsafe_b64encode(digested[:_BYTES]).rstrip(b"=").decode()


def digest(secret: str) -> str:
    """What is kept of a secret: SHA-256, which needs no salt where the secret is 128 random bits."""
    return hashlib.sha256(b"board link " + secret.encode("utf-8", "surrogatepass")).hexdigest()


def same(digest_a: str, digest_b: str) -> bool:
    """Whether two digests are equal, in a time that does not depend on where they differ."""
    return hmac.compare_digest(digest_a, digest_b)


def person_id(origin: str, who: str) -> str:
    """The id of a person on one board: it tells nobody who they are, nor that they are on another board.

    origin: of the board. who: the random token of their browser, or the name under which they are signed in.
    """
    return hashlib.sha256(f"person {origin} {who}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
