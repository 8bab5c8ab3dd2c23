"""The outside: a gateway under one of the hypotheses, and the issuer's own accounts.

What the gateway says and what the card lost are kept apart, because they may differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from bawabati.adapters.gateways.contract import AskAnswer, Cause, NotDone, Paid, Refused, Said, Unknown, Waiting
from bawabati.money.amount import Money
from bawabati.payments.rules.judge import DINAR
from faults.pure import faults_of_calls as faulty
from faults.pure.plan import AtPageEnd, Plan, Unheard

UNHEARD_FOR = 20 * 60
LIES_AT_MOST = 2
"""A gateway that denies an order for ever has made it not paid, on the outside's word."""


class Status(StrEnum):
    """What the gateway holds of an order."""

    REGISTERED = "registered"
    PAID = "paid"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    CODE_WRONG = "code wrong"
    REVERSED = "reversed"
    FORGOTTEN = "forgotten"


REFUSALS = {
    Status.DECLINED: Cause.DECLINED,
    Status.CANCELLED: Cause.CANCELLED,
    Status.CODE_WRONG: Cause.AUTHENTICATION_FAILED,
}


@dataclass(slots=True)
class Order:
    """One order. `debited` and `given_back` are the issuer's account; the rest is what the gateway knows."""

    number: str
    reference: str
    amount: Money
    page_ends: int
    said: Said
    status: Status = Status.REGISTERED
    readable_from: int = 0
    authorises_at: int = -1
    debited_at: int = -1
    acknowledged_at: int = -1
    debited: int = 0
    given_back: int = 0
    kept: bool = False
    """The gateway denies what the card has lost. Only a settlement file can show it."""
    lies: int = 0
    given: dict[int, int] = field(default_factory=dict)
    """How often each of our refunds was made, by its number."""

    @property
    def net(self) -> int:
        """What the card has lost, by the issuer's account."""
        return self.debited - self.given_back


class Outside:
    """The gateway. No clock of its own: `t` is the world's time in seconds."""

    __slots__ = ("by_number", "by_reference", "plan")

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.by_number: dict[str, Order] = {}
        self.by_reference: dict[str, Order] = {}

    def is_out(self, t: int) -> bool:
        """Whether the gateway is down."""
        return self.plan.outage[0] <= t < self.plan.outage[1]

    def register(self, number: str, amount: Money, t: int) -> Order:
        """Opens the order, once for each number."""
        order = self.by_number.get(number)
        if order is None:
            reference = f"REF{number}"
            said = Said(
                order_number=number, reference=reference, amount=amount, currency=DINAR, still_captured=Money(0)
            )
            order = Order(number, reference, amount, t + self.plan.page_life, said)
            self.by_number[number] = self.by_reference[reference] = order
        return order

    def truth(self, order: Order | None, t: int) -> AskAnswer:
        """What an honest answer says; asking is acknowledging."""
        if order is None:
            return _UNKNOWN
        self.catch_up(order, t)
        match order.status:
            case Status.PAID if t < order.readable_from:
                return Waiting(said=order.said)
            case Status.PAID:
                if order.acknowledged_at < 0:
                    order.acknowledged_at = t
                return _paid(order)
            case Status.REGISTERED:
                return self._waiting(order, t)
            case Status.REVERSED:
                return _reversed(order)
            case Status.FORGOTTEN:
                return _UNKNOWN
            case status:
                return Refused(cause=REFUSALS[status], said=order.said)

    def _waiting(self, order: Order, t: int) -> AskAnswer:
        if t < order.page_ends or self.plan.at_page_end is AtPageEnd.WAITING:
            return Waiting(said=order.said)
        if self.plan.at_page_end is AtPageEnd.TIMED_OUT:
            return Refused(cause=Cause.PAGE_TIMED_OUT, said=order.said)
        return _UNKNOWN

    def distorted(self, fault: str, order: Order | None, t: int) -> AskAnswer:
        """The answer of a question that meets `fault`."""
        told = faulty.ASK_ANSWERS.get(fault)
        if told is not None:
            reached, answer = told
            if reached:
                self.truth(order, t)
            return answer
        if order is None:
            return _UNKNOWN
        if fault == faulty.DENIES:
            order.lies += 1
            return _UNKNOWN if order.lies <= LIES_AT_MOST else self.truth(order, t)
        return _other_words(self.truth(order, t), fault, order)

    def can_pay(self, order: Order, t: int) -> bool:
        """Whether the card page still takes a card."""
        self.catch_up(order, t)
        may = order.status is Status.REGISTERED or (order.status in REFUSALS and self.plan.may_retry)
        return may and t < order.page_ends and order.authorises_at < 0

    def debit(self, order: Order, t: int) -> None:
        """The issuer takes the money."""
        order.debited += order.amount.centimes
        order.debited_at = t
        order.status = Status.PAID
        order.said = replace(order.said, still_captured=order.amount)

    def give_back(self, order: Order, amount: Money, *, refund: int | None = None) -> bool:
        """The issuer gives money back; not more than it took. The gateway does not know a repeated part as one."""
        if order.status is not Status.PAID or amount.centimes > order.net:
            return False
        order.given_back += amount.centimes
        order.said = replace(order.said, still_captured=Money(order.net))
        if refund is not None:
            order.given[refund] = order.given.get(refund, 0) + 1
        return True

    def catch_up(self, order: Order, t: int) -> None:
        """Does what time has brought: a late authorisation, the cancelling of what nobody acknowledged."""
        if 0 <= order.authorises_at <= t:
            self.debit(order, order.authorises_at)
            order.authorises_at = -1
        if order.status is Status.PAID and order.acknowledged_at < 0 and t >= order.debited_at + UNHEARD_FOR:
            self._cancel_unheard(order)

    def _cancel_unheard(self, order: Order) -> None:
        match self.plan.unheard:
            case Unheard.MONEY_GOES_BACK:
                order.given_back = order.debited
                order.status = Status.REVERSED
            case Unheard.KEEPS_AND_SAYS_REVERSED:
                order.kept, order.status = True, Status.REVERSED
            case Unheard.KEEPS_AND_FORGETS:
                order.kept, order.status = True, Status.FORGOTTEN
            case Unheard.NEVER_CANCELLED:
                pass


_UNKNOWN = NotDone(reason="unknown_order")
CANNOT_ASK = Unknown(reason="cannot_ask_by_number")
NO_CONNECTION = Unknown(reason="no_connection")
NOT_CONNECTED = NotDone(reason="no_connection")


def _paid(order: Order) -> AskAnswer:
    """A paid order of which something was given back is neither paid nor not paid any more."""
    if not order.given_back:
        return Paid(said=order.said)
    return Unknown(reason="partly_refunded", said=order.said) if order.net else _reversed(order)


def _reversed(order: Order) -> AskAnswer:
    return Refused(cause=Cause.REVERSED, said=order.said)


def _other_words(answer: AskAnswer, fault: str, order: Order) -> AskAnswer:
    number, amount, currency = order.number, order.amount, DINAR
    match fault:
        case faulty.WRONG_ORDER:
            number = "ANOTHER000"
        case faulty.WRONG_AMOUNT:
            amount = Money(order.amount.centimes + 100)
        case faulty.WRONG_CURRENCY:
            currency = "978"
        case _:
            amount = None  # type: ignore[assignment]  # an answer that leaves it out
    said = replace(answer.said, order_number=number, reference=order.reference, amount=amount, currency=currency)
    match answer:
        case Paid():
            return Paid(said=said)
        case Waiting():
            return Waiting(said=said)
        case Refused(cause=cause):
            return Refused(cause=cause, said=said)
        case _:
            return answer
