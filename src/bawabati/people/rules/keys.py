"""Machines: what a key may do, how it is written, and when a call that comes twice is the same call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import ClassVar, Final

from bawabati.companies.rules import LooksLikeACardNumber, looks_like_a_card_number
from bawabati.errors import CannotDo

KEY_BYTES: Final = 32
WORKS_AT_MOST: Final = timedelta(seconds=60)
"""After that, who had begun to work on a call has died over it, and the same call is worked on again."""
ANSWERS_KEPT: Final = timedelta(days=90)
"""Rule: api-repeats (failures.md 3.4)"""
LONGEST_IDEMPOTENCY_KEY: Final = 100
LONGEST_CHANNEL_NAME: Final = 40
MOST_NETWORKS: Final = 20
_PREFIX: Final = "bwk"
_LONGEST_NUMBER: Final = 10


class ApiScope(StrEnum):
    """What a machine may do."""

    BILLS_WRITE = "bills:write"
    BILLS_READ = "bills:read"
    PAYMENTS_READ = "payments:read"
    CHANNEL = "channel"


class UnknownKey(CannotDo):
    """No key, an unknown, wrong or ended one, or one that comes from elsewhere: nobody learns which.

    Rule: same-answer (failures.md 5.5)
    """

    code: ClassVar[str] = "unknown_key"
    sentence: ClassVar[str] = "This key opens nothing."


class ScopeMissing(CannotDo):
    """The key is good, but not for this."""

    code: ClassVar[str] = "scope_missing"
    sentence: ClassVar[str] = "This key may not do this. It would need %(scope)s."


class TooManyCalls(CannotDo):
    """The caller comes too often. `seconds` says after how many it may come again."""

    code: ClassVar[str] = "too_many_calls"
    sentence: ClassVar[str] = "Too many calls. Come again in %(seconds)s seconds."


class OtherCall(CannotDo):
    """The same `Idempotency-Key` came before, with another address or another body."""

    code: ClassVar[str] = "other_call"
    sentence: ClassVar[str] = "This Idempotency-Key belongs to another call. A new call takes a new key."


class CallInHand(CannotDo):
    """The same call is being worked on at this moment."""

    code: ClassVar[str] = "call_in_hand"
    sentence: ClassVar[str] = "The same call is being worked on. Come again in a few seconds."


class IdempotencyKeyWrong(CannotDo):
    """Missing where it is needed, too long, or with characters that are not printable ASCII."""

    code: ClassVar[str] = "idempotency_key_wrong"
    sentence: ClassVar[str] = "This call needs an Idempotency-Key of 1 to 100 letters, digits and signs."


class NoSuchKey(CannotDo):
    """No key of that number in the company."""

    code: ClassVar[str] = "no_such_key"
    sentence: ClassVar[str] = "There is no key with this number."


class KeyNameNeeded(CannotDo):
    """A key that nobody can tell from another is never ended."""

    code: ClassVar[str] = "key_name_needed"
    sentence: ClassVar[str] = "Give the machine a name of 1 to 60 characters."


class ScopesWrong(CannotDo):
    """None was chosen, or one that does not exist."""

    code: ClassVar[str] = "scopes_wrong"
    sentence: ClassVar[str] = "Choose at least one thing that this machine may do."


class ChannelNameNeeded(CannotDo):
    """A channel takes payments: receipts say which one it was."""

    code: ClassVar[str] = "channel_name_needed"
    sentence: ClassVar[str] = (
        "A key of a channel needs the channel's name, of at most 40 characters, and no other does."
    )


class NetworksWrong(CannotDo):
    """What was typed is no list of addresses or networks."""

    code: ClassVar[str] = "networks_wrong"
    sentence: ClassVar[str] = "Write addresses or networks, such as 203.0.113.7 or 203.0.113.0/24: at most 20."


def write_key_text(number: int, secret: str) -> str:
    """The key as the machine carries it."""
    return f"{_PREFIX}_{number}_{secret}"


def read_key_text(text: str) -> tuple[int, str] | None:
    """The number of the key, and its secret; None when it is no key of ours."""
    prefix, _, rest = text.partition("_")
    number, _, secret = rest.partition("_")
    is_number = number.isascii() and number.isdigit() and len(number) < _LONGEST_NUMBER
    return (int(number), secret) if prefix == _PREFIX and is_number and secret else None


def digest_of(secret: str) -> str:
    """What we keep of a key: 32 random bytes need no slow hash."""
    return sha256(secret.encode()).hexdigest()


def check_scopes(scopes: Sequence[str], *, channel_name: str) -> list[str]:
    """The scopes in one order. Raises ScopesWrong, ChannelNameNeeded."""
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= {scope.value for scope in ApiScope}:
        raise ScopesWrong
    if (ApiScope.CHANNEL in wanted) != bool(channel_name) or len(channel_name) > LONGEST_CHANNEL_NAME:
        raise ChannelNameNeeded
    return wanted


def check_networks(written: Sequence[str]) -> list[str]:
    """The networks as they are compared. Raises NetworksWrong."""
    if len(written) > MOST_NETWORKS:
        raise NetworksWrong
    try:
        return [str(ip_network(network.strip(), strict=False)) for network in written]
    except ValueError:
        raise NetworksWrong from None


def comes_from(address: str, networks: Sequence[str]) -> bool:
    """Whether a machine at that address may come: from anywhere when no network is named."""
    if not networks:
        return True
    try:
        seen = ip_address(address)
    except ValueError:
        return False
    if isinstance(seen, IPv6Address) and seen.ipv4_mapped is not None:
        return comes_from(str(seen.ipv4_mapped), networks)
    return any(seen in ip_network(network) for network in networks)


def check_idempotency_key(text: str) -> str:
    """The key as it came. Raises IdempotencyKeyWrong, LooksLikeACardNumber."""
    if not 1 <= len(text) <= LONGEST_IDEMPOTENCY_KEY or not (text.isascii() and text.isprintable()):
        raise IdempotencyKeyWrong
    if looks_like_a_card_number(text):
        raise LooksLikeACardNumber
    return text
