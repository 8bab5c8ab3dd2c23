"""Faults that the sandbox was asked to play: which, where, for whom, how often.

A fault is chosen by a rule: by call, card, amount or order, for the next so many times, or with a rate. Where a rate
decides, the draw depends only on the seed, the order, the moment and how often that moment has come for that order;
so a run with the same seed meets the same faults, in whatever order its requests arrive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from random import Random
from typing import Any, Self

from sandbox.gateway.settings import Unusable

DEFAULT_SECONDS = 30.0


class Moment(StrEnum):
    """When something may go wrong."""

    REST = "rest"
    """A merchant's call."""
    PAGE = "page"
    """The payer opens or sends a page."""
    CODE = "code"
    """The right code was given."""
    REFUSAL = "refusal"
    """The payment has been refused."""
    REDIRECT = "redirect"
    """The payer is about to go back to the merchant."""
    CALLBACK = "callback"
    """The gateway could tell the merchant's server."""
    TEXT = "text"
    """A text message leaves for the phone."""
    CANCELLING = "cancelling"
    """A payment that nobody acknowledged is taken back."""
    MAIL = "mail"
    """An e-mail is offered by SMTP."""
    SMS = "sms"
    """A text message of a merchant is offered by HTTP."""


class Kind(StrEnum):
    """What goes wrong."""

    CLOSE = "close"
    """The connection is closed without an answer."""
    TIME_OUT = "time_out"
    """The connection is held for `seconds`, then closed without an answer."""
    SLOW = "slow"
    """The true answer comes after `seconds`."""
    STATUS = "status"
    """An HTTP error (`status`, 502 unless told) with an HTML body."""
    BARE_401 = "bare_401"
    """HTTP 401 whose body is a JSON string."""
    HTML = "html"
    """HTTP 200 with an HTML page."""
    EMPTY = "empty"
    """HTTP 200 with nothing."""
    TRUNCATED = "truncated"
    """The true answer, cut in the middle, and the connection closed."""
    WRONG_AMOUNT = "wrong_amount"
    WRONG_CURRENCY = "wrong_currency"
    WRONG_ORDER = "wrong_order"
    """The result call answers for another order number."""
    ERROR_5 = "error_5"
    ERROR_7 = "error_7"
    TOO_MANY_REQUESTS = "too_many_requests"
    """HTTP 429."""
    REPEATED = "repeated"
    """The request reaches the gateway twice, as when a proxy sends it again; the second answer is the one that comes
    back. A refund is made twice."""
    OUTAGE = "outage"
    """For `seconds` from its start the gateway closes every connection, pages included."""

    REDIRECT_LOST = "redirect_lost"
    """The payer gets an error page instead of the way back."""
    RESULT_LATE = "result_late"
    """The payer comes back `seconds` before the result can be read."""
    AUTHORISATION_LATE = "authorisation_late"
    """The issuer's yes (and the debit) comes `seconds` after the code, even when the page has ended by then."""
    RETRY_AFTER_DECLINE = "retry_after_decline"
    """After a refusal the same page takes another card."""

    CANCELLED_WITHOUT_MONEY = "cancelled_without_money"
    """A payment that nobody acknowledged is taken back, and the money stays away from the payer."""

    CALLBACK_ONCE = "callback_once"
    CALLBACK_NEVER = "callback_never"
    """For a merchant who is called back: not this time."""
    CALLBACK_LATE = "callback_late"
    """The callback comes `seconds` after its event, so also after later ones."""
    CALLBACK_TWICE = "callback_twice"
    CALLBACK_BEFORE = "callback_before"
    """"Paid" is told before the money is taken, when the code is sent."""
    CALLBACK_FORGED = "callback_forged"
    """"Paid" is told, with a wrong signature, whatever happened."""
    CALLBACK_OTHER_ORDER = "callback_other_order"
    """The callback speaks of another order."""

    TEXT_LOST = "text_lost"
    TEXT_LATE = "text_late"
    TEXT_TWICE = "text_twice"
    MAIL_REFUSED = "mail_refused"
    """Refused for good (550), or for now with `status` 451."""
    MAIL_SLOW = "mail_slow"
    MAIL_TWICE = "mail_twice"
    """Accepted, and delivered twice."""
    SMS_REFUSED = "sms_refused"
    """A merchant's text message is refused for good, or for now with `status` 429."""
    SMS_SLOW = "sms_slow"
    """Accepted and delivered; the answer comes after `seconds`."""
    SMS_TWICE = "sms_twice"
    """Accepted, and delivered twice, although its identifier is the same."""
    SMS_STATUS = "sms_status"
    """An HTTP error (`status`, 502 unless told); with `effect` the message was delivered nevertheless."""


WIRE_KINDS = frozenset(
    {
        Kind.CLOSE,
        Kind.TIME_OUT,
        Kind.SLOW,
        Kind.STATUS,
        Kind.BARE_401,
        Kind.HTML,
        Kind.EMPTY,
        Kind.TRUNCATED,
        Kind.WRONG_AMOUNT,
        Kind.WRONG_CURRENCY,
        Kind.WRONG_ORDER,
        Kind.ERROR_5,
        Kind.ERROR_7,
        Kind.TOO_MANY_REQUESTS,
        Kind.REPEATED,
    }
)
PAGE_KINDS = frozenset({Kind.CLOSE, Kind.TIME_OUT, Kind.STATUS})
CALLBACK_KINDS = frozenset(kind for kind in Kind if kind.startswith("callback_"))
TEXT_KINDS = frozenset(kind for kind in Kind if kind.startswith("text_"))
MAIL_KINDS = frozenset(kind for kind in Kind if kind.startswith("mail_"))
SMS_KINDS = frozenset(kind for kind in Kind if kind.startswith("sms_"))

_ONLY_ON_PAGES = "page"
_AFTER_THE_EFFECT = frozenset(
    {
        Kind.SLOW,
        Kind.TRUNCATED,
        Kind.WRONG_AMOUNT,
        Kind.WRONG_CURRENCY,
        Kind.WRONG_ORDER,
        Kind.REPEATED,
    }
)


@dataclass(slots=True, kw_only=True)
class Fault:
    """A rule. What is empty or None matches everything."""

    identifier: str = ""
    kind: Kind
    call: str = ""
    """The name of a call, such as `refund.do`, or `page` for the payer's pages; empty for every call."""
    merchant: str = ""
    order_number: str = ""
    card: str = ""
    """A card number; matches once the payer has given that card."""
    amount_centimes: int | None = None
    times: int | None = None
    """How often it strikes; None until it is removed."""
    rate: float = 1.0
    """From 0 to 1: how likely it strikes when it matches."""
    seconds: float = DEFAULT_SECONDS
    status: int | None = None
    effect: bool | None = None
    """Whether what was asked for is done nevertheless; None for what is usual: `slow`, `truncated`, `repeated` and
    the wrong values do it, the others do not."""
    until: float | None = None
    """Epoch seconds; an outage ends then."""

    @property
    def has_effect(self) -> bool:
        return self.kind in _AFTER_THE_EFFECT if self.effect is None else self.effect

    @classmethod
    def from_row(cls, row: Mapping[str, Any], *, identifier: str, now: float) -> Self:
        """A rule out of a request.

        Raises:
            Unusable: an unknown name, or a value that cannot be used.
        """
        known = {each.name for each in fields(cls)} - {"identifier", "until"}
        unknown = set(row) - known
        if unknown:
            raise Unusable(
                f"A fault has no {', '.join(sorted(map(repr, unknown)))}; it has: {', '.join(sorted(known))}."
            )
        try:
            fault = cls(**{**row, "identifier": identifier, "kind": Kind(row.get("kind", ""))})
        except (TypeError, ValueError) as error:
            raise Unusable(f"A fault needs a kind; there are: {', '.join(Kind)}.") from error
        fault.check()
        if fault.kind is Kind.OUTAGE:
            fault.until = now + fault.seconds
        return fault

    def check(self) -> None:
        """Raises Unusable when a value is of the wrong kind or out of bounds."""
        for name in ("call", "merchant", "order_number", "card"):
            if not isinstance(getattr(self, name), str):
                raise Unusable(f"{name!r} of a fault is a text.")
        for name, low, high in (("times", 1, 10**9), ("amount_centimes", 0, 10**18), ("status", 400, 599)):
            value = getattr(self, name)
            if value is not None and (type(value) is not int or not low <= value <= high):
                raise Unusable(f"{name!r} of a fault is a whole number from {low} to {high}.")
        for name, top in (("rate", 1), ("seconds", 10**7)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= top:
                raise Unusable(f"{name!r} of a fault is a number from 0 to {top}.")
        if self.effect is not None and not isinstance(self.effect, bool):
            raise Unusable("'effect' of a fault is true or false.")

    def to_row(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What is known of the situation in which a fault may strike."""

    call: str = ""
    merchant: str = ""
    order_number: str = ""
    amount_centimes: int | None = None
    card_first6: str = ""
    card_last4: str = ""


ANYTHING = Occasion()


class FaultPlan:
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
        fault = Fault.from_row(row, identifier=f"fault-{self._numbered + 1}", now=now)
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

    def outage(self, *, now: float) -> bool:
        """Whether the gateway plays dead at this moment. Outages that are over are forgotten."""
        if not self._rules:
            return False
        self._rules = [rule for rule in self._rules if rule.until is None or now < rule.until]
        return any(rule.kind is Kind.OUTAGE for rule in self._rules)

    def draw(self, moment: Moment, *, kinds: Collection[Kind], occasion: Occasion = ANYTHING) -> Fault | None:
        """The fault that strikes now, counted as having struck; None for an ordinary course of things."""
        if not self._rules:
            return None
        for rule in self._rules:
            if rule.kind in kinds and _matches(rule, moment, occasion) and self._strikes(rule, moment, occasion):
                self._spend(rule)
                return rule
        return None

    def _strikes(self, rule: Fault, moment: Moment, occasion: Occasion) -> bool:
        if rule.rate >= 1:
            return True
        place = f"{self.seed}/{rule.kind}/{moment}/{occasion.call}/{occasion.merchant}/{occasion.order_number}"
        self._occasions[place] += 1
        # Not a secret: a draw that anybody can repeat from the seed.
        return Random(f"{place}/{self._occasions[place]}").random() < rule.rate  # noqa: S311

    def _spend(self, rule: Fault) -> None:
        if rule.times is None:
            return
        rule.times -= 1
        if not rule.times:
            self._rules.remove(rule)


def _matches(rule: Fault, moment: Moment, occasion: Occasion) -> bool:
    if moment is Moment.PAGE and rule.call != _ONLY_ON_PAGES:
        return False
    if moment is Moment.REST and rule.call not in {"", occasion.call}:
        return False
    if rule.merchant and rule.merchant != occasion.merchant:
        return False
    if rule.order_number and rule.order_number != occasion.order_number:
        return False
    if rule.amount_centimes is not None and rule.amount_centimes != occasion.amount_centimes:
        return False
    if rule.card:
        return (rule.card[:6], rule.card[-4:]) == (occasion.card_first6, occasion.card_last4)
    return True
