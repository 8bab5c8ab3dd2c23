"""How often a stranger may do something before we ask for proof of being human, or say no.

One table of limits. A limit on an address or its network leads to the captcha and no further: many phones stand behind
one carrier's address, and nobody who solves it is refused. Only the brakes on misses, for a company and for everybody,
refuse, and limits on one bill, one customer number, one link or one mailbox that is written to, behind which nobody
else stands. Checking a receipt is refused by address too, for the minute: nobody's payment waits for it. Staff are no
payers: their limits refuse, by login and address together, so that a stranger cannot lock anybody out from elsewhere.
A channel's key has a brake on misses of its own.

The brakes hold a guesser with a thousand addresses to less than one hit a day: twelve random digits over five million
live bills are one hit in 200,000 guesses, and 8,000 guesses an hour are 192,000 a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from math import ceil
from typing import ClassVar, Final

from bawabati.errors import CannotDo


class Verdict(IntEnum):
    """How a try is met; the larger one wins."""

    FREE = 0
    CAPTCHA = 1
    REFUSED = 2


class Scope(StrEnum):
    """What is counted."""

    FIND_TRY = "find_bill.try"
    FIND_MISS = "find_bill.miss"
    DEBT_MISS = "find_debts.miss"
    INSTALMENTS_ASKED = "ask_instalments.asked"
    DECLINE = "start_payment.decline"
    STATUS = "status_page"
    RECEIPT_EMAIL = "receipt_email"
    UNCONFIRMED = "unconfirmed_recipient"
    """A message to an address of which nobody has said yet that it is his own."""
    CALLBACK = "callback"
    SURPLUS_CHOICE = "surplus_choice"
    SIGN_IN = "staff.sign_in"
    STAFF_CODE = "staff.code"
    PASSKEY = "staff.passkey"
    DESK_PIN = "staff.desk_pin"
    CAPTCHA_CODE = "captcha.code"
    CAPTCHA_SOUND = "captcha.sound"
    API_CALL = "api.call"
    API_STRANGER = "api.stranger"
    CHANNEL_MISS = "channel.miss"
    DOOR_ASK = "crew.ask"
    RECEIPT_CHECK = "receipt_check"


class By(StrEnum):
    """Whose tries are counted together."""

    ADDRESS = "address"
    NETWORK = "network"
    COMPANY = "company"
    EVERYBODY = "everybody"
    BILL = "bill"
    CUSTOMER = "customer"
    LINK = "link"
    PERSON = "person"
    KEY = "key"
    RECIPIENT = "recipient"


Subject = Mapping[By, str]
"""Who tries, on what: a value for each way of counting that the scope's limits name."""

_API_WINDOW: Final = 10
_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
LONGEST_WINDOW_SECONDS: Final = _DAY


@dataclass(frozen=True, slots=True)
class Limit:
    """`at_most` in each window of `seconds` pass; what follows is met with `then`."""

    scope: Scope
    by: By
    at_most: int
    seconds: int
    then: Verdict


# A network is counted beside each address, at ten times its limit: a /24 of IPv4, a /48 of IPv6.
LIMITS: Final = (
    Limit(Scope.FIND_MISS, By.ADDRESS, 5, 10 * _MINUTE, Verdict.CAPTCHA),
    Limit(Scope.FIND_MISS, By.NETWORK, 50, 10 * _MINUTE, Verdict.CAPTCHA),
    Limit(Scope.FIND_MISS, By.ADDRESS, 20, _HOUR, Verdict.CAPTCHA),
    Limit(Scope.FIND_MISS, By.NETWORK, 200, _HOUR, Verdict.CAPTCHA),
    Limit(Scope.FIND_MISS, By.COMPANY, 2_000, _HOUR, Verdict.CAPTCHA),
    Limit(Scope.FIND_MISS, By.COMPANY, 4_000, _HOUR, Verdict.REFUSED),
    Limit(Scope.FIND_MISS, By.EVERYBODY, 4_000, _HOUR, Verdict.CAPTCHA),
    Limit(Scope.FIND_MISS, By.EVERYBODY, 8_000, _HOUR, Verdict.REFUSED),
    Limit(Scope.FIND_TRY, By.ADDRESS, 30, _HOUR, Verdict.CAPTCHA),
    Limit(Scope.FIND_TRY, By.NETWORK, 300, _HOUR, Verdict.CAPTCHA),
    Limit(Scope.DEBT_MISS, By.CUSTOMER, 3, _HOUR, Verdict.CAPTCHA),
    Limit(Scope.DEBT_MISS, By.CUSTOMER, 20, _DAY, Verdict.REFUSED),
    Limit(Scope.INSTALMENTS_ASKED, By.BILL, 5, _DAY, Verdict.REFUSED),
    Limit(Scope.INSTALMENTS_ASKED, By.ADDRESS, 10, _HOUR, Verdict.CAPTCHA),
    Limit(Scope.INSTALMENTS_ASKED, By.NETWORK, 100, _HOUR, Verdict.CAPTCHA),
    Limit(Scope.DECLINE, By.BILL, 5, _HOUR, Verdict.REFUSED),
    Limit(Scope.RECEIPT_CHECK, By.ADDRESS, 60, _MINUTE, Verdict.REFUSED),
    Limit(Scope.RECEIPT_CHECK, By.NETWORK, 600, _MINUTE, Verdict.REFUSED),
    Limit(Scope.STATUS, By.LINK, 60, _MINUTE, Verdict.REFUSED),
    Limit(Scope.CALLBACK, By.LINK, 6, _MINUTE, Verdict.REFUSED),
    Limit(Scope.SURPLUS_CHOICE, By.BILL, 6, _DAY, Verdict.REFUSED),
    Limit(Scope.RECEIPT_EMAIL, By.BILL, 3, _DAY, Verdict.REFUSED),
    Limit(Scope.RECEIPT_EMAIL, By.ADDRESS, 10, _HOUR, Verdict.CAPTCHA),
    Limit(Scope.RECEIPT_EMAIL, By.NETWORK, 100, _HOUR, Verdict.CAPTCHA),
    Limit(Scope.UNCONFIRMED, By.RECIPIENT, 5, _DAY, Verdict.REFUSED),
    Limit(Scope.SIGN_IN, By.PERSON, 6, 5 * _MINUTE, Verdict.REFUSED),
    Limit(Scope.SIGN_IN, By.ADDRESS, 60, _MINUTE, Verdict.REFUSED),
    Limit(Scope.SIGN_IN, By.NETWORK, 600, _MINUTE, Verdict.REFUSED),
    Limit(Scope.STAFF_CODE, By.PERSON, 6, 5 * _MINUTE, Verdict.REFUSED),
    Limit(Scope.STAFF_CODE, By.PERSON, 60, _DAY, Verdict.REFUSED),
    Limit(Scope.PASSKEY, By.ADDRESS, 60, _MINUTE, Verdict.REFUSED),
    Limit(Scope.PASSKEY, By.NETWORK, 600, _MINUTE, Verdict.REFUSED),
    Limit(Scope.DESK_PIN, By.ADDRESS, 60, _MINUTE, Verdict.REFUSED),
    Limit(Scope.DESK_PIN, By.NETWORK, 600, _MINUTE, Verdict.REFUSED),
    Limit(Scope.CAPTCHA_CODE, By.LINK, 3, _DAY, Verdict.REFUSED),
    Limit(Scope.CAPTCHA_SOUND, By.LINK, 40, _DAY, Verdict.REFUSED),
    Limit(Scope.API_CALL, By.KEY, 500, _API_WINDOW, Verdict.REFUSED),
    Limit(Scope.CHANNEL_MISS, By.KEY, 1_000, _HOUR, Verdict.REFUSED),
    Limit(Scope.DOOR_ASK, By.PERSON, 60, 10 * _MINUTE, Verdict.REFUSED),
    Limit(Scope.DOOR_ASK, By.PERSON, 500, _DAY, Verdict.REFUSED),
    Limit(Scope.API_STRANGER, By.ADDRESS, 60, _MINUTE, Verdict.REFUSED),
    Limit(Scope.API_STRANGER, By.NETWORK, 600, _MINUTE, Verdict.REFUSED),
)
"""Rule: limits (failures.md 5.5; behaviour.md 6, "many phones behind one carrier's address")"""


class CaptchaNeeded(CannotDo):
    """So many tries came from there that the next one needs a captcha. Nothing was looked up."""

    code: ClassVar[str] = "captcha_needed"
    sentence: ClassVar[str] = "Please show that you are not a robot, then try again."


class TooManyTries(CannotDo):
    """A brake is on. It lets go by itself, within the hour at most for look-ups."""

    code: ClassVar[str] = "too_many_tries"
    sentence: ClassVar[str] = "There have been too many tries. Please try again later."


def pass_or_raise(verdict: Verdict, *, challenge_passed: bool) -> None:
    """Returns when the try may go on.

    Raises:
        CaptchaNeeded: a captcha is asked, and none was solved.
        TooManyTries: not now, captcha or not.
    """
    if verdict is Verdict.REFUSED:
        raise TooManyTries
    if verdict is Verdict.CAPTCHA and not challenge_passed:
        raise CaptchaNeeded


@dataclass(frozen=True, slots=True)
class Tally:
    """Tries that are counted together, in windows of `seconds` that begin at whole multiples of their length."""

    scope: Scope
    by: By
    seconds: int
    value: str

    def window_starts_at(self, now: datetime) -> datetime:
        """The window in which `now` falls."""
        return datetime.fromtimestamp(now.timestamp() // self.seconds * self.seconds, tz=UTC)


def tallies_of(scope: Scope, subject: Subject) -> list[Tally]:
    """What one try of `scope` adds to. Raises KeyError when `subject` lacks a value that a limit counts by."""
    kinds = dict.fromkeys((limit.by, limit.seconds) for limit in LIMITS if limit.scope is scope)
    return [Tally(scope, by, seconds, subject[by]) for by, seconds in kinds]


def verdict_of(before: Mapping[Tally, int]) -> Verdict:
    """How a try is met, given how many came before it in each tally.

    Rule: limits (failures.md 5.5)
    """
    met = (
        limit.then
        for tally, count in before.items()
        for limit in LIMITS
        if (limit.scope, limit.by, limit.seconds) == (tally.scope, tally.by, tally.seconds) and count >= limit.at_most
    )
    return max(met, default=Verdict.FREE)


def seconds_until_free(scope: Scope, now: datetime) -> int:
    """After how many seconds the present windows of a scope are over, one at least: what a machine is told to wait."""
    seconds = max(limit.seconds for limit in LIMITS if limit.scope is scope)
    return max(1, ceil(seconds - now.timestamp() % seconds))


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody on the internet. `address` is whatever the door could learn; one that is none counts as one visitor."""

    address: str

    def subject(self) -> dict[By, str]:
        """The address and the network by which this visitor's tries are counted."""
        address = _read_address(self.address)
        if address is None:
            return {By.ADDRESS: "unknown", By.NETWORK: "unknown"}
        one, many = (32, 24) if address.version == 4 else (64, 48)  # noqa: PLR2004 - the version's own number
        return {
            By.ADDRESS: str(ip_network((address, one), strict=False)),
            By.NETWORK: str(ip_network((address, many), strict=False)),
        }


def address_that_counts(*, peer: str, forwarded_for: str, trusted_proxies: Sequence[str]) -> str:
    """The visitor's address: the peer's, or the last one in X-Forwarded-For that no proxy of ours has.

    The header is believed only from a peer of `trusted_proxies` (addresses or networks), and read from its end: what
    stands before the first foreign address is that foreigner's own story.

    Rule: forwarded-address
    """
    address = peer
    for claimed in reversed(forwarded_for.split(",")):
        read = _read_address(address)
        if read is None or not _is_trusted(read, tuple(trusted_proxies)):
            return address
        if _read_address(claimed.strip()) is None:
            return address
        address = claimed.strip()
    return address


def _read_address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _is_trusted(address: IPv4Address | IPv6Address, trusted_proxies: tuple[str, ...]) -> bool:
    return any(address in network for network in _networks(trusted_proxies))


@cache
def _networks(written: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(network, strict=False) for network in written)
