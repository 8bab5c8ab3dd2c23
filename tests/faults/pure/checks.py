"""The invariants of behaviour.md 1, told by what happened and by the issuer's accounts, never by our own opinion."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bawabati.adapters.gateways.contract import (
    AskAnswer,
    NotDone,
    Paid,
    RefundAnswer,
    Refused,
    RegisterAnswer,
    Registered,
    Unknown,
    Waiting,
)
from bawabati.payments.rules import (
    EVENTS,
    FINAL_REFUND,
    PUBLIC_WORD,
    Alarm,
    Event,
    PublicWord,
    RefundKind,
    RefundState,
    RefundStep,
    State,
)
from faults.pure.outside import Order
from faults.pure.store import Payment, Refund, Store
from faults.pure.violations import Violation, must

if TYPE_CHECKING:
    from faults.pure.portal import Portal
    from faults.pure.world import World

HOLDS = frozenset({State.OPENED, State.AT_GATEWAY, State.IN_DOUBT})
ENDED = frozenset({State.PAID, State.FAILED, State.DECLINED, State.EXPIRED})
"""Said here again, so that a slip in the rules' own sets is seen."""
SAYS_NOT_PAID = frozenset({Event.DECLINED, Event.CANCELLED, Event.PAGE_OVER, Event.DECLINED_FOR_GOOD, Event.EXPIRED})
LATE_WAITS = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
WATCH = timedelta(minutes=15)
UNREGISTERED_AGE, UNREGISTERED_APART = timedelta(minutes=5), timedelta(minutes=1)
READ_APART = timedelta(minutes=10)
REFUNDS_AT_MOST = 3
SETTLED_WITHIN = 120
"""Seconds after the card was debited, when nothing goes wrong but the payer's browser."""


# --- after every step ---


def says_not_paid(answer: AskAnswer | RegisterAnswer, payment: Payment) -> bool:
    """Whether the outside has said, of this order and no other, that it is not paid."""
    match answer:
        case Refused(said=said) | Waiting(said=said):
            return said.order_number in {None, payment.number}
        case NotDone(reason="unknown_order"):
            return True
        case _:
            return False


def says_not_registered(answer: AskAnswer | RegisterAnswer) -> bool:
    """The number is unknown there, or the gateway cannot or will not be asked by it; then the payer had no page."""
    if isinstance(answer, Unknown):
        return answer.reason in {"cannot_ask_by_number", "access_denied", "unexpected_status"}
    return isinstance(answer, NotDone) and answer.reason == "unknown_order"


def _asked_twice(payment: Payment, answer: AskAnswer | RegisterAnswer) -> None:
    """Twice at least a minute apart and five minutes after the opening; once, of a gateway that cannot be asked."""
    times = payment.not_known_at
    must(times[-1] - payment.opened_at >= UNREGISTERED_AGE, "I10", f"payment {payment.id} is too young to have failed")
    if isinstance(answer, NotDone):
        twice = times[-1] - times[0] >= UNREGISTERED_APART
        must(twice, "I10", f"payment {payment.id} was never registered, and asked about once")


def evidence(payment: Payment, event: Event, answer: AskAnswer | RegisterAnswer, order: Order | None) -> None:
    """An event stands on an answer that allows it (I2, I6, I10)."""
    name = f"payment {payment.id}"
    if event in {Event.CONFIRMED, Event.RECOVERED}:
        must(isinstance(answer, Paid), "I2", f"{name} is confirmed without the gateway's word")
        must(order is not None and order.debited, "I2", f"{name} is confirmed, and no card has lost anything")
        if order is None:
            return
        must(order.acknowledged_at >= 0, "I2", f"{name} is confirmed before our acknowledgement")
        must(answer.said.amount == payment.amount, "I2", f"{name} is confirmed on another amount")
        must(answer.said.order_number == payment.number, "I2", f"{name} is confirmed on another order's answer")
        must(answer.said.currency == "012", "I2", f"{name} is confirmed in another currency")
    elif event in SAYS_NOT_PAID:
        must(says_not_paid(answer, payment), "I10", f"{name}: {event} without an answer that says so")
    elif event is Event.NEVER_REGISTERED:
        must(says_not_registered(answer), "I10", f"{name} was never registered, and nobody has said so")
        _asked_twice(payment, answer)
    elif event is Event.NEVER_SENT:
        must(isinstance(answer, NotDone), "I10", f"{name} was never sent, and may have been")
    elif event is Event.REGISTERED:
        must(isinstance(answer, Registered), "I6", f"{name} is registered without an answer")
    elif event is Event.SILENT:
        must(payment.state is State.AT_GATEWAY, "I6", f"{name} falls into doubt out of {payment.state}")
    elif event is Event.REFUSED_BY_GATEWAY:
        must(isinstance(answer, Refused), "I10", f"{name} is refused without a refusal")


def ending(payment: Payment, event: Event, order: Order | None) -> None:
    """What ends an attempt holds its evidence, and time alone is none (I6, I10, I14)."""
    must(payment.next_ask_at is None, "I10", f"payment {payment.id} has ended and is still asked about")
    if payment.state is State.FAILED:
        never_paid = order is None or (not order.debited and order.authorises_at < 0)
        must(never_paid, "I1", f"payment {payment.id} has failed ({event}), and a card was debited")
        must(not payment.has_page, "I6", f"payment {payment.id} has failed ({event}), and a payer has its page")
    elif payment.state in {State.DECLINED, State.EXPIRED}:
        late_checks(payment, event)


def late_checks(payment: Payment, event: Event) -> None:
    """Four answers "not paid", each so long after the one before: by our clock, in the order they were given."""
    earliest = payment.page_ends_at + WATCH
    waits = iter(LATE_WAITS)
    for asked_at in payment.not_paid_at:
        if asked_at >= earliest:
            wait = next(waits, None)
            if wait is None:
                return
            earliest = asked_at + wait
    raise Violation("I14", f"payment {payment.id} ends ({event}) before its four late checks")


def holds(store: Store) -> None:
    """One attempt at most holds a bill, and all that have to do (I7)."""
    for payment in store.payments:
        if payment.state in HOLDS and not payment.is_released:
            for line in payment.lines:
                must(line.bill.held_by is payment, "I7", f"payment {payment.id} does not hold bill {line.bill.id}")
    for bill in store.bills:
        if bill.held_by is not None:
            must(bill.held_by.state in HOLDS, "I7", f"bill {bill.id} is held by what holds nothing")


def told(store: Store, payment: Payment) -> None:
    """Nothing leaves for what was not committed (I12)."""
    must(payment in store.receipts, "I12", f"a receipt of payment {payment.id} leaves, and there is none")


# --- when everything has come to rest ---


def at_rest(world: World, portal: Portal) -> None:
    """Every invariant, when nothing is left to happen."""
    store = world.store
    for order in world.outside.by_reference.values():
        world.outside.catch_up(order, world.t)
    holds(store)
    for payment in store.payments:
        order = world.outside.by_number.get(payment.number)
        must(payment.state in ENDED, "I10", f"payment {payment.id} is {payment.state} for ever")
        _path(payment)
        _money(world, payment, order)
        _promises(payment)
    for refund in store.refunds:
        _refund(world, refund)
    if store.moved_on:
        world.seen["money goes on to the replacing bill"] += 1
    _bills(store)
    _books(world)
    _receipts(store, portal)
    if world.plan.is_calm:
        _settled_soon(world)


def _path(payment: Payment) -> None:
    state = State.OPENED
    for event, after in payment.path:
        must(
            EVENTS[state].get(event) is after, "I6", f"payment {payment.id}: no way from {state} by {event} to {after}"
        )
        state = after
    must(state is payment.state, "I6", f"payment {payment.id} is {payment.state}, its events end in {state}")


def _money(world: World, payment: Payment, order: Order | None) -> None:
    """What the card lost is what we have posted (I1); money that the gateway denies has a person, or a file to come."""
    name = f"payment {payment.id}"
    net = order.net if order else 0
    is_paid = payment.state is State.PAID
    posted = sum((line.settled or 0) + line.surplus for line in payment.lines)
    must(posted == (payment.amount.centimes if is_paid else 0), "I1", f"{name} is {payment.state}, posted are {posted}")
    expected = posted - given_back(payment)
    if payment.recovery is not None:
        must(not is_paid, "I1", f"{name} is paid, and recovered besides")
        expected = payment.amount.centimes - given_back(payment.recovery)
    if order is not None and order.kept and not is_paid:
        world.seen["money that the gateway denies"] += 1
        must(order.acknowledged_at < 0, "I1", f"{name} was acknowledged, and is not posted")
        return
    must(net == expected, "I1", f"{name} is {payment.state}: the card lost {net} centimes, posted are {expected}")
    if is_paid and any(line.surplus for line in payment.lines):
        world.seen["surplus"] += 1
        must(("surplus", f"payment:{payment.id}") in world.store.cases, "I1", f"nobody owns the surplus of {name}")
    if order is not None and order.given_back and not is_paid and order.debited_at <= payment.ended_at:
        world.seen["money taken back"] += 1
        has_case = (Alarm.TAKEN_BACK, f"payment:{payment.id}") in world.store.cases
        must(has_case, "I1", f"{name}: money went and came back, and nobody was told")


def given_back(payment: Payment) -> int:
    """What has gone back of a payment through the gateway, by our books."""
    done = (refund for refund in payment.refunds if refund.state is RefundState.DONE and not refund.past_the_gateway)
    return sum(refund.amount.centimes for refund in done)


def _refund(world: World, refund: Refund) -> None:
    """It has ended, and was made exactly once when we say that it was, and never when we say that it was not (I9)."""
    payment = refund.payment
    back = sum(other.amount.centimes for other in payment.refunds if other.state is RefundState.DONE)
    must(back <= payment.amount.centimes, "I9", f"of payment {payment.id} {back} centimes have gone back")
    name, made = f"refund {refund.id}", world.outside.by_number[refund.payment.number].given.get(refund.id, 0)
    must(refund.state in FINAL_REFUND, "I10", f"{name} is {refund.state} for ever")
    through_us = refund.kind is RefundKind.REFUND and not refund.past_the_gateway
    expected = 1 if refund.state is RefundState.DONE and through_us else 0
    must(made == expected, "I9", f"{name} is {refund.state}, and was made {made} times")


def answered(refund: Refund, step: RefundStep | None, answer: RefundAnswer) -> None:
    """What is said not to have been sent may be sent again without any reading; so it has to be said (I9)."""
    if step is RefundStep.NOT_SENT:
        must(isinstance(answer, NotDone), "I9", f"refund {refund.id} was not sent, and nobody has said so")
        refund.read_at.clear()


def repeated(refund: Refund) -> None:
    """Nothing is sent again before two readings ten minutes apart, and nothing more than three times (I9)."""
    must(refund.tries <= REFUNDS_AT_MOST, "I9", f"refund {refund.id} is sent {refund.tries} times")
    if refund.tries > 1 and refund.read_at:
        apart = refund.read_at[-1] - refund.read_at[0]
        must(apart >= READ_APART, "I9", f"refund {refund.id} is sent again after readings {apart} apart")


def _promises(payment: Payment) -> None:
    """Who was told "paid" is right, and who was told how it ended is told so for ever (I8)."""
    for shown in payment.shown:
        if PUBLIC_WORD[shown] is PublicWord.PAID or shown in ENDED:
            must(payment.state is shown, "I8", f"payment {payment.id} was shown as {shown} and is {payment.state}")


def _bills(store: Store) -> None:
    for bill in store.bills:
        must(0 <= bill.settled <= bill.due, "I4", f"bill {bill.id}: settled {bill.settled}, due {bill.due}")


def _books(world: World) -> None:
    """The books sum to zero, and cards to collect are what the issuer took for what is posted (I5)."""
    store = world.store
    must(sum(store.books.values()) == 0, "I5", f"the books do not sum to zero: {store.books}")
    taken = sum(world.outside.by_number[payment.number].net for payment in store.receipts)
    collected = store.books["cards_to_collect"]
    must(collected == taken, "I5", f"cards to collect {collected}, the issuer says {taken}")


def _receipts(store: Store, portal: Portal) -> None:
    """One receipt for each payment, none without; each that was wished for has come (I3, I12)."""
    paid = [payment for payment in store.payments if payment.state is State.PAID]
    must(len(store.receipts) == len(paid), "I3", f"{len(paid)} paid, {len(store.receipts)} receipts")
    for payment in paid:
        must(payment in store.receipts, "I3", f"payment {payment.id} has no receipt")
        if payment.wants_receipt:
            must(portal.inbox.get(payment.id, 0) >= 1, "I12", f"the receipt of payment {payment.id} never came")
    for number in portal.inbox:
        must(
            store.payments[number].state is State.PAID, "I12", f"a receipt came of payment {number}, which is not paid"
        )


def _settled_soon(world: World) -> None:
    for payment in world.store.receipts:
        if payment.recovered_from is not None:
            continue
        seconds = world.settled_at[payment.id] - world.outside.by_number[payment.number].debited_at
        must(seconds <= SETTLED_WITHIN, "I3", f"payment {payment.id} was settled {seconds} s after the debit")
