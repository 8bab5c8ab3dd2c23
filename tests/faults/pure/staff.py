"""Staff and the refunds that they ask for, and what the worker does with them: the flows of behaviour.md 4."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from random import Random
from typing import Any

from bawabati.adapters.gateways.contract import Cause, RefundAnswer, Refunded, Refused, Said, Unknown
from bawabati.money.amount import Money
from bawabati.payments.rules import (
    FINAL_REFUND,
    HOLDING,
    READ_FIRST_AFTER,
    PaidLine,
    RefundKind,
    RefundReason,
    RefundState,
    RefundStep,
    RefundVerdict,
    State,
    judge_baseline,
    judge_reading,
    judge_refund_answer,
    next_refund_state,
    parts_of,
    refundable,
)
from faults.pure import checks
from faults.pure import faults_of_calls as faulty
from faults.pure.outside import NOT_CONNECTED
from faults.pure.plan import DAY, HOUR, MINUTE, some
from faults.pure.portal import Portal
from faults.pure.store import Payment, Refund
from faults.pure.world import Waiting, World

PLACES = (
    "refund, baseline read",
    "refund, claimed",
    "refund, sent",
    "refund, answer kept",
    "refund, read again",
    "refund, reading kept",
)
ARRIVES_WITHIN = 8 * MINUTE
"""What was sent arrives by then, or never. The rules read twice, the second time twelve minutes after the claim; what
arrives even later is beyond them, and the comparison of the night finds it."""
FAULTS_END = 2 * DAY
"""Refunds come later than payments: their faults last longer than the others."""

Steps = Generator[Any, None, Any]


class Staff:
    """The office, and the worker's turns at refunds. Its dice are its own: who gives nothing back changes nobody."""

    __slots__ = ("dice", "fault_rate", "faults", "is_at_work", "portal", "random", "store", "world")

    def __init__(self, world: World, portal: Portal) -> None:
        self.world = world
        self.portal = portal
        self.store = world.store
        self.is_at_work = True
        self.random = Random(world.seed ^ 0x5EED)
        self.dice = self.random.random
        self.faults = some(self.random, faulty.REFUND_FAULTS)
        self.fault_rate = self.random.choice((0.0, 0.2, 0.7))

    # --- people ---

    def work(self) -> Steps:
        """Looks at what was paid, gives some of it back, frees a bill now and then, finishes by hand what is left."""
        yield int(self.dice() * 30 * MINUTE)
        for _ in range(6):
            self._free_a_bill()
            paid = [payment for payment in self.store.payments if payment.state is State.PAID]
            if paid:
                self._ask(self.random.choice(paid))
                if self.dice() < 0.1:
                    self._taken_back(self.random.choice(paid))
            yield 10 * MINUTE + int(self.dice() ** 2 * 12 * HOUR)
        self.is_at_work = False

    def _free_a_bill(self) -> None:
        held = [payment for payment in self.store.payments if payment.state in HOLDING and not payment.is_released]
        if held and self.dice() < 0.1:
            payment = self.random.choice(held)
            payment.is_released = True
            for line in payment.lines:
                if line.bill.held_by is payment:
                    line.bill.held_by = None
            checks.holds(self.store)
            self.world.seen["a bill is freed by a person"] += 1
            self.world.tell("office", f"frees the bills of payment {payment.id}")

    def _taken_back(self, payment: Payment) -> None:
        """The bank takes some of it back past us; the night finds it. Not what has gone back by hand: of that more
        than was captured would have gone back, which nobody here can help."""
        if any(refund.past_the_gateway for refund in payment.refunds):
            return
        order = self.world.outside.by_number[payment.number]
        if self.world.outside.give_back(order, Money(max(1, int(order.net * self.dice())))):
            self.world.seen["the bank takes money back"] += 1
            self.world.tell("bank", f"takes back money of payment {payment.id}; {order.net} centimes are left")

    def _ask(self, payment: Payment) -> None:
        reason = self.random.choice(tuple(RefundReason))
        most = self._most(payment, reason)
        if most:
            amount = most if self.dice() < 0.4 else Money(max(1, int(most.centimes * self.dice())))
            refund = self._request(payment, amount, RefundKind.REFUND, reason)
            self.world.begin(self._decide(refund), after=int(self.dice() * 40 * MINUTE))

    def _most(self, payment: Payment, reason: RefundReason) -> Money:
        if any(refund.state not in FINAL_REFUND for refund in payment.refunds):
            self.world.seen["a refund is under way already"] += 1
            return Money(0)
        left = self._left(payment)
        if reason is RefundReason.CREDIT:
            return Money(min(left.centimes, max(0, -self.store.books["customer_credit"])))
        if reason is RefundReason.BILL_DUE_AGAIN:
            return Money(min(left.centimes, sum(line.left.centimes for line in _paid_lines(payment))))
        return left

    def _left(self, payment: Payment) -> Money:
        done = sum(refund.amount.centimes for refund in payment.refunds if refund.state is RefundState.DONE)
        return refundable(captured=payment.amount, given_back=Money(done), pending=Money(0))

    def _request(self, payment: Payment, amount: Money, kind: RefundKind, reason: RefundReason) -> Refund:
        lines = _paid_lines(payment)
        of_bills = Money(min(amount.centimes, sum(line.left.centimes for line in lines)))
        parts = parts_of(lines, of_bills) if reason is RefundReason.BILL_DUE_AGAIN else []
        refund = Refund(len(self.store.refunds), payment, amount, kind, reason, parts)
        self.store.refunds.append(refund)
        payment.refunds.append(refund)
        if reason is RefundReason.CREDIT:
            self._move("customer_credit", "refunds_due", amount.centimes)
        self.store.open_case("refund", f"refund:{refund.id}", amount.centimes)
        self.world.tell("office", f"{kind} {refund.id} of payment {payment.id} asked for: {amount.centimes}, {reason}")
        return refund

    def _decide(self, refund: Refund) -> Steps:
        """Another person approves or refuses. What waits for a person afterwards is finished by one, some day."""
        if self.dice() < 0.1:
            self._step(refund, RefundStep.REFUSED)
            return
        if refund.kind is RefundKind.REVERSAL:
            self._step(refund, RefundStep.RECORDED)
            return
        self._step(refund, RefundStep.APPROVED, next_step_at=self.world.now())
        self.world.begin(self.worker(refund))
        while refund.state not in FINAL_REFUND:
            yield int(HOUR + self.dice() * DAY)
            if refund.state is RefundState.MANUAL:
                yield from self._finish_by_hand(refund)

    def _finish_by_hand(self, refund: Refund) -> Steps:
        """What the gateway holds decides what may be said of it."""
        held = yield from self._read_held(refund.payment)
        if held is None or refund.state is not RefundState.MANUAL:
            return
        expected = refund.payment.amount.centimes - checks.given_back(refund.payment)
        if held.centimes <= expected - refund.amount.centimes:
            self.world.outside.by_number[refund.payment.number].given.setdefault(refund.id, 1)
            self._step(refund, RefundStep.DONE_BY_HAND)
        elif held.centimes == expected and self.dice() < 0.5:
            refund.past_the_gateway = True
            self._step(refund, RefundStep.GIVEN_OTHERWISE)
        else:
            self._step(refund, RefundStep.REFUSED)

    def write_down_reversals(self) -> bool:
        """What the gateway has given back past us is written down by two people. Whether nothing is left to do."""
        missing = {payment: self._missing(payment) for payment in self.store.receipts}
        for payment, centimes in missing.items():
            if centimes and all(refund.state in FINAL_REFUND for refund in payment.refunds):
                refund = self._request(payment, Money(centimes), RefundKind.REVERSAL, RefundReason.BILL_DUE_AGAIN)
                self._step(refund, RefundStep.RECORDED)
        return not self.is_at_work and not any(missing.values())

    def _missing(self, payment: Payment) -> int:
        order = self.world.outside.by_number[payment.number]
        return payment.amount.centimes - checks.given_back(payment) - order.net

    # --- the worker: refund_payment ---

    def worker(self, refund: Refund) -> Steps:
        """The job, and the sweep of every minute behind it, until there is nothing left to do."""
        world = self.world
        while refund.state in {RefundState.APPROVED, RefundState.REFUNDING}:
            due = refund.next_step_at
            if due is not None and due <= world.now() and not self.portal.is_down:
                world.begin(self.turn(refund))
                if self.dice() < 0.1:
                    world.begin(self.turn(refund), after=int(self.dice() * 5))
            yield MINUTE if due is None else max(MINUTE, min(world.world_time(due) - world.t, HOUR))

    def turn(self, refund: Refund) -> Steps:
        """The next step, if it has one now."""
        now = self.world.now()
        if refund.state is RefundState.APPROVED:
            yield from self._send(refund, now)
        elif refund.state is RefundState.REFUNDING and refund.next_step_at is not None and refund.next_step_at <= now:
            yield from self._find_out(refund, now)

    def _read_held(self, payment: Payment) -> Generator[Any, None, Money | None]:
        answer = yield from self.portal.ask(payment)
        return answer.said.still_captured if answer.said.order_number == payment.number else None

    def _send(self, refund: Refund, now: datetime) -> Steps:
        world, tries, began = self.world, refund.tries, self.world.t
        held = yield from self._read_held(refund.payment)
        yield "refund, baseline read"
        if refund.state is not RefundState.APPROVED or refund.tries != tries:
            world.seen["a refund that somebody else has claimed"] += 1
            return
        expected = Money(refund.payment.amount.centimes - checks.given_back(refund.payment))
        verdict = judge_baseline(held=held, expected=expected, now=now)
        self._keep(refund, verdict)
        if verdict.step is not RefundStep.CLAIMED:
            return
        refund.baseline = held
        refund.tries += 1
        refund.unchanged_since = None
        checks.repeated(refund)
        refund.read_at.clear()
        tries = refund.tries
        yield "refund, claimed"
        if world.t - began >= READ_FIRST_AFTER.seconds:
            world.seen["a claimed refund that is not sent any more"] += 1
            return
        answer = yield from self._refund(refund)
        if refund.state is RefundState.REFUNDING and refund.tries == tries:
            verdict = judge_refund_answer(answer, tries=refund.tries, now=now)
            checks.answered(refund, verdict.step, answer)
            self._keep(refund, verdict)
        yield "refund, answer kept"

    def _find_out(self, refund: Refund, now: datetime) -> Steps:
        tries = refund.tries
        held = yield from self._read_held(refund.payment)
        yield "refund, read again"
        if refund.state is not RefundState.REFUNDING or refund.tries != tries:
            return
        if held is not None and held == refund.baseline:
            refund.read_at.append(now)
        self._keep(refund, judge_reading(refund.at_gateway(), held=held, now=now))
        yield "refund, reading kept"

    def _refund(self, refund: Refund) -> Generator[Any, None, RefundAnswer]:
        world, outside = self.world, self.world.outside
        order = outside.by_number[refund.payment.number]
        fault = ""
        if world.t < FAULTS_END and self.dice() < self.fault_rate:
            fault = self.random.choice(self.faults)
            world.seen[f"refund: {fault}"] += 1
            world.tell("network", f"refund {refund.id}: {fault}")
        if outside.is_out(world.t):
            return NOT_CONNECTED
        if fault in faulty.REFUND_ANSWERS:
            reached, answer = faulty.REFUND_ANSWERS[fault]
            if reached:
                self._made(refund)
            yield "refund, sent"
            return answer
        if fault == faulty.ARRIVES_LATE:
            world.at(world.t + 20 + int(self.dice() * ARRIVES_WITHIN), lambda: self._arrives(refund))
            yield Waiting(15)
            return Unknown(reason="timed_out")
        if fault == faulty.SLOW_BEFORE:
            yield Waiting(1 + int(self.dice() * 60))
        outside.catch_up(order, world.t)
        made = self._made(refund)
        yield "refund, sent"
        if fault == faulty.SLOW_AFTER:
            yield Waiting(1 + int(self.dice() * 60))
        return Refunded(said=order.said) if made else _REFUSED

    def _arrives(self, refund: Refund) -> None:
        self._made(refund)

    def _made(self, refund: Refund) -> bool:
        """The request has reached the gateway."""
        order = self.world.outside.by_number[refund.payment.number]
        made = self.world.outside.give_back(order, refund.amount, refund=refund.id)
        checks.must(order.given.get(refund.id, 0) <= 1, "I9", f"refund {refund.id} is made twice")
        self.world.tell("gateway", f"refund {refund.id} {'made' if made else 'refused'}; {order.net} centimes are left")
        return made

    # --- what follows ---

    def _keep(self, refund: Refund, verdict: RefundVerdict) -> None:
        if verdict.step is None:
            refund.next_step_at, refund.unchanged_since = verdict.next_step_at, verdict.unchanged_since
            self.world.seen[f"refund {verdict.reason}"] += 1
            return
        self._step(refund, verdict.step, next_step_at=verdict.next_step_at)

    def _step(self, refund: Refund, step: RefundStep, *, next_step_at: datetime | None = None) -> None:
        before = refund.state
        refund.state = after = next_refund_state(before, step)
        refund.next_step_at = next_step_at
        self.world.seen[f"refund {before} by {step}"] += 1
        self.world.tell("portal", f"refund {refund.id}: {before} → {after}, {step}")
        if after is RefundState.DONE:
            self._post(refund)
        elif after is RefundState.REFUSED and refund.reason is RefundReason.CREDIT:
            self._move("refunds_due", "customer_credit", refund.amount.centimes)

    def _post(self, refund: Refund) -> None:
        """What goes out, against what it was for."""
        out, amount = "bank" if refund.past_the_gateway else "cards_to_collect", refund.amount.centimes
        match refund.reason:
            case RefundReason.CREDIT:
                self._move("refunds_due", out, amount)
            case RefundReason.GOODWILL:
                self._move("goodwill", out, amount)
            case RefundReason.BILL_DUE_AGAIN:
                self._reopen(refund, out)

    def _reopen(self, refund: Refund, out: str) -> None:
        """Bills become due again; what they have lost since is the customer's credit."""
        rest = refund.amount.centimes
        for part in refund.parts:
            bill = refund.payment.lines[part.line_id].bill
            taken = min(part.amount.centimes, bill.settled)
            bill.settled -= taken
            rest -= taken
            self._move("customers", out, taken)
        self._move("customer_credit", out, rest)

    def _move(self, debit: str, credit: str, amount: int) -> None:
        self.store.books[debit] += amount
        self.store.books[credit] -= amount


def _paid_lines(payment: Payment) -> list[PaidLine]:
    back: dict[int, int] = {}
    for refund in payment.refunds:
        if refund.state is RefundState.DONE:
            for part in refund.parts:
                back[part.line_id] = back.get(part.line_id, 0) + part.amount.centimes
    return [
        PaidLine(line_id=number, settled=Money(line.settled or 0), given_back=Money(back.get(number, 0)))
        for number, line in enumerate(payment.lines)
    ]


_REFUSED = Refused(cause=Cause.DECLINED, said=Said(), reason="not_refundable")
