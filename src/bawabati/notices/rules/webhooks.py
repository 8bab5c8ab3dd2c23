"""Webhooks: where they may go, how they are signed, when they are tried again, and when somebody has to look.

They follow the public standard of standardwebhooks.com: three headers, and HMAC-SHA256 over number, moment and body.
Decision: docs/decisions/0043-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import ClassVar, Final
from urllib.parse import urlsplit

from bawabati.errors import CannotDo
from bawabati.notices.rules.events import EventKind

SECRET_BYTES: Final = 32
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - how a secret begins
FORMER_SECRET_FOR: Final = timedelta(days=1)
"""So long both secrets sign: who receives has a day to change."""
DISABLED_AFTER: Final = timedelta(days=2)
"""Of failures without one success between. Rule: webhook-disabled (behaviour.md I10)"""
DELIVERIES_KEPT: Final = timedelta(days=90)
SILENT_CASE: Final = "webhook_silent"
GIVEN_UP_CASE: Final = "webhook_given_up"
"""One for each address, whatever the number of events: who lets them leave again ends it. Rule: webhook-given-up"""
MOST_ENDPOINTS: Final = 10
LONGEST_URL: Final = 300
PAUSE_SECONDS: Final = (5, 10, 30, 60, 300)
"""After so many failures in a row, an endpoint is left alone so long; then as long as the last."""


class DeliveryState(StrEnum):
    """Where an event stands on its way to one endpoint."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    """Two days are over. Somebody may let it leave again."""


class UrlNotAllowed(CannotDo):
    """Not https, with a password in it, too long, or no address."""

    code: ClassVar[str] = "url_not_allowed"
    sentence: ClassVar[str] = "Write an address that begins with https:// and holds neither password nor fragment."


class KindsWrong(CannotDo):
    """None was chosen, or one that does not exist."""

    code: ClassVar[str] = "kinds_wrong"
    sentence: ClassVar[str] = "Choose at least one kind of event."


class TooManyEndpoints(CannotDo):
    """Each event would leave too often."""

    code: ClassVar[str] = "too_many_endpoints"
    sentence: ClassVar[str] = "A company has at most 10 addresses. End one first."


class NoSuchEndpoint(CannotDo):
    """The company has no endpoint of that number, or it was ended."""

    code: ClassVar[str] = "no_such_endpoint"
    sentence: ClassVar[str] = "There is no address with this number."


class NoSuchDelivery(CannotDo):
    """The company has no delivery of that number, or it was forgotten."""

    code: ClassVar[str] = "no_such_delivery"
    sentence: ClassVar[str] = "There is no delivery with this number."


def check_url(url: str, *, open_hosts: Collection[str]) -> str:
    """The address, if webhooks may go there. `open_hosts`: hosts (with port) that may be http and private.

    Where a name leads to is looked at again each time: see `adapters.webhooks`. Rule: webhook-address (failures.md 5.2)

    Raises UrlNotAllowed.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlNotAllowed from None
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_URL and "\\" not in url
    has_secret = parts.username is not None or parts.password is not None or "#" in url
    if not is_plain or has_secret or not parts.hostname or port == 0:
        raise UrlNotAllowed
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.netloc.lower() in open_hosts):
        raise UrlNotAllowed
    return url


def check_kinds(kinds: Sequence[str]) -> list[str]:
    """The kinds in one order. Raises KindsWrong."""
    wanted = sorted(set(kinds))
    if not wanted or not set(wanted) <= {kind.value for kind in EventKind}:
        raise KindsWrong
    return wanted


def write_secret(secret: bytes) -> str:
    """The secret as who receives is shown it, once."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def headers_of(*, message_id: str, body: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """The three headers of a webhook; one signature for each secret that is good now.

    Rule: webhook-signed (standardwebhooks.com)
    """
    moment = str(int(now.timestamp()))
    signed = [signature_of(message_id=message_id, moment=moment, body=body, secret=secret) for secret in secrets]
    signatures = " ".join(f"v1,{signature}" for signature in signed)
    return {"webhook-id": message_id, "webhook-timestamp": moment, "webhook-signature": signatures}


def signature_of(*, message_id: str, moment: str, body: bytes, secret: str) -> str:
    """HMAC-SHA256 of number, moment and body, in base64. Raises ValueError when the secret is none."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("not a secret of a webhook") from error
    signed = f"{message_id}.{moment}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()


def pause_after(failures_in_row: int) -> timedelta:
    """How long an endpoint is left alone after it has failed so often. Rule: webhook-retries (failures.md 3.4)"""
    return timedelta(seconds=PAUSE_SECONDS[min(failures_in_row, len(PAUSE_SECONDS)) - 1])
