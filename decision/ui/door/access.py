"""Who may enter after signing in: the claims of the provider against [access]."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from decision.ui.door.settings import Access, lower_ascii


def called(claims: Mapping[str, Any]) -> str:
    """What a visitor is called on the page and in the log: e-mail, else name, else the provider's own identifier."""
    return str(next(claims[key] for key in ("email", "preferred_username", "name", "sub") if claims.get(key)))


def wanted(access: Access) -> set[str]:
    """The claims that deciding and naming take."""
    return {"email"} | ({"email_verified"} if access.domains or access.addresses else set()) | ({access.claim} if access.claim else set())


def refusal(claims: Mapping[str, Any], access: Access) -> str | None:
    """Why this person may not enter, as a sentence; None when they may. A claim that is missing or of another form lets nobody in."""
    if access.domains or access.addresses:
        email = claims.get("email")
        if not isinstance(email, str) or email.count("@") != 1:
            return "The provider does not say your e-mail address, by which people are let in here."
        if not access.unverified_addresses and claims.get("email_verified") not in {True, "true"}:
            return "The provider has not verified your e-mail address, by which people are let in here."
        folded = lower_ascii(email)
        if folded not in access.addresses and folded.rpartition("@")[2] not in access.domains:
            return "Your e-mail address is not among those that are let in here."
    if access.claim:
        said = claims.get(access.claim)
        if not set(access.values) & {value for value in (said if isinstance(said, list) else [said]) if isinstance(value, str)}:
            return "You are not in a group that is let in here."
    return None
