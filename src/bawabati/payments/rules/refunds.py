"""Giving money back: which step follows which, how much may be given, and what the gateway's word means for a refund.

A repeated partial refund is not refused by the gateway, so nothing is repeated before two readings, some time apart,
have shown that the first one did not happen. Rule: refund-steps (behaviour.md 4)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bawabati.adapters.gateways.contract import NotDone, RefundAnswer, Refunded, Refused, Unknown
from bawabati.errors import CannotDo
from bawabati.money.amount import Money
from bawabati.money.display import figures

READ_FIRST_AFTER = timedelta(minutes=2)
"""After the refund was sent and nobody knows what became of it."""
READ_APART = timedelta(minutes=10)
"""Two readings this far apart have to show the same before a refund is sent again."""
ASK_AGAIN_AFTER = timedelta(minutes=10)
MOST_TRIES = 3


class RefundKind(StrEnum):
    """Who gave the money back."""

    REFUND = "refund"
    """We do, through the gateway."""
    REVERSAL = "reversal"
    """The gateway or a bank has done so already; two people write it down."""


class RefundReason(StrEnum):
    """Why; it decides what becomes of the bill."""

    BILL_DUE_AGAIN = "bill_due_again"
    """The bill should not have been paid by this payment: it becomes due again."""
    CREDIT = "credit"
    """The customer's credit, from a surplus, goes back to the card. No bill changes."""
    GOODWILL = "goodwill"
    """The company gives money back and still calls the bill paid."""


class RefundState(StrEnum):
    """Where a refund stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUNDING = "refunding"
    MANUAL = "manual"
    DONE = "done"
    REFUSED = "refused"


class RefundStep(StrEnum):
    """What happened to a refund. Past facts, like the events of a payment."""

    APPROVED = "approved"
    REFUSED = "refused"
    CLAIMED = "claimed"
    RECORDED = "recorded"
    """A reversal: the money has gone back already."""
    DIFFERS = "differs"
    """The gateway holds another sum than our books say: nothing was sent."""
    ANSWERED_DONE = "answered_done"
    FOUND_DONE = "found_done"
    NOT_SENT = "not_sent"
    FOUND_NOT_DONE = "found_not_done"
    GIVEN_UP = "given_up"
    REFUSED_BY_GATEWAY = "refused_by_gateway"
    DONE_BY_HAND = "done_by_hand"
    GIVEN_OTHERWISE = "given_otherwise"
    """By hand, in another way than back to the card, such as a bank transfer."""


REFUND_STEPS: dict[RefundState, dict[RefundStep, RefundState]] = {
    RefundState.REQUESTED: {
        RefundStep.APPROVED: RefundState.APPROVED,
        RefundStep.RECORDED: RefundState.DONE,
        RefundStep.REFUSED: RefundState.REFUSED,
    },
    RefundState.APPROVED: {
        RefundStep.CLAIMED: RefundState.REFUNDING,
        RefundStep.DIFFERS: RefundState.MANUAL,
    },
    RefundState.REFUNDING: {
        RefundStep.ANSWERED_DONE: RefundState.DONE,
        RefundStep.FOUND_DONE: RefundState.DONE,
        RefundStep.NOT_SENT: RefundState.APPROVED,
        RefundStep.FOUND_NOT_DONE: RefundState.APPROVED,
        RefundStep.GIVEN_UP: RefundState.MANUAL,
        RefundStep.REFUSED_BY_GATEWAY: RefundState.MANUAL,
        RefundStep.DIFFERS: RefundState.MANUAL,
    },
    RefundState.MANUAL: {
        RefundStep.DONE_BY_HAND: RefundState.DONE,
        RefundStep.GIVEN_OTHERWISE: RefundState.DONE,
        RefundStep.REFUSED: RefundState.REFUSED,
    },
    RefundState.DONE: {},
    RefundState.REFUSED: {},
}
FINAL_REFUND = frozenset(state for state, events in REFUND_STEPS.items() if not events)
AT_WORK = frozenset({RefundState.APPROVED, RefundState.REFUNDING})
"""States in which the worker has something to do."""


class RefundStepNotAllowed(CannotDo):
    """The refund has moved on already."""

    code = "refund_step_not_allowed"
    sentence = "This refund has already moved on: it is %(state)s."


class TooMuch(CannotDo):
    """More than is left of the payment, of its bills or of the customer's credit."""

    code = "refund_too_much"
    sentence = "At most %(most)s DA can be given back in this way."


class RefundUnderWay(CannotDo):
    """One refund of a payment at a time."""

    code = "refund_under_way"
    sentence = "Another refund of this payment is under way. Wait until it has ended."


def next_refund_state(state: RefundState, step: RefundStep) -> RefundState:
    """The state that follows. Raises RefundStepNotAllowed."""
    try:
        return REFUND_STEPS[state][step]
    except KeyError:
        raise RefundStepNotAllowed(state=state, step=step) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidLine:
    """What a line of a payment has settled and still settles."""

    line_id: int
    settled: Money
    given_back: Money

    @property
    def left(self) -> Money:
        """What has not been given back yet."""
        return self.settled - self.given_back


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What of a refund makes one line's bill due again."""

    line_id: int
    amount: Money


def refundable(*, captured: Money, given_back: Money, pending: Money) -> Money:
    """What of a payment may still be given back. Rule: refundable (behaviour.md 4, I9)"""
    return captured - given_back - pending


def parts_of(lines: Iterable[PaidLine], amount: Money) -> list[Part]:
    """Which bills become due again, the youngest first: what was owed longest stays paid.

    `lines` are in the order in which they were paid. Raises TooMuch when they do not hold that much.
    """
    parts, rest = [], amount
    lines = list(lines)
    for line in reversed(lines):
        taken = min(rest, line.left)
        if taken:
            parts.append(Part(line_id=line.line_id, amount=taken))
            rest -= taken
    if rest:
        raise TooMuch(most=figures(amount - rest, "fr"))
    return parts


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAtGateway:
    """What is known of a refund that is being carried out. `baseline` is what the gateway held just before."""

    state: RefundState
    amount: Money
    tries: int
    baseline: Money | None = None
    unchanged_since: datetime | None = None
    """When a reading after the sending first showed nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundVerdict:
    """What an answer means: a step or none, and when there is something to do next (None: for the worker, never)."""

    step: RefundStep | None
    next_step_at: datetime | None
    unchanged_since: datetime | None = None
    reason: str = ""


def judge_baseline(*, held: Money | None, expected: Money, now: datetime) -> RefundVerdict:
    """May the refund be sent, given what the gateway `held` just now? An unreadable answer sends nothing.

    `expected` is what it should hold by our books. Another sum means that somebody gave money back elsewhere.
    """
    if held is None:
        return RefundVerdict(step=None, next_step_at=now + ASK_AGAIN_AFTER, reason="not_readable")
    if held != expected:
        return RefundVerdict(step=RefundStep.DIFFERS, next_step_at=None, reason="gateway_holds_another_sum")
    return RefundVerdict(step=RefundStep.CLAIMED, next_step_at=now + READ_FIRST_AFTER)


def judge_refund_answer(answer: RefundAnswer, *, tries: int, now: datetime) -> RefundVerdict:
    """What the gateway's answer to the refund means. Only "done" is done; silence is read before it is repeated.

    Rule: refund-not-repeated-blindly (behaviour.md 4)
    """
    match answer:
        case Refunded():
            return RefundVerdict(step=RefundStep.ANSWERED_DONE, next_step_at=None)
        case Refused(reason=reason) | NotDone(reason="unknown_order" as reason):
            return RefundVerdict(step=RefundStep.REFUSED_BY_GATEWAY, next_step_at=None, reason=reason)
        case NotDone(reason=reason) if tries < MOST_TRIES:
            return RefundVerdict(step=RefundStep.NOT_SENT, next_step_at=now + ASK_AGAIN_AFTER, reason=reason)
        case NotDone(reason=reason):
            return RefundVerdict(step=RefundStep.GIVEN_UP, next_step_at=None, reason=reason)
        case Unknown(reason=reason):
            return RefundVerdict(step=None, next_step_at=now + READ_FIRST_AFTER, reason=reason)


def judge_reading(refund: RefundAtGateway, *, held: Money | None, now: datetime) -> RefundVerdict:
    """What became of a refund that was sent, given what the gateway holds now.

    Less by exactly the refund: it happened. The same in two readings at least ten minutes apart: it did not, and may be
    sent again, three times in all. Anything else: a person looks.

    Rule: refund-not-repeated-blindly (behaviour.md 4)
    """
    if held is None or refund.baseline is None:
        again = now + ASK_AGAIN_AFTER
        return RefundVerdict(
            step=None, next_step_at=again, unchanged_since=refund.unchanged_since, reason="not_readable"
        )
    if held == refund.baseline - refund.amount:
        return RefundVerdict(step=RefundStep.FOUND_DONE, next_step_at=None)
    if held != refund.baseline:
        return RefundVerdict(step=RefundStep.DIFFERS, next_step_at=None, reason="gateway_holds_another_sum")
    since = refund.unchanged_since or now
    if now - since < READ_APART:
        return RefundVerdict(step=None, next_step_at=since + READ_APART, unchanged_since=since, reason="unchanged")
    if refund.tries >= MOST_TRIES:
        return RefundVerdict(step=RefundStep.GIVEN_UP, next_step_at=None, reason="unchanged")
    return RefundVerdict(step=RefundStep.FOUND_NOT_DONE, next_step_at=now, reason="unchanged")
