"""Faults that a reader was asked to play: which, on which reader, for which sale, how often.

As at the gateway, the first rule that matches strikes, and where a rate decides, the draw depends only on the seed,
the sale and how often it has come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from random import Random
from typing import Any, Self

from sandbox.gateway.settings import Unusable

DEFAULT_SECONDS = 30.0
DEFAULT_POLLS = 3
PAYMENT, LOGOUT, ANY_CALL = "Payment", "Logout", "any"


class Kind(StrEnum):
    """What goes wrong."""

    REFUSE_CONNECTION = "refuse_connection"
    """For `seconds` nobody listens. Chosen by amount, the sale is read and closed, and after it nobody listens."""
    BREAK_TLS = "break_tls"
    """The connection ends in the TLS handshake (Caisse-AP: as soon as it is made)."""
    CLOSE_BEFORE_READING = "close_before_reading"
    CLOSE_AFTER_READING = "close_after_reading"
    """Nothing was done."""
    SILENT = "silent"
    """Nothing was done, and the connection is held for `seconds`."""
    CLOSE_AFTER_APPROVAL = "close_after_approval"
    """All was done, and the connection is closed without an answer."""
    HALF_ANSWER = "half_answer"
    LATE_ANSWER = "late_answer"
    """The true answer comes `seconds` after it could have."""
    ANSWER_TWICE = "answer_twice"
    WRONG_SERVICE_ID = "wrong_service_id"
    """The answer is for another message (Caisse-AP: for another till and reference)."""
    WRONG_AMOUNT = "wrong_amount"
    """The answer says one dinar more than was taken."""
    WRONG_CURRENCY = "wrong_currency"
    PARTIAL = "partial"
    """Half is taken, and the answer says so."""
    BAD_HMAC = "bad_hmac"
    """The protected answer was changed on its way (Caisse-AP: a length is wrong)."""
    UNENCRYPTED_SUCCESS = "unencrypted_success"
    """Somebody on the line says success in clear; the reader has done nothing."""
    HTTP_500 = "http_500"
    """An HTML page, with status 500, after all was done (Caisse-AP: bytes that are no message)."""
    INVALID_JSON = "invalid_json"
    """Status 200 with something that is no JSON, after all was done (Caisse-AP: bytes that are no message)."""
    BYTE_BY_BYTE = "byte_by_byte"
    """The true answer, in segments of one byte."""
    BUSY = "busy"
    IN_PROGRESS = "in_progress"
    """All is done, the connection is closed, and the next `polls` questions are answered with: in progress."""
    LOG_WIPED = "log_wiped"
    """All was done; then the reader starts again, without memory, and does not know the sale any more."""
    HOST_UNREACHABLE = "host_unreachable"
    HOST_TIME_OUT = "host_time_out"
    """The host takes the money, its answer is lost, and the reader takes it back by itself."""
    HOST_REVERSAL_LOST = "host_reversal_lost"
    """The same, and the taking back is lost too: the customer stays debited, and nobody at the till knows."""
    ABORT_TOO_LATE = "abort_too_late"
    """The till's abort changes nothing any more."""
    NO_PAPER = "no_paper"
    """The paper ends: nothing is printed until somebody puts paper in."""
    PIN_WRONG = "pin_wrong"
    """Whatever is keyed is wrong; the third time blocks the card."""
    CUSTOMER_CANCELS = "customer_cancels"
    CARD_REMOVED = "card_removed"
    """The card is pulled out before the end."""
    MAINTENANCE = "maintenance"
    """For `seconds` after a logout the reader only looks after itself. Chosen by amount, at once."""
    CLOCK_SKEW = "clock_skew"
    """The times in the answer and on the slip are wrong by `seconds`, which may be below zero."""


ENDINGS: Mapping[str, Kind] = {f"{place:02d}": kind for place, kind in enumerate(Kind, start=1)}
"""The last two digits of an amount, on a reader with `endings` → what goes wrong."""

CONNECTION_KINDS = frozenset({Kind.REFUSE_CONNECTION, Kind.BREAK_TLS, Kind.CLOSE_BEFORE_READING})
BEFORE_ANYTHING_KINDS = frozenset({*CONNECTION_KINDS, Kind.CLOSE_AFTER_READING, Kind.SILENT})


@dataclass(slots=True, kw_only=True)
class Fault:
    """A rule. What is empty or None matches everything."""

    identifier: str = ""
    kind: Kind
    poi_id: str = ""
    call: str = ""
    """`Payment` when empty (for `maintenance`: `Logout`); another message's category, or `any`."""
    service_id: str = ""
    reference: str = ""
    """The till's reference of the sale."""
    amount_centimes: int | None = None
    amount_ending: str = ""
    """The last digits of the amount in centimes."""
    times: int | None = None
    """How often it strikes; None until it is removed."""
    rate: float = 1.0
    """From 0 to 1: how likely it strikes when it matches."""
    seconds: float = DEFAULT_SECONDS
    polls: int = DEFAULT_POLLS
    until: float | None = None
    """Epoch seconds; a refusal of connections ends then."""

    @property
    def is_about_a_sale(self) -> bool:
        """Whether it has to know a message before it can strike."""
        return bool(self.service_id or self.reference or self.amount_ending or self.amount_centimes is not None)

    @classmethod
    def from_row(cls, row: Mapping[str, Any], *, identifier: str, now: float) -> Self:
        """A rule out of a request.

        Raises:
            Unusable: an unknown name, or a value that cannot be used.
        """
        known = {each.name for each in fields(cls)} - {"identifier", "until"}
        if unknown := set(row) - known:
            raise Unusable(
                f"A reader's fault has no {', '.join(sorted(map(repr, unknown)))}; it has: {', '.join(sorted(known))}."
            )
        try:
            fault = cls(**{**row, "identifier": identifier, "kind": Kind(row.get("kind", ""))})
        except (TypeError, ValueError) as error:
            raise Unusable(f"A reader's fault needs a kind; there are: {', '.join(Kind)}.") from error
        fault.check()
        if fault.kind is Kind.REFUSE_CONNECTION and not fault.is_about_a_sale:
            fault.until = now + fault.seconds
        return fault

    def check(self) -> None:
        """Raises Unusable when a value is of the wrong kind or out of bounds."""
        for name in ("poi_id", "call", "service_id", "reference", "amount_ending"):
            if not isinstance(getattr(self, name), str):
                raise Unusable(f"{name!r} of a fault is a text.")
        for name, low, high in (("times", 1, 10**9), ("amount_centimes", 0, 10**18), ("polls", 0, 10**6)):
            value = getattr(self, name)
            if (value is not None or name == "polls") and (type(value) is not int or not low <= value <= high):
                raise Unusable(f"{name!r} of a fault is a whole number from {low} to {high}.")
        for name, bottom, top in (("rate", 0, 1), ("seconds", -(10**7), 10**7)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not bottom <= value <= top:
                raise Unusable(f"{name!r} of a fault is a number from {bottom} to {top}.")
        if self.seconds < 0 and self.kind is not Kind.CLOCK_SKEW:
            raise Unusable("'seconds' of a fault may be below zero for clock_skew only.")

    def to_row(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What is known of the message in which a fault may strike."""

    poi_id: str
    call: str = ""
    service_id: str = ""
    reference: str = ""
    amount_centimes: int | None = None
    endings: bool = False
    """Whether the reader heeds the endings of amounts."""


class ReaderFaults:
    """The rules in force. The first that matches strikes."""

    def __init__(self, *, seed: int = 0) -> None:
        self.seed = seed
        self._rules: list[Fault] = []
        self._numbered = 0
        self._occasions: Counter[str] = Counter()

    def rules(self) -> list[Fault]:
        return list(self._rules)

    def add(self, row: Mapping[str, Any], *, now: float) -> Fault:
        """Adds a rule.

        Raises:
            Unusable: see `Fault.from_row`.
        """
        fault = Fault.from_row(row, identifier=f"reader-fault-{self._numbered + 1}", now=now)
        self._numbered += 1
        self._rules.append(fault)
        return fault

    def remove(self, identifier: str) -> bool:
        """True when there was such a rule."""
        before = len(self._rules)
        self._rules = [rule for rule in self._rules if rule.identifier != identifier]
        return len(self._rules) < before

    def clear(self, *, seed: int | None = None) -> None:
        """No rules any more, and all draws begin again."""
        self._rules.clear()
        self._occasions.clear()
        self.seed = self.seed if seed is None else seed

    def refuses_connections(self, poi_id: str, *, now: float) -> bool:
        """Whether nobody listens at this reader now. Rules that are over are forgotten."""
        self._rules = [rule for rule in self._rules if rule.until is None or now < rule.until]
        return any(rule.until is not None and rule.poi_id in {"", poi_id} for rule in self._rules)

    def draw_for_connection(self, poi_id: str, *, kind: Kind) -> Fault | None:
        """The rule that breaks a connection in this way, before anybody has said anything on it."""
        occasion = Occasion(poi_id=poi_id)
        for rule in self._rules:
            early = rule.kind is kind and not rule.is_about_a_sale
            if early and rule.poi_id in {"", poi_id} and self._strikes(rule, occasion):
                self._spend(rule)
                return rule
        return None

    def draw(self, occasion: Occasion) -> Fault | None:
        """The fault that strikes this message, counted as having struck; None for an ordinary course of things."""
        for rule in self._rules:
            at_the_connection = rule.kind in CONNECTION_KINDS and not rule.is_about_a_sale
            if not at_the_connection and _matches(rule, occasion) and self._strikes(rule, occasion):
                self._spend(rule)
                return rule
        if occasion.endings and occasion.call == PAYMENT and occasion.amount_centimes is not None:
            kind = ENDINGS.get(f"{occasion.amount_centimes % 100:02d}")
            return Fault(kind=kind, identifier="ending") if kind else None
        return None

    def _strikes(self, rule: Fault, occasion: Occasion) -> bool:
        if rule.rate >= 1:
            return True
        sale = occasion.reference or occasion.service_id
        place = f"{self.seed}/{rule.kind}/{occasion.poi_id}/{occasion.call}/{sale}"
        self._occasions[place] += 1
        # Not a secret: a draw that anybody can repeat from the seed.
        return Random(f"{place}/{self._occasions[place]}").random() < rule.rate  # noqa: S311

    def _spend(self, rule: Fault) -> None:
        if rule.times is None:
            return
        rule.times -= 1
        if not rule.times:
            self._rules.remove(rule)


def _matches(rule: Fault, occasion: Occasion) -> bool:
    usual = LOGOUT if rule.kind is Kind.MAINTENANCE and not rule.is_about_a_sale else PAYMENT
    if (rule.call or usual) not in {occasion.call, ANY_CALL}:
        return False
    if rule.poi_id not in {"", occasion.poi_id}:
        return False
    if rule.service_id not in {"", occasion.service_id} or rule.reference not in {"", occasion.reference}:
        return False
    if rule.amount_centimes is not None and rule.amount_centimes != occasion.amount_centimes:
        return False
    return str(occasion.amount_centimes or "").endswith(rule.amount_ending)
