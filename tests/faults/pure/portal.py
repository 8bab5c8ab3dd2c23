"""What the flows do around the rules: lock, ask the rules, write. Every `yield` of a name is a place to die at."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import datetime, timedelta
from typing import Any

from bawabati.adapters.gateways.contract import AskAnswer, NotDone, Paid, Refused, RegisterAnswer, Registered, Unknown
from bawabati.money.amount import Money
from bawabati.payments.rules import (
    CASE_OF,
    FINAL,
    HOLDING,
    Alarm,
    Discrepancy,
    Event,
    Question,
    State,
    Verdict,
    compare,
    is_ours,
    judge,
    judge_silent_registration,
    question_about,
    question_comes_at,
)
from faults.pure import checks
from faults.pure import faults_of_calls as faulty
from faults.pure.outside import CANNOT_ASK, NO_CONNECTION, NOT_CONNECTED, Order
from faults.pure.store import Notice, Payment, Seen
from faults.pure.world import SCHEDULE, SimulatedCrash, Waiting, World

LEASE = timedelta(seconds=90)
TRY_AGAIN_AFTER = 5
OVERDUE_AFTER = 120
NEVER_SENT = NotDone(reason="never_sent")
NO_SLOT = Unknown(reason="no_slot")

PLACES = (
    "start, before its commit",
    "start, committed",
    "register, sent",
    "register, answered",
    "registration, committed",
    "job, taken",
    "sweep, leased",
    "ask, before",
    "ask, answered",
    "confirm, committed",
    "compare, answered",
    "recover, answered",
    "notice, before it leaves",
    "notice, left",
)


class Portal:
    """The flows of the product, on the model's store."""

    __slots__ = ("inbox", "outside", "plan", "store", "world")

    def __init__(self, world: World) -> None:
        self.world = world
        self.plan = world.plan
        self.store = world.store
        self.outside = world.outside
        self.inbox: dict[int, int] = {}
        """How often each receipt came, by payment."""

    @property
    def is_down(self) -> bool:
        """Neither pages nor jobs."""
        return self.plan.portal_down[0] <= self.world.t < self.plan.portal_down[1]

    # --- start_payment, register_payment ---

    def start(self, seen: Sequence[Seen], *, key: str, wants_receipt: bool) -> Generator[Any, None, Payment]:
        """Raises BillNotPayable, BillChanged."""
        world, store, now = self.world, self.store, self.world.now()
        yield "start, before its commit"
        known = store.by_key.get(key)
        if known is not None:
            world.seen["the same form twice"] += 1
            return known
        has_place = not world.happens(self.plan.full_rate)
        payment = store.open_attempt(seen, key=key, wants_receipt=wants_receipt, registers_now=has_place, now=now)
        checks.holds(store)
        self._ask_later(payment)
        world.tell("portal", f"payment {payment.id} opened, {payment.amount.centimes} centimes")
        if not has_place:
            world.seen["no place at the gateway"] += 1
            for after in self._job_runs():
                world.begin(self.register_job(payment), after=after)
            return payment
        yield "start, committed"
        answer = yield from self._register(payment)
        self._note_registration(payment, answer, now)
        yield "registration, committed"
        return payment

    def _job_runs(self) -> tuple[int, ...]:
        """A job may run late, twice, or (its process died) never."""
        dice = self.world.dice()
        if self.world.healed or dice < 0.6:
            return (TRY_AGAIN_AFTER,)
        return () if dice < 0.8 else (TRY_AGAIN_AFTER, TRY_AGAIN_AFTER + int(dice * 400))

    def register_job(self, payment: Payment) -> Generator[Any, None, None]:
        """The order of an attempt that found no place. Nothing is registered twice under a number."""
        now = self.world.now()
        if self.is_down:
            return
        if payment.state is not State.OPENED or payment.register_sent_at is not None:
            self.world.seen["a registration that was taken already"] += 1
            return
        payment.register_sent_at = now
        yield "job, taken"
        answer = yield from self._register(payment)
        self._note_registration(payment, answer, now)
        yield "registration, committed"

    def _register(self, payment: Payment) -> Generator[Any, None, RegisterAnswer]:
        world, outside = self.world, self.outside
        fault = ""
        if world.happens(self.plan.fault_rate):
            fault = world.random.choice(self.plan.register_faults)
            world.seen[f"register: {fault}"] += 1
            world.tell("network", f"register of payment {payment.id}: {fault}")
        if outside.is_out(world.t):
            return NOT_CONNECTED
        if fault in faulty.REGISTER_ANSWERS:
            reached, answer = faulty.REGISTER_ANSWERS[fault]
            if reached:
                outside.register(payment.number, payment.amount, world.t)
            yield "register, sent"
            return answer
        if fault == faulty.ARRIVES_LATE:
            after = 30 + int(world.dice() * 1200)
            world.at(world.t + after, lambda: self._arrives_late(payment))
            yield Waiting(15)
            return Unknown(reason="timed_out")
        if fault == faulty.SLOW_BEFORE:
            yield Waiting(1 + int(world.dice() * 60))
        order = outside.register(payment.number, payment.amount, world.t)
        yield "register, sent"
        if fault == faulty.SLOW_AFTER:
            yield Waiting(1 + int(world.dice() * 60))
        if fault == faulty.PAGE_ELSEWHERE:
            return Unknown(reason="page_elsewhere", said=order.said)
        yield "register, answered"
        return Registered(reference=order.reference, page_url="https://gateway/", said=order.said)

    def _arrives_late(self, payment: Payment) -> None:
        self.outside.register(payment.number, payment.amount, self.world.t)
        self.world.tell("gateway", f"the registration of payment {payment.id} arrives only now")

    def _note_registration(self, payment: Payment, answer: RegisterAnswer, now: datetime) -> None:
        store = self.store
        if payment.state is not State.OPENED:
            if isinstance(answer, Registered):
                self.world.seen[f"alarm {Alarm.REGISTERED_LATE}"] += 1
                store.alarm(payment, Alarm.REGISTERED_LATE)
            return
        store.learn_reference(payment, answer)
        match answer:
            case Registered():
                payment.has_page = True
                payment.page_ends_at = now + timedelta(seconds=12 * 60)
                self._apply(payment, Event.REGISTERED, _then(SCHEDULE.first_ask_at(registered_at=now)), answer)
            case Refused(reason=reason):
                self._apply(payment, Event.REFUSED_BY_GATEWAY, _then(None), answer)
                if reason == "access_denied":
                    store.alarm(payment, Alarm.ACCESS_DENIED)
            case NotDone():
                self._apply(payment, Event.NEVER_SENT, _then(None), answer)
            case Unknown():
                verdict = judge_silent_registration(attempt=payment.attempt(), now=now, schedule=SCHEDULE)
                store.take_in(payment, verdict)
        self._ask_later(payment)

    # --- confirm_payment ---

    def confirm(self, payment: Payment, *, by_fail: bool = False) -> Generator[Any, None, State]:
        """Asks the gateway, then does all that follows at once. Safe to repeat, and to race."""
        now = self.world.now()
        question = question_about(payment.attempt(), now=now, schedule=SCHEDULE)
        answer: AskAnswer
        if question is Question.WHAT_HAPPENED:
            yield "ask, before"
            answer = yield from self.ask(payment)
            yield "ask, answered"
        elif question is Question.NEVER_SENT:
            answer = NEVER_SENT
        else:
            if payment.state not in FINAL:
                self._postpone(payment, question_comes_at(payment.attempt(), schedule=SCHEDULE))
            return payment.state
        self._take_in(payment, answer, now, by_fail=by_fail)
        yield "confirm, committed"
        return payment.state

    def ask(self, payment: Payment) -> Generator[Any, None, AskAnswer]:
        """The call, with whatever goes wrong with it."""
        world, outside, plan = self.world, self.outside, self.plan
        if world.happens(plan.full_rate):
            return NO_SLOT
        by_number = payment.reference is None
        if by_number and not plan.asks_by_number:
            world.seen["cannot be asked by number"] += 1
            return CANNOT_ASK
        order = outside.by_number.get(payment.number)
        if outside.is_out(world.t):
            world.seen["asked during an outage"] += 1
            return NO_CONNECTION
        if not world.happens(plan.fault_rate):
            return outside.truth(order, world.t)
        fault = world.random.choice(plan.ask_faults)
        world.seen[f"ask by number: {fault}" if by_number else f"ask: {fault}"] += 1
        world.tell("network", f"question about payment {payment.id}: {fault}")
        if fault == faulty.SLOW_BEFORE:
            yield Waiting(1 + int(world.dice() * 60))
            return outside.truth(outside.by_number.get(payment.number), world.t)
        if fault == faulty.SLOW_AFTER:
            answer = outside.truth(order, world.t)
            yield Waiting(1 + int(world.dice() * 60))
            return answer
        return outside.distorted(fault, order, world.t)

    def _take_in(self, payment: Payment, answer: AskAnswer, now: datetime, *, by_fail: bool) -> None:
        """One transaction: judge what is locked, and do all that follows."""
        world, store = self.world, self.store
        verdict = judge(attempt=payment.attempt(), answer=answer, now=now, schedule=SCHEDULE, came_back_by_fail=by_fail)
        if payment.state in FINAL:
            if isinstance(answer, Paid) and payment.state is not State.PAID:
                self._take_in_after_the_end(payment, answer, now)
            return
        store.learn_reference(payment, answer)
        if payment.state is State.OPENED and checks.says_not_registered(answer):
            payment.not_known_at.append(now)
        if payment.state is State.WATCHED and checks.says_not_paid(answer, payment):
            payment.not_paid_at.append(now)
        if verdict.event is None:
            store.take_in(payment, verdict)
            if world.story is not None:
                world.tell("portal", f"payment {payment.id} stays {payment.state} ({_words(answer)})")
        else:
            self._apply(payment, verdict.event, verdict, answer)
            if verdict.event is Event.CONFIRMED:
                self._settle(payment)
        if verdict.alarm is not None:
            world.seen[f"alarm {verdict.alarm}"] += 1
            store.alarm(payment, verdict.alarm)
        self._ask_later(payment)

    def _take_in_after_the_end(self, ended: Payment, answer: Paid, now: datetime) -> None:
        """Money that is found when an attempt has ended otherwise: a payment beside it, once."""
        if not is_ours(answer.said, ended.attempt()):
            self.store.alarm(ended, Alarm.MISMATCH)
            return
        if ended.recovery is not None:
            return
        self.world.seen[f"alarm {Alarm.PAID_AFTER_END}"] += 1
        self.store.alarm(ended, Alarm.PAID_AFTER_END)
        payment = self.store.open_recovered(ended, now)
        self._apply(payment, Event.RECOVERED, _then(None), answer)
        self._settle(payment)

    # --- compare_payment, recover_payment ---

    def compare(self, payment: Payment) -> Generator[Any, None, None]:
        """At night: does what has ended stand at the gateway as it stands here?"""
        world = self.world
        answer = yield from self.ask(payment)
        yield "compare, answered"
        found = compare(attempt=payment.attempt(), answer=answer, returned=Money(checks.given_back(payment)))
        if found is None:
            return
        world.seen[f"at night: {found}"] += 1
        world.tell("portal", f"payment {payment.id} is {payment.state}; at night: {found}")
        if found is Discrepancy.NOT_POSTED and payment.recovery is None:
            answer = yield from self.ask(payment)
            yield "recover, answered"
            if isinstance(answer, Paid):
                self._take_in_after_the_end(payment, answer, world.now())
        elif found in CASE_OF:
            self.store.alarm(payment, CASE_OF[found])

    def _settle(self, payment: Payment) -> None:
        self.store.settle(payment)
        self.world.settled_at[payment.id] = self.world.t
        if payment.wants_receipt:
            self.world.begin(self.send(self.store.notices[-1]))

    def _apply(self, payment: Payment, event: Event, verdict: Verdict, answer: AskAnswer | RegisterAnswer) -> None:
        world, before = self.world, payment.state
        checks.evidence(payment, event, answer, self.outside.by_number.get(payment.number))
        self.store.apply(payment, event, verdict)
        if before in HOLDING:
            checks.holds(self.store)
        world.seen[f"{before} by {event}"] += 1
        if payment.state in FINAL:
            payment.ended_at = world.t
            checks.ending(payment, event, self.outside.by_number.get(payment.number))
        if world.story is not None:
            world.tell("portal", f"payment {payment.id}: {before} → {payment.state}, {event} ({_words(answer)})")

    # --- the sweeper ---

    def _ask_later(self, payment: Payment) -> None:
        if payment.next_ask_at is not None:
            self.world.wake(payment, self.world.world_time(payment.next_ask_at) + self.plan.sweep_lag)

    def _postpone(self, payment: Payment, until: datetime) -> None:
        payment.leased_until = None
        if payment.next_ask_at is not None:
            payment.next_ask_at = max(payment.next_ask_at, until)
            self._ask_later(payment)

    def sweep(self, payment: Payment) -> None:
        """Claims a payment that is due: a lease, then the question. A sweeper that dies loses its lease by time."""
        world, due = self.world, payment.next_ask_at
        if due is None or payment.state in FINAL:
            return
        if self.is_down:
            world.wake(payment, self.plan.portal_down[1])
            return
        now = world.now()
        if due > now:
            return
        if payment.leased_until is not None and payment.leased_until > now:
            world.wake(payment, world.world_time(payment.leased_until))
            return
        payment.leased_until = now + LEASE
        world.wake(payment, world.t + LEASE.seconds)
        world.begin(self._sweep(payment))

    def _sweep(self, payment: Payment) -> Generator[Any, None, None]:
        yield "sweep, leased"
        yield from self.confirm(payment)

    # --- send_notice ---

    def send(self, notice: Notice) -> Generator[Any, None, None]:
        """Lets a receipt leave; what is left behind is sent by the scan."""
        world = self.world
        self.world.at(world.t + OVERDUE_AFTER, lambda: self._send_overdue(notice))
        if self.is_down:
            return
        yield "notice, before it leaves"
        checks.told(self.store, notice.payment)
        if world.happens(self.plan.mail_fault_rate):
            world.seen["mail refused"] += 1
            if world.dice() < 0.5:
                return
            world.seen["mail taken, and not said so"] += 1
            self._arrive(notice)
            return
        self._arrive(notice)
        yield "notice, left"
        notice.is_sent = True

    def _arrive(self, notice: Notice) -> None:
        number = notice.payment.id
        self.inbox[number] = self.inbox.get(number, 0) + 1
        self.world.tell("inbox", f"the receipt of payment {number}")

    def _send_overdue(self, notice: Notice) -> None:
        if not notice.is_sent:
            self.world.begin(self.send(notice))

    # --- pages ---

    def show(self, payment: Payment) -> None:
        """A page about a payment has reached somebody."""
        payment.shown.add(payment.state)

    def page(self, payment: Payment, *, by_fail: bool = False) -> Generator[Any, None, bool]:
        """A return address, or a look at a bill that is being paid: only a question. False: an error page."""
        if self.is_down:
            return False
        try:
            yield from self.confirm(payment, by_fail=by_fail)
        except SimulatedCrash:
            self.world.seen["an error page"] += 1
            return False
        self.show(payment)
        return True

    def press(self, seen: Sequence[Seen], *, key: str, wants_receipt: bool) -> Generator[Any, None, Payment | None]:
        """The button. None: an error page. Raises BillNotPayable, BillChanged."""
        if self.is_down:
            return None
        try:
            return (yield from self.start(seen, key=key, wants_receipt=wants_receipt))
        except SimulatedCrash:
            self.world.seen["an error page"] += 1
            return None


def order_of(portal: Portal, payment: Payment) -> Order | None:
    """The gateway's order of a payment."""
    return portal.outside.by_number.get(payment.number)


def _words(answer: AskAnswer | RegisterAnswer) -> str:
    """An answer in a word or two, for the story."""
    return f"answer: {answer.reason if isinstance(answer, Unknown | NotDone) else type(answer).__name__.lower()}"


def _then(next_ask_at: datetime | None) -> Verdict:
    return Verdict(event=None, next_ask_at=next_ask_at)
