"""What a billing system has been told: each webhook as it came, whether it was signed rightly, and what we answered.

It believes nothing that is not signed with its secret, or older than five minutes, and knows a message by its number.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from sandbox.gateway.settings import Unusable

MOST_KEPT = 1000
TOO_OLD_SECONDS = 300
LONGEST_DELAY_SECONDS = 120
MOST_TIMES = 1_000_000
ODDITIES = ("slow", "status", "redirect", "hang_up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One webhook. `verdict`: good, repeated, unsigned, wrong, old, or no_secret when none was given to us yet."""

    number: int
    system: str
    identifier: str
    kind: str
    sequence: int
    verdict: str
    status: int
    at: float
    body: str

    def to_row(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True, kw_only=True)
class Oddity:
    """How the next webhooks are met instead of with 200: so many `times`."""

    kind: str
    times: int
    seconds: float
    status: int


class Letterbox:
    """Every billing system that is tried here, by its name in the address."""

    def __init__(self) -> None:
        self._told: deque[Told] = deque(maxlen=MOST_KEPT)
        self._count = 0
        self._secrets: dict[str, list[str]] = {}
        self._oddities: dict[str, Oddity] = {}

    def clear(self) -> None:
        """Nothing was told, nothing is known."""
        self._told.clear()
        self._secrets.clear()
        self._oddities.clear()

    def trust(self, system: str, secrets: list[str]) -> None:
        """The secrets that the portal has shown: any of them signs."""
        self._secrets[system] = secrets

    def wish(self, system: str, *, kind: str, times: int, seconds: float, status: int) -> None:
        """The next webhooks of that system are met oddly. Raises Unusable."""
        if kind not in ODDITIES:
            raise Unusable(f"'kind' is one of: {', '.join(ODDITIES)}.")
        is_sensible = 0 < times <= MOST_TIMES and 0 <= seconds <= LONGEST_DELAY_SECONDS
        if not is_sensible or not 200 <= status <= 599:  # noqa: PLR2004 - statuses of answers
            raise Unusable("'times' is at least 1, 'seconds' 0 to 120, 'status' 200 to 599.")
        self._oddities[system] = Oddity(kind=kind, times=times, seconds=seconds, status=status)

    def behave(self, system: str) -> None:
        """No oddity is left."""
        self._oddities.pop(system, None)

    def draw(self, system: str) -> Oddity | None:
        """The oddity that meets this webhook, used up once."""
        oddity = self._oddities.get(system)
        if oddity is None:
            return None
        oddity.times -= 1
        if not oddity.times:
            del self._oddities[system]
        return oddity

    def receive(self, system: str, *, headers: Mapping[str, str], body: bytes, status: int, now: float) -> Told:
        """Keeps it, with our judgement of its signature. `status`: what we answer if that is good."""
        identifier = headers.get("webhook-id", "")[:100]
        verdict = self._judge(system, headers, body, identifier, now)
        is_good = verdict in {"good", "repeated", "no_secret"}
        said = _read(body)
        data = said.get("data")
        sequence = data.get("sequence") if isinstance(data, dict) else None
        self._count += 1
        told = Told(
            number=self._count,
            system=system,
            identifier=identifier,
            kind=str(said.get("type", ""))[:40],
            sequence=sequence if isinstance(sequence, int) else 0,
            verdict=verdict,
            status=status if is_good else 401,
            at=now,
            body=body.decode("utf-8", "replace")[:20_000],
        )
        self._told.append(told)
        return told

    def told(self, system: str = "") -> list[Told]:
        """Newest first."""
        return [told for told in reversed(self._told) if not system or told.system == system]

    def _judge(self, system: str, headers: Mapping[str, str], body: bytes, identifier: str, now: float) -> str:
        secrets = self._secrets.get(system)
        if not secrets:
            return "no_secret"
        moment, signatures = headers.get("webhook-timestamp", ""), headers.get("webhook-signature", "")
        if not identifier or not moment.isdecimal() or not signatures:
            return "unsigned"
        signed = f"{identifier}.{moment}.".encode() + body
        if not any(_fits(signed, secret, signatures.split()) for secret in secrets):
            return "wrong"
        if abs(now - int(moment)) > TOO_OLD_SECONDS:
            return "old"
        is_known = any(
            told.identifier == identifier and told.system == system and told.verdict == "good" for told in self._told
        )
        return "repeated" if is_known else "good"


def _fits(signed: bytes, secret: str, signatures: list[str]) -> bool:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        return False
    expected = "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    return any(hmac.compare_digest(expected.encode(), signature.encode()) for signature in signatures)


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
