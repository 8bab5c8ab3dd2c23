"""Proof of work (ALTCHA): the browser searches a number that only trying can find; checking it costs us nothing."""

import json
import secrets
from datetime import datetime
from hashlib import sha256
from typing import Final

from altcha import Payload, create_challenge, verify_solution

from bawabati.web.public.captcha.occasion import LIFE, Occasion, secret_for

ALGORITHM: Final = "PBKDF2/SHA-256"
MOST_TRIES: Final = 256
"""The number lies below this, so that no phone is ever unlucky; half of it is tried on average."""

LONGEST_PAYLOAD: Final = 4_000


def new_challenge(*, occasion: Occasion, cost: int, now: datetime) -> str:
    """A challenge as JSON, for `captcha.js`. `cost` is how many rounds of PBKDF2 each try takes.

    Its end stands among our own words in it: told by the protocol's own field, the browser would give up by itself,
    where a form that is sent too late is simply shown again.
    """
    challenge = create_challenge(
        ALGORITHM,
        cost,
        counter=secrets.randbelow(MOST_TRIES),
        data={"occasion": occasion.mark(), "ends_at": int((now + LIFE).timestamp())},
        hmac_secret=secret_for("challenge"),
        hmac_key_secret=secret_for("solution"),
    )
    return json.dumps(challenge.to_dict(), separators=(",", ":"))


def solved_challenge(payload: str, *, occasion: Occasion, now: datetime) -> str | None:
    """The digest by which the solved challenge is spent, or None. Whether it was spent before, only the guard knows."""
    if len(payload) > LONGEST_PAYLOAD:
        return None
    try:
        read = Payload.from_base64(payload)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    result = verify_solution(read, secret_for("challenge"), hmac_key_secret=secret_for("solution"))
    words = read.challenge.parameters.data
    if (
        not result.verified
        or words is None
        or words["occasion"] != occasion.mark()
        or words["ends_at"] < now.timestamp()
    ):
        return None
    return sha256(f"work {read.challenge.signature}".encode()).hexdigest()
